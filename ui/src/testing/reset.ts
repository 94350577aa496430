/** Puts the window's state back to its start, so that no test sees another one's. */

import { composer } from '../screens/upload/composer.svelte';
import { app } from '../state/app.svelte';
import { compress } from '../state/compress.svelte';
import { drag } from '../state/drag.svelte';
import { jobs } from '../state/jobs.svelte';
import { migrate } from '../state/migrate.svelte';
import { palette } from '../state/palette.svelte';
import { route } from '../state/route.svelte';
import { toasts } from '../state/toasts.svelte';
import { watched } from '../state/watched.svelte';

export function resetState(): void {
  app.phase = 'starting';
  app.failure = null;
  app.failures = [];
  jobs.replaceAll([]);
  for (const toast of toasts.list) toasts.dismiss(toast.id);
  route.leaveGuard = null;
  route.screen = 'upload';
  route.target = {};
  compress.reset();
  migrate.reset();
  watched.reset();
  drag.leave();
  palette.open = false;
  composer.asksForUrls = false;
  composer.choosing = null;
}
