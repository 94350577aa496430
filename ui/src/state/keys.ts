/** Keys: how an event is named, how a name is written for the eye, and when a key is for a text field. */

import type { Platform } from '../host/contract';
import { m } from '../paraglide/messages';

/** The name of a key press, such as `Ctrl+Shift+C`. ⌘ counts as Ctrl on macOS. */
export function keysOf(event: KeyboardEvent, platform: Platform): string {
  const main = platform === 'macos' ? event.metaKey : event.ctrlKey;
  const parts: string[] = [];
  if (main) parts.push('Ctrl');
  if (event.altKey) parts.push('Alt');
  if (event.shiftKey) parts.push('Shift');
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  parts.push(key);
  return parts.join('+');
}

const MAC_SIGNS: Record<string, string> = { Ctrl: '⌘', Shift: '⇧', Alt: '⌥', Delete: '⌫', Escape: 'esc' };
const WORDS: Record<string, string> = { Delete: 'Del', Escape: 'Esc' };

/** The one key whose cap says different things in different languages. */
const spoken = (part: string) => (part === 'Space' ? m.key_space() : (WORDS[part] ?? part));

/** `Ctrl+O` as people of that system read it: `Ctrl O` or `⌘O`. */
export function showKeys(keys: string, platform: Platform): string {
  const parts = keys.split('+');
  if (platform !== 'macos') return parts.map(spoken).join(' ');
  const order = ['Alt', 'Shift', 'Ctrl'];
  const signs = order.filter((part) => parts.includes(part)).map((part) => MAC_SIGNS[part] ?? part);
  const key = parts.at(-1) ?? '';
  return signs.join('') + (MAC_SIGNS[key] ?? spoken(key));
}

const EDITING = new Set(['Ctrl+A', 'Ctrl+C', 'Ctrl+V', 'Ctrl+X', 'Ctrl+Z', 'Ctrl+Shift+Z', 'Ctrl+Y']);

/** Whether a text field keeps this key for itself. */
export function belongsToText(keys: string, target: EventTarget | null): boolean {
  if (!isTextField(target) || /(^|\+)F\d+$/.test(keys)) return false;
  return !keys.startsWith('Ctrl+') || EDITING.has(keys);
}

export function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
  );
}
