/** Between the controls of the compress screen and the fields of a profile, and what the numbers say in words. */

import { formatChange, formatCount, formatSize } from '../../format';
import type { CompressPicture, CompressResult, Position } from '../../host/contract';
import { m } from '../../paraglide/messages';
import { locale } from '../../state/locale.svelte';

/** The formats, as the list shows them. */
export const RULES = ['auto', 'avif', 'webp', 'jpeg', 'png'] as const;

export function resultOf(picture: CompressPicture | null, rule: string): CompressResult | undefined {
  return picture?.results.find((result) => result.rule === rule);
}

/** What the options make of a picture. */
export function chosenOf(picture: CompressPicture | null): CompressResult | undefined {
  return picture ? resultOf(picture, picture.chosen) : undefined;
}

/** How long the bar of a size is, in percent, and whether it is longer than its track: the track holds
 *  four times the smallest, so that the formats worth choosing can be told apart. */
export function barOf(bytes: number, all: readonly CompressResult[]): { percent: number; over: boolean } {
  const smallest = Math.min(...all.map((result) => result.bytes));
  const percent = smallest > 0 ? Math.round((bytes / (smallest * 4.2)) * 100) : 0;
  return { percent: Math.min(100, Math.max(1, percent)), over: percent > 100 };
}

/** `268 KB · −92 %` */
export function sizeAndChange(before: number, after: number): string {
  return [formatSize(after), formatChange(before, after)].filter(Boolean).join(' · ');
}

/** `4 pictures · 9.3 MB → 1.6 MB`; without the second size until all are made. */
export function totalOf(pictures: readonly CompressPicture[]): string {
  const readable = pictures.filter((picture) => picture.bytes > 0);
  const before = readable.reduce((sum, picture) => sum + picture.bytes, 0);
  const made = readable.filter((picture) => !picture.error).map(chosenOf);
  const words: string[] = [
    m.compress_pictures({ count: pictures.length, shown: formatCount(pictures.length) }),
  ];
  if (before > 0) {
    const after = made.reduce((sum, result) => sum + (result?.bytes ?? 0), 0);
    const isWhole = made.length === readable.length && made.every((result) => result !== undefined);
    const sizes = isWhole ? `${formatSize(before)} → ${formatSize(after)}` : formatSize(before);
    words.push(sizes.replaceAll(' ', '\u00a0'));
  }
  return words.join(' · ');
}

/** Sentences one after the other, as the language sets them. */
export function sentences(...parts: readonly string[]): string {
  return parts.filter(Boolean).join(locale() === 'zh-CN' ? '' : ' ');
}

/** What a number for quality means when somebody looks at the picture. */
export function qualityWords(quality: number): string {
  if (quality >= 90) return m.compress_quality_90();
  if (quality >= 80) return m.compress_quality_80();
  if (quality >= 70) return m.compress_quality_70();
  return quality >= 50 ? m.compress_quality_50() : m.compress_quality_low();
}

/** The slider of a size is a scale of ratios: 20 KB to 5 MB. */
const SMALLEST_KB = 20;
const RATIO = 250;

export function kilobytesAt(percent: number): number {
  const size = SMALLEST_KB * RATIO ** (percent / 100);
  const step = size < 100 ? 5 : size < 1000 ? 10 : 100;
  return Math.round(size / step) * step;
}

export function percentOfKilobytes(kilobytes: number): number {
  const percent = (Math.log(Math.max(1, kilobytes) / SMALLEST_KB) / Math.log(RATIO)) * 100;
  return Math.round(Math.min(100, Math.max(0, percent)));
}

export type MetadataTicks = { position: boolean; camera: boolean };

/** What is removed by each rule. */
export function ticksOf(rule: string): MetadataTicks {
  return { position: rule !== 'keep', camera: rule === 'strip' };
}

/** The rule for a tick that was changed: who removes the camera removes the place too. */
export function ruleAfter(ticks: MetadataTicks, changed: keyof MetadataTicks): string {
  if (changed === 'position') return ticks.position ? 'private' : 'keep';
  return ticks.camera ? 'strip' : 'private';
}

/** `54.57° N, 3.15° W` */
export function positionWords({ latitude, longitude }: Position): string {
  const degrees = (value: number) =>
    new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
      Math.abs(value),
    );
  const north = latitude < 0 ? m.compress_south : m.compress_north;
  const east = longitude < 0 ? m.compress_west : m.compress_east;
  return m.compress_place({
    latitude: north({ degrees: degrees(latitude) }),
    longitude: east({ degrees: degrees(longitude) }),
  });
}
