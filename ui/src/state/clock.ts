/** A clock that ticks once a second while something on the screen reads it, and rests otherwise. */

import { createSubscriber } from 'svelte/reactivity';

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, 1000);
  return () => clearInterval(timer);
});

/** Unix milliseconds; read inside a component it is read again every second. */
export function tickingNow(): number {
  subscribe();
  return Date.now();
}
