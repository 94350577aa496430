import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { WatchedFolders } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { applyLanguage } from '../../state/locale.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { appError, FakeHost } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleFolder, sampleWatched, sampleWatchedFolders } from '../../testing/sample_watched';
import { sampleState } from '../../testing/samples';
import { folderName } from './watched';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];

/** The page over an engine that keeps the folders. */
async function open(start: WatchedFolders, answers: Answers = {}): Promise<FakeHost> {
  let folders = start;
  const fake = new FakeHost({
    app_state: () => sampleState(),
    watch_list: () => folders,
    watch_change: ({ folder }) => {
      const change = (one: (typeof folders.folders)[number]) =>
        one.folder.id === folder.id ? { ...one, folder } : one;
      folders = { ...folders, folders: folders.folders.map(change) };
      return folder;
    },
    watch_pause: ({ paused }) => {
      folders = { ...folders, paused };
      return null;
    },
    watch_add: () => {
      const folder = sampleFolder('Added');
      folders = { ...folders, folders: [...folders.folders, sampleWatched(folder, { before: 7 })] };
      return folder;
    },
    ...answers,
  });
  installHost(fake);
  route.screen = 'settings';
  route.target = { page: 'watched' };
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  await screen.findByTestId('settings-watched');
  await waitFor(() => expect(fake.sent('watch_list').length).toBeGreaterThan(0));
  return fake;
}

const NONE: WatchedFolders = { is_here: true, paused: false, folders: [] };
const row = (name: string) => within(screen.getByText(name).closest('li') as HTMLElement);

describe('watched folders', () => {
  it('begin with nothing, and show a folder with its rules once it is chosen', async () => {
    const host = await open(NONE);
    expect(await screen.findByText('No folder is watched')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('watched-add'));
    expect(await screen.findByTestId('watched')).toHaveTextContent('Added');
    expect(screen.getByRole('heading', { name: 'Rules for Added' })).toBeInTheDocument();
    expect(screen.getByTestId('watched-before')).toHaveTextContent('7 files, left alone');
    await userEvent.click(screen.getByTestId('watched-send-before'));
    expect(host.sent('watch_send_before')).toEqual([{ id: 'Added' }]);
  });

  it('tell how each of them stands', async () => {
    const host = await open(sampleWatchedFolders(), { watch_find: () => null });
    expect(await screen.findAllByTestId('watched')).toHaveLength(3);
    expect(row('附件').getByTestId('watched-doing')).toHaveTextContent('Sending 3 pictures');
    expect(row('scans').getByTestId('watched-wrong')).toHaveTextContent('The folder is gone: /mnt/nas/scans');
    await userEvent.click(row('scans').getByTestId('watched-find'));
    expect(host.sent('watch_find')).toEqual([{ id: 'Scans' }]);
    const folders = sampleWatchedFolders();
    const changed = folders.folders.map((one) => ({
      ...one,
      sending: 0,
      failed: one.folder.id === '附件' ? 1 : 0,
    }));
    host.emit({ type: 'watched_folders_changed', watched: { ...folders, folders: changed } });
    await waitFor(() =>
      expect(row('附件').getByTestId('watched-doing')).toHaveTextContent('1 picture could not be sent'),
    );
  });

  it('take every rule at once, for the folder that is chosen', async () => {
    const host = await open(sampleWatchedFolders());
    await screen.findAllByTestId('watched');
    await userEvent.click(row('附件').getByTestId('watched-rules'));
    expect(row('附件').getByTestId('watched-rules')).toHaveAttribute('aria-pressed', 'true');
    await screen.findByRole('heading', { name: 'Rules for 附件' });
    const wait = screen.getByLabelText('Wait');
    await userEvent.clear(wait);
    await userEvent.type(wait, 'soon{Enter}');
    expect(screen.getByText('0 to 3600 seconds')).toBeInTheDocument();
    await userEvent.clear(wait);
    await userEvent.type(wait, '10{Enter}');
    await userEvent.type(screen.getByLabelText('Only'), '*.png{Enter}');
    await userEvent.click(screen.getByTestId('setting-watched-subfolders'));
    await userEvent.click(screen.getByTestId('setting-watched-then'));
    await userEvent.click(await screen.findByTestId('setting-watched-then-trash'));
    await userEvent.click(row('附件').getByTestId('watched-enabled'));
    await waitFor(() => expect(host.sent('watch_change')).toHaveLength(5));
    const last = host.sent('watch_change').at(-1)?.folder;
    expect(last).toMatchObject({
      id: '附件',
      wait_seconds: 10,
      only: '*.png',
      subfolders: false,
      afterwards: 'trash',
      enabled: false,
    });
  });

  it('ask for a folder before files are moved', async () => {
    const moved = sampleFolder('Shots', { afterwards: 'move', move_to: '/done' });
    const host = await open(
      { ...NONE, folders: [sampleWatched(sampleFolder('Shots'))] },
      { watch_move_to: () => moved },
    );
    await screen.findByTestId('watched');
    await userEvent.click(screen.getByTestId('setting-watched-then'));
    await userEvent.click(await screen.findByTestId('setting-watched-then-move'));
    expect(host.sent('watch_move_to')).toEqual([{ id: 'Shots' }]);
    expect(host.sent('watch_change')).toEqual([]);
  });

  it('send pictures to the host that is picked, or to the default one', async () => {
    const host = await open({ ...NONE, folders: [sampleWatched(sampleFolder('Shots'))] });
    await screen.findByTestId('watched');
    await userEvent.click(screen.getByTestId('watched-profile'));
    await userEvent.click(await screen.findByTestId('watched-profile-blog'));
    await waitFor(() => expect(host.sent('watch_change')[0]?.folder.profile_id).toBe('blog'));
    await userEvent.click(screen.getByTestId('watched-profile'));
    await userEvent.click(await screen.findByTestId('watched-profile-*'));
    await waitFor(() => expect(host.sent('watch_change')[1]?.folder.profile_id).toBeNull());
  });

  it('rest while they are paused', async () => {
    const host = await open(sampleWatchedFolders());
    await screen.findAllByTestId('watched');
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }));
    expect(await screen.findByText('Watching is paused.')).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Go on' }));
    expect(host.sent('watch_pause')).toEqual([{ paused: true }, { paused: false }]);
  });

  it('say why a rule is refused, in the person’s language', async () => {
    const refused = appError('invalid_field', { params: { reason: 'watch_loop', folder: '/shots' } });
    await open(
      { ...NONE, folders: [sampleWatched(sampleFolder('Shots'))] },
      {
        watch_change: () => {
          throw refused;
        },
      },
    );
    await screen.findByTestId('watched');
    applyLanguage('zh-CN');
    await userEvent.click(screen.getByTestId('watched-enabled'));
    expect(await screen.findByText(/本身也被监视/)).toBeInTheDocument();
    expect(screen.getByTestId('watched-enabled')).toBeChecked();
  });

  it('can be used with a screen reader', async () => {
    await open(sampleWatchedFolders());
    await screen.findAllByTestId('watched');
    expect(screen.getByRole('switch', { name: 'Watch Screenshots' })).toBeChecked();
    expect(screen.getByRole('button', { name: 'Rules for 附件' })).toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });
});

describe('the name of a folder', () => {
  it('is the last part of its path, on every system', () => {
    expect(['/a/b', '/a/b/', 'C:\\a\\b', '/'].map(folderName)).toEqual(['b', 'b', 'b', '/']);
  });
});
