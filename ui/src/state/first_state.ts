/** The first snapshot of everything, asked for before what shows it has arrived. */

import type { AppState } from '../host/contract';
import { host } from '../host/host';

let first: Promise<AppState> | undefined;

/** Asks for it. */
export function askFirstState(): Promise<AppState> {
  first = host().call('app_state', {});
  return first;
}

/** Hands it over, once: whoever comes later asks for a newer one. */
export function takeFirstState(): Promise<AppState> | undefined {
  const taken = first;
  first = undefined;
  return taken;
}
