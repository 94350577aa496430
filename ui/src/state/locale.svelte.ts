/** The language of the window. Reading a message tracks it, so a switch redraws every word at once. */

import type { Words } from '../host/contract';
import { type Locale, overwriteGetLocale } from '../paraglide/runtime';

export type { Locale };

let current = $state<Locale>('en');

overwriteGetLocale(() => current);

export function locale(): Locale {
  return current;
}

/** The language for a setting of `system`, `en` or `zh-CN` and the languages the system prefers. */
export function resolveLocale(setting: string, preferred: readonly string[]): Locale {
  if (setting === 'en' || setting === 'zh-CN') return setting;
  for (const tag of preferred) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** Switches the words, and tells the document so that fonts and line heights follow. */
export function applyLanguage(setting: string): void {
  current = resolveLocale(setting, navigator.languages);
  document.documentElement.lang = current;
}

/** The words of a definition that carries both languages. */
export function words(both: Words): string {
  return both[current] || both.en;
}
