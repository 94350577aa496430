/** Makes an element the handle of the window: press and move drags it, a double press maximises. */

import type { Attachment } from 'svelte/attachments';
import { host } from '../host/host';

const INTERACTIVE = 'button, a, input, textarea, select, [role="button"], [role="option"], .sel';

export const dragsWindow: Attachment<HTMLElement> = (element) => {
  function press(event: PointerEvent): void {
    if (event.button !== 0 || onControl(event)) return;
    // The second press of a double press maximises; starting a drag would swallow it.
    if (event.detail > 1) return;
    void host()
      .call('window', { action: 'start_drag' })
      .catch(() => undefined);
  }
  function maximise(event: MouseEvent): void {
    if (!onControl(event))
      void host()
        .call('window', { action: 'toggle_maximize' })
        .catch(() => undefined);
  }
  element.addEventListener('pointerdown', press);
  element.addEventListener('dblclick', maximise);
  return () => {
    element.removeEventListener('pointerdown', press);
    element.removeEventListener('dblclick', maximise);
  };
};

function onControl(event: Event): boolean {
  return event.target instanceof Element && event.target.closest(INTERACTIVE) !== null;
}
