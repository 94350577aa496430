/** The doors through which pictures come in from this window. Each shows its own failure. */

import type { Accepted, Origin } from '../host/contract';
import { host } from '../host/host';
import { attempt } from './attempt';
import { base64 } from './base64';
import { compress } from './compress.svelte';
import { isTextField } from './keys';
import { route } from './route.svelte';

type Started = Promise<Accepted | null | undefined>;

/** `exactOptionalPropertyTypes`: an absent profile is left out, not sent as undefined. */
function to(profileId: string | undefined): { profile_id?: string } {
  return profileId ? { profile_id: profileId } : {};
}

/** Shows the transfers that have just begun, wherever the person was. */
async function start(work: () => Promise<Accepted | null>): Started {
  const accepted = await attempt(work);
  if (accepted && accepted.jobs.length > 0) void route.go('upload');
  return accepted;
}

export function uploadClipboard(origin: Origin, profileId?: string): Started {
  return start(() => host().call('upload_clipboard', { origin, ...to(profileId) }));
}

export function chooseFiles(profileId?: string): Started {
  return start(() => host().call('upload_choose', to(profileId)));
}

export function uploadScreenshot(profileId?: string): Started {
  return start(() => host().call('upload_screenshot', to(profileId)));
}

export function uploadUrls(urls: string[], profileId?: string): Started {
  return start(() => host().call('upload_urls', { urls, ...to(profileId) }));
}

export function uploadPaths(paths: string[], profileId?: string): Started {
  return start(() => host().call('upload_paths', { paths, origin: 'drop', ...to(profileId) }));
}

export function uploadSample(): Started {
  return start(() => host().call('upload_sample', {}));
}

/** Data that only the page has: what a browser pastes or drops. */
export function uploadFiles(files: File[], origin: Origin, profileId?: string): Started {
  return start(async () => {
    const parts = await Promise.all(
      files.map(async (file) => ({ name: file.name, base64: base64(await file.arrayBuffer()) })),
    );
    return host().call('upload_bytes', { files: parts, origin, ...to(profileId) });
  });
}

/** Paste in a browser: its files, or else whatever the engine finds on the clipboard. */
export function handlePaste(event: ClipboardEvent): void {
  if (!host().isBridge || isTextField(event.target)) return;
  event.preventDefault();
  const files = [...(event.clipboardData?.files ?? [])];
  if (route.screen === 'compress') {
    if (files.length > 0) void compress.openFiles(files);
    else void compress.paste();
    return;
  }
  if (files.length > 0) void uploadFiles(files, 'paste');
  else void uploadClipboard('paste');
}
