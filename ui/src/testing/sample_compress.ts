/** Made-up pictures on the compress screen. */

import type { CompressPicture, CompressResult, FieldSpec } from '../host/contract';

function choice(value: string, en: string, zh: string) {
  return { value, label: { en, 'zh-CN': zh } };
}

function field(key: string, en: string, zh: string, more: Partial<FieldSpec> = {}): FieldSpec {
  return {
    key,
    kind: 'text',
    label: { en, 'zh-CN': zh },
    help: { en: '', 'zh-CN': '' },
    placeholder: '',
    default: '',
    required: false,
    group: 'basic',
    section: 'images',
    choices: [],
    visible_when: null,
    ...more,
  };
}

/** The fields that the screen shows, as the engine describes them. */
export const IMAGE_FIELDS: FieldSpec[] = [
  field('image_format', 'Format', '格式', {
    kind: 'select',
    default: 'auto',
    choices: [
      choice('keep', 'Keep', '不变'),
      choice('auto', 'Auto', '自动'),
      choice('jpeg', 'JPEG', 'JPEG'),
      choice('png', 'PNG', 'PNG'),
      choice('webp', 'WebP', 'WebP'),
      choice('avif', 'AVIF', 'AVIF'),
    ],
    help: {
      en: 'Auto takes the smallest that looks the same. It never makes a file larger.',
      'zh-CN': '自动选择看起来一样的最小格式，文件只会变小。',
    },
  }),
  field('image_aim', 'Aim for', '目标', {
    kind: 'select',
    default: 'quality',
    choices: [
      choice('quality', 'Quality', '质量'),
      choice('size', 'Size', '大小'),
      choice('encoder', "Encoder's number", '编码器数值'),
    ],
  }),
  field('image_quality', 'Quality', '质量', {
    kind: 'percent',
    default: '80',
    visible_when: { key: 'image_aim', values: ['quality'] },
  }),
  field('image_max_kb', 'At most', '最大体积', {
    kind: 'number',
    visible_when: { key: 'image_aim', values: ['size'] },
  }),
  field('image_long_edge', 'Longest side', '最长边', { kind: 'number', placeholder: '2400' }),
  field('metadata', 'Metadata', '元数据', {
    kind: 'select',
    default: 'strip',
    choices: [
      choice('strip', 'Remove', '移除'),
      choice('private', 'Remove private parts', '移除隐私部分'),
      choice('keep', 'Keep', '保留'),
    ],
  }),
  field('color_profile', 'Colour profile', '色彩配置', {
    kind: 'select',
    default: 'keep',
    choices: [choice('keep', 'Keep', '保留'), choice('srgb', 'Convert to sRGB', '转为 sRGB')],
  }),
];

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
