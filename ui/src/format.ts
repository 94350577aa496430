/** Numbers, sizes, spans of time and dates as the reader's language writes them. */

import { m } from './paraglide/messages';
import { locale } from './state/locale.svelte';

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Sizes of 1000: `96 KB`, `1.8 MB`. Whole numbers up to kilobytes, one digit above. */
export function formatSize(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (unit < UNITS.length - 1 && Math.round(value) >= 1000) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit >= 2 && value < 100 ? 1 : 0;
  const number = new Intl.NumberFormat(locale(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
  return `${number} ${UNITS[unit]}`;
}

/** `−83 %` in English, `−83%` in Chinese, with a real minus. Empty when nothing changed. */
export function formatChange(before: number, after: number): string {
  if (before <= 0 || after <= 0) return '';
  const percent = Math.round((after / before - 1) * 100);
  if (percent === 0) return '';
  const sign = percent < 0 ? '−' : '+';
  return sign + withPercent(Math.abs(percent));
}

/** `41 %` in English, `41%` in Chinese. */
export function formatPercent(fraction: number): string {
  return withPercent(Math.floor(Math.min(1, Math.max(0, fraction)) * 100));
}

function withPercent(percent: number): string {
  return locale() === 'zh-CN' ? `${percent}%` : `${percent} %`;
}

export function formatSpeed(bytesPerSecond: number): string {
  return `${formatSize(bytesPerSecond)}/s`;
}

/** A span in its two largest units: `12 s`, `3 min 20 s`, `3 h 12 min`, `5 d 2 h`. */
export function formatDuration(millis: number): string {
  const seconds = Math.max(0, Math.round(millis / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) return m.duration_days_hours({ days, hours: hours % 24 });
  if (hours > 0) return m.duration_hours_minutes({ hours, minutes: minutes % 60 });
  if (minutes > 0) return m.duration_minutes_seconds({ minutes, seconds: seconds % 60 });
  return m.duration_seconds({ seconds });
}

export function formatMillis(millis: number): string {
  return millis < 10_000
    ? m.duration_millis({ millis: formatCount(Math.round(millis)) })
    : formatDuration(millis);
}

/** `100,482`. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat(locale()).format(count);
}

/** A number for a message that is told apart by it: itself, and as the reader's language writes it. */
export function counted(count: number): { count: number; shown: string } {
  return { count, shown: formatCount(count) };
}

/** `22 November 2025` · `2025年11月22日`. */
export function formatDate(millis: number): string {
  return new Intl.DateTimeFormat(dateLocale(), { dateStyle: 'long' }).format(millis);
}

/** `22 Nov 2025, 09:41`. */
export function formatDateTime(millis: number): string {
  return new Intl.DateTimeFormat(dateLocale(), { dateStyle: 'medium', timeStyle: 'short' }).format(millis);
}

/** The clock alone: `09:41`. */
export function formatTime(millis: number): string {
  return new Intl.DateTimeFormat(dateLocale(), { timeStyle: 'short' }).format(millis);
}

/** English dates are written day first, as in the rest of the window's words. */
function dateLocale(): string {
  return locale() === 'en' ? 'en-GB' : locale();
}
