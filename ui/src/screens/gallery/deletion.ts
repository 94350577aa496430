/** Deleting many pictures: the places it touches, the batches it is done in, and its report. */

import type { DeleteMode, DeleteResult, Failure } from '../../host/contract';
import type { Target } from './walk';

/** One host and what would be deleted there. */
export interface Place {
  readonly profile_id: string;
  readonly profile_name: string;
  readonly count: number;
  readonly bytes: number;
  /** The first few keys, for eyes. */
  readonly keys: readonly string[];
}

/** A picture that could not be deleted, and why. It stays in the history. */
export interface Refusal {
  readonly target: Target;
  readonly error: Failure;
}

export interface DeletionReport {
  readonly deleted: readonly number[];
  readonly refused: readonly Refusal[];
  /** Pictures that were not tried because the person stopped it. */
  readonly untouched: number;
}

const SHOWN_KEYS = 3;
/** Small enough to show progress and to stop in between, large enough for one DeleteObjects call. */
const BATCH = 200;

/** The hosts that pictures are on, in the order of their first picture. */
export function placesOf(targets: readonly Target[]): Place[] {
  const places = new Map<string, { -readonly [K in keyof Place]: Place[K] } & { keys: string[] }>();
  for (const target of targets) {
    let place = places.get(target.profile_id);
    if (!place) {
      const { profile_id, profile_name } = target;
      place = { profile_id, profile_name, count: 0, bytes: 0, keys: [] };
      places.set(target.profile_id, place);
    }
    place.count += 1;
    place.bytes += target.bytes;
    if (place.keys.length < SHOWN_KEYS) place.keys.push(target.key);
  }
  return [...places.values()];
}

/** Deletes in batches; one that fails as a whole is reported for each of its pictures, the rest goes on. */
export async function deleteAll(
  targets: readonly Target[],
  mode: DeleteMode,
  remove: (ids: number[], mode: DeleteMode) => Promise<DeleteResult[]>,
  toFailure: (thrown: unknown) => Failure,
  signal: AbortSignal,
  onProgress: (done: number) => void,
): Promise<DeletionReport> {
  const deleted: number[] = [];
  const refused: Refusal[] = [];
  let done = 0;
  while (done < targets.length && !signal.aborted) {
    const batch = targets.slice(done, done + BATCH);
    const results = await tryBatch(batch, mode, remove, toFailure);
    for (const target of batch) {
      const error = results.get(target.id);
      if (error) refused.push({ target, error });
      else deleted.push(target.id);
    }
    done += batch.length;
    onProgress(done);
  }
  return { deleted, refused, untouched: targets.length - done };
}

/** What went wrong, by picture. */
async function tryBatch(
  batch: readonly Target[],
  mode: DeleteMode,
  remove: (ids: number[], mode: DeleteMode) => Promise<DeleteResult[]>,
  toFailure: (thrown: unknown) => Failure,
): Promise<Map<number, Failure>> {
  const unanswered = toFailure(new Error('The engine gave no answer for this picture.'));
  try {
    const results = new Map(
      (
        await remove(
          batch.map((target) => target.id),
          mode,
        )
      ).map((one) => [one.id, one]),
    );
    const failures = new Map<number, Failure>();
    for (const { id } of batch) {
      const result = results.get(id);
      if (!result?.ok) failures.set(id, result?.error ?? unanswered);
    }
    return failures;
  } catch (thrown) {
    const failure = toFailure(thrown);
    return new Map(batch.map((target) => [target.id, failure]));
  }
}
