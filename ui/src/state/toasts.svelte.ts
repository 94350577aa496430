/** Short words at the bottom that go away by themselves. Never for a failure that needs the person. */

export type ToastAction = { label: string; run: () => void; keys?: string };
export type ToastTone = 'plain' | 'ok' | 'warn' | 'fail';
export type Toast = { id: number; text: string; tone: ToastTone; action?: ToastAction };

const LIFE_MILLIS = 6000;
const MOST_AT_ONCE = 3;

class ToastsModel {
  list = $state.raw<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(text: string, options: { tone?: ToastTone; action?: ToastAction } = {}): number {
    const id = this.#next++;
    const toast: Toast = {
      id,
      text,
      tone: options.tone ?? 'plain',
      ...(options.action ? { action: options.action } : {}),
    };
    for (const old of this.list.slice(0, Math.max(0, this.list.length - MOST_AT_ONCE + 1)))
      this.dismiss(old.id);
    this.list = [...this.list, toast];
    this.resume(id);
    return id;
  }

  /** Hovered or focused: it stays. */
  pause(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.pause(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), LIFE_MILLIS),
    );
  }

  dismiss(id: number): void {
    this.pause(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  /** Runs the newest action with these keys, such as Undo. Whether there was one. */
  runKeys(keys: string): boolean {
    const toast = this.list.findLast((candidate) => candidate.action?.keys === keys);
    if (!toast?.action) return false;
    this.dismiss(toast.id);
    toast.action.run();
    return true;
  }
}

export const toasts = new ToastsModel();
