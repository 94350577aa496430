/** The screens behind the first one: fetched when they are first opened, so that the start is short. */

import type { Component } from 'svelte';

type Module = { default: Component };

/** Fetches a component once; afterwards it is there at once, without a moment of nothing. */
function lazy(fetch: () => Promise<Module>): () => Component | Promise<Component> {
  let fetched: Component | undefined;
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
export const offer = lazy(() => import('./OfferDialog.svelte'));
export const palette = lazy(() => import('../components/CommandPalette.svelte'));
