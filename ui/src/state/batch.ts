/** How far the pictures that are on their way have come, as one number. */

import type { JobSnapshot } from '../host/contract';
import { isTerminal } from './jobs.svelte';

export type BatchProgress = {
  total: number;
  done: number;
  failed: number;
  cancelled: number;
  paused: number;
  /** Something still moves or waits. */
  active: boolean;
  /** All that is not at its end is paused. */
  allPaused: boolean;
  /** 0 to 1. */
  fraction: number;
  remainingBytes: number;
};

/** The jobs of every batch that still has one under way; all jobs when none has. */
export function currentJobs(all: JobSnapshot[]): JobSnapshot[] {
  const moving = new Set(all.filter((job) => !isTerminal(job.state)).map((job) => job.batch));
  return moving.size === 0 ? all : all.filter((job) => moving.has(job.batch));
}

export function progressOf(list: JobSnapshot[]): BatchProgress {
  const count = (state: JobSnapshot['state']) => list.filter((job) => job.state === state).length;
  const open = list.filter((job) => !isTerminal(job.state));
  const sizes = list.map(sizeOf).filter((size) => size > 0);
  const usual = sizes.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) / sizes.length : 1;
  let whole = 0;
  let gone = 0;
  let remainingBytes = 0;
  for (const job of list) {
    const size = sizeOf(job) || usual;
    const part = isTerminal(job.state) ? 1 : job.total > 0 ? Math.min(1, job.sent / job.total) : 0;
    whole += size;
    gone += size * part;
    if (part < 1) remainingBytes += size * (1 - part);
  }
  const paused = count('paused');
  return {
    total: list.length,
    done: count('done'),
    failed: count('failed'),
    cancelled: count('cancelled'),
    paused,
    active: open.length > 0,
    allPaused: open.length > 0 && paused === open.length,
    fraction: whole > 0 ? gone / whole : 0,
    remainingBytes,
  };
}

function sizeOf(job: JobSnapshot): number {
  return job.total || job.bytes_out || job.bytes_in;
}
