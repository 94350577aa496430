/** The transfers: snapshots by id, in the order of the list. */

import { SvelteMap } from 'svelte/reactivity';
import type { JobSnapshot, JobState } from '../host/contract';
import { SpeedMeter } from './speed';

export function isTerminal(state: JobState): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Newest batch first; inside a batch as the pictures were given. */
export function inListOrder(all: Iterable<JobSnapshot>): string[] {
  const list = [...all];
  const startOf = new Map<string, number>();
  for (const job of list) {
    startOf.set(job.batch, Math.min(job.created_at, startOf.get(job.batch) ?? Number.POSITIVE_INFINITY));
  }
  const start = (job: JobSnapshot) => startOf.get(job.batch) ?? 0;
  list.sort(
    (a, b) =>
      start(b) - start(a) || (a.batch < b.batch ? 1 : a.batch > b.batch ? -1 : 0) || a.position - b.position,
  );
  return list.map((job) => job.id);
}

class JobsModel {
  readonly byId = new SvelteMap<string, JobSnapshot>();
  /** Ids in the order they are shown; changes only when jobs come or go. */
  order = $state.raw<string[]>([]);
  readonly speed = new SpeedMeter();

  replaceAll(snapshots: JobSnapshot[]): void {
    this.byId.clear();
    for (const job of snapshots) this.byId.set(job.id, job);
    this.order = inListOrder(this.byId.values());
  }

  upsert(job: JobSnapshot, now: number = performance.now()): void {
    const before = this.byId.get(job.id);
    this.speed.saw(job.sent - (before?.sent ?? 0), now);
    this.byId.set(job.id, job);
    if (!before) this.order = inListOrder(this.byId.values());
  }

  remove(ids: string[]): void {
    for (const id of ids) this.byId.delete(id);
    this.order = this.order.filter((id) => this.byId.has(id));
  }

  get all(): JobSnapshot[] {
    return this.order.flatMap((id) => this.byId.get(id) ?? []);
  }
}

export const jobs = new JobsModel();
