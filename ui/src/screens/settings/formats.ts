/** Custom link formats: a list of names and templates, changed one at a time. */

import type { CustomLinkFormat } from '../../host/contract';
import { BUILT_IN_FORMATS } from '../../links';

/** The placeholders a link template may have. */
export const LINK_PIECES: readonly string[] = [
  '{url}',
  '{name}',
  '{alt}',
  '{width}',
  '{height}',
  '{key}',
  '{size}',
];

/** What is wrong with a name. */
export type NameFault = 'empty' | 'taken' | 'reserved';

/** Names are what `--format NAME` takes: told apart without regard to case. */
export function nameFault(name: string, others: readonly CustomLinkFormat[]): NameFault | null {
  const wanted = name.trim().toLocaleLowerCase();
  if (wanted === '') return 'empty';
  if ((BUILT_IN_FORMATS as readonly string[]).includes(wanted)) return 'reserved';
  return others.some((other) => other.name.trim().toLocaleLowerCase() === wanted) ? 'taken' : null;
}

/** The list with one format changed, added (`place` is its length) or, with `null`, taken out. */
export function withFormat(
  list: readonly CustomLinkFormat[],
  place: number,
  format: CustomLinkFormat | null,
): CustomLinkFormat[] {
  const next = [...list];
  if (format) next.splice(place, 1, format);
  else next.splice(place, 1);
  return next;
}

/** The chosen format after a change: it follows a new name, and is Markdown when its own is gone. */
export function chosenAfter(
  chosen: string,
  before: CustomLinkFormat,
  after: CustomLinkFormat | null,
): string {
  if (chosen !== before.name) return chosen;
  return after?.name ?? 'markdown';
}
