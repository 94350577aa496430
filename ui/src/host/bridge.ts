/** The development host: the same commands and events over HTTP, for the window in a browser. */

import { AppError } from '../errors/app_error';
import type { CommandName, EngineEvent, RequestOf, ResponseOf } from './contract';
import type { Host, Listener } from './host';
import { guessPlatform } from './platform';

const TOKEN_KEY = 'picferry-bridge-token';

/** The token the bridge printed, from `?token=…`; kept for the tab so that a reload still works. */
function readToken(): string {
  const given = new URLSearchParams(location.search).get('token');
  if (given) sessionStorage.setItem(TOKEN_KEY, given);
  return given ?? sessionStorage.getItem(TOKEN_KEY) ?? '';
}

export function bridgeHost(): Host {
  const token = readToken();
  const listeners = new Set<Listener>();
  let source: EventSource | undefined;

  function openEvents(): void {
    if (source) return;
    source = new EventSource(`/events?token=${encodeURIComponent(token)}`);
    source.onmessage = (message) => {
      const event = JSON.parse(message.data) as EngineEvent;
      for (const listener of listeners) listener(event);
    };
  }

  return {
    platform: guessPlatform(),
    isBridge: true,
    async call<C extends CommandName>(command: C, payload: RequestOf<C>) {
      let response: Response;
      try {
        response = await fetch(`/rpc/${command}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-picferry-token': token },
          body: JSON.stringify(payload),
        });
      } catch (thrown) {
        throw AppError.from(thrown);
      }
      const answer: unknown = await response.json().catch(() => null);
      if (!response.ok) throw AppError.from(answer ?? `HTTP ${response.status}`);
      return answer as ResponseOf<C>;
    },
    subscribe(listener) {
      listeners.add(listener);
      openEvents();
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
          source?.close();
          source = undefined;
        }
      };
    },
    pictureUrl: (picture, what, decoded = false) =>
      `/thumb/compress/${encodeURIComponent(picture)}/${encodeURIComponent(what)}?token=${encodeURIComponent(token)}${decoded ? '&decoded' : ''}`,
    thumbnailUrl: (name) => `/thumb/${encodeURIComponent(name)}?token=${encodeURIComponent(token)}`,
  };
}
