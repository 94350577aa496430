import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { appError, failure, startWith } from '../testing/fake_host';
import { sampleJob, sampleSettings, sampleState } from '../testing/samples';
import { app } from './app.svelte';
import { attempt } from './attempt';
import { commands } from './commands.svelte';
import { drag } from './drag.svelte';
import { jobs } from './jobs.svelte';
import { locale, resolveLocale } from './locale.svelte';
import { route } from './route.svelte';
import { toasts } from './toasts.svelte';

describe('the start', () => {
  it('takes everything from one answer', async () => {
    await startWith(sampleState({ jobs: [sampleJob('a')] }));
    expect(app.phase).toBe('ready');
    expect(app.defaultProfile?.name).toBe('Blog');
    expect(jobs.order).toEqual(['a']);
  });

  it('keeps the reason when the engine cannot work', async () => {
    await startWith(sampleState(), {
      app_state: () => {
        throw appError('database_newer');
      },
    });
    expect(app.phase).toBe('failed');
    expect(app.failure?.failure.code).toBe('database_newer');
    expect(app.desktop.has_window_buttons).toBe(true);
  });

  it('writes language, theme and system to the document', async () => {
    await startWith(sampleState({ settings: sampleSettings({ language: 'zh-CN', appearance: 'dark' }) }));
    const root = document.documentElement;
    expect([root.lang, root.dataset['theme'], root.dataset['os']]).toEqual(['zh-CN', 'dark', 'linux']);
    expect(locale()).toBe('zh-CN');
  });
});

describe('the language', () => {
  it('follows the first language of the system that is known', () => {
    expect(resolveLocale('system', ['fr-FR', 'zh-Hans-CN', 'en'])).toBe('zh-CN');
    expect(resolveLocale('system', ['en-GB', 'zh'])).toBe('en');
    expect(resolveLocale('system', ['fr'])).toBe('en');
    expect(resolveLocale('zh-CN', ['en'])).toBe('zh-CN');
  });
});

describe('events', () => {
  it('update, add and remove transfers', async () => {
    const host = await startWith(sampleState({ jobs: [sampleJob('a')] }));
    host.emit({ type: 'job_changed', job: sampleJob('a', { state: 'done' }) });
    host.emit({ type: 'job_changed', job: sampleJob('b', { position: 1 }) });
    expect(jobs.byId.get('a')?.state).toBe('done');
    expect(jobs.order).toEqual(['a', 'b']);
    host.emit({ type: 'jobs_cleared', ids: ['a'] });
    expect(jobs.order).toEqual(['b']);
  });

  it('tell how many links were copied, and as what', async () => {
    const host = await startWith(sampleState());
    host.emit({ type: 'links_copied', count: 1, format: 'markdown' });
    host.emit({ type: 'links_copied', count: 4, format: 'wiki' });
    expect(toasts.list.map((toast) => toast.text)).toEqual([
      'Link copied as Markdown',
      '4 links copied as wiki',
    ]);
  });

  it('replace a notice of the same topic', async () => {
    const host = await startWith(sampleState());
    host.emit({ type: 'notice', notice: { topic: 'hotkey', error: failure('hotkey_taken') } });
    host.emit({ type: 'notice', notice: { topic: 'hotkey', error: failure('internal') } });
    expect(app.notices.map((notice) => notice.error.code)).toEqual(['internal']);
  });

  it('show a screen that was asked for, and ignore names that are none', async () => {
    const host = await startWith(sampleState());
    host.emit({ type: 'navigate', screen: 'gallery' });
    await Promise.resolve();
    expect(route.screen).toBe('gallery');
    host.emit({ type: 'navigate', screen: 'nowhere' });
    expect(route.screen).toBe('gallery');
  });

  it('make pages of the history load again', async () => {
    const host = await startWith(sampleState());
    const before = app.historyVersion;
    host.emit({ type: 'history_changed' });
    expect(app.historyVersion).toBe(before + 1);
  });
});

describe('a drag', () => {
  it('forgets the chosen berth when the pointer moves on, and does nothing after Esc', () => {
    const drops: string[][] = [];
    drag.onDrop = ({ paths }) => drops.push(paths);
    drag.hover(100, 100, 2);
    drag.chosen = 'notes';
    drag.hover(102, 101, 2);
    expect(drag.chosen).toBe('notes');
    drag.hover(300, 101, 2);
    expect(drag.chosen).toBeNull();
    drag.refuse();
    drag.hover(310, 101, 2);
    expect(drag.active).toBe(false);
    drag.dropped(310, 101, ['/a.png']);
    drag.hover(1, 1, 1);
    drag.dropped(1, 1, ['/b.png']);
    expect(drops).toEqual([['/b.png']]);
    drag.onDrop = null;
  });
});

describe('leaving a screen', () => {
  it('asks the screen that has unsaved changes', async () => {
    await startWith(sampleState());
    route.screen = 'hosts';
    route.leaveGuard = async () => false;
    await route.go('gallery');
    expect(route.screen).toBe('hosts');
    route.leaveGuard = async () => true;
    await route.go('gallery', { upload: 3 });
    expect([route.screen, route.target.upload]).toEqual(['gallery', 3]);
  });
});

describe('a failure of what the person did', () => {
  it('becomes a notice, or a toast when there is nothing to do', async () => {
    await startWith(sampleState());
    const refuse = (code: 'auth_failed' | 'clipboard_empty') => () => Promise.reject(appError(code));
    expect(await attempt(refuse('auth_failed'))).toBeUndefined();
    await attempt(refuse('clipboard_empty'));
    expect(app.failures.map((error) => error.failure.code)).toEqual(['auth_failed']);
    expect(toasts.list).toHaveLength(1);
  });

  it('is told once for each kind', async () => {
    await startWith(sampleState());
    app.addFailure(appError('network'));
    app.addFailure(appError('network'));
    expect(app.failures).toHaveLength(1);
  });
});

describe('toasts', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('leave after six seconds, unless hovered', () => {
    const hovered = toasts.show('stays');
    toasts.show('goes');
    toasts.pause(hovered);
    vi.advanceTimersByTime(6000);
    expect(toasts.list.map((toast) => toast.text)).toEqual(['stays']);
    toasts.resume(hovered);
    vi.advanceTimersByTime(6000);
    expect(toasts.list).toEqual([]);
  });

  it('are three at most, and a key runs the newest action', () => {
    let undone = '';
    for (const name of ['a', 'b', 'c', 'd']) {
      toasts.show(name, {
        action: {
          label: 'Undo',
          keys: 'Ctrl+Z',
          run: () => {
            undone = name;
          },
        },
      });
    }
    expect(toasts.list.map((toast) => toast.text)).toEqual(['b', 'c', 'd']);
    expect(toasts.runKeys('Ctrl+Z')).toBe(true);
    expect(undone).toBe('d');
    expect(toasts.runKeys('Ctrl+Y')).toBe(false);
  });
});

describe('commands', () => {
  it('of a screen win their key from those of the window', () => {
    const windowWide = { id: 'w', title: () => 'W', keys: 'Ctrl+C', run: () => undefined };
    const ofScreen = { ...windowWide, id: 's' };
    const removeWindow = commands.register([windowWide]);
    const removeScreen = commands.register([ofScreen]);
    expect(commands.forKeys('Ctrl+C')?.id).toBe('s');
    removeScreen();
    expect(commands.forKeys('Ctrl+C')?.id).toBe('w');
    removeWindow();
  });
});
