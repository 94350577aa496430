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

const CAN_HOLD_FOCUS =
  'button:not([disabled]):not([tabindex="-1"]), a[href], input:not([disabled]), textarea, [tabindex="0"]';

/** F6: the next of the columns that can hold the focus; with Shift the one before. */
export function focusNextColumn(step: 1 | -1 = 1): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-column]')];
  // A screen that is divided into columns is none itself; the focus may still be in its bar.
  const isWhole = (column: HTMLElement) => column.querySelector('[data-column]') === null;
  const now = all.findLastIndex((column) => column.contains(document.activeElement));
  const start = now < 0 && step < 0 ? all.length : now;
  for (let count = 1; count <= all.length; count += 1) {
    const column = all[(start + step * count + all.length * 2) % all.length];
    const target = column && isWhole(column) ? entryOf(column) : null;
    if (!target) continue;
    target.focus();
    return;
  }
}

/** Where the focus enters a column: at what is current in it, else at its first control. */
function entryOf(column: HTMLElement): HTMLElement | null {
  return (
    column.querySelector<HTMLElement>('[aria-current="page"], [role="option"][tabindex="0"]') ??
    column.querySelector<HTMLElement>(CAN_HOLD_FOCUS)
  );
}
