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
};

class CommandsModel {
  #groups = $state.raw<AppCommand[][]>([]);

  /** Adds commands of a screen; later ones win a key. The returned function takes them away. */
  register(list: AppCommand[]): () => void {
    // Untracked: an effect that registers must not run again because the list grew.
    this.#groups = [...untrack(() => this.#groups), list];
    return () => {
      this.#groups = untrack(() => this.#groups).filter((group) => group !== list);
    };
  }

  get all(): AppCommand[] {
    return this.#groups.toReversed().flat();
  }

  forKeys(keys: string): AppCommand | undefined {
    return this.all.find((command) => command.keys === keys);
  }
}

export const commands = new CommandsModel();
