/** The screens behind the first one: fetched when they are first opened, so that the start is short. */

import type { Component } from 'svelte';

// The same bound as svelte's own Component has.
// biome-ignore lint/suspicious/noExplicitAny: the properties are each component's own.
type Module<Props extends Record<string, any>> = { default: Component<Props> };

/** Fetches a component once; afterwards it is there at once, without a moment of nothing. */
// biome-ignore lint/suspicious/noExplicitAny: see Module.
function lazy<Props extends Record<string, any>>(
  fetch: () => Promise<Module<Props>>,
): () => Component<Props> | Promise<Component<Props>> {
  let fetched: Component<Props> | undefined;
  return () =>
    fetched ??
    fetch().then((module) => {
      fetched = module.default;
      return fetched;
    });
}

export const gallery = lazy(() => import('./gallery/Gallery.svelte'));
export const compress = lazy(() => import('./compress/Compress.svelte'));
export const migrate = lazy(() => import('./migrate/Migrate.svelte'));
export const hosts = lazy(() => import('./hosts/Hosts.svelte'));
export const settings = lazy(() => import('./settings/Settings.svelte'));
export const shell = lazy(() => import('./Shell.svelte'));
export const onboarding = lazy(() => import('./onboarding/Onboarding.svelte'));
export const engineError = lazy(() => import('./EngineError.svelte'));
export const offer = lazy(() => import('./OfferDialog.svelte'));
export const transfers = lazy(() => import('./upload/TransferList.svelte'));
export const firstTransfer = lazy(() => import('./onboarding/FirstTransfer.svelte'));
export const urlDialog = lazy(() => import('./upload/UrlDialog.svelte'));
export const palette = lazy(() => import('../components/CommandPalette.svelte'));
