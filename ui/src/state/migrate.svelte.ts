/** Moving the pictures of notes: what is asked for, what would happen, and how the run in the engine stands. */

import { AppError } from '../errors/app_error';
import type {
  Migration,
  MigrationProgress,
  MigrationRequest,
  MigrationState,
  MigrationUndo,
  UnfinishedMigration,
} from '../host/contract';
import { host } from '../host/host';
import { attempt } from './attempt';

const NOTHING: MigrationRequest = {
  path: '',
  profile_id: null,
  include_remote: false,
  front_matter: false,
  allow_outside: false,
  to_folder: null,
  origin: 'window',
};

const IDLE: MigrationState = {
  is_running: false,
  progress: null,
  request: null,
  result: null,
  error: null,
  unfinished: [],
};

class MigrateModel {
  request = $state.raw<MigrationRequest>(NOTHING);
  /** The way back to files is meant, also while no folder is chosen yet. */
  isBack = $state(false);
  /** What would happen; nothing while it is not known. */
  plan = $state.raw<Migration | null>(null);
  planning = $state(false);
  /** Why nothing would happen. */
  refused = $state.raw<AppError | null>(null);
  undone = $state.raw<MigrationUndo | null>(null);
  #state = $state.raw<MigrationState>(IDLE);
  /** Only the answer to the last question counts. */
  #asked = 0;

  get isRunning(): boolean {
    return this.#state.is_running;
  }
  get progress(): MigrationProgress | null {
    return this.#state.progress;
  }
  get result(): Migration | null {
    return this.#state.result;
  }
  get failure(): MigrationState['error'] {
    return this.#state.error;
  }
  get unfinished(): UnfinishedMigration[] {
    return this.#state.unfinished;
  }
  /** What is shown: what was done, or else what would be. */
  get shown(): Migration | null {
    return this.result ?? this.plan;
  }
  get hasPath(): boolean {
    return this.request.path !== '';
  }

  /** The screen is shown, or the run ended. */
  async load(): Promise<void> {
    const state = await attempt(() => host().call('migrate_state', {}));
    if (!state) return;
    this.#state = state;
    const asked = state.request;
    if (asked && (state.is_running || state.result || state.error)) {
      this.request = asked;
      this.isBack = asked.to_folder !== null;
    }
  }

  apply(progress: MigrationProgress): void {
    if (this.#state.is_running) this.#state = { ...this.#state, progress };
  }

  async chooseFile(): Promise<void> {
    const path = await attempt(() => host().call('migrate_choose_file', {}));
    if (path) await this.open(path);
  }

  async chooseFolder(): Promise<void> {
    const path = await attempt(() => host().call('migrate_choose_folder', {}));
    if (path) await this.open(path);
  }

  /** Notes were chosen or dropped. */
  async open(path: string): Promise<void> {
    if (this.isRunning) return;
    await this.#forget();
    await this.set({ path });
  }

  /** Pictures come back into a folder, which is asked for. */
  async chooseTarget(): Promise<void> {
    const folder = await attempt(() => host().call('migrate_choose_target', {}));
    if (folder) await this.set({ to_folder: folder });
  }

  async turn(isBack: boolean): Promise<void> {
    this.isBack = isBack;
    await this.set({ to_folder: null });
  }

  async set(changes: Partial<MigrationRequest>): Promise<void> {
    this.request = { ...this.request, ...changes };
    await this.look();
  }

  /** Asks what would happen. Nothing is sent, fetched or written. */
  async look(): Promise<void> {
    const asked = ++this.#asked;
    this.plan = null;
    this.refused = null;
    const isComplete = this.hasPath && (!this.isBack || this.request.to_folder !== null);
    this.planning = isComplete;
    if (!isComplete) return;
    try {
      const plan = await host().call('migrate_plan', this.request);
      if (asked === this.#asked) this.plan = plan;
    } catch (thrown) {
      if (asked === this.#asked) this.refused = AppError.from(thrown);
    }
    if (asked === this.#asked) this.planning = false;
  }

  async start(): Promise<void> {
    this.undone = null;
    await attempt(() => host().call('migrate_start', this.request));
    await this.load();
  }

  async stop(): Promise<void> {
    await attempt(() => host().call('migrate_stop', {}));
  }

  /** Puts the files back as they were. */
  async undo(): Promise<void> {
    const undone = await attempt(() => host().call('migrate_undo', { path: this.request.path }));
    if (undone) this.undone = undone;
  }

  /** Back to the choice of notes. */
  async close(): Promise<void> {
    await this.#forget();
    this.request = { ...NOTHING, profile_id: this.request.profile_id };
    this.isBack = false;
    this.#asked += 1;
    await this.load();
  }

  async goOn(run: UnfinishedMigration): Promise<void> {
    await this.#forget();
    this.request = { ...run.request, origin: 'window' };
    this.isBack = run.request.to_folder !== null;
    await this.start();
  }

  async leave(run: UnfinishedMigration): Promise<void> {
    await attempt(() => host().call('migrate_leave', { id: run.id }));
    await this.load();
  }

  async #forget(): Promise<void> {
    this.plan = null;
    this.refused = null;
    this.undone = null;
    this.planning = false;
    await attempt(() => host().call('migrate_close', {}));
    this.#state = { ...this.#state, result: null, error: null, request: null };
  }

  reset(): void {
    this.request = NOTHING;
    this.isBack = false;
    this.plan = null;
    this.planning = false;
    this.refused = null;
    this.undone = null;
    this.#state = IDLE;
    this.#asked += 1;
  }
}

export const migrate = new MigrateModel();
