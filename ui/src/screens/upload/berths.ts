/** The places a drag may land: the current host first, then the others, as many as there are keys. */

import type { Profile } from '../../host/contract';

export const MOST_BERTHS = 6;

export function berthsOf(profiles: Profile[], current: Profile | undefined): Profile[] {
  const others = profiles.filter((profile) => profile.id !== current?.id);
  return [...(current ? [current] : []), ...others].slice(0, MOST_BERTHS);
}

/** The berth under a point, by what the page shows there. */
export function berthAt(x: number, y: number): string | undefined {
  const found = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-berth]');
  return found?.dataset['berth'];
}
