/** How a profile looks: its mark, the name of its host, where its pictures are read. */

import type { IconName } from './components/icons';
import type { Preset, Profile, ProviderDefinition } from './host/contract';
import { m } from './paraglide/messages';
import { app } from './state/app.svelte';
import { words } from './state/locale.svelte';

export const LOCAL_PROFILE_ID = 'local';

/** What the engine calls it at first. */
const BUILT_IN_NAME = 'This computer';

export type HostMark = { letters: string; hue: number; icon?: IconName };

export function providerOf(host: string): ProviderDefinition | undefined {
  return app.providers.find((provider) => provider.id === host);
}

export function presetOf(profile: Pick<Profile, 'host' | 'preset'>): Preset | undefined {
  return providerOf(profile.host)?.presets.find((preset) => preset.id === profile.preset);
}

export function markOfPreset(preset: Preset | undefined, name: string): HostMark {
  if (preset?.id === 'local') return { letters: '', hue: 240, icon: 'hard-drive' };
  // A generic flavour has no letters of its own.
  if (preset && !/[\p{L}\p{N}]/u.test(preset.mark)) return { letters: '', hue: 240, icon: 'database' };
  if (preset) return { letters: preset.mark, hue: preset.hue };
  return { letters: [...name].slice(0, 2).join(''), hue: 240 };
}

export function markOf(profile: Pick<Profile, 'host' | 'preset' | 'name'>): HostMark {
  if (profile.preset === 'local') return { letters: '', hue: 240, icon: 'hard-drive' };
  return markOfPreset(presetOf(profile), profile.name);
}

/** The person's name for it. The built-in one has a name in each language until it is renamed. */
export function nameOf(profile: Pick<Profile, 'id' | 'name'>): string {
  const untouched = profile.id === LOCAL_PROFILE_ID && profile.name === BUILT_IN_NAME;
  return untouched ? m.host_local_name() : profile.name;
}

/** `Cloudflare R2`, `Local store`. */
export function hostName(profile: Pick<Profile, 'host' | 'preset'>): string {
  if (profile.preset === 'local') return m.host_local_store();
  const preset = presetOf(profile);
  if (preset) return words(preset.name);
  const provider = providerOf(profile.host);
  return provider ? words(provider.name) : profile.host;
}

/** Where readers find its pictures, in one word: the own domain, or the bucket, or the endpoint. */
export function placeOf(profile: Pick<Profile, 'fields' | 'preset'>): string {
  if (profile.preset === 'local') return m.host_local_place();
  const { public_url, bucket, endpoint } = profile.fields;
  const address = public_url || '';
  return domainOf(address) || bucket || domainOf(endpoint ?? '');
}

function domainOf(address: string): string {
  return address.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
}
