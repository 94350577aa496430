import { afterEach, describe, expect, it, vi } from 'vitest';
import { bridgeHost } from './bridge';
import { chooseHost } from './choose';
import type { EngineEvent } from './contract';
import { guessPlatform } from './platform';

const invoke = vi.hoisted(() => vi.fn());
const channels = vi.hoisted(() => [] as { onmessage?: (event: unknown) => void }[]);

vi.mock('@tauri-apps/api/core', () => ({
  invoke,
  Channel: class {
    onmessage?: (event: unknown) => void;
    constructor() {
      channels.push(this);
    }
  },
}));

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
  channels.length = 0;
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

  it('hears events over one channel, however many listen', () => {
    vi.stubGlobal('__TAURI_INTERNALS__', {});
    invoke.mockResolvedValue(null);
    const host = chooseHost();
    const heard: EngineEvent[] = [];
    const stop = host.subscribe((event) => heard.push(event));
    host.subscribe((event) => heard.push(event));
    expect(channels).toHaveLength(1);
    channels[0]?.onmessage?.({ type: 'history_changed' });
    stop();
    channels[0]?.onmessage?.({ type: 'drag_left' });
    expect(heard.map((event) => event.type)).toEqual(['history_changed', 'history_changed', 'drag_left']);
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
