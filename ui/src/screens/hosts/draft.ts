/** A profile while it is edited: its fields in the order of the form, and what differs from the saved one. */

import type {
  FieldSection,
  FieldSpec,
  Preset,
  Profile,
  ProfileDraft,
  ProviderDefinition,
  Words,
} from '../../host/contract';

/** The sections of the form, in their fixed order. */
export const SECTIONS: readonly FieldSection[] = ['connection', 'files', 'links', 'images', 'delivery'];

/** The fields of one section; the advanced ones are behind a disclosure. */
export interface SectionFields {
  readonly section: FieldSection;
  readonly basic: readonly FieldSpec[];
  readonly advanced: readonly FieldSpec[];
}

/** The draft of a profile that exists. */
export function draftOf(profile: Profile): ProfileDraft {
  const { id, name, host, preset } = profile;
  return { id, name, host, preset, fields: { ...profile.fields }, secrets: {} };
}

/** An empty draft for a host: the preset fills in what it knows. */
export function newDraft(
  provider: ProviderDefinition,
  preset: Preset | undefined,
  name: string,
): ProfileDraft {
  return {
    name,
    host: provider.id,
    preset: preset?.id ?? '',
    fields: Object.fromEntries(preset?.values ?? []),
    secrets: {},
  };
}

/** A name that no other profile has: `Cloudflare R2`, then `Cloudflare R2 2` … */
export function freeName(wanted: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toLocaleLowerCase()));
  let name = wanted;
  for (let number = 2; used.has(name.toLocaleLowerCase()); number += 1) name = `${wanted} ${number}`;
  return name;
}

/** All fields of a profile: the host's own, then those every host has; the preset may hide some. */
export function fieldsOf(
  provider: ProviderDefinition | undefined,
  preset: Preset | undefined,
  common: readonly FieldSpec[],
): FieldSpec[] {
  const hidden = new Set(preset?.hidden ?? []);
  const own = provider?.fields ?? [];
  const ownKeys = new Set(own.map((spec) => spec.key));
  return [...own, ...common.filter((spec) => !ownKeys.has(spec.key))].filter((spec) => !hidden.has(spec.key));
}

/** What a field holds now: its own value, or the default. */
export function valueIn(draft: ProfileDraft, spec: Pick<FieldSpec, 'key' | 'default'>): string {
  return draft.fields[spec.key] ?? spec.default;
}

/** The draft with another value; back at the default, the field is left out. */
export function withValue(draft: ProfileDraft, spec: FieldSpec, value: string): ProfileDraft {
  const fields = { ...draft.fields };
  if (value === spec.default) delete fields[spec.key];
  else fields[spec.key] = value;
  return { ...draft, fields };
}

/** What a draft says of pictures; absent means the default. */
export function imageValues(draft: ProfileDraft, all: readonly FieldSpec[]): Record<string, string> {
  const keys = all.filter((spec) => spec.section === 'images').map((spec) => spec.key);
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = draft.fields[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
}

/** The draft with a new secret, without one (`null`), or with the stored one kept (`undefined`). */
export function withSecret(
  draft: ProfileDraft,
  key: string,
  secret: string | null | undefined,
): ProfileDraft {
  const secrets = { ...draft.secrets };
  if (secret === undefined) delete secrets[key];
  else secrets[key] = secret;
  return { ...draft, secrets };
}

/** Whether other fields have the values this one waits for. */
export function isVisible(spec: FieldSpec, draft: ProfileDraft, all: readonly FieldSpec[]): boolean {
  const condition = spec.visible_when;
  if (!condition) return true;
  const other = all.find((one) => one.key === condition.key);
  const value = other ? valueIn(draft, other) : (draft.fields[condition.key] ?? '');
  return condition.values.includes(value);
}

/** The visible fields by section; empty ones are left out, but for the first, which has the name. */
export function sectionsOf(all: readonly FieldSpec[], draft: ProfileDraft): SectionFields[] {
  return SECTIONS.map((section) => {
    const fields = all.filter((spec) => spec.section === section && isVisible(spec, draft, all));
    return {
      section,
      basic: fields.filter((spec) => spec.group === 'basic'),
      advanced: fields.filter((spec) => spec.group === 'advanced'),
    };
  }).filter(({ section, basic, advanced }) => section === 'connection' || basic.length + advanced.length > 0);
}

export function placeholderOf(spec: FieldSpec, preset: Preset | undefined): string {
  return preset?.placeholders.find(([key]) => key === spec.key)?.[1] ?? spec.placeholder;
}

/** The sentence under a field: the preset may know a better one. */
export function helpOf(spec: FieldSpec, preset: Preset | undefined): Words {
  return preset?.helps.find(([key]) => key === spec.key)?.[1] ?? spec.help;
}

/** Whether the advanced part of a section is open from the start: something in it is not as usual. */
export function advancedInUse(
  fields: readonly FieldSpec[],
  draft: ProfileDraft,
  secrets: readonly string[],
): boolean {
  return fields.some((spec) =>
    spec.kind === 'secret' ? secrets.includes(spec.key) : valueIn(draft, spec) !== spec.default,
  );
}

/** The keys that differ from the saved profile; `name` for its name. */
export function changedKeys(saved: ProfileDraft, draft: ProfileDraft): string[] {
  const keys = new Set([...Object.keys(saved.fields), ...Object.keys(draft.fields)]);
  const changed = [...keys].filter((key) => (saved.fields[key] ?? '') !== (draft.fields[key] ?? ''));
  if (saved.name !== draft.name) changed.unshift('name');
  return [...changed, ...Object.keys(draft.secrets)];
}

/** Puts a piece into a text in the place of what is marked, and tells where the caret goes. */
export function insertAt(
  text: string,
  start: number,
  end: number,
  piece: string,
): { text: string; caret: number } {
  const from = Math.max(0, Math.min(start, text.length));
  const to = Math.max(from, Math.min(end, text.length));
  return { text: text.slice(0, from) + piece + text.slice(to), caret: from + piece.length };
}

/** The placeholders offered under a key template. */
export const TEMPLATE_PIECES: readonly string[] = [
  '{year}',
  '{month}',
  '{day}',
  '{name}',
  '{hash:8}',
  '{timestamp}',
  '{random:6}',
  '{uuid}',
  '{width}',
  '{height}',
  '{folder}',
  '{ext}',
];

/** Moves one entry of a list by some places, as far as the list goes. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  const [entry] = next.splice(from, 1);
  if (entry === undefined) return next;
  next.splice(Math.max(0, Math.min(to, next.length)), 0, entry);
  return next;
}
