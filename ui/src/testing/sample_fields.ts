/** The fields of an S3 profile as the engine describes them, and the store's answers to a draft. */

import type {
  Failure,
  FieldSpec,
  NamePreview,
  Preset,
  ProfileDraft,
  ProviderDefinition,
  Repair,
  TestReport,
} from '../host/contract';
import { failure } from './fake_host';
import { S3 } from './samples';

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
    section: 'connection',
    choices: [],
    visible_when: null,
    ...more,
  };
}

function choice(value: string, en: string, zh: string) {
  return { value, label: { en, 'zh-CN': zh } };
}

export const S3_FIELDS: FieldSpec[] = [
  field('endpoint', 'Endpoint', '接入地址', {
    kind: 'url',
    required: true,
    placeholder: 'https://s3.example.com',
    help: {
      en: 'Where uploads go. A bucket pasted with it is taken out.',
      'zh-CN': '上传所用的地址。连同存储桶一起粘贴也可以，会自动拆开。',
    },
  }),
  field('region', 'Region', '区域', { placeholder: 'us-east-1' }),
  field('bucket', 'Bucket', '存储桶', { required: true, placeholder: 'pictures' }),
  field('access_key_id', 'Access key ID', '访问密钥ID', { required: true }),
  field('secret_access_key', 'Secret access key', '访问密钥', { kind: 'secret', required: true }),
  field('session_token', 'Session token', '会话令牌', { kind: 'secret', group: 'advanced' }),
  field('path_style', 'Address of the bucket', '存储桶寻址方式', {
    kind: 'select',
    default: 'auto',
    group: 'advanced',
    choices: [
      choice('auto', 'Automatic', '自动'),
      choice('path', 'In the path', '放在路径中'),
      choice('virtual', 'In the host name', '放在域名中'),
      choice('domain', 'Endpoint is the bucket', 'Endpoint即存储桶'),
    ],
  }),
  field('insecure', 'Accept any certificate', '接受任何证书', {
    kind: 'toggle',
    default: 'false',
    group: 'advanced',
    help: {
      en: 'Somebody in between can read and change everything. Prefer the extra certificate.',
      'zh-CN': '中间人可以读取并篡改全部内容，建议改用“额外证书”。',
    },
  }),
  field('ca_file', 'Extra certificate', '额外证书', {
    kind: 'path',
    group: 'advanced',
    visible_when: { key: 'insecure', values: ['false'] },
  }),
  field('cache_control', 'Cache-Control', 'Cache-Control（缓存）', {
    section: 'delivery',
    group: 'advanced',
    placeholder: 'public, max-age=31536000, immutable',
  }),
];

function image(key: string, en: string, zh: string, more: Partial<FieldSpec>): FieldSpec {
  return field(key, en, zh, { section: 'images', ...more });
}

/** The fields about pictures that the window shows, as the engine describes them. */
export const IMAGE_FIELDS: FieldSpec[] = [
  image('image_format', 'Format', '格式', {
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
  image('image_aim', 'Aim for', '目标', {
    kind: 'select',
    default: 'quality',
    choices: [
      choice('quality', 'Quality', '质量'),
      choice('size', 'Size', '大小'),
      choice('encoder', "Encoder's number", '编码器数值'),
    ],
  }),
  image('image_quality', 'Quality', '质量', {
    kind: 'percent',
    default: '80',
    visible_when: { key: 'image_aim', values: ['quality'] },
  }),
  image('image_max_kb', 'At most', '最大体积', {
    kind: 'number',
    visible_when: { key: 'image_aim', values: ['size'] },
  }),
  image('image_long_edge', 'Longest side', '最长边', { kind: 'number', placeholder: '2400' }),
  image('metadata', 'Metadata', '元数据', {
    kind: 'select',
    default: 'strip',
    choices: [
      choice('strip', 'Remove', '移除'),
      choice('private', 'Remove private parts', '移除隐私部分'),
      choice('keep', 'Keep', '保留'),
    ],
  }),
  image('color_profile', 'Colour profile', '色彩配置', {
    kind: 'select',
    default: 'keep',
    choices: [choice('keep', 'Keep', '保留'), choice('srgb', 'Convert to sRGB', '转为sRGB')],
  }),
];

export const COMMON_FIELDS: FieldSpec[] = [
  field('key_template', 'Key template', '文件名模板', {
    kind: 'key_template',
    default: '{year}/{month}/{hash:12}.{ext}',
    section: 'files',
  }),
  field('on_conflict', 'Name is taken', '文件名已存在', {
    kind: 'select',
    default: 'rename',
    section: 'files',
    choices: [
      choice('rename', 'Add a number', '加序号'),
      choice('overwrite', 'Overwrite', '覆盖'),
      choice('use_existing', 'Use the old one', '沿用旧文件'),
      choice('ask', 'Ask', '询问'),
    ],
    help: {
      en: 'The same picture is never sent twice: its old link is used.',
      'zh-CN': '同一张图片不会重复上传，直接沿用原来的链接。',
    },
  }),
  field('public_url', 'Own domain', '自定义域名', {
    kind: 'url',
    section: 'links',
    placeholder: 'https://img.example.com',
    help: {
      en: 'Links start with this. Leave it empty to use the address of the bucket.',
      'zh-CN': '链接以此开头。留空则使用存储桶的地址。',
    },
  }),
  field('url_suffix', 'Add to the end', '链接后缀', {
    section: 'links',
    placeholder: '?x-oss-process=style/web',
  }),
  ...IMAGE_FIELDS,
  field('concurrency', 'At the same time', '同时上传', {
    kind: 'number',
    default: '4',
    section: 'delivery',
    group: 'advanced',
  }),
];

const LOCAL_HIDDEN = S3_FIELDS.filter((spec) => spec.section === 'connection').map((spec) => spec.key);

function withDetails(preset: Preset): Preset {
  if (preset.id === 'local') return { ...preset, hidden: LOCAL_HIDDEN };
  if (preset.id !== 'r2') return preset;
  return {
    ...preset,
    about: {
      en: 'No fee for traffic. Readers need your own domain or an r2.dev address.',
      'zh-CN': '流量免费。读者需通过自定义域名或r2.dev地址访问。',
    },
    homepage: 'https://dash.cloudflare.com/',
    values: [['region', 'auto']],
    placeholders: [['endpoint', 'https://ACCOUNT.r2.cloudflarestorage.com']],
    helps: [],
    hidden: ['region'],
  };
}

/** The S3 provider with all its fields. */
export const FULL_S3: ProviderDefinition = {
  ...S3,
  fields: S3_FIELDS,
  presets: S3.presets.map(withDetails),
};

/** Repairs what the engine would: stray spaces and a bucket in the endpoint. */
export function repairDraft(draft: ProfileDraft): { draft: ProfileDraft; repairs: Repair[] } {
  const fields = { ...draft.fields };
  const repairs: Repair[] = [];
  const change = (key: string, value: string, what: string) => {
    if ((fields[key] ?? '') === value) return;
    fields[key] = value;
    repairs.push({ field: key, value, what });
  };
  for (const [key, value] of Object.entries(draft.fields)) {
    if (value !== value.trim()) change(key, value.trim(), 'trimmed');
  }
  const found = /^(https:\/\/[^/]+)\/([^/]+)\/?$/.exec(fields['endpoint'] ?? '');
  if (found?.[1] && found[2]) {
    change('endpoint', found[1], 'bucket_removed_from_endpoint');
    change('bucket', found[2], 'bucket_found');
  }
  // As the engine does it: a secret is repaired on its way in, and never comes back.
  for (const [key, secret] of Object.entries(draft.secrets)) {
    if (secret && secret !== secret.trim()) repairs.push({ field: key, value: '•••', what: 'trimmed' });
  }
  const secrets = Object.fromEntries(Object.entries(draft.secrets).filter(([, secret]) => secret === null));
  return { draft: { ...draft, fields, secrets }, repairs };
}

/** What is missing in a draft. */
export function checkDraft(draft: ProfileDraft, stored: readonly string[] = []): Failure[] {
  const wrong: Failure[] = [];
  if (draft.name.trim() === '') wrong.push(failure('invalid_field', { field: 'name' }));
  for (const spec of S3_FIELDS) {
    const value = spec.kind === 'secret' ? draft.secrets[spec.key] : draft.fields[spec.key];
    const kept = spec.kind === 'secret' && value === undefined && stored.includes(spec.key);
    if (spec.required && !value && !kept) wrong.push(failure('invalid_field', { field: spec.key }));
  }
  return draft.preset === 'local' ? [] : wrong;
}

export function previewNames(draft: ProfileDraft): NamePreview[] {
  const template = draft.fields['key_template'] ?? '{year}/{month}/{hash:12}.{ext}';
  const base = (draft.fields['public_url'] || 'https://pictures.s3.example.com').replace(/\/$/, '');
  return [
    ['harbour dawn.jpg', 'harbour dawn', 'jpg', 'b5d4045c3f46'],
    ['截图 09.41.png', '截图 09.41', 'png', '9f86d081884c'],
  ].map(([file = '', name = '', ext = '', hash = '']) => {
    const key = template
      .replaceAll('{year}', '2025')
      .replaceAll('{month}', '11')
      .replaceAll('{day}', '22')
      .replaceAll('{name}', name)
      .replaceAll('{ext}', ext)
      .replace(/\{hash:(\d+)\}/g, (_, length: string) => hash.slice(0, Number(length)));
    return { name: file, key, url: `${base}/${encodeURI(key)}${draft.fields['url_suffix'] ?? ''}` };
  });
}

export const GOOD_TEST: TestReport = {
  ok: true,
  steps: [
    { step: 'connect', outcome: 'passed', millis: 18 },
    { step: 'write', outcome: 'passed', millis: 31 },
    { step: 'read', outcome: 'passed', millis: 12 },
    { step: 'no_overwrite', outcome: 'passed', millis: 14 },
    { step: 'public_read', outcome: 'passed', millis: 11 },
    { step: 'delete', outcome: 'passed', millis: 10 },
  ],
  corrections: {},
  learned: {},
};

export const BAD_TEST: TestReport = {
  ok: false,
  steps: [
    { step: 'connect', outcome: 'passed', millis: 21 },
    {
      step: 'write',
      outcome: 'failed',
      millis: 44,
      error: failure('wrong_region', {
        message: 'The bucket is in eu-central-1, not in us-east-1.',
        params: { region: 'eu-central-1' },
      }),
    },
    { step: 'read', outcome: 'skipped', millis: 0 },
    { step: 'no_overwrite', outcome: 'skipped', millis: 0 },
    { step: 'public_read', outcome: 'skipped', millis: 0 },
    { step: 'delete', outcome: 'skipped', millis: 0 },
  ],
  corrections: { region: 'eu-central-1' },
  learned: {},
};
