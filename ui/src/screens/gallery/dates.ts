/** Days as people say them: Today, Yesterday, Wednesday 19 November. */

import { m } from '../../paraglide/messages';
import { locale } from '../../state/locale.svelte';

/** `2025-11-22` of a moment, in this computer's calendar. */
export function dayName(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Midnight of a named day, in this computer's calendar. */
export function dayStart(day: string): Date {
  const [year, month, date] = day.split('-').map(Number);
  return new Date(year ?? 1970, (month ?? 1) - 1, date ?? 1);
}

/** The words of a day's header: a short name, and the full date where the name is not one. */
export function dayTitle(day: string, now: Date): { title: string; date: string | null } {
  const date = fullDay(day, now);
  if (day === dayName(now)) return { title: m.gallery_today(), date };
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (day === dayName(yesterday)) return { title: m.gallery_yesterday(), date };
  return { title: date, date: null };
}

/** `Wednesday 19 November`; with the year when it is not this one. */
export function fullDay(day: string, now: Date): string {
  const date = dayStart(day);
  const year = date.getFullYear() === now.getFullYear() ? {} : ({ year: 'numeric' } as const);
  return format(date, { weekday: 'long', day: 'numeric', month: 'long', ...year });
}

/** `August 2024`. */
export function monthOf(day: string): string {
  return format(dayStart(day), { month: 'long', year: 'numeric' });
}

/** `Today 09:41`, or the date and the clock. */
export function moment(millis: number, now: Date): string {
  const date = new Date(millis);
  const clock = format(date, { hour: '2-digit', minute: '2-digit' });
  const day = dayName(date);
  const yesterday = dayName(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
  if (day === dayName(now)) return `${m.gallery_today()} ${clock}`;
  if (day === yesterday) return `${m.gallery_yesterday()} ${clock}`;
  return `${format(date, { day: 'numeric', month: 'long', year: 'numeric' })} ${clock}`;
}

/** Making a formatter takes longer than drawing a day. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** English dates are written day first, without commas. */
function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const language = locale() === 'en' ? 'en-GB' : locale();
  const key = language + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(language, options);
    formatters.set(key, formatter);
  }
  return formatter.format(date).replace(',', '');
}
