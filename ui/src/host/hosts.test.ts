import { afterEach, describe, expect, it, vi } from 'vitest';
import { bridgeHost } from './bridge';
import { chooseHost } from './choose';
import type { EngineEvent } from './contract';
import { guessPlatform } from './platform';

const invoke = vi.hoisted(() => vi.fn());

vi.mock('@tauri-apps/api/core', () => ({ invoke }));

class FakeEventSource {
  static last: FakeEventSource | undefined;
  onmessage: ((message: { data: string }) => void) | null = null;
  closed = false;
  constructor(readonly url: string) {
    FakeEventSource.last = this;
  }
  close(): void {
    this.closed = true;
  }
}

afterEach(() => {
  vi.unstubAllGlobals();
  invoke.mockReset();
});

describe('the desktop host', () => {
  it('carries every call over one command, and failures as they are', async () => {
    vi.stubGlobal('__TAURI_INTERNALS__', {});
    const host = chooseHost();
    expect(host.isBridge).toBe(false);
    invoke.mockResolvedValueOnce([]);
    await host.call('jobs', {});
    expect(invoke).toHaveBeenCalledWith('rpc', { command: 'jobs', payload: {} });
    invoke.mockRejectedValueOnce({ code: 'network', message: 'No answer.', retryable: true });
    await expect(host.call('jobs', {})).rejects.toMatchObject({ failure: { code: 'network' } });
  });

  it('asks for events once, however many listen, and hands them on in their order', async () => {
    vi.stubGlobal('__TAURI_INTERNALS__', {});
    const answers: unknown[] = [7, [{ type: 'history_changed' }, { type: 'drag_left' }], []];
    invoke.mockImplementation(async () => answers.shift());
    const host = chooseHost();
    const heard: string[] = [];
    host.subscribe((event) => heard.push(`first ${event.type}`));
    const stop = host.subscribe((event) => heard.push(`second ${event.type}`));
    stop();
    await vi.waitFor(() => expect(answers).toHaveLength(0));
    expect(heard).toEqual(['first history_changed', 'first drag_left']);
    expect(invoke.mock.calls).toEqual([
      ['subscribe'],
      ['next_events', { subscription: 7 }],
      ['next_events', { subscription: 7 }],
    ]);
  });

  it('subscribes again for a later listener when the engine was not there', async () => {
    vi.stubGlobal('__TAURI_INTERNALS__', {});
    invoke.mockRejectedValueOnce('closing');
    const host = chooseHost();
    host.subscribe(() => undefined);
    await vi.waitFor(() => expect(invoke).toHaveBeenCalledTimes(1));
    const answers: unknown[] = [8, [{ type: 'history_changed' }], []];
    invoke.mockImplementation(async () => answers.shift());
    const heard: EngineEvent[] = [];
    await vi.waitFor(() => {
      host.subscribe((event) => heard.push(event));
      expect(answers).toHaveLength(0);
    });
    expect(heard.map((event) => event.type)).toContain('history_changed');
  });

  it('finds thumbnails where the system serves them', () => {
    vi.stubGlobal('__TAURI_INTERNALS__', {});
    expect(chooseHost().thumbnailUrl('ab/c')).toBe('thumb://localhost/ab%2Fc');
  });
});

describe('the bridge host', () => {
  it('posts with its token, and reads a failure from the answer', async () => {
    history.replaceState(null, '', '/?token=secret');
    const fetch = vi.fn(async () => new Response('[]'));
    vi.stubGlobal('fetch', fetch);
    const host = bridgeHost();
    await host.call('jobs_retry', { ids: ['a'] });
    expect(fetch).toHaveBeenCalledWith('/rpc/jobs_retry', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-picferry-token': 'secret' },
      body: '{"ids":["a"]}',
    });
    fetch.mockResolvedValueOnce(
      new Response('{"code":"disk_full","message":"Full.","retryable":false}', { status: 422 }),
    );
    await expect(host.call('jobs', {})).rejects.toMatchObject({ failure: { code: 'disk_full' } });
    fetch.mockResolvedValueOnce(new Response('gateway', { status: 502 }));
    await expect(host.call('jobs', {})).rejects.toMatchObject({ failure: { code: 'internal' } });
  });

  it('listens to the stream of events while somebody does', () => {
    vi.stubGlobal('EventSource', FakeEventSource);
    const heard: EngineEvent[] = [];
    const stop = bridgeHost().subscribe((event) => heard.push(event));
    FakeEventSource.last?.onmessage?.({ data: '{"type":"drag_left"}' });
    expect(heard).toEqual([{ type: 'drag_left' }]);
    stop();
    expect(FakeEventSource.last?.closed).toBe(true);
  });
});

describe('the platform', () => {
  it('is read from the name of the browser', () => {
    expect(guessPlatform('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)')).toBe('macos');
    expect(guessPlatform('Mozilla/5.0 (Windows NT 10.0; Win64; x64)')).toBe('windows');
    expect(guessPlatform('Mozilla/5.0 (X11; Linux x86_64)')).toBe('linux');
  });
});
