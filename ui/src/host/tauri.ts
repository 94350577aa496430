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
  let subscribed: Promise<unknown> = Promise.resolve();
  const platform = guessPlatform();
  const pictures = platform === 'windows' ? 'http://thumb.localhost' : 'thumb://localhost';

  /** Asks for events until the engine says that this window is no longer told any. */
  async function hear(): Promise<void> {
    if (listening) return;
    listening = true;
    try {
      const beginning = invoke<number>('subscribe');
      subscribed = beginning.catch(() => undefined);
      const subscription = await beginning;
      for (;;) {
        const events = await invoke<EngineEvent[]>('next_events', { subscription });
        if (events.length === 0) break;
        for (const event of events) for (const listener of listeners) listener(event);
      }
    } catch {
      // A later subscriber asks again; until then the snapshots of app_state are shown.
    }
    listening = false;
  }

  return {
    platform,
    isBridge: false,
    async call<C extends CommandName>(command: C, payload: RequestOf<C>) {
      // A snapshot taken before events are kept could miss what happens in between.
      if (command === 'app_state') await subscribed;
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
