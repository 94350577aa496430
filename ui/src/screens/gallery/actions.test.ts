import { describe, expect, it } from 'vitest';
import type { Failure } from '../../host/contract';
import { deleteAll, placesOf } from './deletion';
import { dateSpan, filtersOn, NO_FILTER, toHistoryFilter } from './filters';
import { gridAction } from './keys';
import { daysBack, SampleLibrary, sampleUpload } from './sample_library';
import { Selection } from './selection.svelte';
import { type Target, targetOf, walk } from './walk';

const targets = (count: number): Target[] =>
  Array.from({ length: count }, (_, place) => targetOf(sampleUpload(count - place, 1000 - place)));

const failure = (message: string): Failure => ({ code: 'access_denied', message, retryable: false });
const toFailure = (thrown: unknown): Failure => failure(thrown instanceof Error ? thrown.message : 'other');

describe('a selection', () => {
  it('keeps the order in which pictures were selected', () => {
    const selection = new Selection();
    for (const id of [5, 2, 9]) selection.toggle(id);
    selection.toggle(2);
    selection.toggle(2);
    expect(selection.ids).toEqual([5, 9, 2]);
  });

  it('selects everything that matches without a list of ids, minus what is taken out', () => {
    const selection = new Selection();
    selection.selectAll();
    selection.toggle(7);
    expect(selection.count(100_000)).toBe(99_999);
    expect([selection.has(7), selection.has(8)]).toEqual([false, true]);
    expect(selection.pick([{ id: 7 }, { id: 8 }])).toEqual([{ id: 8 }]);
    selection.add([7]);
    expect(selection.count(100_000)).toBe(100_000);
  });

  it('adds a range without doubling what is there', () => {
    const selection = new Selection();
    selection.set([3, 4]);
    selection.add([4, 5, 6]);
    expect(selection.ids).toEqual([3, 4, 5, 6]);
  });

  it('forgets pictures that are gone', () => {
    const selection = new Selection();
    selection.set([1, 2, 3]);
    selection.remove(new Set([2]));
    expect(selection.ids).toEqual([1, 3]);
    selection.clear();
    expect(selection.isEmpty()).toBe(true);
  });
});

describe('keys in the grid', () => {
  const press = (key: string, more: Partial<{ ctrl: boolean; shift: boolean; alt: boolean }> = {}) =>
    gridAction({ key, ctrl: false, shift: false, alt: false, ...more });

  it('move, extend and keep', () => {
    expect(press('ArrowDown')).toEqual({ kind: 'move', by: 'down', extend: false, keep: false });
    expect(press('End', { shift: true })).toEqual({ kind: 'move', by: 'end', extend: true, keep: false });
    expect(press('ArrowLeft', { ctrl: true })).toEqual({
      kind: 'move',
      by: 'left',
      extend: false,
      keep: true,
    });
  });

  it('do what the keyboard map says', () => {
    expect(press(' ')?.kind).toBe('preview');
    expect(press(' ', { ctrl: true })?.kind).toBe('toggle');
    expect(press('Enter')?.kind).toBe('open');
    expect(press('Delete')?.kind).toBe('delete');
    expect(press('a', { ctrl: true })?.kind).toBe('select_all');
    expect(press('c', { ctrl: true })?.kind).toBe('copy');
    expect(press('C', { ctrl: true, shift: true })?.kind).toBe('copy_as');
    expect(press('z', { ctrl: true })?.kind).toBe('undo');
    expect(press('Escape')?.kind).toBe('clear');
  });

  it('leave other keys to others', () => {
    expect(press('v', { ctrl: true })).toBeNull();
    expect(press('ArrowUp', { alt: true })).toBeNull();
    expect(press('q')).toBeNull();
  });
});

describe('filters', () => {
  const now = new Date(2025, 10, 22, 15, 30);

  it('become the question for the history', () => {
    const filter = toHistoryFilter(
      { text: '  kite ', profiles: ['blog'], formats: ['gif'], date: 'year:2019', size: 'medium' },
      now,
    );
    expect(filter).toEqual({
      text: 'kite',
      profile_ids: ['blog'],
      formats: ['gif'],
      since: new Date(2019, 0, 1).getTime(),
      until: new Date(2020, 0, 1).getTime(),
      min_bytes: 100_000,
      max_bytes: 999_999,
    });
  });

  it('count days of the calendar, not hours', () => {
    expect(dateSpan('today', now)).toEqual({ since: new Date(2025, 10, 22).getTime(), until: null });
    expect(dateSpan('week', now)).toEqual({ since: new Date(2025, 10, 16).getTime(), until: null });
    expect(dateSpan('any', now)).toEqual({ since: null, until: null });
  });

  it('are counted without the search text', () => {
    expect(filtersOn({ ...NO_FILTER, text: 'kite' })).toBe(0);
    expect(filtersOn({ ...NO_FILTER, size: 'huge', formats: ['png', 'gif'] })).toBe(2);
  });
});

describe('going through all pictures', () => {
  it('reads every one once and tells how far it is', async () => {
    const library = new SampleLibrary(daysBack(70, () => 50));
    const progress: number[] = [];
    const filter = toHistoryFilter(NO_FILTER, new Date());
    const found = await walk(library, filter, new AbortController().signal, (count) => progress.push(count));
    expect(found?.map((target) => target.id)).toEqual(library.rows.map((row) => row.id));
    expect(progress).toEqual([1000, 2000, 3000, 3500]);
  });

  it('stops when told to', async () => {
    const library = new SampleLibrary(daysBack(70, () => 50));
    const stop = new AbortController();
    const filter = toHistoryFilter(NO_FILTER, new Date());
    expect(await walk(library, filter, stop.signal, () => stop.abort())).toBeNull();
    expect(library.requests.pages).toBe(2);
  });
});

describe('deleting', () => {
  it('names each place with its number, size and first keys', () => {
    const places = placesOf(targets(7));
    expect(places.map((place) => [place.profile_name, place.count, place.keys.length])).toEqual([
      ['Blog', 5, 3],
      ['Notes', 2, 2],
    ]);
    expect(places[1]?.bytes).toBe(1006 + 1003);
  });

  it('goes through a thousand in batches and tells how far it is', async () => {
    const batches: number[] = [];
    const progress: number[] = [];
    const report = await deleteAll(
      targets(1000),
      'host_and_here',
      async (ids) => {
        batches.push(ids.length);
        return ids.map((id) => ({ id, ok: true }));
      },
      toFailure,
      new AbortController().signal,
      (done) => progress.push(done),
    );
    expect(batches).toEqual([200, 200, 200, 200, 200]);
    expect(progress.at(-1)).toBe(1000);
    expect([report.deleted.length, report.refused.length, report.untouched]).toEqual([1000, 0, 0]);
  });

  it('reports each picture that stays, and why', async () => {
    const report = await deleteAll(
      targets(3),
      'host_and_here',
      async (ids) =>
        ids
          .filter((id) => id !== 1)
          .map((id) => (id === 2 ? { id, ok: false, error: failure('locked') } : { id, ok: true })),
      toFailure,
      new AbortController().signal,
      () => {},
    );
    expect(report.deleted).toEqual([3]);
    expect(report.refused.map((one) => [one.target.id, one.error.message])).toEqual([
      [2, 'locked'],
      [1, 'The engine gave no answer for this picture.'],
    ]);
  });

  it('goes on with the next batch when one fails as a whole, and stops when told to', async () => {
    const stop = new AbortController();
    let calls = 0;
    const report = await deleteAll(
      targets(500),
      'here_only',
      async (ids) => {
        calls += 1;
        if (calls === 1) throw new Error('offline');
        stop.abort();
        return ids.map((id) => ({ id, ok: true }));
      },
      toFailure,
      stop.signal,
      () => {},
    );
    expect([report.refused.length, report.deleted.length, report.untouched]).toEqual([200, 200, 100]);
    expect(report.refused[0]?.error.message).toBe('offline');
  });
});
