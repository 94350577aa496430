/** The keys of the whole window: which command they run, and when a field or a dialogue keeps them. */

import { host } from '../host/host';
import { app } from './app.svelte';
import { commands } from './commands.svelte';
import { belongsToText, keysOf } from './keys';
import { toasts } from './toasts.svelte';
import { uploadClipboard } from './uploads';

export function handleKeys(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const keys = keysOf(event, app.platform);
  if (belongsToText(keys, event.target) || inDialogue()) return;
  if (keys === 'Ctrl+V') {
    // In a browser the paste event follows and carries the files.
    if (host().isBridge) return;
    event.preventDefault();
    // A screen may want it for itself.
    const own = commands.forKeys(keys);
    if (own) own.run();
    else void uploadClipboard('paste');
    return;
  }
  if (toasts.runKeys(keys)) {
    event.preventDefault();
    return;
  }
  const command = commands.forKeys(keys);
  if (!command) return;
  event.preventDefault();
  command.run();
}

/** A dialogue or an open menu keeps all keys: what lies under it must not move. */
function inDialogue(): boolean {
  return document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"]') !== null;
}

/** F6: the next of the columns that can hold the focus. */
export function focusNextColumn(): void {
  const columns = [...document.querySelectorAll<HTMLElement>('[data-column]')];
  if (columns.length === 0) return;
  const now = columns.findIndex((column) => column.contains(document.activeElement));
  for (let step = 1; step <= columns.length; step += 1) {
    const column = columns[(now + step) % columns.length];
    const target = column?.querySelector<HTMLElement>(
      'button:not([disabled]):not([tabindex="-1"]), a[href], input:not([disabled]), textarea, [tabindex="0"]',
    );
    if (target) {
      target.focus();
      return;
    }
  }
}
