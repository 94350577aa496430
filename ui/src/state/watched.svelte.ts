/** The watched folders as the engine last told of them. Snapshots, never edited in place. */

import type { WatchedFolder, WatchedFolderState, WatchedFolders } from '../host/contract';
import { host } from '../host/host';
import { attempt } from './attempt';

class WatchedModel {
  #state = $state.raw<WatchedFolders>({ is_here: true, paused: false, folders: [] });
  /** Nothing is known before the first answer. */
  isLoaded = $state(false);

  get folders(): WatchedFolderState[] {
    return this.#state.folders;
  }
  get paused(): boolean {
    return this.#state.paused;
  }
  /** Another process of this home watches; this one shows what it knows. */
  get isElsewhere(): boolean {
    const wanted = this.#state.folders.some((one) => one.folder.enabled);
    return wanted && !this.#state.paused && !this.#state.is_here;
  }

  apply(state: WatchedFolders): void {
    this.#state = state;
    this.isLoaded = true;
  }

  async load(): Promise<void> {
    await attempt(async () => this.apply(await host().call('watch_list', {})));
  }

  /** Asks for a folder and watches it; answers its id. */
  async add(): Promise<string | undefined> {
    const added = await attempt(() => host().call('watch_add', {}));
    await this.load();
    return added?.id;
  }

  async change(folder: WatchedFolder, rules: Partial<WatchedFolder>): Promise<void> {
    await attempt(() => host().call('watch_change', { folder: { ...folder, ...rules } }));
    await this.load();
  }

  /** Asks where a folder is now. */
  async find(id: string): Promise<void> {
    await attempt(() => host().call('watch_find', { id }));
    await this.load();
  }

  /** Asks where its files are to be moved. */
  async chooseTarget(id: string): Promise<void> {
    await attempt(() => host().call('watch_move_to', { id }));
    await this.load();
  }

  async remove(id: string): Promise<void> {
    await attempt(() => host().call('watch_remove', { id }));
    await this.load();
  }

  async pause(paused: boolean): Promise<void> {
    await attempt(() => host().call('watch_pause', { paused }));
    await this.load();
  }

  async sendBefore(id: string): Promise<void> {
    await attempt(() => host().call('watch_send_before', { id }));
    await this.load();
  }

  async retry(id: string): Promise<void> {
    await attempt(() => host().call('watch_retry', { id }));
    await this.load();
  }

  reset(): void {
    this.#state = { is_here: true, paused: false, folders: [] };
    this.isLoaded = false;
  }
}

export const watched = new WatchedModel();
