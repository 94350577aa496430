import { describe, expect, it } from 'vitest';
import {
  formatChange,
  formatCount,
  formatDate,
  formatDuration,
  formatMillis,
  formatPercent,
  formatSize,
  formatSpeed,
} from './format';
import { applyLanguage } from './state/locale.svelte';

describe('sizes', () => {
  it('are of 1000, whole up to kilobytes and with one digit above', () => {
    expect(formatSize(0)).toBe('0 B');
    expect(formatSize(999)).toBe('999 B');
    expect(formatSize(96_000)).toBe('96 KB');
    expect(formatSize(1_800_000)).toBe('1.8 MB');
    expect(formatSize(10_000_000_000)).toBe('10.0 GB');
  });

  it('never show 1000 of a unit', () => {
    expect(formatSize(999_999)).toBe('1.0 MB');
    expect(formatSize(999.6)).toBe('1 KB');
  });

  it('go by the second for speeds', () => {
    expect(formatSpeed(4_200_000)).toBe('4.2 MB/s');
  });
});

describe('the change of a size', () => {
  it('has a real minus and the space of the language', () => {
    expect(formatChange(1_800_000, 312_000)).toBe('−83 %');
    applyLanguage('zh-CN');
    expect(formatChange(1_800_000, 312_000)).toBe('−83%');
  });

  it('says plus when it grew and nothing when it did not change', () => {
    expect(formatChange(100, 130)).toBe('+30 %');
    expect(formatChange(100, 100)).toBe('');
    expect(formatChange(0, 100)).toBe('');
    expect(formatChange(100, 0)).toBe('');
  });
});

describe('percents', () => {
  it('reach 100 only at the end', () => {
    expect(formatPercent(0.996)).toBe('99 %');
    expect(formatPercent(1)).toBe('100 %');
    expect(formatPercent(1.2)).toBe('100 %');
  });
});

describe('spans of time', () => {
  it('show their two largest units', () => {
    expect(formatDuration(12_000)).toBe('12 s');
    expect(formatDuration(200_000)).toBe('3 min 20 s');
    expect(formatDuration((3 * 60 + 12) * 60_000)).toBe('3 h 12 min');
    expect(formatDuration(50 * 3_600_000)).toBe('2 d 2 h');
    expect(formatDuration(-5)).toBe('0 s');
  });

  it('are exact for what takes milliseconds', () => {
    expect(formatMillis(96)).toBe('96 ms');
    expect(formatMillis(12_000)).toBe('12 s');
  });

  it('follow the language', () => {
    applyLanguage('zh-CN');
    expect(formatDuration(200_000)).toBe('3分20秒');
  });
});

describe('counts and dates', () => {
  it('follow the language', () => {
    const noon = new Date(2025, 10, 22, 12).getTime();
    expect(formatCount(100_482)).toBe('100,482');
    expect(formatDate(noon)).toBe('22 November 2025');
    applyLanguage('zh-CN');
    expect(formatDate(noon)).toBe('2025年11月22日');
  });
});
