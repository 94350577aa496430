/** Opens a scene with the fake host: `/dev.html?scene=upload&theme=dark&lang=zh-CN&screen=hosts&act=palette`. */

import '../styles/index.css';
import { mount } from 'svelte';
import App from '../App.svelte';
import { installHost } from '../host/host';
import { composer } from '../screens/upload/composer.svelte';
import { drag } from '../state/drag.svelte';
import { palette } from '../state/palette.svelte';
import { route } from '../state/route.svelte';
import { toasts } from '../state/toasts.svelte';
import { devAnswers } from './dev_answers';
import { FakeHost } from './fake_host';
import { SCENES } from './scenes';

const query = new URLSearchParams(location.search);
const scene = SCENES[query.get('scene') ?? 'upload'] ?? SCENES['empty'];

const hues: Record<string, string> = {
  dawn: '#8a6fa8,#e8a37c',
  route: '#e8eef2,#c9d6df',
  kite: '#12507f,#3a86b8',
  boats: '#2b2b33,#f0a04b',
  shot: '#161a20,#2b3440',
  map: '#b9dbe4,#e9e2c8',
};

class DevHost extends FakeHost {
  override thumbnailUrl(name: string): string {
    const hue = name.startsWith('hue-') ? name.slice(4) : '240';
    const [from, to] = (hues[name] ?? `hsl(${hue} 45% 42%),hsl(${Number(hue) + 60} 55% 72%)`).split(',');
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><defs><linearGradient id="g" x2="0" y2="1"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient></defs><path fill="url(#g)" d="M0 0h4v4H0z"/></svg>`;
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }

  /** Leaves on a dark ground; what was made of them is a little warmer, so that the two halves differ. */
  override pictureUrl(_picture: string, what: string): string {
    const made = what.startsWith('made-');
    const leaves = Array.from({ length: 60 }, (_, index) => {
      const x = (index * 37) % 100;
      const y = (index * 61) % 108;
      const light = 30 + ((index * 17) % 40) + (made ? 3 : 0);
      return `<path fill="hsl(${18 + ((index * 7) % 26)} 75% ${light}%)" d="M${x} ${y}q6-9 12 0q-6 9-12 0"/>`;
    });
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1724" viewBox="0 0 100 108"><path fill="#2b211b" d="M0 0h100v108H0z"/>${leaves.join('')}</svg>`;
    return `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }
}

installHost(
  new DevHost({
    ...devAnswers(() => scene?.().settings.profiles ?? []),
    app_state: () => {
      const state = scene?.();
      if (!state) throw new Error('no such scene');
      state.settings.appearance = query.get('theme') ?? 'system';
      state.settings.language = query.get('lang') ?? 'en';
      return state;
    },
  }),
);

const target = document.getElementById('app');
if (target) mount(App, { target });

setTimeout(() => {
  const screen = query.get('screen');
  if (screen) route.goTo(screen);
  const act = query.get('act');
  if (act === 'palette') palette.show();
  if (act === 'drag') drag.hover(300, 200, 4);
  if (act === 'url') composer.askForUrls();
  if (act === 'toast') {
    toasts.show('4 links copied as Markdown', { tone: 'ok' });
    toasts.show('Removed 3 from the history', { action: { label: 'Undo', keys: 'Ctrl+Z', run: () => {} } });
  }
}, 100);

// One press after another: `act=click:gallery-item,selection-delete`.
const presses = query.get('act')?.startsWith('click:') ? (query.get('act') ?? '').slice(6).split(',') : [];
presses.forEach((testid, place) => {
  setTimeout(
    () => {
      if (testid.startsWith('key-')) {
        const key = testid === 'key-Space' ? ' ' : testid.slice(4);
        document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
      } else document.querySelector<HTMLElement>(`[data-testid="${testid}"]`)?.click();
    },
    200 + place * 200,
  );
});
