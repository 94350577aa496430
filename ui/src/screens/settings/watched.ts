/** What the page of watched folders says of a folder. */

import type { StatusKind } from '../../components/Status.svelte';
import { sentence } from '../../errors/words';
import type { AfterUpload, Noticing, WatchedFolderState } from '../../host/contract';
import { m } from '../../paraglide/messages';

/** Stands for no profile of its own; ids are never this. */
export const DEFAULT_PROFILE = '*';

export const LONGEST_WAIT = 3600;

export const AFTERWARDS: readonly { value: AfterUpload; label: () => string }[] = [
  { value: 'keep', label: m.watched_keep },
  { value: 'move', label: m.watched_move },
  { value: 'trash', label: m.watched_trash },
];

export const NOTICING: readonly { value: Noticing; label: () => string }[] = [
  { value: 'automatic', label: m.watched_automatic },
  { value: 'polling', label: m.watched_polling },
];

/** The last part of a path, whichever way its slashes lean. */
export function folderName(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

/** What is wrong with a folder, in a sentence. */
export function trouble(state: WatchedFolderState): string | undefined {
  if (state.status === 'gone') return m.watched_gone({ path: state.folder.path });
  return state.error ? sentence(state.error) : undefined;
}

/** What goes on in a folder: a shape and words; nothing where nothing does. */
export function doing(state: WatchedFolderState): { kind: StatusKind; words: string } | undefined {
  if (state.failed > 0) return { kind: 'fail', words: m.watched_failed({ count: state.failed }) };
  if (state.sending > 0) return { kind: 'run', words: m.watched_sending({ count: state.sending }) };
  if (state.waiting > 0) return { kind: 'queued', words: m.watched_waiting({ count: state.waiting }) };
  if (state.status === 'paused') return { kind: 'paused', words: m.watched_paused() };
  return undefined;
}
