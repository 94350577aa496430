/** What can be done now: one list for the keyboard and for the palette. */

import { untrack } from 'svelte';
import type { IconName } from '../components/icons';

export type AppCommand = {
  id: string;
  title: () => string;
  run: () => void;
  /** `Ctrl+Shift+C`; on macOS Ctrl means ⌘. */
  keys?: string;
  icon?: IconName;
  /** Small words at the end of its line in the palette: the screen it belongs to. */
  place?: () => string;
  /** A key only, not in the palette. */
  hidden?: boolean;
  /** Whether the palette lists it now; without it, always. */
  listed?: () => boolean;
  /** What has the focus handles the keys; the palette only shows them. */
  keysElsewhere?: boolean;
};

class CommandsModel {
  #groups = $state.raw<AppCommand[][]>([]);

  /**
   * Adds commands of a screen; later ones win a key. Those of the window give way to every screen, whichever
   * of the two is there first. The returned function takes them away.
   */
  register(list: AppCommand[], of: 'screen' | 'window' = 'screen'): () => void {
    // Untracked: an effect that registers must not run again because the list grew.
    const before = untrack(() => this.#groups);
    this.#groups = of === 'window' ? [list, ...before] : [...before, list];
    return () => {
      this.#groups = untrack(() => this.#groups).filter((group) => group !== list);
    };
  }

  get all(): AppCommand[] {
    return this.#groups.toReversed().flat();
  }

  /** What the palette offers now. */
  get listed(): AppCommand[] {
    return this.all.filter((command) => !command.hidden && (command.listed?.() ?? true));
  }

  forKeys(keys: string): AppCommand | undefined {
    return this.all.find((command) => command.keys === keys && !command.keysElsewhere);
  }
}

export const commands = new CommandsModel();
