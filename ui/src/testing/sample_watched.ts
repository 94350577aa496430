/** Watched folders for tests and for looking at screens. */

import type { WatchedFolder, WatchedFolderState, WatchedFolders } from '../host/contract';
import { failure } from './fake_host';

export function sampleFolder(id: string, more: Partial<WatchedFolder> = {}): WatchedFolder {
  return {
    id,
    path: `/pictures/${id}`,
    enabled: true,
    profile_id: null,
    only: '',
    leave_out: '',
    subfolders: true,
    wait_seconds: 2,
    afterwards: 'keep',
    move_to: '',
    noticing: 'automatic',
    revision: 0,
    ...more,
  };
}

export function sampleWatched(
  folder: WatchedFolder,
  more: Partial<WatchedFolderState> = {},
): WatchedFolderState {
  return {
    folder,
    status: 'watching',
    polled: false,
    waiting: 0,
    sending: 0,
    stored: 0,
    failed: 0,
    before: 0,
    ...more,
  };
}

export function sampleWatchedFolders(): WatchedFolders {
  return {
    is_here: true,
    paused: false,
    folders: [
      sampleWatched(sampleFolder('Screenshots', { profile_id: 'blog' }), { stored: 128, before: 12 }),
      sampleWatched(sampleFolder('附件', { path: '/notes/附件', profile_id: 'notes' }), {
        stored: 4,
        sending: 3,
      }),
      sampleWatched(sampleFolder('Scans', { path: '/mnt/nas/scans' }), {
        status: 'gone',
        error: failure('file_not_found', { params: { folder: '/mnt/nas/scans', reason: 'watch_gone' } }),
      }),
    ],
  };
}
