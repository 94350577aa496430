import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { AppState } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { applyLanguage } from '../../state/locale.svelte';
import { route } from '../../state/route.svelte';
import { appError, FakeHost, failure } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleJob, sampleSettings, sampleState } from '../../testing/samples';
import { berthsOf } from './berths';
import { urlsIn } from './composer.svelte';
import { reasonOf, sizesOf, stageOf } from './stage';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];

async function open(state: Partial<AppState> = {}, answers: Answers = {}): Promise<FakeHost> {
  const fake = new FakeHost({ app_state: () => sampleState(state), ...answers });
  installHost(fake);
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  return fake;
}

const row = (name: string) =>
  screen.getAllByTestId('job-row').find((one) => one.dataset['name'] === name) ?? document.body;

describe('pictures come in', () => {
  it('by a paste anywhere outside text fields', async () => {
    const host = await open();
    await fireEvent.keyDown(document.body, { key: 'v', ctrlKey: true });
    expect(host.sent('upload_clipboard')).toEqual([{ origin: 'paste' }]);
  });

  it('not by a paste into a text field', async () => {
    const host = await open();
    await fireEvent.keyDown(document.body, { key: 'u', ctrlKey: true });
    const field = await screen.findByTestId('url-field');
    await fireEvent.keyDown(field, { key: 'v', ctrlKey: true });
    expect(host.sent('upload_clipboard')).toEqual([]);
  });

  it('by the buttons and their keys', async () => {
    const host = await open();
    await userEvent.click(screen.getByTestId('choose-files'));
    await fireEvent.keyDown(document.body, { key: 'o', ctrlKey: true });
    await userEvent.click(screen.getByTestId('from-clipboard'));
    expect(host.sent('upload_choose')).toHaveLength(2);
    expect(host.sent('upload_clipboard')).toHaveLength(1);
  });

  it('by addresses, one a line; a wrong one is told beside the field and the text stays', async () => {
    let refuse = true;
    const host = await open(
      {},
      {
        upload_urls: () => {
          if (refuse) throw appError('url_invalid', { message: 'This is not an address.' });
          return { batch: 'b', jobs: [] };
        },
      },
    );
    await userEvent.click(screen.getByTestId('from-url'));
    const field = await screen.findByTestId('url-field');
    await userEvent.type(field, 'nonsense');
    await userEvent.click(screen.getByTestId('url-send'));
    expect(await screen.findByText('This is not an address.')).toBeInTheDocument();
    expect(field).toHaveValue('nonsense');
    refuse = false;
    await userEvent.clear(field);
    await userEvent.type(
      field,
      'https://example.com/a.png{Shift>}{Enter}{/Shift}https://example.com/b.png{Enter}',
    );
    expect(host.sent('upload_urls').at(-1)).toEqual({
      urls: ['https://example.com/a.png', 'https://example.com/b.png'],
    });
    await waitFor(() => expect(screen.queryByTestId('url-dialog')).not.toBeInTheDocument());
  });

  it('by a drop from the desktop, to the berth that a key has chosen', async () => {
    const host = await open();
    host.emit({ type: 'drag_hover', x: 10, y: 10, count: 2 });
    expect(await screen.findByTestId('drag-overlay')).toBeInTheDocument();
    await fireEvent.keyDown(document.body, { key: '2' });
    host.emit({ type: 'drag_dropped', x: 10, y: 10, paths: ['/a.png', '/b.png'] });
    expect(host.sent('upload_paths')).toEqual([
      { paths: ['/a.png', '/b.png'], origin: 'drop', profile_id: 'notes' },
    ]);
    await waitFor(() => expect(screen.queryByTestId('drag-overlay')).not.toBeInTheDocument());
  });

  it('by a drop anywhere else, to the current host', async () => {
    const host = await open();
    host.emit({ type: 'drag_hover', x: 10, y: 10, count: 1 });
    await screen.findByTestId('drag-overlay');
    host.emit({ type: 'drag_dropped', x: 900, y: 700, paths: ['/a.png'] });
    expect(host.sent('upload_paths').at(-1)).toMatchObject({ profile_id: 'blog' });
  });

  it('not after Esc', async () => {
    const host = await open();
    host.emit({ type: 'drag_hover', x: 10, y: 10, count: 1 });
    await screen.findByTestId('drag-overlay');
    await fireEvent.keyDown(document.body, { key: 'Escape' });
    host.emit({ type: 'drag_dropped', x: 10, y: 10, paths: ['/a.png'] });
    expect(host.sent('upload_paths')).toEqual([]);
  });

  it('in a browser by the files of a paste', async () => {
    const host = await open();
    host.isBridge = true;
    const file = new File([new Uint8Array([1, 2, 3])], 'shot.png', { type: 'image/png' });
    await fireEvent.paste(document.body, { clipboardData: { files: [file] } });
    await waitFor(() =>
      expect(host.sent('upload_bytes')).toEqual([
        { files: [{ name: 'shot.png', base64: 'AQID' }], origin: 'paste' },
      ]),
    );
  });

  it('and a failure is told at the top with its way out', async () => {
    await open({}, { upload_clipboard: () => Promise.reject(appError('keychain_locked')) });
    await userEvent.click(screen.getByTestId('from-clipboard'));
    const notice = await screen.findByTestId('notice');
    expect(within(notice).getByText('The system keychain is locked.')).toBeInTheDocument();
    await userEvent.click(within(notice).getByTestId('notice-hide'));
    expect(screen.queryByTestId('notice')).not.toBeInTheDocument();
  });
});

describe('where to and as what', () => {
  it('are chosen at once', async () => {
    const host = await open({}, { settings_change: () => sampleSettings() });
    await userEvent.click(screen.getByTestId('format-html'));
    expect(host.sent('settings_change')).toEqual([{ patch: { links: { format: 'html' } } }]);
    expect(screen.getByTestId('pick-profile')).toHaveTextContent('Blog');
  });

  it('lead to the settings when there is no custom format yet', async () => {
    await open();
    await userEvent.click(screen.getByTestId('format-custom'));
    expect([route.screen, route.target.page]).toEqual(['settings', 'links']);
  });
});

describe('the list of transfers', () => {
  it('offers to copy what is done and to stop what is not', async () => {
    const host = await open({
      jobs: [
        sampleJob('done', { state: 'done', url: 'https://x.example/a.png' }),
        sampleJob('going', { position: 1, state: 'running', stage: 'send', sent: 1, total: 2 }),
      ],
    });
    await userEvent.click(within(row('done.jpg')).getByTestId('job-copy'));
    await userEvent.click(within(row('going.jpg')).getByTestId('job-cancel'));
    await userEvent.click(screen.getByTestId('pause-all'));
    await userEvent.click(screen.getByTestId('cancel-all'));
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['done'] }]);
    expect(host.sent('jobs_cancel')).toEqual([{ ids: ['going'] }, {}]);
    expect(host.sent('jobs_pause')).toEqual([{}]);
  });

  it('copies the link of a transfer in another format, by the name it came with', async () => {
    const host = await open({ jobs: [sampleJob('a', { state: 'done', upload_id: 7 })] });
    await userEvent.click(within(row('a.jpg')).getByTestId('job-more'));
    const entries = await screen.findAllByText('HTML');
    const entry = entries.find((one) => one.closest('.menu-item'));
    if (!entry) throw new Error('the menu has no entry HTML');
    await userEvent.click(entry);
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['a'], format: 'html' }]);
    expect(host.sent('links_copy')).toEqual([]);
  });

  it('follows real progress', async () => {
    const host = await open({ jobs: [sampleJob('a')] });
    expect(row('a.jpg')).toHaveTextContent('Queued');
    host.emit({
      type: 'job_changed',
      job: sampleJob('a', {
        state: 'running',
        stage: 'send',
        sent: 62,
        total: 100,
        bytes_in: 1000,
        bytes_out: 170,
      }),
    });
    await waitFor(() => expect(row('a.jpg')).toHaveTextContent('Uploading 62 %'));
    expect(row('a.jpg')).toHaveTextContent('1 KB → 170 B · −83 %');
    expect(screen.getByRole('progressbar', { name: 'All pictures' })).toHaveAttribute('aria-valuenow', '62');
  });

  it('shows why a picture failed, and the one button that helps', async () => {
    const host = await open({
      jobs: [
        sampleJob('full', {
          state: 'failed',
          error: failure('quota_exceeded', { message: 'The bucket is full.' }),
        }),
        sampleJob('key', {
          position: 1,
          state: 'failed',
          error: failure('auth_failed', { field: 'access_key_id' }),
        }),
        sampleJob('net', { position: 2, state: 'failed', error: failure('network') }),
      ],
    });
    expect(row('full.jpg')).toHaveTextContent('The bucket is full.');
    expect(within(row('full.jpg')).getByTestId('job-choose-host')).toHaveTextContent('Choose a host…');
    await userEvent.click(within(row('net.jpg')).getByTestId('job-retry'));
    expect(host.sent('jobs_retry')).toEqual([{ ids: ['net'] }]);
    await userEvent.click(within(row('key.jpg')).getByRole('button', { name: 'Replace the key…' }));
    expect(route.target).toEqual({ profile: 'blog', field: 'access_key_id' });
  });

  it('sends a failed picture to another host, and the old row leaves', async () => {
    const host = await open({
      jobs: [sampleJob('full', { state: 'failed', error: failure('quota_exceeded') })],
    });
    await userEvent.click(within(row('full.jpg')).getByTestId('job-choose-host'));
    await userEvent.click(await screen.findByText('Archive'));
    await waitFor(() => expect(host.sent('jobs_clear')).toEqual([{ ids: ['full'] }]));
    expect(host.sent('upload_paths')).toEqual([
      { paths: ['/pictures/full.jpg'], origin: 'window', profile_id: 'archive' },
    ]);
  });

  it('asks about a taken name, for one or for all', async () => {
    const host = await open({
      jobs: [
        sampleJob('a', { state: 'asking', key: 'x/a.jpg' }),
        sampleJob('b', { position: 1, state: 'asking' }),
      ],
    });
    expect(row('a.jpg')).toHaveTextContent('A different file is already at x/a.jpg.');
    await userEvent.click(within(row('a.jpg')).getByTestId('job-answer'));
    const all = await screen.findAllByTestId('answer-rename');
    await userEvent.click(all[1] ?? document.body);
    expect(host.sent('job_answer')).toEqual([{ id: 'a', answer: 'rename', for_all: true }]);
  });

  it('is walked by arrows; Ctrl C copies, Enter opens, Del takes off', async () => {
    const host = await open({
      jobs: [
        sampleJob('a', { state: 'done', url: 'https://x.example/a' }),
        sampleJob('b', { position: 1, state: 'done', url: 'https://x.example/b' }),
      ],
    });
    row('a.jpg').focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(row('b.jpg')).toHaveFocus();
    await userEvent.keyboard('{Control>}c{/Control}{Enter}{Delete}');
    expect(host.sent('job_links_copy')).toEqual([{ ids: ['b'] }]);
    expect(host.sent('open_address')).toEqual([{ url: 'https://x.example/b' }]);
    expect(host.sent('jobs_clear')).toEqual([{ ids: ['b'] }]);
  });

  it('pauses and goes on with Ctrl .', async () => {
    const host = await open({ jobs: [sampleJob('a', { state: 'paused' })] });
    await fireEvent.keyDown(document.body, { key: '.', ctrlKey: true });
    expect(host.sent('jobs_resume')).toEqual([{}]);
  });
});

describe('the words of a transfer', () => {
  it('say when a failure is tried again', () => {
    const job = sampleJob('a', {
      state: 'waiting',
      attempt: 2,
      retry_at: 9000,
      error: failure('network', { message: 'No answer for 30 s.' }),
    });
    expect(reasonOf(job, 5, 1000)).toBe('No answer for 30 s. Trying again in 8 s, 2 of 5.');
    applyLanguage('zh-CN');
    expect(reasonOf(job, 5, 1000)).toBe('无法连接图床，检查网络后重试。8秒后重试，第2次，共5次。');
  });

  it('tell sizes as facts', () => {
    const done = { state: 'done', bytes_in: 4000, bytes_out: 4000 } as const;
    expect(sizesOf(sampleJob('a', done)).words).toBe('4 KB · sent as it is');
    expect(sizesOf(sampleJob('a', { ...done, reused: true })).words).toBe('4 KB · already there');
    expect(sizesOf(sampleJob('a')).words).toBe('');
  });

  it('a cancelled picture says so where its host may have it all the same', () => {
    const words = (error?: Parameters<typeof failure>[0]) =>
      stageOf(sampleJob('a', { state: 'cancelled', error: error ? failure(error) : null })).words;
    expect([words(), words('network'), words('cancelled')]).toEqual([
      'Cancelled',
      'Cancelled',
      'Cancelled; it may be on the host',
    ]);
  });

  it('name each state and stage', () => {
    const words = (['acquire', 'prepare', 'name', 'dedupe', 'send', 'record'] as const).map(
      (stage) => stageOf(sampleJob('a', { state: 'running', stage })).words,
    );
    expect(words).toEqual(['Reading', 'Preparing', 'Reading', 'Checking', 'Uploading', 'Recording']);
    expect(stageOf(sampleJob('a', { state: 'failed', error: failure('auth_failed') }))).toEqual({
      kind: 'fail',
      words: 'Key refused',
    });
  });
});

describe('the berths', () => {
  it('are six at most, the current host first', () => {
    const profiles = 'abcdefgh'.split('').map((id) => ({ ...sampleSettings().profiles[0], id }) as never);
    const ids = berthsOf(profiles, profiles[2]).map((profile: { id: string }) => profile.id);
    expect(ids).toEqual(['c', 'a', 'b', 'd', 'e', 'f']);
  });
});

describe('addresses in a text', () => {
  it('are divided by lines and spaces', () => {
    expect(urlsIn(' https://a/b.png \n\nhttps://c/d.png https://e ')).toEqual([
      'https://a/b.png',
      'https://c/d.png',
      'https://e',
    ]);
  });
});
