/** Takes the host that fits where the window runs. */

import { bridgeHost } from './bridge';
import type { Host } from './host';
import { isTauri, tauriHost } from './tauri';

export function chooseHost(): Host {
  return isTauri() ? tauriHost() : bridgeHost();
}
