/** The one door between the window and the engine. Two adapters stand behind it: Tauri and the bridge. */

import { AppError } from '../errors/app_error';
import type { CommandName, EngineEvent, Platform, RequestOf, ResponseOf } from './contract';

export type Listener = (event: EngineEvent) => void;

export interface Host {
  /** Runs a command of the engine. Rejects with an {@link AppError}, never with anything else. */
  call<C extends CommandName>(command: C, payload: RequestOf<C>): Promise<ResponseOf<C>>;
  /** Hears every event from now on; the returned function ends it. */
  subscribe(listener: Listener): () => void;
  /** The address of a thumbnail, for `<img src>`. */
  thumbnailUrl(name: string): string;
  /** The address of a picture on the compress screen: `original`, `thumbnail` or the file of a result.
   *  `decoded` asks for a format that every window can show. */
  pictureUrl(picture: string, what: string, decoded?: boolean): string;
  /** A guess until `app_state` tells it for sure. */
  readonly platform: Platform;
  /** Whether this is a browser tab over the development bridge. */
  readonly isBridge: boolean;
}

let current: Host | undefined;

/** Chooses the host for the whole window; done once, before the first component. */
export function installHost(host: Host): void {
  current = host;
}

/** The host of this window. */
export function host(): Host {
  if (!current)
    throw new AppError({ code: 'internal', message: 'The window has no host yet.', retryable: false });
  return current;
}
