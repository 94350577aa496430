/** Reads the history page by page, holds a bounded part of it, and knows which row is at which index. */

import { AppError } from '../../errors/app_error';
import type { Cursor, DayCount, HistoryFilter, HistoryPage, Upload } from '../../host/contract';
import { type Chunk, chunkAt, cutIntoChunks } from './chunks';

/** Where rows come from: the history's commands. */
export interface HistorySource {
  page(filter: HistoryFilter, after: Cursor | null, limit: number): Promise<HistoryPage>;
  days(filter: HistoryFilter): Promise<DayCount[]>;
}

/** What the layout wants to hear of. */
export interface PagerListener {
  /** The library is another one now; `refreshed` when it is the same filter read again. */
  daysChanged(days: readonly DayCount[], refreshed: boolean): void;
  /** These rows are known now. */
  rowsLoaded(first: number, rows: readonly Upload[]): void;
}

/** Rows that are held at most; what was not looked at for longest goes first. */
export const MOST_ROWS = 3000;
/** Rows asked for at once when a long day has to be walked to its middle. */
const WALK_LIMIT = 960;
/** Pages fetched at the same time. */
const AT_ONCE = 2;

export type PagerState = 'loading' | 'ready' | 'failed';

/** The rows of one filter. */
export class Pager {
  /** Grows with each change of what is known; read it to follow the rows. */
  version = $state(0);
  state = $state<PagerState>('loading');
  error = $state.raw<AppError | null>(null);
  days = $state.raw<readonly DayCount[]>([]);
  total = $state(0);

  readonly #source: HistorySource;
  readonly #listener: PagerListener;
  #filter: HistoryFilter | null = null;
  #rows: (Upload | undefined)[] = [];
  #chunks: Chunk[] = [];
  #wanted: { first: number; end: number } = { first: 0, end: 0 };
  #fetching = new Set<Chunk>();
  #clock = 0;
  #generation = 0;

  constructor(source: HistorySource, listener: PagerListener) {
    this.#source = source;
    this.#listener = listener;
  }

  /** How many rows are held. */
  get held(): number {
    return this.#chunks.reduce((sum, chunk) => sum + (chunk.loaded ? chunk.count : 0), 0);
  }

  /** Shows another filter, from its beginning. */
  async open(filter: HistoryFilter): Promise<void> {
    this.#filter = filter;
    this.#generation += 1;
    const generation = this.#generation;
    if (this.total === 0) this.state = 'loading';
    try {
      const days = await this.#source.days(filter);
      if (generation !== this.#generation) return;
      this.#begin(days, []);
      this.#wanted = { first: 0, end: 1 };
      this.#listener.daysChanged(days, false);
      const newest = this.#chunks[0];
      if (newest) await this.#fetch(newest);
      if (generation === this.#generation) this.#settle(null);
    } catch (error) {
      if (generation === this.#generation) this.#settle(AppError.from(error));
    }
  }

  /** Reads the same filter again: something came, went or changed. What stayed is shown meanwhile. */
  async refresh(): Promise<void> {
    const filter = this.#filter;
    if (!filter) return;
    this.#generation += 1;
    const generation = this.#generation;
    try {
      const days = await this.#source.days(filter);
      if (generation !== this.#generation) return;
      const { first, end } = this.#wanted;
      const near = { from: first - MOST_ROWS / 4, to: end + MOST_ROWS / 4 };
      const kept = carryOver(this.days, this.#rows, days, near);
      this.#begin(days, kept);
      this.#listener.daysChanged(days, true);
      this.#settle(null);
      this.#pump();
    } catch (error) {
      if (generation === this.#generation) this.#settle(AppError.from(error));
    }
  }

  /** The row at an index, if it is held. */
  row(index: number): Upload | undefined {
    return this.#rows[index];
  }

  /** The index of a held row. */
  indexOf(id: number): number {
    for (const chunk of this.#chunks) {
      for (let index = chunk.first; index < chunk.first + chunk.count; index += 1) {
        if (this.#rows[index]?.id === id) return index;
      }
    }
    return -1;
  }

  /** Says which rows are on the screen: they and their neighbours are fetched and kept. */
  want(first: number, end: number): void {
    this.#wanted = { first, end };
    for (const chunk of this.#touching(first, end)) this.#touch(chunk);
    this.#pump();
  }

  /** The rows of a range, fetched where they are missing; fewer when the library changes meanwhile. */
  async range(first: number, end: number): Promise<Upload[]> {
    const rows: Upload[] = [];
    const generation = this.#generation;
    for (let at = first; at < end; ) {
      const chunk = this.#chunks[chunkAt(this.#chunks, at)];
      if (!chunk) break;
      const stop = Math.min(end, chunk.first + chunk.count);
      this.#touch(chunk);
      if (!chunk.loaded) await this.#fetch(chunk, end);
      if (generation !== this.#generation) break;
      for (let index = at; index < stop; index += 1) {
        const row = this.#rows[index];
        if (row) rows.push(row);
      }
      at = stop;
      this.#forget();
    }
    return rows;
  }

  /** Puts a changed row in the place of the old one. */
  replace(row: Upload): void {
    const index = this.indexOf(row.id);
    if (index < 0) return;
    this.#rows[index] = row;
    this.version += 1;
  }

  #begin(days: readonly DayCount[], rows: (Upload | undefined)[]): void {
    this.days = days;
    this.total = days.reduce((sum, day) => sum + day.count, 0);
    this.#rows = rows;
    this.#chunks = cutIntoChunks(days);
    this.#fetching = new Set();
    this.version += 1;
  }

  #settle(error: AppError | null): void {
    this.error = error;
    this.state = error ? 'failed' : 'ready';
  }

  #touching(first: number, end: number): Chunk[] {
    if (end <= first) return [];
    return this.#chunks.slice(chunkAt(this.#chunks, first), chunkAt(this.#chunks, end - 1) + 1);
  }

  /** Starts the next fetches: what is on the screen first; when that is there, a page on either side. */
  #pump(): void {
    const { first, end } = this.#wanted;
    const missing = this.#touching(first, end).filter((chunk) => !chunk.loaded);
    if (missing.length === 0) {
      const from = chunkAt(this.#chunks, first);
      const to = chunkAt(this.#chunks, Math.max(first, end - 1));
      for (const chunk of [this.#chunks[to + 1], this.#chunks[from - 1]]) {
        if (chunk && !chunk.loaded) missing.push(chunk);
      }
    }
    for (const chunk of missing) {
      if (this.#fetching.size >= AT_ONCE) return;
      // A page without a cursor learns it from the page before it, which may be on its way.
      if (this.#fetching.has(chunk) || (chunk.after === null && this.#fetching.size > 0)) continue;
      void this.#fetchThenGoOn(chunk);
    }
  }

  async #fetchThenGoOn(chunk: Chunk): Promise<void> {
    const generation = this.#generation;
    try {
      await this.#fetch(chunk);
    } catch (error) {
      if (generation === this.#generation) this.#settle(AppError.from(error));
      return;
    }
    if (generation !== this.#generation) return;
    this.#forget();
    this.#pump();
  }

  /**
   * Fetches a page. In the middle of a long day its cursor is found by walking from the day's start.
   * The pages after it come along, as far as `end` asks for them.
   */
  async #fetch(chunk: Chunk, end = chunk.first + chunk.count): Promise<void> {
    const filter = this.#filter;
    if (!filter) return;
    const generation = this.#generation;
    this.#fetching.add(chunk);
    try {
      while (!chunk.loaded) {
        const run = this.#run(chunk, end);
        const start = run[0];
        if (!start) return;
        const limit = run.reduce((sum, one) => sum + one.count, 0);
        const page = await this.#source.page(filter, start.after, limit);
        if (generation !== this.#generation) return;
        this.#take(run, page);
      }
    } finally {
      this.#fetching.delete(chunk);
    }
  }

  /** The pages to read at once so that the wanted one is among them, or comes nearer. */
  #run(chunk: Chunk, end: number): Chunk[] {
    let position = this.#chunks.indexOf(chunk);
    while (position > 0 && this.#chunks[position]?.after === null) position -= 1;
    const run: Chunk[] = [];
    let rows = 0;
    for (; position < this.#chunks.length; position += 1) {
      const one = this.#chunks[position];
      if (!one || one.first >= end || (run.length > 0 && rows + one.count > WALK_LIMIT)) break;
      rows += one.count;
      run.push(one);
    }
    return run;
  }

  #touch(chunk: Chunk): void {
    this.#clock += 1;
    chunk.used = this.#clock;
  }

  #take(run: readonly Chunk[], page: HistoryPage): void {
    const first = run[0]?.first ?? 0;
    page.rows.forEach((row, offset) => {
      this.#rows[first + offset] = row;
    });
    let read = 0;
    for (const chunk of run) {
      this.#touch(chunk);
      chunk.loaded = true;
      read += chunk.count;
      this.#teachNext(chunk, page.rows[Math.min(read, page.rows.length) - 1]);
    }
    this.#listener.rowsLoaded(first, page.rows);
    this.version += 1;
  }

  /** The page after this one begins after this one's last row. */
  #teachNext(chunk: Chunk, last: Upload | undefined): void {
    const next = this.#chunks[this.#chunks.indexOf(chunk) + 1];
    if (next && next.after === null && last) next.after = { created_at: last.created_at, id: last.id };
  }

  /** Lets go of the pages that were not looked at for longest. */
  #forget(): void {
    const kept = new Set(this.#touching(this.#wanted.first, this.#wanted.end));
    const candidates = this.#chunks
      .filter((chunk) => chunk.loaded && !kept.has(chunk))
      .sort((one, other) => one.used - other.used);
    let held = this.held;
    for (const chunk of candidates) {
      if (held <= MOST_ROWS) return;
      chunk.loaded = false;
      held -= chunk.count;
      for (let index = chunk.first; index < chunk.first + chunk.count; index += 1) delete this.#rows[index];
    }
  }
}

/** The old position of each new day that has the same pictures as before. */
export function unchangedDays(before: readonly DayCount[], now: readonly DayCount[]): (number | null)[] {
  const places = new Map(before.map((day, position) => [day.day, position]));
  return now.map((day) => {
    const position = places.get(day.day);
    const old = position === undefined ? undefined : before[position];
    const same = old?.count === day.count && old.start.id === day.start.id;
    return same && position !== undefined ? position : null;
  });
}

/** The rows near the screen of days that did not change, at their new indexes: shown until read again. */
function carryOver(
  before: readonly DayCount[],
  rows: readonly (Upload | undefined)[],
  now: readonly DayCount[],
  near: { from: number; to: number },
): (Upload | undefined)[] {
  const starts: number[] = [];
  before.reduce((sum, day, position) => {
    starts[position] = sum;
    return sum + day.count;
  }, 0);
  const kept: (Upload | undefined)[] = [];
  let first = 0;
  const unchanged = unchangedDays(before, now);
  now.forEach((day, position) => {
    const old = unchanged[position];
    if (old !== null && old !== undefined) {
      const from = starts[old] ?? 0;
      for (let offset = 0; offset < day.count; offset += 1) {
        const index = from + offset;
        const row = index >= near.from && index < near.to ? rows[index] : undefined;
        if (row) kept[first + offset] = row;
      }
    }
    first += day.count;
  });
  return kept;
}
