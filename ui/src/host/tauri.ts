/** The desktop host: one Tauri command for all calls, one subscription for all events. */

import { invoke } from '@tauri-apps/api/core';
import { AppError } from '../errors/app_error';
import type { CommandName, EngineEvent, RequestOf, ResponseOf } from './contract';
import type { Host, Listener } from './host';
import { guessPlatform } from './platform';

export function isTauri(): boolean {
  return '__TAURI_INTERNALS__' in globalThis;
}

export function tauriHost(): Host {
  const listeners = new Set<Listener>();
  let listening = false;
  const platform = guessPlatform();
  const pictures = platform === 'windows' ? 'http://thumb.localhost' : 'thumb://localhost';

  // From the first moment on: what happens before anybody listens is kept for them.
  let subscription: Promise<number> | undefined = subscribe();
  // Whoever waits for it is told of a failure; nobody has to.
  subscription.catch(() => undefined);

  async function subscribe(): Promise<number> {
    return await invoke<number>('subscribe');
  }

  /** Asks for events until the engine says that this window is no longer told any. */
  async function hear(): Promise<void> {
    if (listening) return;
    listening = true;
    try {
      subscription ??= subscribe();
      const number = await subscription;
      for (;;) {
        const events = await invoke<EngineEvent[]>('next_events', { subscription: number });
        if (events.length === 0) break;
        for (const event of events) for (const listener of listeners) listener(event);
      }
    } catch {
      // A later subscriber asks again; until then the snapshots of app_state are shown.
    }
    subscription = undefined;
    listening = false;
  }

  return {
    platform,
    isBridge: false,
    async call<C extends CommandName>(command: C, payload: RequestOf<C>) {
      // A snapshot taken before events are kept could miss what happens in between.
      if (command === 'app_state') await subscription?.catch(() => undefined);
      try {
        return await invoke<ResponseOf<C>>('rpc', { command, payload });
      } catch (thrown) {
        throw AppError.from(thrown);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      void hear();
      return () => listeners.delete(listener);
    },
    thumbnailUrl: (name) => `${pictures}/${encodeURIComponent(name)}`,
    pictureUrl: (picture, what, decoded = false) =>
      `${pictures}/compress/${encodeURIComponent(picture)}/${encodeURIComponent(what)}${decoded ? '?decoded' : ''}`,
  };
}
