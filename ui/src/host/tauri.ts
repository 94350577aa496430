/** The desktop host: one Tauri command for all calls, one channel for all events. */

import { Channel, invoke } from '@tauri-apps/api/core';
import { AppError } from '../errors/app_error';
import type { CommandName, EngineEvent, RequestOf, ResponseOf } from './contract';
import type { Host, Listener } from './host';
import { guessPlatform } from './platform';

export function isTauri(): boolean {
  return '__TAURI_INTERNALS__' in globalThis;
}

export function tauriHost(): Host {
  const listeners = new Set<Listener>();
  let channel: Channel<EngineEvent> | undefined;
  const platform = guessPlatform();
  const pictures = platform === 'windows' ? 'http://thumb.localhost' : 'thumb://localhost';

  function openChannel(): void {
    if (channel) return;
    channel = new Channel<EngineEvent>();
    channel.onmessage = (event) => {
      for (const listener of listeners) listener(event);
    };
    invoke('subscribe', { channel }).catch(() => {
      // A later subscriber opens it again; until then the snapshots of app_state are shown.
      channel = undefined;
    });
  }

  return {
    platform,
    isBridge: false,
    async call<C extends CommandName>(command: C, payload: RequestOf<C>) {
      try {
        return await invoke<ResponseOf<C>>('rpc', { command, payload });
      } catch (thrown) {
        throw AppError.from(thrown);
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      openChannel();
      return () => listeners.delete(listener);
    },
    thumbnailUrl: (name) => `${pictures}/${encodeURIComponent(name)}`,
    pictureUrl: (picture, what, decoded = false) =>
      `${pictures}/compress/${encodeURIComponent(picture)}/${encodeURIComponent(what)}${decoded ? '?decoded' : ''}`,
  };
}
