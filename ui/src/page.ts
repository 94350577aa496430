/** Everything the window draws with. */

import './styles/index.css';
import { mount } from 'svelte';
import App from './App.svelte';
import { popups } from './components/popups.svelte';
import { tellPainted } from './host/painted';
import * as lazy from './screens/lazy';

/** Draws the first screen. Once what is in it was fetched, it is drawn at once. */
export function draw(): void {
  const target = document.getElementById('app');
  if (!target) return;
  mount(App, { target });
  // After the second frame it can be seen; then there is time for what is not.
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      tellPainted();
      setTimeout(() => {
        void popups.fetch();
        void lazy.transfers();
      });
    }),
  );
}
