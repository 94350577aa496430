/** What can be done to transfers. The engine does it; failures are shown as notices. */

import type { ConflictAnswer, JobSnapshot } from '../../host/contract';
import { host } from '../../host/host';
import { attempt } from '../../state/attempt';
import { currentJobs, progressOf } from '../../state/batch';
import { jobs } from '../../state/jobs.svelte';

export const pauseJobs = (ids?: string[]) => attempt(() => host().call('jobs_pause', ids ? { ids } : {}));
export const resumeJobs = (ids?: string[]) => attempt(() => host().call('jobs_resume', ids ? { ids } : {}));
export const cancelJobs = (ids?: string[]) => attempt(() => host().call('jobs_cancel', ids ? { ids } : {}));
export const retryJobs = (ids?: string[]) => attempt(() => host().call('jobs_retry', ids ? { ids } : {}));
export const clearJobs = (ids?: string[]) => attempt(() => host().call('jobs_clear', ids ? { ids } : {}));

/** Pauses all transfers, or goes on with them when all are paused. */
export function togglePause(): void {
  const progress = progressOf(currentJobs(jobs.all));
  if (progress.allPaused) void resumeJobs();
  else if (progress.active) void pauseJobs();
}

/** The engine tells `links_copied`, which shows the toast. */
export const copyJobLinks = (ids: string[]) => attempt(() => host().call('job_links_copy', { ids }));

export const copyJobLinksAs = (ids: string[], format: string) =>
  attempt(() => host().call('job_links_copy', { ids, format }));

export const openAddress = (url: string) => attempt(() => host().call('open_address', { url }));

export const answerConflict = (id: string, answer: ConflictAnswer, forAll: boolean) =>
  attempt(() => host().call('job_answer', { id, answer, for_all: forAll }));

/** Whether the picture can be read again from where it came: bytes that existed nowhere else cannot. */
export function canResend(job: JobSnapshot): boolean {
  return sourceOf(job) !== 'bytes';
}

function sourceOf(job: JobSnapshot): 'path' | 'url' | 'bytes' {
  if (/^https?:\/\//i.test(job.input)) return 'url';
  if (/^(\/|[a-z]:[\\/]|\\\\)/i.test(job.input)) return 'path';
  return 'bytes';
}

/** Sends a failed picture to another host; the failed row leaves the list once the new one is accepted. */
export async function resend(job: JobSnapshot, profileId: string): Promise<void> {
  await attempt(async () => {
    if (sourceOf(job) === 'url') {
      await host().call('upload_urls', { urls: [job.input], profile_id: profileId });
    } else {
      await host().call('upload_paths', { paths: [job.input], profile_id: profileId, origin: 'window' });
    }
    await host().call('jobs_clear', { ids: [job.id] });
  });
}
