import { describe, expect, it } from 'vitest';
import { sampleJob } from '../testing/samples';
import { currentJobs, progressOf } from './batch';
import { inListOrder } from './jobs.svelte';
import { SpeedMeter } from './speed';

describe('the order of the list', () => {
  it('has the newest batch first, and inside a batch the order of the inputs', () => {
    const jobs = [
      sampleJob('old-1', { batch: 'a', position: 1, created_at: 1 }),
      sampleJob('old-0', { batch: 'a', position: 0, created_at: 2 }),
      sampleJob('new-0', { batch: 'b', position: 0, created_at: 9 }),
    ];
    expect(inListOrder(jobs)).toEqual(['new-0', 'old-0', 'old-1']);
  });
});

describe('the progress of a batch', () => {
  it('weighs pictures by their bytes', () => {
    const progress = progressOf([
      sampleJob('a', { state: 'running', stage: 'send', sent: 50, total: 100 }),
      sampleJob('b', { state: 'done', bytes_out: 300 }),
    ]);
    expect(progress.fraction).toBeCloseTo(350 / 400);
    expect(progress.remainingBytes).toBe(50);
    expect(progress).toMatchObject({ total: 2, done: 1, active: true, allPaused: false });
  });

  it('counts a picture of unknown size like a usual one', () => {
    const progress = progressOf([sampleJob('a', { state: 'done', bytes_out: 100 }), sampleJob('b')]);
    expect(progress.fraction).toBeCloseTo(0.5);
  });

  it('is paused when all that is left is paused', () => {
    const progress = progressOf([sampleJob('a', { state: 'paused' }), sampleJob('b', { state: 'failed' })]);
    expect(progress).toMatchObject({ active: true, allPaused: true, failed: 1 });
  });

  it('is at its end when nothing is left, failures included', () => {
    const progress = progressOf([
      sampleJob('a', { state: 'cancelled' }),
      sampleJob('b', { state: 'failed' }),
    ]);
    expect(progress).toMatchObject({ active: false, fraction: 1 });
    expect(progressOf([])).toMatchObject({ active: false, fraction: 0 });
  });

  it('looks only at batches under way while there is one', () => {
    const old = sampleJob('a', { batch: 'old', state: 'done' });
    const moving = sampleJob('b', { batch: 'new', state: 'running' });
    const sibling = sampleJob('c', { batch: 'new', state: 'done' });
    expect(currentJobs([old, moving, sibling])).toEqual([moving, sibling]);
    expect(currentJobs([old])).toEqual([old]);
  });
});

describe('the speed', () => {
  it('is the bytes of the last seconds', () => {
    const meter = new SpeedMeter();
    meter.saw(1000, 0);
    meter.saw(1000, 1000);
    expect(meter.bytesPerSecond(2000)).toBe(1000);
  });

  it('is unknown at first, and forgets what is long ago', () => {
    const meter = new SpeedMeter();
    meter.saw(1000, 0);
    expect(meter.bytesPerSecond(100)).toBe(0);
    expect(meter.bytesPerSecond(9000)).toBe(0);
  });

  it('ignores the step back of a retry', () => {
    const meter = new SpeedMeter();
    meter.saw(500, 0);
    meter.saw(-500, 500);
    expect(meter.bytesPerSecond(1000)).toBe(500);
  });
});
