/** Starts the window: asks what it will show while the rest of the page is fetched. */

import { chooseHost } from './host/choose';
import { installHost } from './host/host';
import { tellPainted } from './host/painted';
import * as lazy from './screens/lazy';
import { askFirstState } from './state/first_state';

installHost(chooseHost());
// The window has the colour of its page already: it may come up now.
tellPainted();
const page = import('./page');
// A failure is shown by the page, which hears of it too.
const known = askFirstState().then(
  (state) => state.settings.onboarded,
  () => undefined,
);
// The desktop knows which screen it will be before the engine is open.
const { onboarded } = document.documentElement.dataset;
const screen = onboarded ? fetchScreen(onboarded === 'true') : known.then(fetchScreen);
void Promise.all([page, known, screen]).then(([{ draw }]) => draw());

function fetchScreen(isOnboarded: boolean | undefined): unknown {
  return isOnboarded === undefined ? undefined : isOnboarded ? lazy.shell() : lazy.onboarding();
}
