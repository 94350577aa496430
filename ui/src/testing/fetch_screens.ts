/** For tests of the whole window: screens are fetched when first opened, which here takes longer than a test waits. */

import * as lazy from '../screens/lazy';

export async function fetchScreens(): Promise<void> {
  await Promise.all([
    ...Object.values(lazy).map((fetch) => fetch()),
    import('../components/NoticeCard.svelte'),
  ]);
}
