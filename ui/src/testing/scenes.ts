/** Made-up states of the window, for looking at screens and for the accessibility tests. */

import { AppError } from '../errors/app_error';
import type { AppState, JobSnapshot } from '../host/contract';
import { failure } from './fake_host';
import { COMMON_FIELDS, FULL_S3, IMAGE_FIELDS } from './sample_fields';
import { SAMPLE_PROFILES, sampleJob, sampleSettings, sampleState } from './samples';

const S3_VALUES = {
  endpoint: 'https://8f3c1e0a94b7d2567c1f09aa3be45d18.r2.cloudflarestorage.com',
  region: 'us-east-1',
  bucket: 'blog-img',
  access_key_id: '6a1d0f72c5e94b38a7d6',
};

const READER = 'https://img.linhai.example/2025/11';

/** One job in each state that a row can show. */
export function sampleJobs(): JobSnapshot[] {
  const rows: [string, Partial<JobSnapshot>][] = [
    [
      'harbour-dawn.jpg',
      {
        state: 'running',
        stage: 'send',
        sent: 193_000,
        total: 312_000,
        bytes_in: 1_800_000,
        bytes_out: 312_000,
        key: '2025/11/harbour-dawn.webp',
        thumbnail: 'dawn',
      },
    ],
    [
      'route-diagram.png',
      {
        state: 'running',
        stage: 'prepare',
        bytes_in: 2_600_000,
        key: '2025/11/route-diagram.webp',
        thumbnail: 'route',
      },
    ],
    [
      'kite-over-the-bay.jpg',
      { bytes_in: 1_200_000, key: '2025/11/kite-over-the-bay.webp', thumbnail: 'kite' },
    ],
    [
      'IMG_2291.HEIC',
      {
        state: 'failed',
        bytes_in: 3_400_000,
        bytes_out: 488_000,
        format: 'heic',
        error: failure('quota_exceeded', {
          message: 'The bucket is full: 10.0 of 10 GB used.',
          hint: 'Free some space or choose another host.',
        }),
      },
    ],
    [
      'boats-at-dusk.jpg',
      {
        state: 'done',
        bytes_in: 2_400_000,
        bytes_out: 402_000,
        url: `${READER}/boats-at-dusk.webp`,
        thumbnail: 'boats',
        upload_id: 1,
      },
    ],
    [
      '截图 2025-11-22 09.41.png',
      {
        state: 'done',
        bytes_in: 640_000,
        bytes_out: 96_000,
        url: `${READER}/jie-tu-0941.webp`,
        thumbnail: 'shot',
        upload_id: 2,
      },
    ],
    [
      'ferry-line.svg',
      {
        state: 'done',
        bytes_in: 4_000,
        bytes_out: 4_000,
        url: `${READER}/ferry-line.svg`,
        thumbnail: 'map',
        upload_id: 3,
      },
    ],
  ];
  return rows.map(([name, more], position) => sampleJob(`j${position}`, { name, position, ...more }));
}

function moreJobs(): JobSnapshot[] {
  const rows: [string, Partial<JobSnapshot>][] = [
    [
      'slow.png',
      {
        state: 'waiting',
        attempt: 2,
        retry_at: Date.now() + 8000,
        bytes_in: 900_000,
        error: failure('network', { message: 'No answer for 30 s.' }),
      },
    ],
    ['taken.png', { state: 'asking', key: '2025/11/taken.png', bytes_in: 51_000 }],
    ['taken-too.png', { state: 'asking', key: '2025/11/taken-too.png', bytes_in: 52_000 }],
    ['paused.gif', { state: 'paused', bytes_in: 5_100_000, key: '2025/11/paused.gif', format: 'gif' }],
    ['stopped.jpg', { state: 'cancelled', bytes_in: 700_000 }],
    [
      'refused.jpg',
      {
        state: 'failed',
        bytes_in: 700_000,
        error: failure('auth_failed', {
          message: 'The host refused the key. It may be wrong, or deleted at the provider.',
        }),
      },
    ],
    [
      'again.jpg',
      {
        state: 'done',
        reused: true,
        bytes_in: 700_000,
        bytes_out: 700_000,
        url: `${READER}/again.jpg`,
        upload_id: 9,
      },
    ],
    [
      'a-very-long-name-that-somebody-gave-to-a-picture-of-the-harbour-in-the-morning-fog-number-17.jpg',
      {
        state: 'running',
        stage: 'send',
        sent: 10,
        total: 100,
        bytes_in: 700_000,
        bytes_out: 700_000,
        key: 'a/very/deep/folder/for/pictures/of/the/harbour/2025/11/22/harbour-in-the-morning-fog-number-17.jpg',
      },
    ],
  ];
  return rows.map(([name, more], position) =>
    sampleJob(`k${position}`, { name, position, batch: 'b2', ...more }),
  );
}

export const SCENES: Record<string, () => AppState> = {
  upload: () => sampleState({ jobs: sampleJobs() }),
  states: () => sampleState({ jobs: moreJobs() }),
  many: () =>
    sampleState({
      jobs: Array.from({ length: 500 }, (_, index) =>
        sampleJob(`m${index}`, {
          position: index,
          state: index < 200 ? 'done' : 'queued',
          bytes_in: 1000 * index,
          key: `2025/11/${index}.webp`,
        }),
      ),
    }),
  empty: () => sampleState(),
  compress: () =>
    sampleState({
      common_fields: IMAGE_FIELDS,
      settings: sampleSettings({
        profiles: SAMPLE_PROFILES.map((profile) =>
          profile.id === 'blog'
            ? { ...profile, fields: { ...profile.fields, image_format: 'webp', image_long_edge: '1600' } }
            : profile,
        ),
      }),
    }),
  fresh: () =>
    sampleState({
      providers: [FULL_S3],
      common_fields: COMMON_FIELDS,
      secret_store: 'unavailable',
      settings: sampleSettings({
        profiles: SAMPLE_PROFILES.filter((profile) => profile.id === 'local'),
        default_profile: 'local',
      }),
    }),
  full: () =>
    sampleState({
      providers: [FULL_S3],
      common_fields: COMMON_FIELDS,
      settings: sampleSettings({
        profiles: [
          ...SAMPLE_PROFILES.map((profile) =>
            profile.preset === 'local'
              ? profile
              : { ...profile, secrets: ['secret_access_key'], fields: { ...S3_VALUES, ...profile.fields } },
          ),
        ],
      }),
    }),
  onboarding: () =>
    sampleState({
      settings: sampleSettings({ onboarded: false, default_profile: 'local' }),
      jobs: [
        sampleJob('first', {
          name: 'boats-at-dusk.jpg',
          state: 'done',
          bytes_in: 2_400_000,
          bytes_out: 402_000,
          url: 'http://127.0.0.1:36688/p/2025/11/boats-at-dusk.webp',
          thumbnail: 'boats',
          upload_id: 1,
        }),
      ],
    }),
  notice: () =>
    sampleState({
      jobs: sampleJobs(),
      notices: [
        {
          topic: 'keychain',
          error: failure('keychain_unavailable', { message: 'No keychain answers on this system.' }),
        },
        { topic: 'hotkey', error: failure('hotkey_taken', { params: { keys: 'Ctrl Alt U' } }) },
      ],
    }),
  error: () => {
    throw new AppError(
      failure('database_newer', {
        message: 'The history was written by a newer Picferry (form 9; this one knows 3).',
        hint: 'Install that version to go on.',
        details: ['open the history', 'migration 9 is unknown'],
      }),
    );
  },
};
