/** Where a transfer stands, in words and shapes. */

import type { StatusKind } from '../../components/Status.svelte';
import { sentence, title } from '../../errors/words';
import { formatChange, formatDuration, formatPercent, formatSize } from '../../format';
import type { JobSnapshot } from '../../host/contract';
import { m } from '../../paraglide/messages';
import { notesOf, whyUnchanged } from './notes';

export type StageView = {
  kind: StatusKind;
  words: string;
  /** A bar beside the words: a fraction, or `null` for work of unknown length. */
  bar?: number | null;
};

/** The engine says so where the host had all of it and did not answer. */
function cancelledWords(job: JobSnapshot): string {
  return job.error?.code === 'cancelled' ? m.upload_state_cancelled_late() : m.upload_state_cancelled();
}

export function stageOf(job: JobSnapshot): StageView {
  switch (job.state) {
    case 'queued':
      return { kind: 'queued', words: m.upload_state_queued() };
    case 'paused':
      return { kind: 'paused', words: m.upload_state_paused() };
    case 'cancelled':
      return { kind: 'skip', words: cancelledWords(job) };
    case 'asking':
      return { kind: 'warn', words: m.upload_state_asking() };
    case 'waiting':
      return { kind: 'warn', words: job.error ? title(job.error) : m.upload_state_waiting() };
    case 'failed':
      return { kind: 'fail', words: job.error ? title(job.error) : m.upload_state_failed() };
    case 'done':
      return { kind: 'ok', words: m.upload_state_done() };
    case 'running':
      return runningStage(job);
  }
}

function runningStage(job: JobSnapshot): StageView {
  switch (job.stage) {
    case 'send': {
      if (job.total <= 0) return { kind: 'run', words: m.upload_stage_send(), bar: null };
      const fraction = job.sent / job.total;
      return {
        kind: 'run',
        words: m.upload_stage_send_part({ percent: formatPercent(fraction) }),
        bar: fraction,
      };
    }
    case 'prepare':
      return { kind: 'run', words: m.upload_stage_prepare(), bar: null };
    case 'dedupe':
      return { kind: 'run', words: m.upload_stage_dedupe(), bar: null };
    case 'record':
      return { kind: 'run', words: m.upload_stage_record(), bar: null };
    default:
      return { kind: 'run', words: m.upload_stage_acquire(), bar: null };
  }
}

/** Why it failed or waits, and when it goes on; `undefined` when the key or link is shown instead. */
export function reasonOf(job: JobSnapshot, retries: number, now: number): string | undefined {
  switch (job.state) {
    case 'failed':
      return job.error ? sentence(job.error) : undefined;
    case 'waiting': {
      const why = job.error ? sentence(job.error) : '';
      const span = formatDuration(Math.max(0, (job.retry_at ?? now) - now));
      const again = m.upload_trying_again({ span, attempt: job.attempt, retries });
      return why ? m.upload_waiting_reason({ why, again }) : again;
    }
    case 'asking':
      return job.key ? m.error_key_exists_named({ key: job.key }) : m.error_key_exists();
    default:
      return undefined;
  }
}

/** The line under the name: the link without its scheme, or the key, or where it comes from. */
export function placeOfJob(job: JobSnapshot): string {
  if (job.url) return job.url.replace(/^https?:\/\//, '');
  return job.key ?? job.input;
}

export type SizesView = {
  /** `1.8 MB → 312 KB`; or the one size, and why there is no other. */
  words: string;
  /** Apart, because it is set bold: `−83 %`. */
  change: string;
  /** Everything that was done to the picture, for who asks. */
  why: string;
};

export function sizesOf(job: JobSnapshot): SizesView {
  if (job.bytes_in <= 0) return { words: '', change: '', why: '' };
  const before = formatSize(job.bytes_in);
  if (job.reused) {
    const words = `${before} · ${m.upload_size_reused()}`;
    return { words, change: '', why: words };
  }
  const told = notesOf(job);
  const change = formatChange(job.bytes_in, job.bytes_out);
  if (change) {
    const words = `${before} → ${formatSize(job.bytes_out)}`;
    return { words, change, why: [`${words} · ${change}`, ...told].join('\n') };
  }
  if (job.state !== 'done') return { words: before, change: '', why: [before, ...told].join('\n') };
  const words = `${before} · ${whyUnchanged(job) ?? m.upload_size_same()}`;
  return { words, change: '', why: [words, ...told].join('\n') };
}
