/** A library for tests: any number of pictures over any days, paged by key like the real history. */

import type { Cursor, DayCount, HistoryFilter, HistoryPage, Upload } from '../../host/contract';
import type { HistorySource } from './pager.svelte';

const RATIOS = [1.5, 0.75, 1.65, 0.6, 1, 1.41, 2.2, 1.33];

/** One picture of a library. */
export function sampleUpload(id: number, created_at: number): Upload {
  const ratio = RATIOS[id % RATIOS.length] ?? 1;
  return {
    id,
    job_id: `job-${id}`,
    created_at,
    profile_id: id % 3 === 0 ? 'notes' : 'blog',
    profile_name: id % 3 === 0 ? 'Notes' : 'Blog',
    host: 's3',
    key: `2025/11/${id}.png`,
    url: `https://img.example.com/2025/11/${id}.png`,
    name: `picture ${id}.png`,
    format: 'png',
    width: Math.round(1000 * ratio),
    height: 1000,
    animated: false,
    bytes_in: 2000 + id,
    bytes_out: 1000 + id,
    score: null,
    sha256: `sha-${id}`,
    source_sha256: `source-${id}`,
    alt: '',
    note: '',
    thumbnail: null,
    origin: 'window',
    source_path: null,
  };
}

/** A history in memory; `requests` counts what was asked. */
export class SampleLibrary implements HistorySource {
  readonly requests = { pages: 0, days: 0, rows: 0 };
  rows: Upload[] = [];
  #perDay: [string, number][];

  /** Days are given newest first; ids grow with time as in the real history. */
  constructor(perDay: [string, number][]) {
    this.#perDay = perDay;
    let id = perDay.reduce((sum, [, count]) => sum + count, 0);
    for (const [day, count] of perDay) {
      const noon = Date.parse(`${day}T12:00:00`);
      for (let place = 0; place < count; place += 1) {
        this.rows.push(sampleUpload(id, noon - place));
        id -= 1;
      }
    }
  }

  /** A new picture arrives today, or on any day. */
  add(day: string): Upload {
    const first = this.rows.findIndex((row) => this.#dayOf(row) <= day);
    const newest = Math.max(0, ...this.rows.map((row) => row.id));
    const at = Date.parse(`${day}T13:00:00`) + newest;
    const row = sampleUpload(newest + 1, at);
    this.rows.splice(first < 0 ? this.rows.length : first, 0, row);
    this.rows.sort((one, other) => other.created_at - one.created_at || other.id - one.id);
    return row;
  }

  remove(ids: readonly number[]): void {
    this.rows = this.rows.filter((row) => !ids.includes(row.id));
  }

  async days(_filter: HistoryFilter): Promise<DayCount[]> {
    this.requests.days += 1;
    const days: DayCount[] = [];
    for (const row of this.rows) {
      const day = this.#dayOf(row);
      const last = days.at(-1);
      if (last?.day === day) last.count += 1;
      else days.push({ day, count: 1, start: { created_at: row.created_at, id: row.id + 1 } });
    }
    return days;
  }

  async page(_filter: HistoryFilter, after: Cursor | null, limit: number): Promise<HistoryPage> {
    this.requests.pages += 1;
    const from = after === null ? 0 : this.#firstAfter(after);
    const rows = this.rows.slice(from, from + limit);
    this.requests.rows += rows.length;
    const last = rows.at(-1);
    const more = last !== undefined && from + limit < this.rows.length;
    return { rows, next: more ? { created_at: last.created_at, id: last.id } : null };
  }

  #firstAfter(after: Cursor): number {
    const found = this.rows.findIndex(
      (row) =>
        row.created_at < after.created_at || (row.created_at === after.created_at && row.id < after.id),
    );
    return found < 0 ? this.rows.length : found;
  }

  #dayOf(row: Upload): string {
    const date = new Date(row.created_at);
    const two = (value: number) => String(value).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  }

  /** How the library was set up. */
  get perDay(): readonly [string, number][] {
    return this.#perDay;
  }
}

/** Days going back from a date, each with that many pictures. */
export function daysBack(
  count: number,
  perDay: (day: number) => number,
  from = Date.UTC(2025, 10, 22),
): [string, number][] {
  const days: [string, number][] = [];
  for (let back = 0; back < count; back += 1) {
    const date = new Date(from - back * 86_400_000);
    days.push([date.toISOString().slice(0, 10), perDay(back)]);
  }
  return days;
}
