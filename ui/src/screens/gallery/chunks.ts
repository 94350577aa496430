/** The library cut into pages that can be fetched by key: each page's rows are known beforehand. */

import type { Cursor, DayCount } from '../../host/contract';

/** Rows in a page. */
export const CHUNK_SIZE = 120;

/** A page of the library. */
export interface Chunk {
  /** The library index of its first row. */
  readonly first: number;
  readonly count: number;
  /**
   * The cursor after which it begins; `null` until the page before it was read.
   * Only the later pages of a long day begin without one.
   */
  after: Cursor | null;
  loaded: boolean;
  /** Counts up with each use; the page with the lowest one is forgotten first. */
  used: number;
}

/** Cuts the days into pages: short days share one, long days get several. */
export function cutIntoChunks(days: readonly DayCount[], size = CHUNK_SIZE): Chunk[] {
  const chunks: Chunk[] = [];
  let first = 0;
  let open: { first: number; count: number; after: Cursor } | null = null;
  const close = () => {
    if (open) chunks.push({ ...open, loaded: false, used: 0 });
    open = null;
  };
  for (const day of days) {
    if (open && open.count + day.count > size) close();
    if (day.count > size) {
      for (let offset = 0; offset < day.count; offset += size) {
        const count = Math.min(size, day.count - offset);
        const after = offset === 0 ? day.start : null;
        chunks.push({ first: first + offset, count, after, loaded: false, used: 0 });
      }
    } else if (open) {
      open.count += day.count;
    } else {
      open = { first, count: day.count, after: day.start };
    }
    first += day.count;
  }
  close();
  return chunks;
}

/** The page that has an index. */
export function chunkAt(chunks: readonly Chunk[], index: number): number {
  let low = 0;
  let high = Math.max(0, chunks.length - 1);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((chunks[middle]?.first ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}
