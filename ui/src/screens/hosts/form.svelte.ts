/** The form of one profile: what was typed, what the engine says of it, and what is not saved yet. */

import { AppError } from '../../errors/app_error';
import type {
  Failure,
  FieldSpec,
  NamePreview,
  Preset,
  Profile,
  ProfileDraft,
  ProviderDefinition,
  Repair,
  TestReport,
} from '../../host/contract';
import { host } from '../../host/host';
import { app } from '../../state/app.svelte';
import { attempt } from '../../state/attempt';
import { changedKeys, draftOf, fieldsOf, sectionsOf, valueIn, withSecret, withValue } from './draft';
import { lastTests } from './tests.svelte';

const PREVIEW_DELAY = 200;

/** A repair with what the field held before it, so that it can be undone. */
export interface RepairNote extends Repair {
  readonly before: string;
}

export class ProfileForm {
  /** As the engine has it; for a new profile, as the preset made it. */
  saved = $state.raw<ProfileDraft>({ name: '', host: '', preset: '', fields: {}, secrets: {} });
  draft = $state.raw<ProfileDraft>({ name: '', host: '', preset: '', fields: {}, secrets: {} });
  /** The secret fields that have a value in the keychain. */
  stored = $state.raw<readonly string[]>([]);
  /** By field; `name` for the name. */
  errors = $state.raw<Record<string, Failure>>({});
  /** What went wrong with no field to blame. */
  problem = $state.raw<Failure | null>(null);
  repairs = $state.raw<readonly RepairNote[]>([]);
  previews = $state.raw<readonly NamePreview[]>([]);
  report = $state.raw<TestReport | null>(null);
  testing = $state(false);
  saving = $state(false);

  readonly provider: ProviderDefinition | undefined;
  readonly preset: Preset | undefined;
  readonly fields: readonly FieldSpec[];
  readonly changed = $derived(changedKeys(this.saved, this.draft));
  readonly sections = $derived.by(() => sectionsOf(this.fields, this.draft));

  readonly #touched = new Set<string>();
  readonly #settled = new Map<string, string>();
  #previewTimer: ReturnType<typeof setTimeout> | undefined;
  #previewNumber = 0;

  constructor(draft: ProfileDraft, stored: readonly string[] = []) {
    this.provider = app.providers.find((provider) => provider.id === draft.host);
    this.preset = this.provider?.presets.find((preset) => preset.id === draft.preset);
    this.fields = fieldsOf(this.provider, this.preset, app.commonFields);
    this.saved = draft;
    this.draft = draft;
    this.stored = stored;
    this.report = draft.id ? (lastTests.get(draft.id) ?? null) : null;
    void this.#preview();
  }

  static of(profile: Profile): ProfileForm {
    return new ProfileForm(draftOf(profile), profile.secrets);
  }

  get isNew(): boolean {
    return !this.saved.id;
  }

  /** The connection of the built-in store belongs to the program. */
  isReadOnly(spec: FieldSpec): boolean {
    return this.draft.preset === 'local' && spec.section === 'connection';
  }

  value(spec: FieldSpec): string {
    return valueIn(this.draft, spec);
  }

  spec(key: string): FieldSpec | undefined {
    return this.fields.find((spec) => spec.key === key);
  }

  /** The engine has another state of this profile. What is being edited stays. */
  adopt(profile: Profile): void {
    const before = this.saved;
    const untouched = this.changed.length === 0;
    this.saved = draftOf(profile);
    this.stored = profile.secrets;
    if (untouched) this.draft = this.saved;
    else if (this.draft.id === undefined) this.draft = { ...this.draft, id: profile.id };
    if (JSON.stringify(before.fields) !== JSON.stringify(profile.fields)) void this.#preview();
  }

  setName(name: string): void {
    this.draft = { ...this.draft, name };
    this.#forgive('name');
  }

  set(spec: FieldSpec, value: string): void {
    this.draft = withValue(this.draft, spec, value);
    this.#forgive(spec.key);
    this.#previewSoon();
  }

  setSecret(key: string, secret: string | null | undefined): void {
    this.draft = withSecret(this.draft, key, secret);
    this.#forgive(key);
  }

  revert(): void {
    this.draft = this.saved;
    this.errors = {};
    this.problem = null;
    this.repairs = [];
    this.#touched.clear();
    this.#settled.clear();
    void this.#preview();
  }

  /** A field was left: its value is repaired where that is safe, then checked. */
  async settle(key: string): Promise<void> {
    const value = this.#textOf(key);
    if (this.#settled.get(key) === value || (!this.#touched.has(key) && value === this.#savedText(key)))
      return;
    this.#touched.add(key);
    this.#settled.set(key, value);
    const asked = this.draft;
    const answer = await attempt(() => host().call('profile_repair', { draft: asked }));
    if (answer && this.draft === asked) this.#take(answer.draft, answer.repairs);
    await this.#check(this.#touched);
  }

  /** Puts back what a field held before it was repaired. */
  undoRepair(field: string): void {
    const note = this.repairs.find((one) => one.field === field);
    if (!note) return;
    this.repairs = this.repairs.filter((one) => one.field !== field);
    const spec = this.spec(field);
    if (spec?.kind === 'secret') this.setSecret(field, note.before);
    else if (spec) this.set(spec, note.before);
    // It was put back on purpose: leaving the field again does not repair it again.
    this.#settled.set(field, note.before);
  }

  /** Takes a value that the host's answers proved right. */
  correct(key: string, value: string): void {
    const spec = this.spec(key);
    if (spec) this.set(spec, value);
    else this.draft = { ...this.draft, fields: { ...this.draft.fields, [key]: value } };
  }

  /** Turns a switch: takes effect at once where the profile exists, whatever else is being edited. */
  async toggle(spec: FieldSpec, on: boolean): Promise<void> {
    const value = on ? 'true' : 'false';
    if (this.isNew) {
      this.set(spec, value);
      return;
    }
    try {
      const stored = { ...withValue(this.saved, spec, value), secrets: {} };
      const profile = await host().call('profile_save', { draft: stored });
      this.draft = withValue(this.draft, spec, value);
      this.saved = draftOf(profile);
      this.#forgive(spec.key);
    } catch (thrown) {
      this.#blame([AppError.from(thrown).failure], spec.key);
    }
  }

  /** Checks and saves. The stored profile, or `null` when something is wrong with it. */
  async save(): Promise<Profile | null> {
    this.saving = true;
    this.problem = null;
    try {
      const repaired = await host().call('profile_repair', { draft: this.draft });
      this.#take(repaired.draft, repaired.repairs);
      const wrong = await host().call('profile_check', { draft: this.draft });
      if (wrong.length > 0) {
        this.#blame(wrong, null);
        return null;
      }
      const profile = await host().call('profile_save', { draft: this.draft });
      this.errors = {};
      this.repairs = [];
      this.#touched.clear();
      this.#settled.clear();
      this.saved = draftOf(profile);
      this.draft = this.saved;
      this.stored = profile.secrets;
      if (this.report) lastTests.set(profile.id, this.report);
      return profile;
    } catch (thrown) {
      this.#blame([AppError.from(thrown).failure], null);
      return null;
    } finally {
      this.saving = false;
    }
  }

  /** Puts, reads and deletes a probe with what stands in the form now. */
  async test(): Promise<void> {
    this.testing = true;
    this.problem = null;
    try {
      const repaired = await host().call('profile_repair', { draft: this.draft });
      this.#take(repaired.draft, repaired.repairs);
      const report = await host().call('profile_test', { draft: this.draft });
      this.report = report;
      if (this.draft.id) lastTests.set(this.draft.id, report);
    } catch (thrown) {
      this.report = null;
      this.#blame([AppError.from(thrown).failure], null);
    } finally {
      this.testing = false;
    }
  }

  /** The first field with an error, in the order of the form. */
  get firstError(): string | undefined {
    if (this.errors['name']) return 'name';
    return this.fields.find((spec) => this.errors[spec.key])?.key;
  }

  #take(draft: ProfileDraft, repairs: readonly Repair[]): void {
    if (repairs.length === 0) return;
    const notes = repairs.map((repair) => ({ ...repair, before: this.#textOf(repair.field) }));
    const fields = new Set(notes.map((note) => note.field));
    this.repairs = [...this.repairs.filter((note) => !fields.has(note.field)), ...notes];
    // Secrets go one way: the answer holds none, so what was typed stays; saving trims it once more.
    this.draft = { ...draft, secrets: { ...draft.secrets, ...this.draft.secrets } };
    for (const field of fields) this.#settled.set(field, this.#textOf(field));
    this.#previewSoon();
  }

  async #check(keys: ReadonlySet<string>): Promise<void> {
    const asked = this.draft;
    const wrong = await attempt(() => host().call('profile_check', { draft: asked }));
    if (!wrong || this.draft !== asked) return;
    const known = wrong.filter((error) => error.field !== undefined && keys.has(error.field));
    this.errors = Object.fromEntries(known.map((error) => [error.field ?? '', error]));
  }

  /** Puts errors beside their fields; one that names none goes to `field`, or to the top. */
  #blame(failures: readonly Failure[], field: string | null): void {
    const errors: Record<string, Failure> = {};
    for (const failure of failures) {
      const key = this.#fieldOf(failure) ?? field;
      if (key === null) this.problem = failure;
      else errors[key] ??= failure;
    }
    this.errors = { ...this.errors, ...errors };
    for (const key of Object.keys(errors)) this.#touched.add(key);
  }

  #fieldOf(failure: Failure): string | null {
    if (failure.code === 'profile_exists') return 'name';
    const key = failure.field;
    return key !== undefined && (key === 'name' || this.spec(key)) ? key : null;
  }

  #forgive(key: string): void {
    this.problem = null;
    if (!this.errors[key]) return;
    const { [key]: _gone, ...rest } = this.errors;
    this.errors = rest;
  }

  #textOf(key: string): string {
    if (key === 'name') return this.draft.name;
    const spec = this.spec(key);
    if (spec?.kind === 'secret') return this.draft.secrets[key] ?? '';
    return spec ? valueIn(this.draft, spec) : (this.draft.fields[key] ?? '');
  }

  #savedText(key: string): string {
    if (key === 'name') return this.saved.name;
    const spec = this.spec(key);
    return spec && spec.kind !== 'secret' ? valueIn(this.saved, spec) : '';
  }

  #previewSoon(): void {
    clearTimeout(this.#previewTimer);
    this.#previewTimer = setTimeout(() => void this.#preview(), PREVIEW_DELAY);
  }

  /** Shows what the template makes; a template with a mistake is told beside its field. */
  async #preview(): Promise<void> {
    this.#previewNumber += 1;
    const number = this.#previewNumber;
    try {
      const previews = await host().call('names_preview', { draft: this.draft });
      if (number === this.#previewNumber) this.previews = previews ?? [];
    } catch (thrown) {
      if (number !== this.#previewNumber) return;
      this.previews = [];
      const failure = AppError.from(thrown).failure;
      if (failure.code === 'invalid_template') this.errors = { ...this.errors, key_template: failure };
    }
  }
}
