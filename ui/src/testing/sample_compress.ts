/** Made-up pictures on the compress screen. */

import type { CompressPicture, CompressResult } from '../host/contract';

export function sampleResult(
  rule: string,
  bytes: number,
  more: Partial<CompressResult> = {},
): CompressResult {
  return {
    rule,
    file: `made-${rule}`,
    format: rule === 'auto' ? 'avif' : (rule as CompressResult['format']),
    width: 1600,
    height: 1200,
    bytes,
    score: 81,
    aim_is_met: true,
    ...more,
  };
}

export function samplePicture(id: string, more: Partial<CompressPicture> = {}): CompressPicture {
  return {
    id,
    name: `${id}.jpg`,
    bytes: 3_400_000,
    format: 'jpeg',
    width: 4000,
    height: 3000,
    animated: false,
    thumbnail: true,
    metadata: { position: null, device: null, taken: null, color_profile: null },
    results: [],
    chosen: 'webp',
    working: false,
    error: null,
    ...more,
  };
}

export const SAMPLE_RESULTS: CompressResult[] = [
  sampleResult('auto', 191_000),
  sampleResult('avif', 191_000),
  sampleResult('webp', 268_000),
  sampleResult('jpeg', 412_000),
  sampleResult('png', 2_900_000, { score: 100 }),
];

/** The pictures of the mock, with the numbers that they have there. */
export function samplePictures(): CompressPicture[] {
  return [
    samplePicture('leaf', {
      name: 'maple-leaf.jpg',
      results: SAMPLE_RESULTS,
      metadata: {
        position: { latitude: 54.57, longitude: -3.15 },
        device: null,
        taken: '2025:10:12 15:04:05',
        color_profile: 'Display P3',
      },
    }),
    samplePicture('boats', {
      name: 'boats-at-dusk.jpg',
      bytes: 2_400_000,
      results: [sampleResult('webp', 402_000)],
    }),
    samplePicture('chart', {
      name: 'chart.png',
      format: 'png',
      bytes: 1_100_000,
      results: [sampleResult('webp', 330_000)],
    }),
    samplePicture('jetty', {
      name: 'jetty.jpg',
      bytes: 2_400_000,
      results: [sampleResult('webp', 600_000)],
    }),
  ];
}
