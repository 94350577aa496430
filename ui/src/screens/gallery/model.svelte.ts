/** The gallery's state: what is filtered, shown, selected and under way. Components only draw it. */

import { untrack } from 'svelte';
import type { DayCount, HistoryFilter, Upload } from '../../host/contract';
import { host } from '../../host/host';
import { attempt } from '../../state/attempt';
import { type GalleryFilter, isFiltered, NO_FILTER, toHistoryFilter } from './filters';
import { ratioOf } from './justify';
import type { GridAction } from './keys';
import { Layout } from './layout';
import { type HistorySource, Pager, unchangedDays } from './pager.svelte';
import { Selection } from './selection.svelte';
import { type Target, targetOf, walk } from './walk';

/** The history behind the window's commands. */
export const engineHistory: HistorySource = {
  page: (filter, after, limit) => host().call('history_page', { filter, after, limit }),
  days: (filter) => host().call('history_days', { filter }),
};

/** The scrolled element, as far as the model needs it. */
export interface Viewport {
  /** Runs a change of the layout so that what is on the screen stays where it is. */
  keepPlace(change: () => void, from: Layout, indexNow?: (before: number) => number): void;
  /** Scrolls until the picture is seen. */
  reveal(index: number): void;
  scrollToTop(): void;
  readonly height: number;
}

export class GalleryModel {
  filter = $state.raw<GalleryFilter>(NO_FILTER);
  layout = $state.raw(new Layout([], 600));
  /** Grows when the layout moved. */
  moves = $state(0);
  /** The library index with the keyboard focus; -1 for none. */
  active = $state(-1);
  preview = $state(false);
  /** Years the library has, for the date filter. */
  years = $state.raw<readonly string[]>([]);
  readonly selection = new Selection();
  readonly pager: Pager;
  viewport: Viewport | null = null;

  readonly #source: HistorySource;
  #question: HistoryFilter;
  #anchor = -1;
  #activeId: number | null = null;
  /** The next answer of the pager belongs to another filter, not to the same one read again. */
  #width = 600;

  constructor(source: HistorySource = engineHistory) {
    this.#source = source;
    this.#question = toHistoryFilter(NO_FILTER, new Date());
    this.pager = new Pager(source, {
      daysChanged: (days, refreshed) => this.#relayout(days, refreshed),
      rowsLoaded: (first, rows) => this.#learn(first, rows),
    });
  }

  get isFiltered(): boolean {
    return isFiltered(this.filter);
  }

  get question(): HistoryFilter {
    return this.#question;
  }

  get source(): HistorySource {
    return this.#source;
  }

  /** How many pictures are selected. */
  get selected(): number {
    return this.selection.count(this.pager.total);
  }

  /** Shows what matches another filter, from its newest picture. */
  async setFilter(filter: GalleryFilter): Promise<void> {
    this.filter = filter;
    this.#question = toHistoryFilter(filter, new Date());
    this.selection.clear();
    this.#setActive(-1);
    this.#anchor = -1;
    await this.pager.open(this.#question);
    this.viewport?.scrollToTop();
  }

  /** Something came, went or changed. */
  async refresh(): Promise<void> {
    await this.pager.refresh();
  }

  setWidth(width: number): void {
    if (width <= 0 || width === this.#width) return;
    this.#width = width;
    this.#keepPlace(() => this.layout.setWidth(width));
  }

  row(index: number): Upload | undefined {
    return this.pager.row(index);
  }

  /** A press of the mouse on a picture. */
  async press(index: number, keys: { ctrl: boolean; shift: boolean }): Promise<void> {
    const row = this.row(index);
    if (!row) return;
    if (keys.shift && this.#anchor >= 0) {
      this.#setActive(index);
      await this.#selectRange(index, keys.ctrl);
      return;
    }
    this.#setActive(index);
    this.#anchor = index;
    if (keys.ctrl) this.selection.toggle(row.id);
    else this.selection.set([row.id]);
  }

  /** Moves the focus. Without keys the selection goes with it; Shift extends it; Ctrl leaves it. */
  async move(action: Extract<GridAction, { kind: 'move' }>): Promise<void> {
    if (this.pager.total === 0) return;
    const to = this.#goal(action.by);
    this.viewport?.reveal(to);
    this.#setActive(to);
    if (action.extend) {
      if (this.#anchor < 0) this.#anchor = to;
      await this.#selectRange(to, false);
      return;
    }
    if (action.keep) return;
    this.#anchor = to;
    const [row] = await this.pager.range(to, to + 1);
    if (row && this.active === to) {
      this.#activeId = row.id;
      this.selection.set([row.id]);
    }
  }

  /** Adds the picture with the focus to the selection, or takes it out. */
  toggleActive(): void {
    const row = this.row(this.active);
    if (!row) return;
    this.#anchor = this.active;
    this.selection.toggle(row.id);
  }

  selectAll(): void {
    if (this.pager.total > 0) this.selection.selectAll();
  }

  /** Everything selected, with what is needed to act on it; `null` when it was stopped or failed. */
  async targets(signal: AbortSignal, onProgress: (count: number) => void): Promise<Target[] | null> {
    if (this.selection.all) {
      const found = await attempt(() => walk(this.#source, this.#question, signal, onProgress));
      return found ? this.selection.pick(found) : null;
    }
    const held = new Map(this.selection.ids.map((id) => [id, this.#held(id)]));
    const missing = this.selection.ids.filter((id) => !held.get(id));
    if (missing.length > 0) {
      const rows = await attempt(() => host().call('history_get', { ids: missing }));
      for (const row of rows ?? []) held.set(row.id, row);
    }
    return this.selection.ids.flatMap((id) => {
      const row = held.get(id);
      return row ? [targetOf(row)] : [];
    });
  }

  /** The ids of the selection, in its order. */
  async selectedIds(): Promise<number[]> {
    if (!this.selection.all) return [...this.selection.ids];
    const targets = await this.targets(new AbortController().signal, () => {});
    return (targets ?? []).map((target) => target.id);
  }

  #held(id: number): Upload | undefined {
    const index = this.pager.indexOf(id);
    return index < 0 ? undefined : this.row(index);
  }

  #goal(by: Extract<GridAction, { kind: 'move' }>['by']): number {
    const last = this.pager.total - 1;
    const at = this.active < 0 ? -1 : Math.min(this.active, last);
    if (at < 0) return by === 'end' ? last : 0;
    const page = this.viewport?.height ?? 600;
    switch (by) {
      case 'left':
        return Math.max(0, at - 1);
      case 'right':
        return Math.min(last, at + 1);
      case 'up':
        return this.layout.neighbour(at, -1);
      case 'down':
        return this.layout.neighbour(at, 1);
      case 'page_up':
        return this.layout.pageMove(at, page, -1);
      case 'page_down':
        return this.layout.pageMove(at, page, 1);
      case 'home':
        return 0;
      case 'end':
        return last;
    }
  }

  /** Selects from the anchor to an index, in that direction: links are copied in this order. */
  async #selectRange(to: number, add: boolean): Promise<void> {
    const from = this.#anchor;
    const first = Math.min(from, to);
    const end = Math.max(from, to) + 1;
    const rows = (await attempt(() => this.pager.range(first, end))) ?? [];
    if (this.active !== to) return;
    const ids = rows.map((row) => row.id);
    if (from > to) ids.reverse();
    if (add) this.selection.add(ids);
    else this.selection.set(ids);
  }

  #setActive(index: number): void {
    this.active = index;
    this.#activeId = index < 0 ? null : (this.row(index)?.id ?? null);
  }

  #learn(first: number, rows: readonly Upload[]): void {
    if (this.active >= first && this.active < first + rows.length) {
      this.#activeId = rows[this.active - first]?.id ?? this.#activeId;
    }
    const ratios = rows.map((row) => ratioOf(row.width, row.height));
    this.#keepPlace(() => this.layout.setRatios(first, ratios));
  }

  #relayout(days: readonly DayCount[], refreshed: boolean): void {
    const old = this.layout;
    const next = new Layout(days, this.#width);
    if (!refreshed) {
      this.layout = next;
      this.moves += 1;
      this.#noteYears(days);
      return;
    }
    const places = unchangedDays(old.days as readonly DayCount[], days);
    next.adopt(old, (position) => places[position] ?? null);
    const change = () => {
      this.layout = next;
      this.moves += 1;
    };
    if (this.viewport) this.viewport.keepPlace(change, old, (index) => sameIndex(old, next, index));
    else change();
    this.#noteYears(days);
    const index = this.#activeId === null ? -1 : this.pager.indexOf(this.#activeId);
    this.active = index >= 0 ? index : Math.min(this.active, this.pager.total - 1);
  }

  #keepPlace(change: () => boolean): void {
    const layout = this.layout;
    const run = () => {
      if (change()) this.moves += 1;
    };
    if (this.viewport) this.viewport.keepPlace(run, layout);
    else run();
  }

  /** Without a date filter the days tell every year there is. */
  #noteYears(days: readonly DayCount[]): void {
    const years = new Set([...untrack(() => this.years), ...days.map((day) => day.day.slice(0, 4))]);
    this.years = [...years].sort().reverse();
  }
}

/** Where a picture of the old layout is in the new one, as well as day and number can tell. */
export function sameIndex(old: Layout, next: Layout, index: number): number {
  const position = old.dayOfIndex(index);
  const day = old.days[position];
  if (!day) return 0;
  // Days run newest first: the first one that is not newer.
  const found = next.days.findIndex((one) => one.day <= day.day);
  if (found < 0) return Math.max(0, next.total - 1);
  const now = next.days[found];
  if (!now || now.day !== day.day) return next.firstOfDay(found);
  // What came to the day came to its beginning.
  const offset = index - old.firstOfDay(position) + now.count - day.count;
  return next.firstOfDay(found) + Math.max(0, Math.min(now.count - 1, offset));
}
