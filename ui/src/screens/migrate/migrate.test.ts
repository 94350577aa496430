import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { Migration, MigrationFile, MigrationPicture, MigrationState } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { drag } from '../../state/drag.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { appError, FakeHost, failure } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleState } from '../../testing/samples';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];

const IDLE: MigrationState = {
  is_running: false,
  progress: null,
  request: null,
  result: null,
  error: null,
  unfinished: [],
};

function picture(written: string, more: Partial<MigrationPicture> = {}): MigrationPicture {
  return {
    line: 1,
    kind: 'inline',
    written,
    state: 'found',
    source: null,
    address: null,
    error: null,
    ...more,
  };
}

function file(path: string, pictures: MigrationPicture[], more: Partial<MigrationFile> = {}): MigrationFile {
  return { path, state: 'planned', changed: 0, backup: null, error: null, pictures, ...more };
}

function migration(files: MigrationFile[], more: Partial<Migration> = {}): Migration {
  const start = { id: null, path: '/notes', profile_name: 'Blog', to_folder: null };
  return { ...start, files, resumed: false, cancelled: false, ...more };
}

const PLAN = migration([
  file('diary.md', [
    picture('img/boat.png', { line: 3 }),
    picture('gone.png', { line: 9, state: 'missing', error: failure('file_not_found') }),
  ]),
  file('deep/trip.md', [picture('https://elsewhere.example/a.png', { state: 'left' })]),
]);

const DONE = migration(
  [
    file(
      'diary.md',
      [picture('img/boat.png', { state: 'moved', address: 'https://img.example.com/a.png' })],
      {
        state: 'rewritten',
        changed: 1,
      },
    ),
  ],
  { id: 'run' },
);

/** The screen over an engine in which a run can be begun, and ended by hand. */
async function open(answers: Answers = {}, start: MigrationState = IDLE) {
  let state = start;
  const fake = new FakeHost({
    app_state: () => sampleState(),
    migrate_state: () => state,
    migrate_choose_file: () => '/notes/diary.md',
    migrate_choose_folder: () => '/notes',
    migrate_choose_target: () => '/notes/pics',
    migrate_plan: () => PLAN,
    migrate_start: (request) => {
      state = { ...IDLE, is_running: true, request };
      return null;
    },
    migrate_close: () => {
      state = { ...IDLE, unfinished: state.unfinished };
      return null;
    },
    ...answers,
  });
  installHost(fake);
  route.screen = 'migrate';
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  await screen.findByRole('heading', { name: 'Move pictures of notes' });
  const end = (ended: Partial<MigrationState>) => {
    state = { ...state, is_running: false, progress: null, ...ended };
    fake.emit({ type: 'migration_ended' });
  };
  return { host: fake, end };
}

describe('moving pictures of notes', () => {
  it('shows what would happen before anything does', async () => {
    const { host } = await open();
    await userEvent.click(screen.getByTestId('migrate-choose-folder'));
    expect(await screen.findByTestId('migrate-summary')).toHaveTextContent('1 picture would move.');
    const diary = within(screen.getByRole('region', { name: 'diary.md' }));
    expect(diary.getAllByTestId('migrate-picture').map((row) => row.dataset['state'])).toEqual([
      'found',
      'missing',
    ]);
    expect(diary.getByText('Line 9')).toBeInTheDocument();
    expect(diary.getByText('The engine says file_not_found.')).toBeInTheDocument();
    expect(host.sent('migrate_start')).toEqual([]);
  });

  it('asks again with every choice', async () => {
    const { host } = await open();
    await userEvent.click(screen.getByTestId('migrate-choose-file'));
    await screen.findByTestId('migrate-summary');
    await userEvent.click(screen.getByTestId('migrate-remote'));
    await userEvent.click(screen.getByTestId('migrate-profile'));
    await userEvent.click(await screen.findByTestId('migrate-profile-notes'));
    await userEvent.click(screen.getByTestId('migrate-back'));
    expect(await screen.findByText('Choose the folder that the pictures are saved in.')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('migrate-choose-target'));
    await screen.findByTestId('migrate-summary');
    const asked = host.sent('migrate_plan');
    expect(asked).toHaveLength(4);
    expect(asked.at(-1)).toMatchObject({
      path: '/notes/diary.md',
      profile_id: 'notes',
      include_remote: true,
      to_folder: '/notes/pics',
    });
  });

  it('moves them, tells how far it is, and takes it back', async () => {
    const { host, end } = await open({
      migrate_undo: () => ({
        id: 'run',
        files: [
          { path: '/notes/diary.md', restored: true, error: null },
          {
            path: '/notes/b.md',
            restored: false,
            error: failure('unsupported', { message: 'b.md was changed since.' }),
          },
        ],
      }),
    });
    await userEvent.click(screen.getByTestId('migrate-choose-folder'));
    await userEvent.click(await screen.findByTestId('migrate-start'));
    expect(await screen.findByTestId('migrate-progress')).toHaveTextContent('Reading the notes…');
    const progress = {
      id: 'run',
      stage: 'moving' as const,
      pictures_done: 3,
      pictures: 12,
      files_done: 0,
      files: 2,
    };
    host.emit({ type: 'migration_changed', migration: progress });
    await waitFor(() => expect(screen.getByTestId('migrate-progress')).toHaveTextContent('3 of 12 pictures'));
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '25');
    expect(screen.queryByTestId('migrate-remote')).toBeNull();
    await userEvent.click(screen.getByTestId('migrate-stop'));
    expect(host.sent('migrate_stop')).toHaveLength(1);
    end({ result: DONE });
    expect(await screen.findByText('1 picture moved. Notes changed: 1.')).toBeInTheDocument();
    expect(screen.getByText('https://img.example.com/a.png')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('migrate-undo'));
    expect(await screen.findByText(/1 note is as it was/)).toBeInTheDocument();
    expect(screen.getByText(/b\.md was changed since\./)).toBeInTheDocument();
    expect(host.sent('migrate_undo')).toEqual([{ path: '/notes' }]);
    await userEvent.click(screen.getByTestId('migrate-close'));
    expect(await screen.findByTestId('migrate-empty')).toBeInTheDocument();
  });

  it('goes on after it was stopped', async () => {
    const { host, end } = await open();
    await userEvent.click(screen.getByTestId('migrate-choose-folder'));
    await userEvent.click(await screen.findByTestId('migrate-start'));
    await screen.findByTestId('migrate-progress');
    end({ result: { ...DONE, cancelled: true } });
    await userEvent.click(await screen.findByTestId('migrate-resume'));
    expect(host.sent('migrate_start')).toHaveLength(2);
  });

  it('offers a run that was cut off, or leaves it', async () => {
    const request = {
      path: '/notes',
      profile_id: 'blog',
      include_remote: true,
      front_matter: false,
      allow_outside: false,
      to_folder: null,
      origin: 'cli' as const,
    };
    const { host } = await open({}, { ...IDLE, unfinished: [{ id: 'old', request }] });
    expect(await screen.findByText(/Some pictures of \/notes have not moved yet/)).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('migrate-leave-it'));
    expect(host.sent('migrate_leave')).toEqual([{ id: 'old' }]);
    await userEvent.click(screen.getByTestId('migrate-go-on'));
    await waitFor(() => expect(host.sent('migrate_start')).toEqual([{ ...request, origin: 'window' }]));
  });

  it('is there again when the window is opened in the middle of it', async () => {
    const request = {
      path: '/notes',
      profile_id: null,
      include_remote: false,
      front_matter: false,
      allow_outside: false,
      to_folder: null,
      origin: 'window' as const,
    };
    const progress = {
      id: 'run',
      stage: 'writing' as const,
      pictures_done: 9,
      pictures: 9,
      files_done: 1,
      files: 4,
    };
    await open({}, { ...IDLE, is_running: true, request, progress });
    expect(await screen.findByTestId('migrate-progress')).toHaveTextContent('1 of 4 notes written');
    expect(screen.getByTestId('migrate-path')).toHaveTextContent('/notes');
  });

  it('says why there is nothing to do', async () => {
    await open({
      migrate_plan: () => {
        throw appError('unsupported', { message: '/notes/a.txt is not a Markdown file.' });
      },
    });
    await userEvent.click(screen.getByTestId('migrate-choose-file'));
    expect(await screen.findByText(/is not a Markdown file/)).toBeInTheDocument();
    expect(screen.queryByTestId('migrate-start')).toBeNull();
  });

  it('takes notes that are dropped', async () => {
    const { host } = await open();
    drag.hover(10, 10, 1);
    expect(screen.queryByTestId('drag-overlay')).toBeNull();
    drag.dropped(10, 10, ['/notes/dropped.md']);
    await screen.findByTestId('migrate-summary');
    expect(host.sent('migrate_plan').map((one) => one.path)).toEqual(['/notes/dropped.md']);
  });

  it('draws a long list a piece at a time', async () => {
    const many = Array.from({ length: 40 }, (_, number) =>
      file(
        `${number}.md`,
        Array.from({ length: 20 }, (_, place) => picture(`${place}.png`)),
      ),
    );
    await open({ migrate_plan: () => migration(many) });
    await userEvent.click(screen.getByTestId('migrate-choose-folder'));
    expect(await screen.findAllByTestId('migrate-file')).toHaveLength(15);
    await userEvent.click(screen.getByRole('button', { name: 'Show 25 more notes' }));
    expect(screen.getAllByTestId('migrate-file')).toHaveLength(30);
  });

  it('can be reached and used without a mouse, and with a screen reader', async () => {
    const { host } = await open();
    await userEvent.keyboard('{Control>}o{/Control}');
    await screen.findByTestId('migrate-summary');
    expect(host.sent('migrate_choose_file')).toHaveLength(1);
    expect(screen.getByRole('radiogroup', { name: 'Way' })).toBeInTheDocument();
    expect(screen.getByRole('region', { name: 'Pictures in the notes' })).toBeInTheDocument();
    expect(await violations()).toEqual([]);
  });
});
