/** Makes an element the handle of the window: press and move drags it, a double press maximises. */

import type { Attachment } from 'svelte/attachments';
import { host } from '../host/host';

const INTERACTIVE = 'button, a, input, textarea, select, [role="button"], [role="option"], .sel';

export const dragsWindow: Attachment<HTMLElement> = (element) => {
  // A drag swallows the release, so a double press is told by the count of the second press.
  function press(event: MouseEvent): void {
    if (event.button !== 0 || onControl(event)) return;
    event.preventDefault();
    const action = event.detail === 2 ? 'toggle_maximize' : 'start_drag';
    void host()
      .call('window', { action })
      .catch(() => undefined);
  }
  element.addEventListener('mousedown', press);
  return () => element.removeEventListener('mousedown', press);
};

function onControl(event: Event): boolean {
  return event.target instanceof Element && event.target.closest(INTERACTIVE) !== null;
}
