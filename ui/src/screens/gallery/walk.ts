/** Goes through every picture of a filter, for what is done to all of them. */

import type { Cursor, HistoryFilter, Upload } from '../../host/contract';
import type { HistorySource } from './pager.svelte';

const STEP = 1000;

/** What is remembered of a picture that something is to be done to. */
export interface Target {
  readonly id: number;
  readonly name: string;
  readonly key: string;
  readonly bytes: number;
  readonly profile_id: string;
  readonly profile_name: string;
}

export function targetOf(row: Upload): Target {
  const { id, name, key, profile_id, profile_name } = row;
  return { id, name, key, bytes: row.bytes_out, profile_id, profile_name };
}

/** Reads all pictures of a filter, newest first. Stops early, with `null`, when told to. */
export async function walk(
  source: HistorySource,
  filter: HistoryFilter,
  signal: AbortSignal,
  onProgress: (count: number) => void,
): Promise<Target[] | null> {
  const targets: Target[] = [];
  let after: Cursor | null = null;
  do {
    const page = await source.page(filter, after, STEP);
    if (signal.aborted) return null;
    for (const row of page.rows) targets.push(targetOf(row));
    onProgress(targets.length);
    after = page.rows.length > 0 ? page.next : null;
  } while (after !== null);
  return targets;
}
