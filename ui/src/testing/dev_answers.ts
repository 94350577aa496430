/** Answers of a made-up engine with a large gallery, for looking at screens. */

import type { Profile, Upload } from '../host/contract';
import { daysBack, SampleLibrary, sampleUpload } from '../screens/gallery/sample_library';
import { type FakeHost, failure } from './fake_host';
import { samplePictures } from './sample_compress';
import { BAD_TEST, checkDraft, GOOD_TEST, previewNames, repairDraft } from './sample_fields';

const NAMES = [
  'boats-at-dusk.webp',
  'editor.png',
  'forest-path.webp',
  'phone.png',
  'lake-1am.webp',
  'diagram.svg',
  'leaf.jpg',
  '截图 2025-11-22 09.41.png',
  'chart.png',
  'moss.jpg',
  'pier.webp',
  'kite.gif',
];

/** A library with many pictures, the newest days small as they are in life. */
function library(pictures: number): SampleLibrary {
  const small = [6, 3, 9, 14, 2];
  const days = daysBack(
    2200,
    (back) => small[back] ?? 1 + ((back * 29) % Math.max(2, Math.round(pictures / 1100))),
    Date.now(),
  );
  const made = new SampleLibrary(days);
  made.rows = made.rows.map((row, place) => ({
    ...row,
    name: NAMES[place % NAMES.length] ?? row.name,
    key: `2025/11/${NAMES[place % NAMES.length] ?? row.name}`,
    thumbnail: row.id % 41 === 0 ? null : `hue-${(row.id * 47) % 360}`,
    animated: row.id % 17 === 0,
    bytes_in: 2_400_000,
    bytes_out: 402_000 + (row.id % 90) * 1000,
    source_path: row.id % 2 ? '/pictures/boats.jpg' : null,
    alt: row.id % 3 ? '' : 'Rowing boats on a shore at dusk',
  }));
  return made;
}

export function devAnswers(profiles: () => readonly Profile[], pictures = 100_000): FakeHost['answers'] {
  const history = library(pictures);
  const byId = (id: number): Upload =>
    history.rows.find((row) => row.id === id) ?? sampleUpload(id, Date.now());
  const link = (row: Upload, format = 'markdown') =>
    ({
      url: row.url,
      markdown: `![${row.alt || row.name}](${row.url})`,
      html: `<img src="${row.url}" alt="${row.alt}">`,
      bbcode: `[img]${row.url}[/img]`,
    })[format] ?? `{% image "${row.name}" %}`;
  const matching = (filter: { text: string }) => {
    if (!filter.text) return history;
    const part = new SampleLibrary([]);
    part.rows = history.rows.filter((row) => row.name.includes(filter.text));
    return part;
  };
  return {
    history_days: ({ filter }) => matching(filter).days(filter),
    history_page: ({ filter, after, limit }) => matching(filter).page(filter, after, limit),
    history_get: ({ ids }) => ids.map(byId),
    history_set_alt: ({ id, alt }) => ({ ...byId(id), alt }),
    history_set_note: ({ id, note }) => ({ ...byId(id), note }),
    history_twins: ({ ids }) => (ids.includes(3) ? 1 : 0),
    history_delete: ({ ids }) =>
      ids.map((id) =>
        id % 5 === 0
          ? {
              id,
              ok: false,
              error: failure('access_denied', { message: 'The key may write, but not delete.' }),
            }
          : { id, ok: true },
      ),
    links_all_formats: ({ id }) =>
      ['url', 'markdown', 'html', 'bbcode', 'Hugo'].map((format) => ({
        format,
        label: format,
        link: link(byId(id), format),
      })),
    links_copy: ({ ids, format }) => ({ count: ids.length, format: format ?? 'markdown' }),
    links_preview: ({ template }) => template.replaceAll('{url}', 'https://img.example.com/2025/11/kite.png'),
    profile_repair: ({ draft }) => repairDraft(draft),
    profile_check: ({ draft }) =>
      checkDraft(draft, profiles().find((one) => one.id === draft.id)?.secrets ?? []),
    profile_test: ({ draft }) => (draft.fields['region'] === 'us-east-1' ? BAD_TEST : GOOD_TEST),
    profile_save: ({ draft }) => ({
      id: draft.id ?? 'new',
      name: draft.name,
      host: draft.host,
      preset: draft.preset,
      fields: draft.fields as Record<string, string>,
      secrets: ['secret_access_key'],
    }),
    profile_usage: () => ({ count: 1204, bytes_in: 0, bytes_out: 480_000_000 }),
    names_preview: ({ draft }) => previewNames(draft),
    compress_list: () => samplePictures(),
    history_totals: () => ({ count: 100_482, bytes_in: 240_000_000_000, bytes_out: 40_000_000_000 }),
    hotkey_set: ({ accelerator }) => ({ accelerator, registered: accelerator !== '' }),
  };
}
