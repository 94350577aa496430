/** What the engine last said about itself: settings, hosts, notices. Snapshots, never edited in place. */

import { AppError } from '../errors/app_error';
import type {
  AppState,
  DesktopState,
  HotkeyName,
  HotkeyState,
  Notice,
  Offer,
  Profile,
  SecretStoreKind,
  Settings,
  SettingsPatch,
} from '../host/contract';
import { host } from '../host/host';
import { applyAppearance, applyPlatform } from './appearance';
import { emptyAppState } from './defaults';
import { eventGate } from './event_gate';
import { takeFirstState } from './first_state';
import { jobs } from './jobs.svelte';
import { applyLanguage } from './locale.svelte';

type Phase = 'starting' | 'ready' | 'failed';

class AppModel {
  #state = $state.raw<AppState>(emptyAppState('linux'));
  phase = $state<Phase>('starting');
  /** Why the engine cannot work; shown on the whole window. */
  failure = $state.raw<AppError | null>(null);
  /** Failures of what the person just did, newest first; shown as a notice until hidden. */
  failures = $state.raw<AppError[]>([]);
  /** Grows whenever the history changed: pages that are shown read it and load again. */
  historyVersion = $state(0);

  get version(): string {
    return this.#state.version;
  }
  get platform(): AppState['platform'] {
    return this.#state.platform;
  }
  get settings(): Settings {
    return this.#state.settings;
  }
  get providers(): AppState['providers'] {
    return this.#state.providers;
  }
  get commonFields(): AppState['common_fields'] {
    return this.#state.common_fields;
  }
  get secretStore(): SecretStoreKind {
    return this.#state.secret_store;
  }
  get notices(): Notice[] {
    return this.#state.notices;
  }
  /** Uploads that others asked for, oldest first. */
  get offers(): Offer[] {
    return this.#state.offers;
  }
  get localStore(): AppState['local_store'] {
    return this.#state.local_store;
  }
  get desktop(): DesktopState {
    return this.#state.desktop;
  }
  get totalUploads(): number {
    return this.#state.total_uploads;
  }
  get profiles(): Profile[] {
    return this.#state.settings.profiles;
  }
  /** Where uploads go unless they name another place. */
  get defaultProfile(): Profile | undefined {
    const { profiles, default_profile } = this.#state.settings;
    return profiles.find((profile) => profile.id === default_profile) ?? profiles[0];
  }

  profile(id: string): Profile | undefined {
    return this.profiles.find((profile) => profile.id === id);
  }

  /** Asks for everything, at the start and whenever much may have changed. */
  load(): Promise<void> {
    return eventGate.during(() => this.#load());
  }

  async #load(): Promise<void> {
    try {
      this.#take(await (takeFirstState() ?? host().call('app_state', {})));
      this.phase = 'ready';
      this.failure = null;
    } catch (thrown) {
      this.failure = AppError.from(thrown);
      this.phase = 'failed';
      this.#assume(host().platform);
    }
  }

  /** Without an engine only the system is known; the window still needs its words and its buttons. */
  #assume(platform: AppState['platform']): void {
    const guess = emptyAppState(platform);
    guess.desktop.has_window_buttons = platform !== 'macos' && !host().isBridge;
    this.#state = guess;
    applyLanguage('system');
    applyPlatform(platform);
  }

  #take(state: AppState): void {
    this.#state = state;
    jobs.replaceAll(state.jobs);
    applyLanguage(state.settings.language);
    applyAppearance(state.settings.appearance);
    applyPlatform(state.platform);
  }

  /** Changes settings by a deep merge; `null` removes a key. Throws what the engine answers. */
  async changeSettings(patch: SettingsPatch): Promise<void> {
    this.#setSettings(await host().call('settings_change', { patch }));
  }

  /** Sets what editors have to show, or with `null` nothing. Throws what the engine answers. */
  async setServerToken(token: string | null): Promise<void> {
    this.#setSettings(await host().call('server_token_set', { token }));
  }

  #setSettings(settings: Settings): void {
    this.#state = { ...this.#state, settings };
    applyLanguage(settings.language);
    applyAppearance(settings.appearance);
  }

  setOffers(offers: Offer[]): void {
    this.#state = { ...this.#state, offers };
  }

  setDesktop(desktop: DesktopState): void {
    this.#state = { ...this.#state, desktop };
  }

  setHotkey(name: HotkeyName, state: HotkeyState): void {
    const key = name === 'upload_clipboard' ? 'hotkey' : 'drop_window_hotkey';
    this.#state = { ...this.#state, desktop: { ...this.#state.desktop, [key]: state } };
  }

  setSecretStore(secret_store: SecretStoreKind): void {
    this.#state = { ...this.#state, secret_store };
  }

  addNotice(notice: Notice): void {
    const others = this.#state.notices.filter((other) => other.topic !== notice.topic);
    this.#state = { ...this.#state, notices: [notice, ...others] };
  }

  async dismissNotice(topic: string): Promise<void> {
    const notices = this.#state.notices.filter((notice) => notice.topic !== topic);
    this.#state = { ...this.#state, notices };
    await host().call('notice_dismiss', { topic });
  }

  addFailure(error: AppError): void {
    const others = this.failures.filter((other) => other.failure.code !== error.failure.code);
    this.failures = [error, ...others].slice(0, 5);
  }

  dismissFailure(error: AppError): void {
    this.failures = this.failures.filter((other) => other !== error);
  }
}

export const app = new AppModel();
