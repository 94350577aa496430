import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../App.svelte';
import type { AppState } from '../host/contract';
import { installHost } from '../host/host';
import { app } from '../state/app.svelte';
import { commands } from '../state/commands.svelte';
import { palette } from '../state/palette.svelte';
import { route } from '../state/route.svelte';
import { devAnswers } from '../testing/dev_answers';
import { FakeHost } from '../testing/fake_host';
import { fetchScreens } from '../testing/fetch_screens';
import { SAMPLE_PROFILES, sampleJob, sampleState } from '../testing/samples';
import { KEY_GROUPS } from './settings/keymap';

beforeAll(fetchScreens);

async function open(state: Partial<AppState> = {}): Promise<FakeHost> {
  const fake = new FakeHost({
    ...devAnswers(() => SAMPLE_PROFILES, 40),
    app_state: () => sampleState(state),
  });
  installHost(fake);
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  return fake;
}

const press = (key: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(document.body, { key, ...more });
const moving = sampleJob('a', { state: 'running', stage: 'send', sent: 1, total: 4, bytes_in: 4 });

/** Keys of the Shortcuts page that move the focus or belong to a list, so that no command has them. */
const IN_LISTS = ['←', '→', '↑', '↓', 'Shift+↓', 'Alt+↑', 'Alt+↓'];

describe('the keys of the Shortcuts page', () => {
  it('are those of commands, on the screens they are listed for', async () => {
    await open();
    const known = new Set(IN_LISTS);
    for (const go of ['upload', 'gallery', 'hosts'] as const) {
      await route.go(go);
      await screen.findByTestId(`screen-${go}`);
      await waitFor(() => expect(commands.all.length).toBeGreaterThan(0));
      for (const command of commands.all) if (command.keys) known.add(command.keys);
    }
    const listed = KEY_GROUPS.flatMap((group) => group.lines.flatMap((line) => line.keys));
    expect(listed.filter((keys) => !known.has(keys))).toEqual([]);
  });

  it.each(['gallery', 'hosts', 'settings'] as const)(
    'that are for every screen work on “%s” too',
    async (go) => {
      const host = await open({ jobs: [moving] });
      await route.go(go);
      await screen.findByTestId(`screen-${go}`);
      await press('.', { ctrlKey: true });
      expect(host.sent('jobs_pause')).toEqual([{}]);
      await press('f', { ctrlKey: true });
      if (go === 'hosts') expect(await screen.findByTestId('palette-input')).toBeInTheDocument();
      else expect(document.activeElement).toHaveAttribute('data-testid', `${go}-search`);
      palette.open = false;
      await waitFor(() => expect(screen.queryByTestId('palette')).not.toBeInTheDocument());
      await press('l', { ctrlKey: true });
      await waitFor(() => expect(screen.getByTestId('format-markdown')).toHaveFocus());
    },
  );

  it('choose the destination from another screen', async () => {
    await open();
    await route.go('gallery');
    await press('p', { ctrlKey: true });
    expect(await screen.findByTestId('pick-profile-notes')).toBeInTheDocument();
  });
});

describe('the palette', () => {
  it('offers only what can be done now', async () => {
    await open();
    await route.go('gallery');
    const first = (await screen.findAllByTestId('gallery-item'))[0];
    await press('k', { ctrlKey: true });
    expect(await screen.findByTestId('palette-gallery-select-all')).toBeInTheDocument();
    expect(screen.queryByTestId('palette-gallery-delete')).not.toBeInTheDocument();
    expect(screen.queryByTestId('palette-gallery-undo')).not.toBeInTheDocument();
    expect(screen.queryByTestId('palette-pause-all')).not.toBeInTheDocument();
    palette.open = false;
    await waitFor(() => expect(screen.queryByTestId('palette')).not.toBeInTheDocument());
    await userEvent.click(first ?? document.body);
    await press('k', { ctrlKey: true });
    const preview = await screen.findByTestId('palette-gallery-preview');
    expect(within(preview).getByText('Space')).toBeInTheDocument();
    await userEvent.click(preview);
    expect(await screen.findByTestId('gallery-preview')).toBeInTheDocument();
  });
});

describe('the sidebar', () => {
  it('shows what is on its way, and leads to it, on every screen but Upload', async () => {
    await open({ jobs: [moving, sampleJob('b', { state: 'done', position: 1 })] });
    expect(screen.queryByTestId('nav-transfer')).not.toBeInTheDocument();
    await route.go('hosts');
    expect(await screen.findByTestId('nav-transfer')).toHaveTextContent('Uploading 1 of 2');
    await userEvent.click(screen.getByTestId('nav-transfer'));
    expect(await screen.findByTestId('screen-upload')).toBeInTheDocument();
  });
});

describe('the list of transfers', () => {
  it('is one Tab stop with the buttons of its row, whatever the rows offer', async () => {
    await open({
      jobs: [
        sampleJob('a', { state: 'done', url: 'https://img.example/a.png', upload_id: 1 }),
        sampleJob('b', { state: 'waiting', position: 1, retry_at: 1 }),
        sampleJob('c', { state: 'asking', position: 2, key: 'c.png' }),
        sampleJob('d', { state: 'failed', position: 3 }),
      ],
    });
    const rows = await screen.findAllByTestId('job-row');
    const stops = rows.map(
      (row) =>
        [row, ...row.querySelectorAll('button')].filter((one) => one.getAttribute('tabindex') !== '-1')
          .length,
    );
    expect(stops).toEqual([3, 0, 0, 0]);
  });

  it('keeps the keyboard in the list when a row leaves it', async () => {
    const host = await open({
      jobs: ['a', 'b', 'c'].map((id, position) => sampleJob(id, { state: 'failed', position })),
    });
    const rows = await screen.findAllByTestId('job-row');
    rows[1]?.focus();
    await fireEvent.keyDown(rows[1] ?? document.body, { key: 'Delete' });
    expect(host.sent('jobs_clear')).toEqual([{ ids: ['b'] }]);
    host.emit({ type: 'jobs_cleared', ids: ['b'] });
    await waitFor(() => expect(document.activeElement).toHaveAttribute('data-job', 'c'));
  });
});
