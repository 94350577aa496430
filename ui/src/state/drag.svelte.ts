/** Files hovering over the window: which berth is meant, and what happens when they are let go. */

export type Drop = { x: number; y: number; paths: string[] };

class DragModel {
  active = $state(false);
  count = $state(0);
  x = $state(0);
  y = $state(0);
  /** A berth chosen by its key; the pointer over another berth takes it back. */
  chosen = $state<string | null>(null);
  /** Esc was pressed: letting go does nothing. */
  refused = $state(false);
  /** The overlay sets it: it knows the berths. */
  onDrop: ((drop: Drop) => void) | null = null;

  hover(x: number, y: number, count: number): void {
    if (this.refused) return;
    if (Math.abs(x - this.x) + Math.abs(y - this.y) > 8) this.chosen = null;
    this.active = true;
    this.x = x;
    this.y = y;
    if (count > 0) this.count = count;
  }

  leave(): void {
    this.active = false;
    this.refused = false;
    this.chosen = null;
    this.count = 0;
  }

  refuse(): void {
    this.active = false;
    this.refused = true;
  }

  dropped(x: number, y: number, paths: string[]): void {
    const refused = this.refused;
    this.x = x;
    this.y = y;
    if (!refused && paths.length > 0) this.onDrop?.({ x, y, paths });
    this.leave();
  }
}

export const drag = new DragModel();
