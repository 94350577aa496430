/** The filters of the gallery: what is chosen in the chips, and the question it makes for the history. */

import type { HistoryFilter, PictureFormat } from '../../host/contract';

/** A span of days to look at; `year` may be any year the library has. */
export type DateChoice = 'any' | 'today' | 'week' | 'month' | `year:${string}`;
export type SizeChoice = 'any' | 'small' | 'medium' | 'large' | 'huge';

/** What the person chose. */
export interface GalleryFilter {
  readonly text: string;
  readonly profiles: readonly string[];
  readonly formats: readonly PictureFormat[];
  readonly date: DateChoice;
  readonly size: SizeChoice;
}

export const NO_FILTER: GalleryFilter = { text: '', profiles: [], formats: [], date: 'any', size: 'any' };

/** Bytes from and to; both ends belong to it. */
export const SIZES: Record<Exclude<SizeChoice, 'any'>, { min: number | null; max: number | null }> = {
  small: { min: null, max: 99_999 },
  medium: { min: 100_000, max: 999_999 },
  large: { min: 1_000_000, max: 4_999_999 },
  huge: { min: 5_000_000, max: null },
};

/** How many chips are on. The text is not one of them. */
export function filtersOn(filter: GalleryFilter): number {
  return (
    (filter.profiles.length > 0 ? 1 : 0) +
    (filter.formats.length > 0 ? 1 : 0) +
    (filter.date === 'any' ? 0 : 1) +
    (filter.size === 'any' ? 0 : 1)
  );
}

export function isFiltered(filter: GalleryFilter): boolean {
  return filter.text.trim() !== '' || filtersOn(filter) > 0;
}

/** The question for the history, with days as this computer's calendar has them. */
export function toHistoryFilter(filter: GalleryFilter, now: Date): HistoryFilter {
  const size = filter.size === 'any' ? null : SIZES[filter.size];
  return {
    text: filter.text.trim(),
    profile_ids: [...filter.profiles],
    formats: [...filter.formats],
    ...dateSpan(filter.date, now),
    min_bytes: size?.min ?? null,
    max_bytes: size?.max ?? null,
  };
}

/** The first and the last moment of a choice; the last one is not part of it. */
export function dateSpan(choice: DateChoice, now: Date): { since: number | null; until: number | null } {
  const year = now.getFullYear();
  const month = now.getMonth();
  const day = now.getDate();
  switch (choice) {
    case 'any':
      return { since: null, until: null };
    case 'today':
      return { since: new Date(year, month, day).getTime(), until: null };
    case 'week':
      return { since: new Date(year, month, day - 6).getTime(), until: null };
    case 'month':
      return { since: new Date(year, month, day - 29).getTime(), until: null };
    default: {
      const chosen = Number(choice.slice('year:'.length));
      return { since: new Date(chosen, 0, 1).getTime(), until: new Date(chosen + 1, 0, 1).getTime() };
    }
  }
}

/** Adds what is missing to a list, or takes it out. */
export function toggled<T>(list: readonly T[], value: T): T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
