/** Applies what the engine tells to what the window shows. */

import type { EngineEvent } from '../host/contract';
import { host } from '../host/host';
import { formatName } from '../links';
import { m } from '../paraglide/messages';
import { app } from './app.svelte';
import { compress } from './compress.svelte';
import { drag } from './drag.svelte';
import { eventGate } from './event_gate';
import { jobs } from './jobs.svelte';
import { migrate } from './migrate.svelte';
import { route } from './route.svelte';
import { toasts } from './toasts.svelte';
import { watched } from './watched.svelte';

export function applyEvent(event: EngineEvent): void {
  switch (event.type) {
    case 'job_changed':
      jobs.upsert(event.job);
      break;
    case 'jobs_cleared':
      jobs.remove(event.ids);
      break;
    case 'batch_finished':
      break;
    case 'links_copied':
      toasts.show(m.toast_links_copied({ count: event.count, format: formatName(event.format) }), {
        tone: 'ok',
      });
      break;
    case 'history_changed':
      app.historyVersion += 1;
      break;
    case 'compress_changed':
      compress.apply(event.picture);
      break;
    case 'migration_changed':
      migrate.apply(event.migration);
      break;
    case 'migration_ended':
      void migrate.load();
      break;
    case 'watched_folders_changed':
      watched.apply(event.watched);
      break;
    case 'offers_changed':
      app.setOffers(event.offers);
      break;
    case 'crossing_changed':
    case 'arrived':
      // For the small windows; this one has the jobs themselves.
      break;
    case 'settings_changed':
      void app.load();
      break;
    case 'notice':
      app.addNotice(event.notice);
      break;
    case 'drag_hover':
      drag.hover(event.x, event.y, event.count);
      break;
    case 'drag_left':
      drag.leave();
      break;
    case 'drag_dropped':
      drag.dropped(event.x, event.y, event.paths);
      break;
    case 'navigate':
      route.goTo(event.screen);
      break;
  }
}

/** Hears events from now on; the returned function ends it. */
export function listen(): () => void {
  return host().subscribe((event) => eventGate.pass(event, applyEvent));
}
