import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Arrival, Crossing, Offer } from '../../host/contract';
import { NO_CROSSING, small } from '../../state/small.svelte';
import { violations } from '../../testing/axe';
import { appError, type FakeHost, failure, startWith } from '../../testing/fake_host';
import { sampleSettings, sampleState } from '../../testing/samples';
import { addressesIn } from './addresses';
import Card from './Card.svelte';
import Mini from './Mini.svelte';
import { listenSmall } from './start';

type Answers = Parameters<typeof startWith>[1];

let stop: (() => void) | undefined;

afterEach(() => {
  stop?.();
  small.reset();
});

async function open(
  Window: typeof Mini | typeof Card,
  answers: Answers = {},
  language = 'en',
): Promise<FakeHost> {
  const host = await startWith(sampleState({ settings: sampleSettings({ language }) }), answers);
  stop = listenSmall();
  render(Window);
  return host;
}

function crossing(more: Partial<Crossing>): Crossing {
  return { ...NO_CROSSING, jobs: ['a', 'b', 'c', 'd'], thumbnails: ['leaf', 'boats'], ...more };
}

const tell = (host: FakeHost, more: Partial<Crossing>) =>
  host.emit({ type: 'crossing_changed', crossing: crossing(more) });

const look = () => screen.getByTestId('mini').dataset['look'];

const LOOKS: Partial<Crossing>[] = [
  { phase: 'ready', jobs: [] },
  { phase: 'uploading', ended: 1, percent: 41, seconds_left: 12, bytes_per_second: 4_200_000 },
  { phase: 'paused', ended: 1, percent: 41 },
  { phase: 'done', done: 4, bytes_in: 9_300_000, bytes_out: 1_600_000, copied: 'markdown' },
  { phase: 'failed', done: 3, failed: 1, error: failure('quota_exceeded') },
  { phase: 'offline' },
];

describe('the drop window', () => {
  it('says at rest what it is for, and where pictures go', async () => {
    const host = await open(Mini);
    expect(look()).toBe('ready');
    expect(screen.getByText('Drop pictures')).toBeInTheDocument();
    const destination = screen.getByTestId('mini-profile');
    expect(destination).toHaveValue('blog');
    await userEvent.selectOptions(destination, 'Notes');
    expect(host.sent('profile_set_default')).toEqual([{ id: 'notes' }]);
    await userEvent.click(screen.getByRole('button', { name: 'Open Picferry' }));
    await userEvent.click(screen.getByRole('button', { name: 'Hide' }));
    expect(host.sent('window')).toEqual([{ action: 'show_main' }, { action: 'close' }]);
  });

  it('says how many files are above it', async () => {
    const host = await open(Mini);
    host.emit({ type: 'drag_hover', x: 0, y: 0, count: 4 });
    expect(await screen.findByText('Drop 4 pictures')).toBeInTheDocument();
    expect(screen.getByText('to Blog')).toBeInTheDocument();
    host.emit({ type: 'drag_left' });
    expect(await screen.findByText('Drop pictures')).toBeInTheDocument();
  });

  it('shows how far they are, and can be paused and cancelled', async () => {
    const host = await open(Mini);
    tell(host, LOOKS[1] ?? {});
    expect(await screen.findByText('Uploading 2 of 4')).toBeInTheDocument();
    expect(screen.getByText('41 % · 12 s left')).toBeInTheDocument();
    expect(screen.getByText('4.2 MB/s')).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '41');
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(host.sent('jobs_pause')).toHaveLength(1);
    tell(host, LOOKS[2] ?? {});
    await userEvent.click(await screen.findByRole('button', { name: 'Resume' }));
    expect(host.sent('jobs_resume')).toHaveLength(1);
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(host.sent('jobs_cancel')).toEqual([{ ids: ['a', 'b', 'c', 'd'] }]);
  });

  it('announces each state once, never the numbers that tick', async () => {
    const host = await open(Mini);
    const announced = screen.getByTestId('mini-announced');
    tell(host, { phase: 'uploading', percent: 10 });
    await waitFor(() => expect(announced).toHaveTextContent('Uploading 4 pictures'));
    tell(host, { phase: 'uploading', percent: 90, seconds_left: 1 });
    await screen.findByText('90 % · 1 s left');
    expect(announced).toHaveTextContent('Uploading 4 pictures');
  });

  it('gives the links that arrived in another format', async () => {
    const host = await open(Mini);
    tell(host, LOOKS[3] ?? {});
    expect((await screen.findAllByText('4 links copied')).length).toBeGreaterThan(0);
    expect(screen.getByText('9.3 MB → 1.6 MB')).toBeInTheDocument();
    const format = screen.getByTestId('mini-copy-as');
    expect(format).toHaveValue('markdown');
    await userEvent.selectOptions(format, 'Copy as HTML');
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['a', 'b', 'c', 'd'], format: 'html' }]);
  });

  it('offers a format also where nothing is copied by itself', async () => {
    const host = await open(Mini);
    tell(host, { phase: 'done', done: 1, jobs: ['a'] });
    expect((await screen.findAllByText('1 picture uploaded')).length).toBeGreaterThan(0);
    await userEvent.selectOptions(screen.getByTestId('mini-copy-as'), 'Copy as Markdown');
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['a'], format: 'markdown' }]);
  });

  it('keeps a failure with its reason, to be tried again or looked at', async () => {
    const host = await open(Mini);
    tell(host, LOOKS[4] ?? {});
    expect((await screen.findAllByText('1 of 4 failed')).length).toBeGreaterThan(0);
    await userEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(host.sent('jobs_retry')).toEqual([{ ids: ['a', 'b', 'c', 'd'] }]);
    await userEvent.click(screen.getByRole('button', { name: 'Show' }));
    expect(host.sent('window')).toEqual([{ action: 'show_main' }]);
  });

  it('asks nothing to be tried again where a name is taken', async () => {
    const host = await open(Mini);
    tell(host, { phase: 'failed', failed: 1 });
    expect(await screen.findByText('Its name is taken.')).toBeInTheDocument();
    expect(screen.queryByTestId('mini-retry')).toBeNull();
  });

  it('waits for the network', async () => {
    const host = await open(Mini);
    tell(host, { phase: 'offline' });
    expect(await screen.findByText('Pictures wait here.')).toBeInTheDocument();
  });

  it('takes a paste, and says for a while when there is no picture', async () => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const host = await open(Mini, {
      upload_clipboard: () => {
        throw appError('clipboard_empty', { message: 'The clipboard holds text, not a picture.' });
      },
    });
    await fireEvent.keyDown(window, { key: 'v', ctrlKey: true });
    expect(host.sent('upload_clipboard')).toEqual([{ origin: 'paste' }]);
    await waitFor(() => expect(look()).toBe('said'));
    expect(screen.getAllByText('The clipboard holds text, not a picture.').length).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(6100);
    expect(look()).toBe('ready');
    vi.useRealTimers();
  });

  it('takes the address of a picture as dragged text', async () => {
    const host = await open(Mini);
    const drop = async (text: string) => {
      const event = new Event('drop', { bubbles: true, cancelable: true });
      Object.assign(event, {
        dataTransfer: { getData: (kind: string) => (kind === 'text/plain' ? text : '') },
      });
      await fireEvent(screen.getByTestId('mini'), event);
    };
    await drop('https://example.com/a.png');
    expect(host.sent('upload_urls')).toEqual([{ urls: ['https://example.com/a.png'] }]);
    await drop('no address at all');
    expect(host.sent('upload_urls')).toHaveLength(1);
    await waitFor(() => expect(look()).toBe('said'));
  });

  it('has its keys', async () => {
    const host = await open(Mini);
    tell(host, { phase: 'uploading' });
    await fireEvent.keyDown(window, { key: '.', ctrlKey: true });
    expect(host.sent('jobs_pause')).toHaveLength(1);
    await fireEvent.keyDown(window, { key: 'Escape' });
    expect(host.sent('window')).toEqual([{ action: 'close' }]);
  });

  it.each(['en', 'zh-CN'])('has no accessibility mistakes in any state (%s)', async (language) => {
    const host = await open(Mini, {}, language);
    for (const state of LOOKS) {
      tell(host, state);
      await waitFor(() => expect(look()).toBe(state.phase));
      expect(await violations()).toEqual([]);
    }
  });
});

describe('the card', () => {
  const arrival: Arrival = {
    jobs: ['a'],
    name: 'boats.png',
    arrived: 1,
    failed: 0,
    thumbnail: 'boats',
    copied: 'markdown',
    made: [7],
    error: null,
  };

  const arrive = (host: FakeHost, more: Partial<Arrival> = {}) =>
    host.emit({ type: 'arrived', arrival: { ...arrival, ...more } });

  it('says what was copied, and copies it in another format', async () => {
    const host = await open(Card, { job_links_copy: ({ format }) => ({ count: 1, format: format ?? '' }) });
    arrive(host);
    expect(await screen.findByText('Markdown link copied')).toBeInTheDocument();
    expect(screen.getByTestId('card-detail')).toHaveTextContent('boats.png');
    await userEvent.selectOptions(screen.getByTestId('card-copy-as'), 'Copy as HTML');
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['a'], format: 'html' }]);
    expect(await screen.findByText('HTML link copied')).toBeInTheDocument();
  });

  it('counts the others of a batch', async () => {
    const host = await open(Card);
    arrive(host, { arrived: 3, jobs: ['a', 'b', 'c'] });
    expect(await screen.findByText('3 Markdown links copied')).toBeInTheDocument();
    expect(screen.getByText('boats.png and 2 more')).toBeInTheDocument();
    arrive(host, { copied: null });
    expect(await screen.findByText('1 picture uploaded')).toBeInTheDocument();
  });

  it('takes back what was sent, and stays while that is under way', async () => {
    const host = await open(Card, { history_delete: ({ ids }) => ids.map((id) => ({ id, ok: true })) });
    arrive(host);
    await userEvent.click(await screen.findByTestId('card-undo'));
    expect(host.sent('history_delete')).toEqual([{ ids: [7], mode: 'host_and_here' }]);
    expect(await screen.findByText('Deleted again')).toBeInTheDocument();
    const actions = host.sent('window').map((one) => one.action);
    expect(actions.slice(-2)).toEqual(['hold', 'let_go']);
    expect(screen.queryByTestId('card-undo')).toBeNull();
  });

  it('says why when the host keeps it', async () => {
    const host = await open(Card, {
      history_delete: ({ ids }) => ids.map((id) => ({ id, ok: false, error: failure('access_denied') })),
    });
    arrive(host);
    await userEvent.click(await screen.findByTestId('card-undo'));
    expect(await screen.findByText('The engine says access_denied.')).toBeInTheDocument();
    expect(screen.getByTestId('card-undo')).toBeEnabled();
  });

  it('has nothing to take back where the picture was there before', async () => {
    const host = await open(Card);
    arrive(host, { made: [] });
    await screen.findByText('Markdown link copied');
    expect(screen.queryByTestId('card-undo')).toBeNull();
  });

  it('leads to what failed', async () => {
    const host = await open(Card);
    arrive(host, { failed: 1, error: failure('quota_exceeded') });
    expect(await screen.findByText('1 of 2 failed')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('card-show'));
    await waitFor(() =>
      expect(host.sent('window').map((one) => one.action)).toEqual(
        expect.arrayContaining(['show_main', 'close']),
      ),
    );
  });

  it('stays while it is pointed at', async () => {
    const host = await open(Card);
    arrive(host);
    await fireEvent.pointerEnter(screen.getByTestId('card'));
    await fireEvent.pointerLeave(screen.getByTestId('card'));
    expect(host.sent('window')).toEqual([{ action: 'hold' }, { action: 'let_go' }]);
  });

  const offer: Offer = { id: 'o1', origin: 'copied', sources: [], clipboard: true };

  it('asks about a picture that was copied, and uploads it where the person says', async () => {
    const host = await open(Card, { offer_answer: () => ({ batch: 'b', jobs: [] }) });
    host.emit({ type: 'asked', offer });
    expect(await screen.findByText('Upload the picture on the clipboard?')).toBeInTheDocument();
    expect(screen.getByTestId('card-detail')).toHaveTextContent('Nothing has been read or sent yet.');
    expect(screen.getByTestId('card-profile')).toHaveValue('blog');
    await userEvent.selectOptions(screen.getByTestId('card-profile'), 'Notes');
    await userEvent.click(screen.getByTestId('card-accept'));
    expect(host.sent('offer_answer')).toEqual([{ id: 'o1', accept: true, profile_id: 'notes' }]);
    expect(await screen.findByText('On its way…')).toBeInTheDocument();
    expect(screen.getByTestId('card-detail')).toHaveTextContent(/^$/);
    arrive(host);
    expect(await screen.findByText('Markdown link copied')).toBeInTheDocument();
  });

  it('asks again when the clipboard could not be read', async () => {
    const host = await open(Card, {
      offer_answer: () => {
        throw appError('clipboard_timeout', { message: 'Its owner does not answer.' });
      },
    });
    host.emit({ type: 'asked', offer });
    await userEvent.click(await screen.findByTestId('card-accept'));
    expect(await screen.findByText('Its owner does not answer.')).toBeInTheDocument();
    expect(screen.getByTestId('card-accept')).toBeEnabled();
  });

  it('goes when it is refused', async () => {
    const host = await open(Card);
    host.emit({ type: 'asked', offer });
    await userEvent.click(await screen.findByTestId('card-refuse'));
    expect(host.sent('window')).toContainEqual({ action: 'close' });
    expect(host.sent('offer_answer')).toEqual([]);
  });

  it.each(['en', 'zh-CN'])('has no accessibility mistakes (%s)', async (language) => {
    const host = await open(Card, {}, language);
    host.emit({ type: 'asked', offer });
    await screen.findByTestId('card-accept');
    expect(await violations()).toEqual([]);
    for (const more of [
      {},
      { failed: 1, error: failure('quota_exceeded') },
      { arrived: 0, jobs: [], made: [], error: failure('clipboard_empty') },
    ]) {
      arrive(host, more);
      await screen.findByTestId('card-title');
      expect(await violations()).toEqual([]);
    }
  });
});

it('finds addresses in dragged text, one a line', () => {
  expect(addressesIn('# comment\nhttps://a.example/1.png\r\n http://b.example/2 \nnothing')).toEqual([
    'https://a.example/1.png',
    'http://b.example/2',
  ]);
});
