import { render, screen } from '@testing-library/svelte';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../App.svelte';
import { installHost } from '../host/host';
import { drag } from '../state/drag.svelte';
import { palette } from '../state/palette.svelte';
import { violations } from '../testing/axe';
import { FakeHost } from '../testing/fake_host';
import { fetchScreens } from '../testing/fetch_screens';
import { SCENES } from '../testing/scenes';
import { composer } from './upload/composer.svelte';

beforeAll(fetchScreens);

async function open(scene: string, language: string): Promise<void> {
  const state = SCENES[scene];
  if (!state) throw new Error(`no scene ${scene}`);
  installHost(
    new FakeHost({
      app_state: () => {
        const made = state();
        made.settings.language = language;
        return made;
      },
    }),
  );
  render(App);
}

const ROOTS: Record<string, string> = {
  upload: 'screen-upload',
  states: 'screen-upload',
  empty: 'screen-upload',
  notice: 'screen-upload',
  onboarding: 'screen-onboarding',
  error: 'engine-error',
};

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it.each(Object.entries(ROOTS))('the scene “%s” has no accessibility mistakes', async (scene, root) => {
    await open(scene, language);
    await screen.findByTestId(root);
    expect(await violations()).toEqual([]);
  });

  it('the drag overlay, the palette and the sheet for addresses have none either', async () => {
    await open('upload', language);
    await screen.findByTestId('screen-upload');
    drag.hover(10, 10, 4);
    await screen.findByTestId('drag-overlay');
    expect(await violations()).toEqual([]);
    drag.leave();
    palette.open = true;
    await screen.findByTestId('palette');
    expect(await violations()).toEqual([]);
    palette.open = false;
    composer.asksForUrls = true;
    await screen.findByTestId('url-dialog');
    expect(await violations()).toEqual([]);
  });
});
