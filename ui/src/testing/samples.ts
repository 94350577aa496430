/** Sample data for tests and for looking at screens. Names nobody. */

import type { AppState, JobSnapshot, Preset, Profile, ProviderDefinition, Settings } from '../host/contract';
import { emptyAppState } from '../state/defaults';

function preset(id: string, en: string, mark: string, hue: number): Preset {
  return {
    id,
    name: { en, 'zh-CN': en },
    about: { en: '', 'zh-CN': '' },
    mark,
    hue,
    homepage: '',
    values: [],
    placeholders: [],
    helps: [],
    hidden: [],
  };
}

export const S3: ProviderDefinition = {
  id: 's3',
  name: { en: 'S3-compatible', 'zh-CN': 'S3兼容' },
  about: { en: 'Object storage that speaks S3.', 'zh-CN': '支持S3协议的对象存储。' },
  homepage: '',
  capabilities: { delete: true, overwrite: true, conditional_put: true, head: true },
  fields: [],
  presets: [
    preset('r2', 'Cloudflare R2', 'R2', 48),
    preset('oss', 'Aliyun OSS', 'OS', 28),
    preset('cos', 'Tencent COS', 'CO', 245),
    preset('b2', 'Backblaze B2', 'B2', 10),
    preset('aws', 'Amazon S3', 'S3', 70),
    preset('minio', 'MinIO', 'MI', 0),
    preset('local', 'This computer', '', 240),
  ],
};

export function sampleProfile(id: string, more: Partial<Profile> = {}): Profile {
  return { id, name: id, host: 's3', preset: 'r2', fields: {}, secrets: [], ...more };
}

export const SAMPLE_PROFILES: Profile[] = [
  sampleProfile('blog', { name: 'Blog', preset: 'r2', fields: { public_url: 'https://img.linhai.example' } }),
  sampleProfile('notes', {
    name: 'Notes',
    preset: 'oss',
    fields: { public_url: 'https://notes.linhai.example' },
  }),
  sampleProfile('archive', { name: 'Archive', preset: 'b2', fields: { bucket: 'originals' } }),
  sampleProfile('local', { name: 'This computer', preset: 'local', fields: {} }),
];

export function sampleSettings(more: Partial<Settings> = {}): Settings {
  return {
    ...emptyAppState('linux').settings,
    profiles: SAMPLE_PROFILES,
    default_profile: 'blog',
    language: 'en',
    ...more,
  };
}

export function sampleState(more: Partial<AppState> = {}): AppState {
  return {
    ...emptyAppState('linux'),
    version: '0.1.0',
    settings: sampleSettings(),
    providers: [S3],
    desktop: {
      tray: true,
      hotkey: { accelerator: 'Ctrl+Alt+U', registered: true },
      drop_window_hotkey: { accelerator: '', registered: false },
      places_windows: true,
      has_window_buttons: true,
      is_bridge: false,
    },
    local_store: { address: 'http://127.0.0.1:36688', running_here: true, running_elsewhere: false },
    ...more,
  };
}

export function sampleJob(id: string, more: Partial<JobSnapshot> = {}): JobSnapshot {
  return {
    id,
    batch: 'b1',
    position: 0,
    name: `${id}.jpg`,
    input: `/pictures/${id}.jpg`,
    origin: 'drop',
    profile_id: 'blog',
    profile_name: 'Blog',
    state: 'queued',
    stage: null,
    sent: 0,
    total: 0,
    bytes_in: 0,
    bytes_out: 0,
    format: 'jpeg',
    notes: [],
    score: null,
    key: null,
    url: null,
    thumbnail: null,
    sha256: null,
    reused: false,
    error: null,
    attempt: 0,
    retry_at: null,
    upload_id: null,
    created_at: 1_763_770_000_000,
    ...more,
  };
}
