import { describe, expect, it } from 'vitest';
import { COMMON_FIELDS, FULL_S3 } from '../../testing/sample_fields';
import { catalogOf, neededFields, neededIcon, searchCatalog } from './catalog';
import { partsOf } from './link_parts';

describe('the catalogue', () => {
  const groups = catalogOf([
    FULL_S3,
    { ...FULL_S3, id: 'sftp', name: { en: 'SFTP', 'zh-CN': 'SFTP' }, presets: [] },
  ]);

  it('has a tile for each preset but the built-in one, and one for a provider without any', () => {
    expect(groups.map((group) => group.entries.map((entry) => entry.id))).toEqual([
      ['r2', 'oss', 'cos', 'b2', 'aws', 'minio'],
      ['sftp'],
    ]);
  });

  it('is searched by all words, in both languages', () => {
    expect(
      searchCatalog(groups, 'cloud r2').flatMap((group) => group.entries.map((entry) => entry.id)),
    ).toEqual(['r2']);
    expect(searchCatalog(groups, '兼容')).toHaveLength(1);
    expect(searchCatalog(groups, '  ')).toHaveLength(2);
    expect(searchCatalog(groups, 'nothing like it')).toEqual([]);
  });

  it('says what is needed: required fields that the preset does not give', () => {
    const [r2] = groups[0]?.entries ?? [];
    if (!r2) throw new Error('r2 is missing');
    const needed = neededFields(r2, COMMON_FIELDS);
    expect(needed.map((spec) => spec.key)).toEqual([
      'endpoint',
      'bucket',
      'access_key_id',
      'secret_access_key',
    ]);
    expect(needed.map(neededIcon)).toEqual(['globe', 'database', 'key-round', 'key-round']);
  });
});

describe('a reader’s link', () => {
  it('marks what comes from the own domain and the suffix', () => {
    expect(partsOf('https://img.example.com/2025/a.webp?v=1', 'https://img.example.com/', '?v=1')).toEqual([
      { text: 'https://', marked: false },
      { text: 'img.example.com', marked: true },
      { text: '/2025/a.webp', marked: false },
      { text: '?v=1', marked: true },
    ]);
  });

  it('is plain without them', () => {
    expect(partsOf('https://bucket.example.com/a.png', '', '')).toEqual([
      { text: 'https://bucket.example.com/a.png', marked: false },
    ]);
  });
});
