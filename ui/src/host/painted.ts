/** The word that the window can be seen. */

import { host } from './host';

/** Whoever does not hear it shows the window late. */
export function tellPainted(): void {
  void host()
    .call('window', { action: 'painted' })
    .catch(() => undefined);
}
