/** The pictures that are tried on the compress screen. The engine makes and keeps them; this asks and shows. */

import { AppError } from '../errors/app_error';
import type { CompressPicture, FieldSpec, Profile } from '../host/contract';
import { host } from '../host/host';
import { m } from '../paraglide/messages';
import { app } from './app.svelte';
import { attempt, showFailure } from './attempt';
import { base64 } from './base64';
import { toasts } from './toasts.svelte';

/** Dragging a slider asks once it rests. */
const TRY_DELAY = 250;

export type ImageFields = Record<string, string>;

class CompressModel {
  pictures = $state.raw<readonly CompressPicture[]>([]);
  currentId = $state<string | null>(null);
  /** The options, as a profile's fields have them; absent means the default. */
  fields = $state.raw<ImageFields>({});
  /** Whose options they were, and whose they become. */
  profileId = $state<string | null>(null);
  /** An option that cannot be read, told beside its control. */
  refused = $state.raw<AppError | null>(null);
  saving = $state(false);
  /** How much of the view is the original, in percent. */
  cut = $state(46);

  /** What came by an event before the list named it. */
  readonly #early = new Map<string, CompressPicture>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  readonly current = $derived(this.pictures.find((picture) => picture.id === this.currentId) ?? null);

  /** The fields about pictures, as the engine describes them. */
  get specs(): FieldSpec[] {
    return app.commonFields.filter((spec) => spec.section === 'images');
  }

  get profile(): Profile | undefined {
    return (this.profileId ? app.profile(this.profileId) : undefined) ?? app.defaultProfile;
  }

  value(key: string): string {
    return this.fields[key] ?? this.specs.find((spec) => spec.key === key)?.default ?? '';
  }

  /** Begins with the options of a profile, or with others that are not saved yet. */
  begin(profile: Profile | undefined, fields?: ImageFields): void {
    const keys = new Set(this.specs.map((spec) => spec.key));
    const given = Object.entries(fields ?? (profile?.fields as ImageFields | undefined) ?? {});
    this.fields = Object.fromEntries(given.filter(([key]) => keys.has(key)));
    this.profileId = profile?.id ?? null;
  }

  /** The screen is shown: what the engine still has is there again. */
  async enter(): Promise<void> {
    const pictures = await attempt(() => host().call('compress_list', {}));
    if (pictures) this.#take(pictures);
    this.tryNow();
  }

  /** The screen is left: nothing more is made. */
  leave(): void {
    clearTimeout(this.#timer);
    void attempt(() => host().call('compress_stop', {}));
  }

  set(changes: ImageFields, soon = false): void {
    const fields = { ...this.fields };
    for (const [key, value] of Object.entries(changes)) {
      if (value === (this.specs.find((spec) => spec.key === key)?.default ?? '')) delete fields[key];
      else fields[key] = value;
    }
    this.fields = fields;
    clearTimeout(this.#timer);
    if (soon) this.#timer = setTimeout(() => this.tryNow(), TRY_DELAY);
    else this.tryNow();
  }

  select(id: string): void {
    if (id === this.currentId) return;
    this.currentId = id;
    this.tryNow();
  }

  tryNow(): void {
    const picture = this.currentId;
    if (!picture) return;
    this.refused = null;
    host()
      .call('compress_try', { picture, fields: this.fields })
      .catch((thrown) => {
        const error = AppError.from(thrown);
        if (error.failure.field) this.refused = error;
        else void showFailure(error);
      });
  }

  openPaths(paths: string[]): Promise<void> {
    return this.#open(() => host().call('compress_open', { paths }));
  }

  openUploads(uploads: number[]): Promise<void> {
    return this.#open(() => host().call('compress_open', { uploads }));
  }

  openFiles(files: File[]): Promise<void> {
    return this.#open(async () => {
      const parts = await Promise.all(
        files.map(async (file) => ({ name: file.name, base64: base64(await file.arrayBuffer()) })),
      );
      return host().call('compress_open', { files: parts });
    });
  }

  choose(): Promise<void> {
    return this.#open(() => host().call('compress_choose', {}));
  }

  paste(): Promise<void> {
    return this.#open(() => host().call('compress_clipboard', {}));
  }

  async #open(work: () => Promise<CompressPicture[]>): Promise<void> {
    const before = new Set(this.pictures.map((picture) => picture.id));
    const pictures = await attempt(work);
    if (!pictures) return;
    this.#take(pictures);
    const first = this.pictures.find((picture) => !before.has(picture.id));
    if (!first) return;
    this.currentId = first.id;
    this.tryNow();
  }

  async remove(id: string): Promise<void> {
    const at = this.pictures.findIndex((picture) => picture.id === id);
    const pictures = await attempt(() => host().call('compress_remove', { picture: id }));
    if (!pictures) return;
    const wasCurrent = this.currentId === id;
    this.#take(pictures);
    if (!wasCurrent) return;
    this.currentId = (this.pictures[at] ?? this.pictures.at(-1))?.id ?? null;
    if (this.currentId) this.tryNow();
    else void attempt(() => host().call('compress_close', {}));
  }

  /** A picture changed; one that the list does not name yet waits for it. */
  apply(picture: CompressPicture): void {
    const at = this.pictures.findIndex((one) => one.id === picture.id);
    if (at < 0) this.#early.set(picture.id, picture);
    else this.pictures = this.pictures.with(at, picture);
  }

  #take(list: readonly CompressPicture[]): void {
    const known = new Map(this.pictures.map((picture) => [picture.id, picture]));
    // Events are newer than the answer they overtook.
    this.pictures = list.map((one) => this.#early.get(one.id) ?? known.get(one.id) ?? one);
    this.#early.clear();
    if (!this.pictures.some((picture) => picture.id === this.currentId))
      this.currentId = this.pictures[0]?.id ?? null;
  }

  async useForProfile(name: string): Promise<void> {
    const profile = this.profile;
    if (!profile) return;
    const saved = await attempt(() =>
      host().call('compress_use', { profile_id: profile.id, fields: this.fields }),
    );
    if (saved) toasts.show(m.compress_used({ name }), { tone: 'ok' });
  }

  async save(): Promise<void> {
    this.saving = true;
    const report = await attempt(() => host().call('compress_save', { fields: this.fields }));
    this.saving = false;
    if (!report) return;
    for (const failed of report.failed) void showFailure(new AppError(failed.error));
    if (report.saved > 0)
      toasts.show(m.compress_saved({ count: report.saved, folder: report.folder }), { tone: 'ok' });
  }

  reset(): void {
    clearTimeout(this.#timer);
    this.pictures = [];
    this.currentId = null;
    this.fields = {};
    this.profileId = null;
    this.refused = null;
    this.saving = false;
    this.cut = 46;
    this.#early.clear();
  }
}

export const compress = new CompressModel();
