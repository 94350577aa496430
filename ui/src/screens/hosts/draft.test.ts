import { describe, expect, it } from 'vitest';
import type { FieldSpec, Preset, ProviderDefinition, TestReport } from '../../host/contract';
import {
  advancedInUse,
  changedKeys,
  draftOf,
  fieldsOf,
  freeName,
  helpOf,
  insertAt,
  isVisible,
  moved,
  newDraft,
  placeholderOf,
  sectionsOf,
  valueIn,
  withSecret,
  withValue,
} from './draft';
import { hopsOf, openCorrections, tellingStep, totalMillis } from './report';

function field(key: string, more: Partial<FieldSpec> = {}): FieldSpec {
  return {
    key,
    kind: 'text',
    label: { en: key, 'zh-CN': key },
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

const REGION = field('region', { default: 'auto' });
const PROVIDER: ProviderDefinition = {
  id: 's3',
  name: { en: 'S3-compatible', 'zh-CN': 'S3 兼容' },
  about: { en: '', 'zh-CN': '' },
  homepage: '',
  capabilities: { delete: true, overwrite: true, conditional_put: true, head: true },
  fields: [
    field('endpoint', { placeholder: 'https://s3.example.com' }),
    REGION,
    field('acl', { group: 'advanced', section: 'delivery', kind: 'select', default: 'none' }),
    field('acl_note', { section: 'delivery', visible_when: { key: 'acl', values: ['public-read'] } }),
  ],
  presets: [],
};
const R2: Preset = {
  id: 'r2',
  name: { en: 'Cloudflare R2', 'zh-CN': 'Cloudflare R2' },
  about: { en: '', 'zh-CN': '' },
  mark: 'R2',
  hue: 48,
  homepage: '',
  values: [['region', 'weur']],
  placeholders: [['endpoint', 'https://ACCOUNT.r2.cloudflarestorage.com']],
  helps: [],
  hidden: ['acl', 'acl_note'],
};
const COMMON = [
  field('key_template', { section: 'files', kind: 'key_template', default: '{hash:12}.{ext}' }),
];

describe('the draft of a profile', () => {
  it('starts with what the preset knows and leaves the rest at its defaults', () => {
    const draft = newDraft(PROVIDER, R2, 'Blog');
    expect(valueIn(draft, REGION)).toBe('weur');
    expect(valueIn(draft, field('key_template', { default: '{hash:12}.{ext}' }))).toBe('{hash:12}.{ext}');
    expect(draft).toMatchObject({ name: 'Blog', host: 's3', preset: 'r2', secrets: {} });
  });

  it('takes a name that is free, without regard to case', () => {
    expect(freeName('Cloudflare R2', ['cloudflare r2', 'Cloudflare R2 2'])).toBe('Cloudflare R2 3');
    expect(freeName('Blog', [])).toBe('Blog');
  });

  it('counts what differs, secrets and the name included, and nothing that came back', () => {
    const saved = draftOf({
      id: 'b',
      name: 'Blog',
      host: 's3',
      preset: 'r2',
      fields: { region: 'weur' },
      secrets: [],
    });
    let draft = withValue(saved, REGION, 'eeur');
    draft = withSecret({ ...draft, name: 'Notes' }, 'secret', 'typed');
    expect(changedKeys(saved, draft)).toEqual(['name', 'region', 'secret']);
    draft = withSecret({ ...withValue(draft, REGION, 'weur'), name: 'Blog' }, 'secret', undefined);
    expect(changedKeys(saved, draft)).toEqual([]);
  });

  it('does not write a default down', () => {
    const saved = newDraft(PROVIDER, R2, 'Blog');
    expect(withValue(saved, REGION, 'auto').fields).toEqual({});
  });
});

describe('the fields of the form', () => {
  it('are the host’s own, then the common ones, without those the preset hides', () => {
    expect(fieldsOf(PROVIDER, R2, COMMON).map((spec) => spec.key)).toEqual([
      'endpoint',
      'region',
      'key_template',
    ]);
  });

  it('stand in their sections, advanced ones apart', () => {
    const all = fieldsOf(PROVIDER, undefined, COMMON);
    const sections = sectionsOf(all, newDraft(PROVIDER, undefined, 'x'));
    expect(sections.map(({ section }) => section)).toEqual(['connection', 'files', 'delivery']);
    expect(sections[2]?.advanced.map((spec) => spec.key)).toEqual(['acl']);
  });

  it('appear when another field has the right value, its default included', () => {
    const all = fieldsOf(PROVIDER, undefined, COMMON);
    const note = all.find((spec) => spec.key === 'acl_note');
    const acl = all.find((spec) => spec.key === 'acl');
    if (!note || !acl) throw new Error('fields are missing');
    const draft = newDraft(PROVIDER, undefined, 'x');
    expect(isVisible(note, draft, all)).toBe(false);
    expect(isVisible(note, withValue(draft, acl, 'public-read'), all)).toBe(true);
  });

  it('show the preset’s own example', () => {
    const [endpoint] = PROVIDER.fields;
    if (!endpoint) throw new Error('endpoint is missing');
    expect(placeholderOf(endpoint, R2)).toContain('r2.cloudflarestorage.com');
    expect(placeholderOf(endpoint, undefined)).toBe('https://s3.example.com');
  });

  it('show the preset’s own help', () => {
    const own = { en: 'As the console shows it.', 'zh-CN': '与控制台一致。' };
    const preset: Preset = { ...R2, helps: [['region', own]] };
    expect(helpOf(REGION, preset)).toEqual(own);
    expect(helpOf(REGION, R2)).toEqual(REGION.help);
    expect(helpOf(REGION, undefined)).toEqual(REGION.help);
  });

  it('open the advanced part when something in it is in use', () => {
    const acl = PROVIDER.fields[2];
    if (!acl) throw new Error('acl is missing');
    const draft = newDraft(PROVIDER, undefined, 'x');
    expect(advancedInUse([acl], draft, [])).toBe(false);
    expect(advancedInUse([acl], withValue(draft, acl, 'public-read'), [])).toBe(true);
    expect(advancedInUse([field('token', { kind: 'secret' })], draft, ['token'])).toBe(true);
  });
});

describe('editing', () => {
  it('puts a placeholder where the caret is, over what is marked', () => {
    expect(insertAt('{year}/x.{ext}', 7, 8, '{name}')).toEqual({ text: '{year}/{name}.{ext}', caret: 13 });
    expect(insertAt('a', 99, 99, '{ext}')).toEqual({ text: 'a{ext}', caret: 6 });
  });

  it('moves a profile up and down, as far as the list goes', () => {
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
    expect(moved(['a', 'b', 'c'], 0, 9)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 7, 0)).toEqual(['a', 'b', 'c']);
  });
});

describe('a test as four points', () => {
  const report: TestReport = {
    ok: false,
    steps: [
      { step: 'connect', outcome: 'passed', millis: 10 },
      { step: 'write', outcome: 'passed', millis: 20 },
      { step: 'no_overwrite', outcome: 'warning', millis: 1 },
      { step: 'read', outcome: 'failed', millis: 5 },
      { step: 'public_read', outcome: 'skipped', millis: 0 },
      { step: 'delete', outcome: 'skipped', millis: 0 },
    ],
    corrections: { region: 'eu-central-1', path_style: 'true' },
    learned: {},
  };

  it('shows the worst of each point’s steps', () => {
    expect(hopsOf(report)).toEqual(['ok', 'warn', 'fail', 'none']);
    expect(hopsOf(undefined)).toEqual(['none', 'none', 'none', 'none']);
  });

  it('names the step that failed before any warning, and the time of all', () => {
    expect(tellingStep(report)?.step).toBe('read');
    expect(tellingStep({ ...report, steps: report.steps.slice(0, 3) })?.step).toBe('no_overwrite');
    expect(totalMillis(report)).toBe(36);
  });

  it('offers only corrections that change something', () => {
    expect(openCorrections(report, { region: 'eu-central-1' })).toEqual([['path_style', 'true']]);
  });
});
