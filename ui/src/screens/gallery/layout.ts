/** Where every picture of a library stands, for 100,000 of them, without touching the page. */

import { ASSUMED_RATIO, blockHeight, DAY_GAP, GAP, HEADER_HEIGHT, justify, type Row } from './justify';

/** A day and how many pictures it has, newest day first. */
export interface Day {
  readonly day: string;
  readonly count: number;
}

/** The part of a day that is on the screen. */
export interface VisibleDay {
  readonly day: string;
  /** The day's place in the list of days. */
  readonly position: number;
  /** The library index of the day's first picture. */
  readonly first: number;
  readonly count: number;
  readonly top: number;
  readonly height: number;
  readonly rows: readonly Row[];
}

/** A picture's rectangle in the scrolled content. */
export interface Box {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** The rows of this many days are remembered; the others are computed again when they are shown. */
const REMEMBERED_DAYS = 256;

/** The layout of a whole library: exact where ratios are known, honest estimates elsewhere. */
export class Layout {
  readonly days: readonly Day[];
  readonly total: number;
  /** Index of each day's first picture, with the total at the end. */
  readonly #firsts: Uint32Array;
  /** Top of each day, with the height of everything at the end. */
  readonly #tops: Float64Array;
  readonly #ratios: Float32Array;
  readonly #rows = new Map<number, Row[]>();
  readonly #estimates = new Map<number, number>();
  #width: number;

  constructor(days: readonly Day[], width: number) {
    this.days = days;
    this.#width = width;
    this.#firsts = new Uint32Array(days.length + 1);
    this.#tops = new Float64Array(days.length + 1);
    days.forEach((day, position) => {
      this.#firsts[position + 1] = this.#first(position) + day.count;
    });
    this.total = this.#first(days.length);
    this.#ratios = new Float32Array(this.total);
    this.#measureFrom(0);
  }

  /** The height of everything. */
  get height(): number {
    return this.#tops[this.days.length] ?? 0;
  }

  get width(): number {
    return this.#width;
  }

  /** Lays everything out for another width. Returns whether it is another one. */
  setWidth(width: number): boolean {
    if (width === this.#width || width <= 0) return false;
    this.#width = width;
    this.#rows.clear();
    this.#estimates.clear();
    this.#measureFrom(0);
    return true;
  }

  /** Tells the ratios of pictures from an index on. Returns whether anything moved. */
  setRatios(first: number, ratios: readonly number[]): boolean {
    const changed = new Set<number>();
    let position = this.dayOfIndex(first);
    ratios.forEach((ratio, offset) => {
      const index = first + offset;
      if (index >= this.total) return;
      while (index >= this.#first(position + 1)) position += 1;
      if (this.#ratios[index] !== Math.fround(ratio)) {
        this.#ratios[index] = ratio;
        changed.add(position);
      }
    });
    if (changed.size === 0) return false;
    for (const day of changed) this.#rows.delete(day);
    this.#measureFrom(Math.min(...changed), changed);
    return true;
  }

  /** Takes over what another layout of the same library knows about days that did not change. */
  adopt(other: Layout, unchanged: (position: number) => number | null): void {
    this.days.forEach((day, position) => {
      const old = unchanged(position);
      if (old === null) return;
      const from = other.#first(old);
      this.#ratios.set(other.#ratios.subarray(from, from + day.count), this.#first(position));
    });
    this.#rows.clear();
    this.#measureFrom(0);
  }

  /** The index of a day's first picture. */
  firstOfDay(position: number): number {
    return this.#first(position);
  }

  /** The top of a day's header. */
  topOfDay(position: number): number {
    return this.#tops[position] ?? 0;
  }

  /** The day at a height. */
  dayAt(y: number): number {
    return this.#search(this.#tops, y);
  }

  /** The day a picture belongs to. */
  dayOfIndex(index: number): number {
    return this.#search(this.#firsts, index);
  }

  /** What is to be drawn between two heights. */
  visible(top: number, bottom: number): VisibleDay[] {
    const shown: VisibleDay[] = [];
    for (let position = this.dayAt(top); position < this.days.length; position += 1) {
      const dayTop = this.topOfDay(position);
      if (dayTop >= bottom) break;
      const day = this.days[position];
      if (!day) break;
      const rows = this.rowsOfDay(position).filter(
        (row) => dayTop + row.top < bottom && dayTop + row.top + row.height > top,
      );
      const height = this.topOfDay(position + 1) - dayTop;
      shown.push({ ...day, position, first: this.#first(position), top: dayTop, height, rows });
    }
    return shown;
  }

  /** The rows of a day. */
  rowsOfDay(position: number): readonly Row[] {
    const known = this.#rows.get(position);
    if (known) return known;
    const rows = justify(
      this.#ratios.subarray(this.#first(position), this.#first(position + 1)),
      this.#width,
    );
    if (this.#rows.size >= REMEMBERED_DAYS) this.#rows.delete(this.#rows.keys().next().value ?? -1);
    this.#rows.set(position, rows);
    return rows;
  }

  /** Where a picture is. */
  boxOf(index: number): Box {
    const position = this.dayOfIndex(index);
    const offset = index - this.#first(position);
    const row = this.rowsOfDay(position)[this.#rowOf(position, offset)];
    if (!row) return { top: 0, left: 0, width: 0, height: 0 };
    const column = offset - row.first;
    return {
      top: this.topOfDay(position) + row.top,
      left: row.lefts[column] ?? 0,
      width: row.widths[column] ?? 0,
      height: row.height,
    };
  }

  /** The first picture at or below a height. */
  indexAt(y: number): number {
    const position = Math.min(this.dayAt(y), this.days.length - 1);
    const inside = y - this.topOfDay(position);
    const rows = this.rowsOfDay(position);
    const row = rows.find((candidate) => candidate.top + candidate.height > inside) ?? rows.at(-1);
    return this.#first(position) + (row?.first ?? 0);
  }

  /** The picture under (or above) another one: the nearest by its middle. */
  neighbour(index: number, step: 1 | -1): number {
    const box = this.boxOf(index);
    const middle = box.left + box.width / 2;
    const target = this.#adjacentRow(index, step);
    if (!target) return step > 0 ? this.total - 1 : 0;
    const { row, first } = target;
    let best = 0;
    let bestDistance = Number.POSITIVE_INFINITY;
    row.lefts.forEach((left, column) => {
      const distance = Math.abs(left + (row.widths[column] ?? 0) / 2 - middle);
      if (distance < bestDistance) {
        best = column;
        bestDistance = distance;
      }
    });
    return first + row.first + best;
  }

  /** The picture about one screen further. */
  pageMove(index: number, pageHeight: number, step: 1 | -1): number {
    if (this.total === 0) return 0;
    const goal = this.boxOf(index).top + step * pageHeight;
    let current = index;
    for (;;) {
      const next = this.neighbour(current, step);
      const reached = step > 0 ? this.boxOf(next).top >= goal : this.boxOf(next).top <= goal;
      if (next === current || reached || next === 0 || next === this.total - 1) return next;
      current = next;
    }
  }

  #adjacentRow(index: number, step: 1 | -1): { row: Row; first: number } | null {
    let position = this.dayOfIndex(index);
    let place = this.#rowOf(position, index - this.#first(position)) + step;
    for (;;) {
      const row = this.rowsOfDay(position)[place];
      if (row) return { row, first: this.#first(position) };
      position += step;
      if (position < 0 || position >= this.days.length) return null;
      place = step > 0 ? 0 : this.rowsOfDay(position).length - 1;
    }
  }

  #rowOf(position: number, offset: number): number {
    const rows = this.rowsOfDay(position);
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((rows[middle]?.first ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #first(position: number): number {
    return this.#firsts[position] ?? 0;
  }

  /** Tops from a day on. With `only`, the other days keep their heights. */
  #measureFrom(from: number, only?: ReadonlySet<number>): void {
    let shift = 0;
    for (let position = from; position < this.days.length; position += 1) {
      const top = this.topOfDay(position) + (only ? shift : 0);
      if (!only) {
        this.#tops[position + 1] = top + this.#heightOfDay(position);
        continue;
      }
      const oldHeight = this.topOfDay(position + 1) - this.topOfDay(position);
      const height = only.has(position) ? this.#heightOfDay(position) : oldHeight;
      this.#tops[position] = top;
      shift += height - oldHeight;
    }
    if (only) this.#tops[this.days.length] = this.height + shift;
  }

  #heightOfDay(position: number): number {
    const first = this.#first(position);
    const end = this.#first(position + 1);
    for (let index = first; index < end; index += 1) {
      if (this.#ratios[index] !== 0) return blockHeight(this.rowsOfDay(position));
    }
    const known = this.#estimates.get(end - first);
    if (known !== undefined) return known;
    const estimate = estimatedHeight(end - first, this.#width);
    this.#estimates.set(end - first, estimate);
    return estimate;
  }

  /** The last place whose value is not above the wanted one. */
  #search(values: Uint32Array | Float64Array, wanted: number): number {
    let low = 0;
    let high = Math.max(0, this.days.length - 1);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((values[middle] ?? 0) <= wanted) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The height of a day of which nothing is known but the number of its pictures. */
export function estimatedHeight(count: number, width: number): number {
  if (count === 0) return HEADER_HEIGHT + DAY_GAP;
  const sample = justify(new Float32Array(64).fill(ASSUMED_RATIO), width);
  const perRow = Math.max(1, sample[1]?.first ?? 64);
  const rows = Math.ceil(count / perRow);
  const last = justify(new Float32Array(count - (rows - 1) * perRow).fill(ASSUMED_RATIO), width);
  const full = (sample[0]?.height ?? 0) + GAP;
  return (rows - 1) * full + blockHeight(last);
}

/** Where the years begin on the scrubber, from 0 to 1 by number of pictures. */
export function yearMarks(days: readonly Day[], closest = 0.035): { year: string; at: number }[] {
  const total = days.reduce((sum, day) => sum + day.count, 0);
  const marks: { year: string; at: number }[] = [];
  let before = 0;
  let seen = '';
  for (const { day, count } of days) {
    const year = day.slice(0, 4);
    const at = total === 0 ? 0 : before / total;
    const last = marks.at(-1);
    if (year !== seen && (!last || at - last.at >= closest)) marks.push({ year, at });
    seen = year;
    before += count;
  }
  return marks;
}
