import { describe, expect, it } from 'vitest';
import { GAP, HEADER_HEIGHT, justify, TARGET_HEIGHT } from './justify';
import { estimatedHeight, Layout, yearMarks } from './layout';

const WIDTH = 544;

/** A layout in which every ratio is known. */
function known(perDay: number[], width = WIDTH): Layout {
  const layout = new Layout(
    perDay.map((count, position) => ({ day: `2025-11-${String(28 - position).padStart(2, '0')}`, count })),
    width,
  );
  const ratios = Array.from(
    { length: layout.total },
    (_, index) => [1.5, 0.75, 1.65, 0.6, 1][index % 5] ?? 1,
  );
  layout.setRatios(0, ratios);
  return layout;
}

describe('justified rows', () => {
  it('put pictures side by side until the row is as high as it should be', () => {
    const rows = justify([1.588, 1.647, 0.75, 0.6, 1.647, 1.7], WIDTH);
    expect(rows.map((row) => row.widths.length)).toEqual([3, 3]);
    expect(rows[0]?.height).toBe(135);
  });

  it('end exactly at the right edge, with the gap between pictures', () => {
    for (const row of justify([1.41, 1.647, 1, 1.5, 1.294, 1.4, 2.2, 0.6], WIDTH).slice(0, -1)) {
      expect((row.lefts.at(-1) ?? 0) + (row.widths.at(-1) ?? 0)).toBe(WIDTH);
      row.lefts.slice(1).forEach((left, column) => {
        expect(left).toBe((row.lefts[column] ?? 0) + (row.widths[column] ?? 0) + GAP);
      });
    }
  });

  it('leave a last row at the target height instead of blowing one picture up', () => {
    expect(justify([1.5], WIDTH)).toEqual([
      { first: 0, top: HEADER_HEIGHT, height: TARGET_HEIGHT, lefts: [0], widths: [198] },
    ]);
  });

  it('survive towers, panoramas and pictures without a size', () => {
    const rows = justify([0.01, 90, 0, Number.NaN, Number.POSITIVE_INFINITY], WIDTH);
    expect(rows.flatMap((row) => row.widths).every((width) => width > 0 && width <= WIDTH)).toBe(true);
    expect(rows.every((row) => row.height > 40 && row.height < 400)).toBe(true);
  });

  it('have every picture once, in order, whatever the width', () => {
    const ratios = Array.from({ length: 500 }, (_, index) => 0.5 + ((index * 7919) % 250) / 100);
    for (const width of [200, 444, 640, 1300]) {
      let next = 0;
      for (const row of justify(ratios, width)) {
        expect(row.first).toBe(next);
        next += row.widths.length;
      }
      expect(next).toBe(ratios.length);
    }
  });
});

describe('the layout of a library', () => {
  it('guesses a day of unknown pictures exactly as it would lay it out with assumed ratios', () => {
    for (const count of [1, 2, 3, 4, 7, 23, 120]) {
      const layout = new Layout([{ day: '2025-11-22', count }], WIDTH);
      const last = layout.rowsOfDay(0).at(-1);
      const laidOut = (last?.top ?? 0) + (last?.height ?? 0) + GAP + 4;
      expect(estimatedHeight(count, WIDTH)).toBe(laidOut);
    }
  });

  it('stacks days without holes or overlaps, also after one of them becomes known', () => {
    const layout = new Layout(
      [5, 40, 1, 12].map((count, day) => ({ day: `2025-11-0${9 - day}`, count })),
      WIDTH,
    );
    layout.setRatios(
      5,
      Array.from({ length: 40 }, () => 3),
    );
    for (let day = 0; day < 3; day += 1) {
      const rows = layout.rowsOfDay(day).at(-1);
      const end = layout.topOfDay(day) + (rows?.top ?? 0) + (rows?.height ?? 0);
      expect(layout.topOfDay(day + 1)).toBe(end + GAP + 4);
    }
    expect(layout.height).toBeGreaterThan(layout.topOfDay(3));
  });

  it('says whether telling ratios moved anything', () => {
    const layout = new Layout([{ day: '2025-11-22', count: 2 }], WIDTH);
    expect(layout.setRatios(0, [1.5, 2])).toBe(true);
    expect(layout.setRatios(0, [1.5, 2])).toBe(false);
  });

  it('draws only what is between two heights', () => {
    const layout = known([200, 200, 200]);
    const top = layout.topOfDay(1) + 900;
    const days = layout.visible(top, top + 600);
    expect(days.map((day) => day.position)).toEqual([1]);
    const rows = days[0]?.rows ?? [];
    expect(rows.length).toBeLessThan(8);
    expect(layout.topOfDay(1) + (rows[0]?.top ?? 0)).toBeLessThanOrEqual(top);
  });

  it('shows every picture exactly once over a whole scroll', () => {
    const layout = known([7, 1, 33, 2, 90]);
    const seen = new Map<number, number>();
    for (const day of layout.visible(0, layout.height)) {
      for (const row of day.rows) {
        row.lefts.forEach((_, column) => {
          const index = day.first + row.first + column;
          seen.set(index, (seen.get(index) ?? 0) + 1);
        });
      }
    }
    expect([...seen.keys()]).toEqual(Array.from({ length: 133 }, (_, index) => index));
    expect([...seen.values()].every((times) => times === 1)).toBe(true);
  });

  it('finds the picture of a place and the place of a picture', () => {
    const layout = known([9, 30]);
    for (const index of [0, 8, 9, 20, 38]) {
      const box = layout.boxOf(index);
      const first = layout.indexAt(box.top);
      expect(first).toBeLessThanOrEqual(index);
      expect(layout.boxOf(first).top).toBe(box.top);
    }
  });

  it('moves down to the picture whose middle is nearest, across days, and stops at the ends', () => {
    const layout = known([3, 4]);
    const below = layout.neighbour(0, 1);
    expect(layout.boxOf(below).top).toBeGreaterThan(layout.boxOf(0).top);
    expect(layout.neighbour(below, -1)).toBe(0);
    expect(layout.neighbour(0, -1)).toBe(0);
    expect(layout.neighbour(6, 1)).toBe(6);
  });

  it('moves about a screen with Page Down', () => {
    const layout = known([300]);
    const next = layout.pageMove(0, 600, 1);
    expect(layout.boxOf(next).top).toBeGreaterThanOrEqual(600);
    expect(layout.boxOf(next).top).toBeLessThan(600 + 2 * TARGET_HEIGHT + HEADER_HEIGHT);
    expect(layout.pageMove(299, 600, 1)).toBe(299);
  });

  it('takes 100,000 pictures of 2,000 days in its stride', () => {
    const days = Array.from({ length: 2000 }, (_, day) => ({ day: String(day), count: 50 }));
    const started = performance.now();
    const layout = new Layout(days, WIDTH);
    for (let first = 0; first < 100_000; first += 120) layout.setRatios(first, new Array(120).fill(1.3));
    layout.visible(layout.height / 2, layout.height / 2 + 700);
    expect(layout.total).toBe(100_000);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

describe('the years on the scrubber', () => {
  it('stand where their pictures begin, by number of pictures', () => {
    const days = [
      { day: '2025-11-22', count: 20 },
      { day: '2024-12-31', count: 50 },
      { day: '2024-01-01', count: 10 },
      { day: '2023-05-05', count: 20 },
    ];
    expect(yearMarks(days)).toEqual([
      { year: '2025', at: 0 },
      { year: '2024', at: 0.2 },
      { year: '2023', at: 0.8 },
    ]);
  });

  it('leave out a year that would stand on another one', () => {
    const days = [
      { day: '2025-01-01', count: 1 },
      { day: '2024-01-01', count: 99 },
      { day: '2023-01-01', count: 900 },
    ];
    expect(yearMarks(days).map((mark) => mark.year)).toEqual(['2025', '2023']);
  });
});
