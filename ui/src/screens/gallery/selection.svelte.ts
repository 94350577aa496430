/** Which pictures are selected, in the order they were; or all that match the filter, minus some. */

/** A selection that keeps its order and stays cheap for 100,000 pictures. */
export class Selection {
  /** Ids in the order they were selected; meaningless while `all` is on. */
  ids = $state.raw<readonly number[]>([]);
  /** Everything the filter shows, but for the exceptions. */
  all = $state(false);
  #chosen = $state.raw<ReadonlySet<number>>(new Set());
  #except = $state.raw<ReadonlySet<number>>(new Set());

  has(id: number): boolean {
    return this.all ? !this.#except.has(id) : this.#chosen.has(id);
  }

  /** How many, when the filter shows that many. */
  count(total: number): number {
    return this.all ? Math.max(0, total - this.#except.size) : this.ids.length;
  }

  isEmpty(): boolean {
    return !this.all && this.ids.length === 0;
  }

  /** Selects exactly these, in this order. */
  set(ids: readonly number[]): void {
    this.all = false;
    this.#except = new Set();
    this.#chosen = new Set(ids);
    this.ids = [...this.#chosen];
  }

  toggle(id: number): void {
    if (this.all) {
      const except = new Set(this.#except);
      if (!except.delete(id)) except.add(id);
      this.#except = except;
      return;
    }
    this.set(this.#chosen.has(id) ? this.ids.filter((one) => one !== id) : [...this.ids, id]);
  }

  /** Adds what is not selected yet, at the end. */
  add(ids: readonly number[]): void {
    if (this.all) {
      const except = new Set(this.#except);
      for (const id of ids) except.delete(id);
      this.#except = except;
      return;
    }
    this.set([...this.ids, ...ids]);
  }

  selectAll(): void {
    this.set([]);
    this.all = true;
  }

  clear(): void {
    this.set([]);
  }

  /** Forgets pictures that are gone. */
  remove(ids: ReadonlySet<number>): void {
    if (this.all) {
      this.#except = new Set([...this.#except].filter((id) => !ids.has(id)));
    } else if (this.ids.some((id) => ids.has(id))) {
      this.set(this.ids.filter((id) => !ids.has(id)));
    }
  }

  /** Keeps of a full list of ids those that are selected. */
  pick<T extends { readonly id: number }>(rows: readonly T[]): T[] {
    return rows.filter((row) => this.has(row.id));
  }
}
