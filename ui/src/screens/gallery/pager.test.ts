import { describe, expect, it } from 'vitest';
import type { DayCount, Upload } from '../../host/contract';
import { CHUNK_SIZE, cutIntoChunks } from './chunks';
import { NO_FILTER, toHistoryFilter } from './filters';
import { MOST_ROWS, Pager, unchangedDays } from './pager.svelte';
import { daysBack, SampleLibrary } from './sample_library';

const FILTER = toHistoryFilter(NO_FILTER, new Date(2025, 10, 22));

/** A pager that writes down what it tells its layout. */
function pagerOf(library: SampleLibrary) {
  const heard: { first: number; rows: readonly Upload[] }[] = [];
  const days: { days: readonly DayCount[]; refreshed: boolean }[] = [];
  const pager = new Pager(library, {
    daysChanged: (list, refreshed) => days.push({ days: list, refreshed }),
    rowsLoaded: (first, rows) => heard.push({ first, rows }),
  });
  return { pager, heard, days };
}

/** Lets everything that is under way come to its end. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

describe('pages of the library', () => {
  it('hold short days together and cut long days, without overlap', async () => {
    const library = new SampleLibrary([
      ['2025-11-22', 10],
      ['2025-11-21', 60],
      ['2025-11-20', 70],
      ['2025-11-19', 300],
      ['2025-11-18', 5],
    ]);
    const chunks = cutIntoChunks(await library.days(FILTER));
    expect(chunks.map((chunk) => [chunk.first, chunk.count])).toEqual([
      [0, 70],
      [70, 70],
      [140, 120],
      [260, 120],
      [380, 60],
      [440, 5],
    ]);
    expect(chunks.map((chunk) => chunk.after !== null)).toEqual([true, true, true, false, false, true]);
  });
});

describe('the pager', () => {
  it('shows the first page of a library and knows its length at once', async () => {
    const library = new SampleLibrary(daysBack(300, () => 40));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    expect(pager.state).toBe('ready');
    expect(pager.total).toBe(12_000);
    expect(pager.row(0)?.id).toBe(12_000);
    expect(library.requests).toMatchObject({ days: 1, pages: 1 });
  });

  it('gives each row once and in order over a whole scroll, and holds only a part', async () => {
    const library = new SampleLibrary(daysBack(120, (day) => 1 + ((day * 37) % 400)));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    const seen: number[] = [];
    for (let at = 0; at < pager.total; at += 30) {
      const end = Math.min(at + 30, pager.total);
      pager.want(at, end);
      await settle();
      for (let index = at; index < end; index += 1) seen.push(pager.row(index)?.id ?? -1);
      expect(pager.held).toBeLessThanOrEqual(MOST_ROWS + CHUNK_SIZE);
    }
    expect(seen).toEqual(library.rows.map((row) => row.id));
    expect(library.requests.rows).toBeLessThanOrEqual(library.rows.length + 2 * CHUNK_SIZE);
  });

  it('jumps to any day with one page, not through all of them', async () => {
    const library = new SampleLibrary(daysBack(2000, () => 50));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    pager.want(90_010, 90_030);
    await settle();
    expect(pager.row(90_010)?.id).toBe(library.rows[90_010]?.id);
    expect(library.requests.pages).toBeLessThanOrEqual(5);
  });

  it('walks into the middle of one enormous day', async () => {
    const library = new SampleLibrary([['2025-11-22', 10_000]]);
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    pager.want(7000, 7020);
    await settle();
    expect(pager.row(7000)?.id).toBe(library.rows[7000]?.id);
    expect(library.requests.pages).toBeLessThan(15);
    expect(pager.held).toBeLessThanOrEqual(MOST_ROWS + CHUNK_SIZE);
  });

  it('comes back to rows it had let go', async () => {
    const library = new SampleLibrary(daysBack(200, () => 50));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    for (const at of [2000, 4000, 6000, 8000]) {
      await pager.range(at, at + 1000);
      pager.want(at, at + 20);
      await settle();
    }
    expect(pager.row(0)).toBeUndefined();
    pager.want(0, 20);
    await settle();
    expect(pager.row(0)?.id).toBe(10_000);
  });

  it('reads a long range in large steps', async () => {
    const library = new SampleLibrary(daysBack(100, () => 50));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    const rows = await pager.range(10, 4000);
    expect(rows.map((row) => row.id)).toEqual(library.rows.slice(10, 4000).map((row) => row.id));
    expect(library.requests.pages).toBeLessThan(12);
  });

  it('shows a new picture without losing what was on the screen', async () => {
    const library = new SampleLibrary(daysBack(20, () => 30));
    const { pager, days } = pagerOf(library);
    await pager.open(FILTER);
    pager.want(100, 120);
    await settle();
    const before = pager.row(100);
    const added = library.add('2025-11-22');
    await pager.refresh();
    expect(pager.total).toBe(601);
    expect(pager.row(101)?.id).toBe(before?.id);
    expect(days.at(-1)?.refreshed).toBe(true);
    pager.want(0, 20);
    await settle();
    expect(pager.row(0)?.id).toBe(added.id);
  });

  it('forgets nothing and doubles nothing when pictures are deleted under it', async () => {
    const library = new SampleLibrary(daysBack(10, () => 30));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    library.remove(library.rows.slice(35, 50).map((row) => row.id));
    await pager.refresh();
    const rows = await pager.range(0, pager.total);
    expect(rows.map((row) => row.id)).toEqual(library.rows.map((row) => row.id));
  });

  it('keeps the answer of the last question when an earlier one comes late', async () => {
    const library = new SampleLibrary(daysBack(3, () => 5));
    const slow = library.days.bind(library);
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let first = true;
    library.days = async (filter) => {
      const days = await slow(filter);
      if (!first) return days.slice(0, 1);
      first = false;
      await gate;
      return days;
    };
    const { pager } = pagerOf(library);
    const early = pager.open(FILTER);
    await pager.open({ ...FILTER, text: 'kite' });
    release();
    await early;
    expect(pager.total).toBe(5);
  });

  it('says why it shows nothing when the history cannot be read', async () => {
    const library = new SampleLibrary([]);
    library.days = async () => {
      throw { code: 'database_damaged', message: 'The history is damaged.', retryable: false };
    };
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    expect(pager.state).toBe('failed');
    expect(pager.error?.failure.code).toBe('database_damaged');
  });

  it('is ready with nothing when there is nothing', async () => {
    const { pager } = pagerOf(new SampleLibrary([]));
    await pager.open(FILTER);
    expect([pager.state, pager.total]).toEqual(['ready', 0]);
    pager.want(0, 0);
    expect(await pager.range(0, 10)).toEqual([]);
  });

  it('puts a changed row in its place', async () => {
    const library = new SampleLibrary(daysBack(2, () => 5));
    const { pager } = pagerOf(library);
    await pager.open(FILTER);
    const row = pager.row(3);
    if (!row) throw new Error('row 3 is missing');
    pager.replace({ ...row, alt: 'A pier in fog' });
    expect(pager.row(3)?.alt).toBe('A pier in fog');
  });
});

describe('days that did not change', () => {
  it('are found by name, count and first picture', () => {
    const day = (name: string, count: number, id: number) => ({
      day: name,
      count,
      start: { created_at: id, id },
    });
    const before = [day('2025-11-22', 2, 9), day('2025-11-21', 3, 7), day('2025-11-20', 4, 4)];
    const now = [day('2025-11-22', 3, 10), day('2025-11-21', 3, 7), day('2025-11-20', 3, 4)];
    expect(unchangedDays(before, now)).toEqual([null, 1, null]);
  });
});
