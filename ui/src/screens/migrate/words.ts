/** What the screen says of files, of places in them, and of all together. */

import type { StatusKind } from '../../components/Status.svelte';
import type {
  Migration,
  MigrationPicture,
  MigrationPictureState,
  MigrationProgress,
} from '../../host/contract';
import { m } from '../../paraglide/messages';

type Said = { kind: StatusKind; words: () => string };

const PICTURES: Readonly<Record<MigrationPictureState, Said>> = {
  found: { kind: 'queued', words: m.migrate_found },
  moved: { kind: 'ok', words: m.migrate_moved },
  failed: { kind: 'fail', words: m.migrate_failed },
  missing: { kind: 'fail', words: m.migrate_missing },
  outside: { kind: 'warn', words: m.migrate_outside },
  in_place: { kind: 'skip', words: m.migrate_in_place },
  left: { kind: 'skip', words: m.migrate_left },
  embedded: { kind: 'skip', words: m.migrate_embedded },
  foreign: { kind: 'skip', words: m.migrate_foreign },
};

export function stateOf(picture: MigrationPicture): { kind: StatusKind; words: string } {
  const { kind, words } = PICTURES[picture.state];
  return { kind, words: words() };
}

/** How many places are in one of these states. */
export function count(migration: Migration, ...states: MigrationPictureState[]): number {
  return migration.files.flatMap((file) => file.pictures).filter((picture) => states.includes(picture.state))
    .length;
}

/** Places and files that a person should look at. */
export function problems(migration: Migration): number {
  const files = migration.files.filter((file) => file.error).length;
  return files + count(migration, 'failed', 'missing', 'outside');
}

export function filesChanged(migration: Migration): number {
  return migration.files.filter((file) => file.state === 'rewritten').length;
}

/** How far a run is: a part of 1 where that is known, and words. */
export function progressOf(progress: MigrationProgress | null): {
  fraction: number | undefined;
  words: string;
} {
  if (!progress || progress.stage === 'reading') return { fraction: undefined, words: m.migrate_reading() };
  const isWriting = progress.stage === 'writing' || progress.stage === 'done';
  const [done, all] = isWriting
    ? [progress.files_done, progress.files]
    : [progress.pictures_done, progress.pictures];
  const words = isWriting ? m.migrate_writing({ done, all }) : m.migrate_moving({ done, all });
  return { fraction: all > 0 ? done / all : undefined, words };
}
