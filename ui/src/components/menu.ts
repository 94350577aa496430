/** What a menu is made of: entries are data, so that every menu looks and works the same. */

import type { Snippet } from 'svelte';
import type { IconName } from './icons';

export type MenuEntry =
  | {
      kind?: 'item';
      label: string;
      icon?: IconName;
      keys?: string;
      detail?: string;
      danger?: boolean;
      disabled?: boolean;
      testid?: string;
      run: () => void;
    }
  | { kind: 'rule' }
  | { kind: 'heading'; label: string };

export type MenuProps = {
  entries: MenuEntry[];
  /** The accessible name of a button that is only an icon; its tooltip too. */
  label?: string | undefined;
  icon?: IconName;
  kind?: 'default' | 'primary' | 'quiet';
  align?: 'start' | 'center' | 'end';
  open?: boolean;
  title?: string | undefined;
  disabled?: boolean;
  tabindex?: number | undefined;
  class?: string;
  'data-testid'?: string;
  /** Words of the button; without them it is a square icon. */
  children?: Snippet;
};
