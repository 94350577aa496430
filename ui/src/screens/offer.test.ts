import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../App.svelte';
import type { Offer } from '../host/contract';
import { installHost } from '../host/host';
import { violations } from '../testing/axe';
import { FakeHost } from '../testing/fake_host';
import { fetchScreens } from '../testing/fetch_screens';
import { SCENES } from '../testing/scenes';

beforeAll(fetchScreens);

const LINK: Offer = {
  id: 'one',
  origin: 'link',
  sources: [
    { kind: 'url', url: 'https://example.com/boat.png' },
    { kind: 'path', path: '/home/someone/Pictures/quay.png' },
  ],
  clipboard: false,
};

async function open(language: string, offers: Offer[]): Promise<FakeHost> {
  const host = new FakeHost({
    app_state: () => {
      const scene = SCENES['upload'];
      if (!scene) throw new Error('no scene');
      const made = scene();
      made.settings.language = language;
      made.offers = offers;
      return made;
    },
    offer_answer: () => null,
  });
  installHost(host);
  render(App);
  await screen.findByTestId('offer-dialog');
  return host;
}

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it('a question about an upload has no accessibility mistakes', async () => {
    await open(language, [LINK]);
    expect(await violations()).toEqual([]);
  });
});

it('names everything that was asked for, and Enter alone says no', async () => {
  const host = await open('en', [LINK]);
  const list = screen.getByTestId('offer-sources');
  expect(list).toHaveTextContent('https://example.com/boat.png');
  expect(list).toHaveTextContent('/home/someone/Pictures/quay.png');
  expect(screen.getByTestId('offer-refuse')).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  expect(host.sent('offer_answer')).toEqual([{ id: 'one', accept: false, profile_id: null }]);
});

it('asks one question after the other, and sends to the host that is shown', async () => {
  const host = await open('en', [LINK, { ...LINK, id: 'two', sources: [], clipboard: true }]);
  await userEvent.click(screen.getByTestId('offer-accept'));
  expect(host.sent('offer_answer')).toEqual([{ id: 'one', accept: true, profile_id: 'blog' }]);
  host.emit({ type: 'offers_changed', offers: [{ ...LINK, id: 'two', sources: [], clipboard: true }] });
  expect(await screen.findByText('Upload the picture on the clipboard?')).toBeInTheDocument();
  host.emit({ type: 'offers_changed', offers: [] });
  await expect.poll(() => screen.queryByTestId('offer-dialog')).toBeNull();
});

it('calls the built-in store by its name in the language of the window', async () => {
  await open('zh-CN', [{ ...LINK, profile_id: 'local' }]);
  expect(screen.getByTestId('offer-profile')).toHaveTextContent('本机');
});
