import { describe, expect, it } from 'vitest';
import { applyLanguage } from '../../state/locale.svelte';
import { SAMPLE_RESULTS, samplePicture, sampleResult } from '../../testing/sample_compress';
import {
  barOf,
  kilobytesAt,
  percentOfKilobytes,
  positionWords,
  qualityWords,
  ruleAfter,
  ticksOf,
  totalOf,
} from './options';

describe('bars', () => {
  it('hold about four times the smallest, so that the good formats differ', () => {
    expect(barOf(191_000, SAMPLE_RESULTS)).toEqual({ percent: 24, over: false });
    expect(barOf(268_000, SAMPLE_RESULTS)).toEqual({ percent: 33, over: false });
    expect(barOf(2_900_000, SAMPLE_RESULTS)).toEqual({ percent: 100, over: true });
  });
});

/** The parts of a size do not come apart at the end of a line. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

describe('the total', () => {
  const made = samplePicture('a', { bytes: 2_000_000, results: [sampleResult('webp', 500_000)] });

  it('has its second size when all pictures are made', () => {
    expect(plain(totalOf([made]))).toBe('1 picture · 2.0 MB → 500 KB');
    expect(plain(totalOf([made, samplePicture('b', { bytes: 1_000_000 })]))).toBe('2 pictures · 3.0 MB');
    expect(totalOf([samplePicture('c', { bytes: 0 })])).toBe('1 picture');
  });
});

describe('sizes on the slider', () => {
  it('come back to the same place', () => {
    for (const percent of [0, 25, 50, 75, 100])
      expect(Math.abs(percentOfKilobytes(kilobytesAt(percent)) - percent)).toBeLessThanOrEqual(1);
    expect(kilobytesAt(0)).toBe(20);
    expect(kilobytesAt(100)).toBe(5000);
    expect(percentOfKilobytes(9)).toBe(0);
  });
});

describe('metadata', () => {
  it('is one rule, shown as two ticks', () => {
    for (const rule of ['strip', 'private', 'keep']) {
      const ticks = ticksOf(rule);
      expect(
        ruleAfter(ticks, ticks.position && !ticks.camera ? 'position' : ticks.camera ? 'camera' : 'position'),
      ).toBe(rule);
    }
    expect(ruleAfter({ position: true, camera: false }, 'camera')).toBe('private');
    expect(ruleAfter({ position: false, camera: true }, 'camera')).toBe('strip');
    expect(ruleAfter({ position: false, camera: true }, 'position')).toBe('keep');
  });

  it('says a place in the words of the language', () => {
    expect(positionWords({ latitude: -33.8568, longitude: 151.2153 })).toBe('33.86° S, 151.22° E');
    applyLanguage('zh-CN');
    expect(positionWords({ latitude: 54.57, longitude: -3.15 })).toBe('北纬54.57°，西经3.15°');
  });
});

describe('quality in words', () => {
  it('changes where people see a change', () => {
    expect(new Set([95, 85, 75, 60, 30].map(qualityWords)).size).toBe(5);
    expect(qualityWords(80)).toBe('No difference you would see at 100 %.');
  });
});
