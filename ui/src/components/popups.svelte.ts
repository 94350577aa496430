/** Menus and lists that can open: fetched when the first screen is drawn, because what opens them is drawn without them. */

import { type Component, tick } from 'svelte';
import type { MenuProps } from './menu';
import type { PickProps } from './pick';

type Parts = {
  Menu: Component<MenuProps, Record<string, never>, 'open'>;
  Pick: Component<PickProps<string>, Record<string, never>, 'open'>;
};

class Popups {
  /** What draws them, once it is there. */
  parts = $state.raw<Parts>();
  #fetching: Promise<void> | undefined;

  /** Fetches them, once. */
  fetch(): Promise<void> {
    this.#fetching ??= Promise.all([import('./MenuWithPopup.svelte'), import('./PickWithPopup.svelte')]).then(
      ([menu, pick]) =>
        this.take({ Menu: menu.default as Parts['Menu'], Pick: pick.default as Parts['Pick'] }),
    );
    return this.#fetching;
  }

  /** Puts them in the places of those that stood in; the focus stays where it is. */
  async take(parts: Parts): Promise<void> {
    const focused = document.activeElement;
    const siblings = focused?.parentElement?.children ?? [];
    const place = Array.prototype.indexOf.call(siblings, focused);
    this.parts = parts;
    await tick();
    const instead = siblings[place];
    if (!focused?.isConnected && instead instanceof HTMLElement) instead.focus();
  }
}

export const popups = new Popups();
