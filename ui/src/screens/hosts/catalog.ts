/** The hosts that can be added, as the catalogue shows them. */

import type { IconName } from '../../components/icons';
import type { FieldSpec, Preset, ProviderDefinition, Words } from '../../host/contract';
import { fieldsOf } from './draft';

/** One tile: a provider in one of its flavours. */
export interface CatalogEntry {
  /** Unique over all providers: the preset's id, or the provider's. */
  readonly id: string;
  readonly name: Words;
  readonly provider: ProviderDefinition;
  readonly preset: Preset | undefined;
}

export interface CatalogGroup {
  readonly id: string;
  readonly name: Words;
  readonly entries: readonly CatalogEntry[];
}

/** The built-in store is there already; it is not added. */
const BUILT_IN = 'local';

/** All hosts by provider; a provider without presets is its own only tile. */
export function catalogOf(providers: readonly ProviderDefinition[]): CatalogGroup[] {
  return providers
    .map((provider) => {
      const presets = provider.presets.filter((preset) => preset.id !== BUILT_IN);
      const entries: CatalogEntry[] =
        presets.length > 0
          ? presets.map((preset) => ({ id: preset.id, name: preset.name, provider, preset }))
          : [{ id: provider.id, name: provider.name, provider, preset: undefined }];
      return { id: provider.id, name: provider.name, entries };
    })
    .filter((group) => group.entries.length > 0);
}

/** The groups with only the entries whose name has all the words, in either language. */
export function searchCatalog(groups: readonly CatalogGroup[], text: string): CatalogGroup[] {
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...groups];
  return groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => {
        const known = [entry.id, entry.name.en, entry.name['zh-CN'], group.name.en, group.name['zh-CN']];
        const text = known.join(' ').toLocaleLowerCase();
        return wanted.every((word) => text.includes(word));
      }),
    }))
    .filter((group) => group.entries.length > 0);
}

/** What a person must have at hand: the required fields that the preset does not fill in. */
export function neededFields(entry: CatalogEntry, common: readonly FieldSpec[]): FieldSpec[] {
  const given = new Set((entry.preset?.values ?? []).filter(([, value]) => value !== '').map(([key]) => key));
  return fieldsOf(entry.provider, entry.preset, common).filter(
    (spec) => spec.required && !given.has(spec.key),
  );
}

/** The glyph beside a needed field. */
export function neededIcon(spec: FieldSpec): IconName {
  if (spec.kind === 'secret' || spec.key.includes('key')) return 'key-round';
  return spec.kind === 'url' ? 'globe' : 'database';
}
