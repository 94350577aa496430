/** How the whole crossing stands, in words: `41 % · 4.2 MB/s · 12 s left`. */

import { formatDuration, formatSpeed } from '../../format';
import { m } from '../../paraglide/messages';
import type { BatchProgress } from '../../state/batch';
import { tickingNow } from '../../state/clock';
import { jobs } from '../../state/jobs.svelte';

/** Bytes per second of what moves; read inside a component it is read again every second. */
export function currentSpeed(progress: BatchProgress): number {
  if (!progress.active) return 0;
  tickingNow();
  return jobs.speed.bytesPerSecond(performance.now());
}

/** The pace and what is left of it; nothing while the pace is not known yet. */
export function paceFacts(progress: BatchProgress, speed: number): string[] {
  if (!progress.active) return [];
  if (progress.allPaused) return [m.upload_state_paused()];
  if (speed <= 0) return [];
  const left = formatDuration((progress.remainingBytes / speed) * 1000);
  return [formatSpeed(speed), m.upload_time_left({ span: left })];
}
