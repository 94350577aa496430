import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { HistoryFilter, Upload } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { FakeHost, failure } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleSettings, sampleState } from '../../testing/samples';
import { daysBack, SampleLibrary } from './sample_library';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];

/** The gallery over a made-up library, as the window shows it. */
async function open(library: SampleLibrary, answers: Answers = {}, language = 'en'): Promise<FakeHost> {
  const of = (filter: HistoryFilter) => {
    if (!filter.text) return library;
    const part = new SampleLibrary([]);
    part.rows = library.rows.filter((row) => row.name.includes(filter.text));
    return part;
  };
  const fake = new FakeHost({
    app_state: () => sampleState({ settings: sampleSettings({ language }) }),
    history_days: ({ filter }) => of(filter).days(filter),
    history_page: ({ filter, after, limit }) => of(filter).page(filter, after, limit),
    history_get: ({ ids }) => ids.flatMap((id) => library.rows.find((row) => row.id === id) ?? []),
    history_delete: ({ ids }) => ids.map((id) => ({ id, ok: true })),
    links_all_formats: ({ id }) => [
      { format: 'url', label: 'URL', link: `https://img.example.com/${id}.png` },
      { format: 'wiki', label: 'wiki', link: `[[${id}]]` },
    ],
    links_copy: ({ ids, format }) => ({ count: ids.length, format: format ?? 'markdown' }),
    ...answers,
  });
  installHost(fake);
  route.screen = 'gallery';
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  if (library.rows.length > 0) await screen.findAllByTestId('gallery-item');
  return fake;
}

const small = () => new SampleLibrary(daysBack(3, () => 4));
const items = () => screen.getAllByTestId('gallery-item');
const item = (id: number) => {
  const found = items().find((one) => one.dataset['id'] === String(id));
  if (!found) throw new Error(`picture ${id} is not in the page`);
  return found;
};
const selected = () =>
  items()
    .filter((one) => one.getAttribute('aria-selected') === 'true')
    .map((one) => Number(one.dataset['id']));
const grid = () => screen.getByTestId('gallery-grid');
const press = (key: string, more: object = {}) => fireEvent.keyDown(grid(), { key, ...more });

describe('a gallery of 100,000 pictures', () => {
  it('says how many there are and keeps only what is seen in the page', async () => {
    await open(new SampleLibrary(daysBack(2000, () => 50)));
    expect(screen.getByTestId('gallery-count')).toHaveTextContent('100,000 pictures');
    expect(items().length).toBeLessThan(80);
    expect(items()[0]).toHaveAttribute('aria-setsize', '100000');
    expect(items()[0]).toHaveAttribute('aria-posinset', '1');
  });

  it('goes to the oldest picture with End and selects it', async () => {
    const library = new SampleLibrary(daysBack(2000, () => 50));
    await open(library);
    await press('End');
    await waitFor(() => expect(screen.getByTestId('selection-bar')).toHaveTextContent('1 selected'));
    expect(await screen.findByTestId('inspector')).toHaveTextContent('picture 1.png');
  });

  it('selects all of them without reading them, minus one that is taken out', async () => {
    const library = new SampleLibrary(daysBack(2000, () => 50));
    await open(library);
    const before = library.requests.rows;
    await press('a', { ctrlKey: true });
    expect(screen.getByTestId('selection-bar')).toHaveTextContent('100,000 selected');
    await fireEvent.click(item(99_999), { ctrlKey: true });
    expect(screen.getByTestId('selection-bar')).toHaveTextContent('99,999 selected');
    expect(library.requests.rows - before).toBeLessThan(500);
  });
});

describe('the selection', () => {
  it('follows the mouse: one, more with Ctrl, a range with Shift', async () => {
    await open(small());
    await fireEvent.click(item(12));
    expect(selected()).toEqual([12]);
    await fireEvent.click(item(10), { ctrlKey: true });
    expect(selected()).toEqual([12, 10]);
    await fireEvent.click(item(7), { shiftKey: true });
    await waitFor(() => expect(selected()).toEqual([10, 9, 8, 7]));
  });

  it('follows the arrows, grows with Shift, and goes with Esc', async () => {
    await open(small());
    await press('ArrowRight');
    await waitFor(() => expect(selected()).toEqual([12]));
    await press('ArrowRight');
    await waitFor(() => expect(selected()).toEqual([11]));
    await press('ArrowRight', { shiftKey: true });
    await waitFor(() => expect(selected()).toEqual([11, 10]));
    expect(grid()).toHaveAttribute('aria-activedescendant', item(10).id);
    await press('Escape');
    expect(screen.queryByTestId('selection-bar')).not.toBeInTheDocument();
  });

  it('is copied in the order it was made', async () => {
    const host = await open(small());
    await fireEvent.click(item(9));
    await fireEvent.click(item(12), { ctrlKey: true });
    await press('c', { ctrlKey: true });
    await waitFor(() => expect(host.sent('links_copy')).toEqual([{ ids: [9, 12] }]));
    expect(await screen.findByText('2 links copied as Markdown')).toBeInTheDocument();
  });

  it('is copied against the grain when it was made upwards', async () => {
    const host = await open(small());
    await fireEvent.click(item(9));
    await fireEvent.click(item(12), { shiftKey: true });
    await waitFor(() => expect(selected()).toHaveLength(4));
    await press('c', { ctrlKey: true });
    await waitFor(() => expect(host.sent('links_copy')).toEqual([{ ids: [9, 10, 11, 12] }]));
  });

  it('opens the picture in the browser with Enter and enlarges its thumbnail with Space', async () => {
    const host = await open(small());
    await fireEvent.click(item(12));
    await press('Enter');
    await waitFor(() => expect(host.sent('history_open')).toEqual([{ id: 12 }]));
    await press(' ');
    const preview = await screen.findByTestId('gallery-preview');
    expect(preview).toHaveTextContent('picture 12.png');
    await fireEvent.keyDown(preview, { key: 'ArrowRight' });
    await waitFor(() => expect(preview).toHaveTextContent('picture 11.png'));
    await fireEvent.keyDown(preview, { key: ' ' });
    expect(screen.queryByTestId('gallery-preview')).not.toBeInTheDocument();
  });
});

describe('search', () => {
  it('waits for the end of typing, then asks once', async () => {
    const host = await open(small());
    const before = host.sent('history_days').length;
    await userEvent.type(screen.getByTestId('gallery-search'), 'picture 12');
    await waitFor(() => expect(items()).toHaveLength(1));
    const asked = host.sent('history_days').slice(before);
    expect(asked.map((one) => one.filter.text)).toEqual(['picture 12']);
    expect(screen.getByTestId('gallery-count')).toHaveTextContent('1 picture');
  });

  it('says what was not found and takes the filters off', async () => {
    await open(small());
    await userEvent.type(screen.getByTestId('gallery-search'), 'kitee');
    expect(await screen.findByText('Nothing matches “kitee”')).toBeInTheDocument();
    expect(screen.getByTestId('gallery-clear-filters')).toHaveTextContent('Clear the search');
    await userEvent.click(screen.getByTestId('gallery-clear-filters'));
    await waitFor(() => expect(screen.getByTestId('gallery-count')).toHaveTextContent('12 pictures'));
  });

  it('is reached with Ctrl F and left with the arrow down', async () => {
    await open(small());
    await fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true });
    expect(screen.getByTestId('gallery-search')).toHaveFocus();
    await fireEvent.keyDown(screen.getByTestId('gallery-search'), { key: 'ArrowDown' });
    expect(grid()).toHaveFocus();
  });
});

describe('a change of the history', () => {
  it('shows what was uploaded, and keeps the selection', async () => {
    const library = small();
    const host = await open(library);
    await fireEvent.click(item(11));
    library.add('2025-11-22');
    host.emit({ type: 'history_changed' });
    await waitFor(() => expect(screen.getByTestId('gallery-count')).toHaveTextContent('13 pictures'));
    await waitFor(() => expect(items()[0]).toHaveAttribute('data-id', '13'));
    expect(selected()).toEqual([11]);
  });

  it('fills a gallery that was empty', async () => {
    const library = new SampleLibrary([]);
    const host = await open(library);
    expect(await screen.findByText('No pictures yet')).toBeInTheDocument();
    library.add('2025-11-22');
    host.emit({ type: 'history_changed' });
    expect(await screen.findAllByTestId('gallery-item')).toHaveLength(1);
  });
});

describe('the inspector', () => {
  it('shows the facts and every link, and copies one', async () => {
    const host = await open(small());
    await fireEvent.click(item(12));
    const panel = await screen.findByTestId('inspector');
    expect(panel).toHaveTextContent('1 of 1 selected');
    expect(panel).toHaveTextContent('PNG');
    await userEvent.click(await screen.findByTestId('inspector-link-wiki'));
    expect(host.sent('links_copy')).toEqual([{ ids: [12], format: 'wiki' }]);
  });

  it('keeps alt text and a note with Enter and when the field is left', async () => {
    const changed = (part: Partial<Upload>): Upload => {
      const row = small().rows[0];
      if (!row) throw new Error('no rows');
      return { ...row, ...part };
    };
    const host = await open(small(), {
      history_set_alt: ({ alt }) => changed({ alt }),
      history_set_note: ({ note }) => changed({ note }),
    });
    await fireEvent.click(item(12));
    await userEvent.type(await screen.findByTestId('inspector-alt'), 'A pier in fog{Enter}');
    expect(host.sent('history_set_alt')).toEqual([{ id: 12, alt: 'A pier in fog' }]);
    await waitFor(() => expect(item(12)).toHaveAccessibleName('A pier in fog'));
    await userEvent.type(screen.getByTestId('inspector-note'), 'for the header');
    await userEvent.tab();
    expect(host.sent('history_set_note')).toEqual([{ id: 12, note: 'for the header' }]);
  });

  it('sends the selection to another host', async () => {
    const host = await open(small(), { history_reupload: () => ({ batch: 'b', jobs: [] }) });
    await fireEvent.click(item(12));
    await userEvent.click(screen.getByTestId('selection-reupload'));
    await userEvent.click(await screen.findByTestId('reupload-Archive'));
    await waitFor(() =>
      expect(host.sent('history_reupload')).toEqual([{ ids: [12], profile_id: 'archive' }]),
    );
  });
});

describe('deleting', () => {
  async function ask(host?: Promise<FakeHost>): Promise<FakeHost> {
    const fake = await (host ?? open(small()));
    await fireEvent.click(item(12));
    await fireEvent.click(item(11), { ctrlKey: true });
    await press('Delete');
    await screen.findByTestId('delete-confirm');
    return fake;
  }

  it('names each place, and its first focus is Cancel', async () => {
    await ask();
    const dialog = screen.getByTestId('delete-dialog');
    expect(dialog).toHaveTextContent('Delete 2 pictures?');
    expect(dialog).toHaveTextContent('1 file on Notes');
    expect(dialog).toHaveTextContent('1 file on Blog');
    expect(dialog).toHaveTextContent('2025/11/11.png');
    await waitFor(() => expect(screen.getByTestId('delete-cancel')).toHaveFocus());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByTestId('delete-dialog')).not.toBeInTheDocument());
  });

  it('deletes on the host and here, and takes the rows off the selection', async () => {
    const host = await ask();
    await userEvent.click(screen.getByTestId('delete-confirm'));
    await waitFor(() =>
      expect(host.sent('history_delete')).toEqual([{ ids: [12, 11], mode: 'host_and_here' }]),
    );
    expect(await screen.findByText('Deleted 2 pictures')).toBeInTheDocument();
    expect(screen.queryByTestId('selection-bar')).not.toBeInTheDocument();
  });

  it('leaves the pictures of a host alone whose tick is taken off', async () => {
    const host = await ask();
    await userEvent.click(screen.getByLabelText('1 file on Notes'));
    expect(screen.getByTestId('delete-confirm')).toHaveTextContent('Delete 1 from Blog');
    await userEvent.click(screen.getByTestId('delete-confirm'));
    await waitFor(() => expect(host.sent('history_delete')).toEqual([{ ids: [11], mode: 'host_and_here' }]));
  });

  it('lists each picture that stays, with its reason', async () => {
    await ask(
      open(small(), {
        history_delete: ({ ids }) =>
          ids.map((id) =>
            id === 11
              ? { id, ok: false, error: failure('access_denied', { message: 'The key may not delete.' }) }
              : { id, ok: true },
          ),
      }),
    );
    await userEvent.click(screen.getByTestId('delete-confirm'));
    await screen.findByTestId('delete-close');
    const dialog = screen.getByTestId('delete-dialog');
    expect(dialog).toHaveTextContent('1 picture could not be deleted');
    expect(dialog).toHaveTextContent('picture 11.png');
    expect(dialog).toHaveTextContent('The key may not delete.');
    expect(selected()).toEqual([11]);
  });

  it('removes from the history only, and brings it back with Ctrl Z', async () => {
    const host = await ask();
    await userEvent.click(screen.getByTestId('delete-mode-local'));
    expect(screen.getByTestId('delete-confirm')).toHaveTextContent('Remove 2 from the history');
    await userEvent.click(screen.getByTestId('delete-confirm'));
    await waitFor(() => expect(host.sent('history_delete')).toEqual([{ ids: [12, 11], mode: 'here_only' }]));
    await screen.findByText('Removed 2 from the history');
    await press('z', { ctrlKey: true });
    await waitFor(() => expect(host.sent('history_restore')).toEqual([{ ids: [12, 11] }]));
  });

  it('reads the whole list first when everything is selected', async () => {
    const library = new SampleLibrary(daysBack(30, () => 40));
    const host = await open(library);
    await press('a', { ctrlKey: true });
    await press('Delete');
    await userEvent.click(await screen.findByTestId('delete-confirm'));
    await waitFor(() => expect(screen.queryByTestId('delete-dialog')).not.toBeInTheDocument());
    const ids = host.sent('history_delete').flatMap((one) => one.ids);
    expect(new Set(ids).size).toBe(1200);
  });

  it('offers only the history when the host was removed', async () => {
    const library = small();
    library.rows = library.rows.map((row) => ({ ...row, profile_id: 'gone' }));
    await ask(open(library));
    expect(screen.getByTestId('delete-mode-host')).toBeDisabled();
    expect(screen.getByTestId('delete-mode-local')).toBeChecked();
  });
});

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it('the gallery and its dialogues have no accessibility mistakes', async () => {
    await open(small(), {}, language);
    await fireEvent.click(item(12));
    await screen.findByTestId('inspector-link-url');
    expect(await violations()).toEqual([]);
    await press(' ');
    await screen.findByTestId('gallery-preview');
    expect(await violations()).toEqual([]);
    await fireEvent.keyDown(screen.getByTestId('gallery-preview'), { key: 'Escape' });
    await press('Delete');
    await screen.findByTestId('delete-confirm');
    expect(await violations(screen.getByTestId('delete-dialog'))).toEqual([]);
  });

  it('filters are menus with ticks', async () => {
    const host = await open(small(), {}, language);
    await userEvent.click(screen.getByTestId('filter-host'));
    const menu = await screen.findByRole('menu', { hidden: true });
    expect(within(menu).getAllByRole('menuitemcheckbox', { hidden: true })).toHaveLength(4);
    await userEvent.click(screen.getByTestId('filter-host-blog'));
    await waitFor(() => expect(host.sent('history_days').at(-1)?.filter.profile_ids).toEqual(['blog']));
    expect(await violations()).toEqual([]);
  });
});

describe('what was saved', () => {
  it('is summed up beside the number of pictures', async () => {
    const host = await open(small(), {
      history_totals: () => ({ count: 12, bytes_in: 250_000_000, bytes_out: 38_000_000 }),
    });
    expect(await screen.findByTestId('gallery-saved')).toHaveTextContent('212 MB saved');
    expect(host.sent('history_totals').at(-1)?.filter.profile_ids).toEqual([]);
  });

  it('is told of one picture, with how much it looks like its source', async () => {
    const library = small();
    library.rows = library.rows.map((row) => ({
      ...row,
      bytes_in: 1_800_000,
      bytes_out: 312_000,
      score: 83,
    }));
    await open(library);
    await userEvent.click(items()[0] ?? document.body);
    expect(await screen.findByTestId('inspector-saved')).toHaveTextContent(
      '1.5 MB · −83 % · looks 83 of 100',
    );
  });
});
