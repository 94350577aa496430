/** Holds events back while a snapshot of everything is on its way: an older snapshot must not undo newer events. */

import type { EngineEvent } from '../host/contract';

type Apply = (event: EngineEvent) => void;

class EventGate {
  #snapshots = 0;
  #held: [EngineEvent, Apply][] = [];

  /** Applies an event now, or after the snapshots under way. */
  pass(event: EngineEvent, apply: Apply): void {
    if (this.#snapshots > 0) this.#held.push([event, apply]);
    else apply(event);
  }

  /** Asks for a snapshot and shows it; what happened meanwhile is applied after it, in its order. */
  async during(snapshot: () => Promise<void>): Promise<void> {
    this.#snapshots += 1;
    try {
      await snapshot();
    } finally {
      this.#snapshots -= 1;
      if (this.#snapshots === 0) for (const [event, apply] of this.#held.splice(0)) apply(event);
    }
  }
}

export const eventGate = new EventGate();
