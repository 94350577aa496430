import { fireEvent, render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { AppState, Settings } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { appError, FakeHost } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleSettings, sampleState } from '../../testing/samples';

beforeAll(fetchScreens);

type Answers = ConstructorParameters<typeof FakeHost>[0];
type Json = { [key: string]: unknown };

function merge(target: Json, patch: Json): Json {
  const merged = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const both = [merged[key], value].every(
      (one) => typeof one === 'object' && one !== null && !Array.isArray(one),
    );
    merged[key] = both ? merge(merged[key] as Json, value as Json) : value;
  }
  return merged;
}

/** The settings over an engine that keeps them. */
async function open(page: string, state: Partial<AppState> = {}, answers: Answers = {}): Promise<FakeHost> {
  let settings: Settings = state.settings ?? sampleSettings();
  const fake = new FakeHost({
    app_state: () => sampleState({ ...state, settings }),
    settings_change: ({ patch }) => {
      settings = merge(settings as unknown as Json, patch as Json) as unknown as Settings;
      return settings;
    },
    hotkey_set: ({ name, accelerator }) => {
      settings = { ...settings, hotkeys: { ...settings.hotkeys, [name]: accelerator } };
      return { accelerator, registered: accelerator !== '' };
    },
    links_preview: ({ template }) => template.replaceAll('{url}', 'https://img.example.com/a.png'),
    ...answers,
  });
  installHost(fake);
  route.screen = 'settings';
  route.target = { page };
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  await screen.findByTestId(`settings-${page}`);
  return fake;
}

const patches = (host: FakeHost) => host.sent('settings_change').map((one) => one.patch);

describe('editors and server', () => {
  it('turns the server on and off, and moves its port', async () => {
    const host = await open('editors');
    expect(screen.getByTestId('server-address')).toHaveTextContent('http://127.0.0.1:36677');
    await userEvent.click(screen.getByTestId('setting-server'));
    const port = screen.getByTestId('setting-server-port');
    await userEvent.clear(port);
    await userEvent.type(port, '0{Enter}');
    expect(screen.getByText('A number from 1 to 65535')).toBeInTheDocument();
    await userEvent.clear(port);
    await userEvent.type(port, '36699{Enter}');
    expect(patches(host)).toEqual([{ server: { enabled: false } }, { server: { port: 36_699 } }]);
    await waitFor(() => expect(screen.getByTestId('server-address')).toHaveTextContent(':36699'));
  });

  it('shows how an editor is set up, with the address to paste', async () => {
    const host = await open('editors', {}, { text_copy: () => null });
    expect(screen.getByTestId('editor-snippet')).toHaveTextContent('http://127.0.0.1:36677/upload');
    await userEvent.click(screen.getByTestId('editor-copy'));
    expect(host.sent('text_copy')).toEqual([{ text: 'http://127.0.0.1:36677/upload' }]);
    await userEvent.click(screen.getByTestId('editor'));
    await userEvent.click(await screen.findByTestId('editor-typora'));
    expect(screen.getByTestId('editor-snippet')).toHaveTextContent('picferry upload --format url');
  });

  it('allows the page of an editor with one button, beside what it is for', async () => {
    const host = await open('editors');
    expect(screen.queryByTestId('editor-allow')).toBeNull();
    await userEvent.click(screen.getByTestId('editor'));
    await userEvent.click(await screen.findByTestId('editor-siyuan'));
    await userEvent.click(screen.getByTestId('editor-allow'));
    expect(await screen.findByTestId('editor-allowed')).toHaveTextContent('http://127.0.0.1:6806');
    expect(patches(host)).toEqual([{ server: { allowed_origins: ['http://127.0.0.1:6806'] } }]);
  });

  it('allows the page that asked, once the person says so, and forgets it again', async () => {
    const error = appError('origin_refused', { params: { origin: 'null' } }).failure;
    const notices = [{ topic: 'server_origin', error }];
    const host = await open('editors', { notices }, { notice_dismiss: () => null });
    await userEvent.click(screen.getByTestId('origin-allow'));
    expect(await screen.findByTestId('origin')).toHaveTextContent('null');
    expect(host.sent('notice_dismiss')).toEqual([{ topic: 'server_origin' }]);
    await userEvent.click(screen.getByTestId('origin-remove'));
    await waitFor(() => expect(screen.queryByTestId('origin')).toBeNull());
    expect(patches(host)).toEqual([
      { server: { allowed_origins: ['null'] } },
      { server: { allowed_origins: [] } },
    ]);
  });

  it('hands an access key over and forgets what was typed', async () => {
    const settings = sampleSettings();
    const host = await open(
      'editors',
      { settings },
      {
        server_token_set: ({ token }) => ({
          ...settings,
          server: { ...settings.server, has_token: typeof token === 'string' },
        }),
      },
    );
    await userEvent.type(screen.getByTestId('setting-server-token'), 'only for editors');
    await userEvent.click(screen.getByTestId('server-token-set'));
    await waitFor(() => expect(screen.getByTestId('setting-server-token')).toHaveValue(''));
    await userEvent.click(screen.getByTestId('server-token-remove'));
    expect(host.sent('server_token_set')).toEqual([{ token: 'only for editors' }, { token: null }]);
  });
});

describe('general', () => {
  it('takes every switch and choice at once', async () => {
    const host = await open('general');
    await userEvent.click(screen.getByTestId('setting-appearance-dark'));
    await userEvent.click(screen.getByTestId('setting-start-in-tray'));
    await userEvent.click(screen.getByTestId('setting-auto-copy'));
    await userEvent.click(screen.getByTestId('setting-encoded-off'));
    expect(patches(host)).toEqual([
      { appearance: 'dark' },
      { desktop: { start_in_tray: true } },
      { links: { auto_copy: false } },
      { links: { encoded: false } },
    ]);
    expect(document.documentElement.dataset['theme']).toBe('dark');
    await waitFor(() => expect(screen.getByTestId('setting-auto-copy')).not.toBeChecked());
  });

  it('switches every word when the language is changed', async () => {
    await open('general');
    await userEvent.click(screen.getByTestId('setting-language'));
    await userEvent.click(await screen.findByTestId('setting-language-zh-CN'));
    expect(await screen.findByRole('heading', { name: '外观' })).toBeInTheDocument();
    expect(document.documentElement.lang).toBe('zh-CN');
  });

  it('leaves a switch as it was when it cannot be stored', async () => {
    await open(
      'general',
      {},
      {
        settings_change: () => {
          throw appError('read_only', { message: 'The folder is read-only.' });
        },
      },
    );
    await userEvent.click(screen.getByTestId('setting-auto-copy'));
    expect(await screen.findByTestId('notice')).toBeInTheDocument();
    expect(screen.getByTestId('setting-auto-copy')).toBeChecked();
  });

  it('tells of uploads by a card, a notification or not at all', async () => {
    const host = await open('general');
    expect(screen.getByTestId('setting-notify')).toHaveAttribute('data-value', 'card');
    await userEvent.click(screen.getByTestId('setting-notify-nothing'));
    expect(host.sent('settings_change').at(-1)).toEqual({ patch: { desktop: { notify: 'nothing' } } });
    await waitFor(() =>
      expect(screen.getByTestId('setting-notify')).toHaveAttribute('data-value', 'nothing'),
    );
  });

  it('offers no card where it could not be put into the corner', async () => {
    await open('general', { desktop: { ...sampleState().desktop, places_windows: false } });
    expect(screen.getByTestId('setting-notify')).toHaveAttribute('data-value', 'notification');
    expect(screen.queryByTestId('setting-notify-card')).toBeNull();
    expect(screen.getByText(/Wayland lets no program put a card/)).toBeInTheDocument();
  });

  it('keeps numbers that make sense and refuses others beside the field', async () => {
    const host = await open('general');
    const retries = screen.getByTestId('setting-retries');
    await userEvent.clear(retries);
    await userEvent.type(retries, 'many{Enter}');
    expect(screen.getByText('A whole number up to 20')).toBeInTheDocument();
    await userEvent.clear(retries);
    await userEvent.type(retries, '3{Enter}');
    const size = screen.getByTestId('setting-max-size');
    await userEvent.clear(size);
    await userEvent.type(size, '64');
    await userEvent.tab();
    expect(patches(host)).toEqual([{ upload: { retries: 3 } }, { upload: { max_file_bytes: 64_000_000 } }]);
  });

  it('takes the address of a proxy only when it is one', async () => {
    const host = await open('general');
    await userEvent.click(screen.getByTestId('setting-proxy'));
    await userEvent.click(await screen.findByTestId('setting-proxy-address'));
    const address = await screen.findByRole('textbox', { name: '', hidden: true }).catch(() => null);
    const input = address ?? document.getElementById('setting-proxy-address');
    if (!(input instanceof HTMLInputElement)) throw new Error('the field for the address is missing');
    await userEvent.type(input, 'nonsense{Enter}');
    expect(screen.getByText(/^Like http/)).toBeInTheDocument();
    await userEvent.clear(input);
    await userEvent.type(input, 'socks5://127.0.0.1:1080{Enter}');
    expect(patches(host)).toEqual([{ network: { proxy: 'socks5://127.0.0.1:1080' } }]);
  });

  it('says so where there is no tray', async () => {
    const state = sampleState();
    await open('general', { desktop: { ...state.desktop, tray: false } });
    expect(screen.getByText('This desktop has no tray, so the window always opens.')).toBeInTheDocument();
    expect(screen.getByTestId('setting-start-in-tray')).toBeDisabled();
  });
});

describe('the shortcut that works everywhere', () => {
  const recorder = () => screen.getByTestId('hotkey-recorder');

  it('is recorded from the keys themselves, whatever the keyboard layout', async () => {
    const host = await open('shortcuts');
    expect(screen.getByTestId('hotkey-state')).toHaveAttribute('data-state', 'works');
    await userEvent.click(recorder());
    expect(screen.getByText('Esc keeps Ctrl Alt U')).toBeInTheDocument();
    await fireEvent.keyDown(recorder(), { key: 'Control', code: 'ControlLeft', ctrlKey: true });
    expect(recorder()).toHaveTextContent('Ctrl');
    await fireEvent.keyDown(recorder(), { key: 'П', code: 'KeyG', ctrlKey: true, shiftKey: true });
    await waitFor(() =>
      expect(host.sent('hotkey_set')).toEqual([{ name: 'upload_clipboard', accelerator: 'Ctrl+Shift+G' }]),
    );
    await waitFor(() => expect(recorder()).toHaveTextContent('G'));
  });

  it('stays as it was with Esc, and asks for a modifier', async () => {
    const host = await open('shortcuts');
    await userEvent.click(recorder());
    await fireEvent.keyDown(recorder(), { key: 'g', code: 'KeyG' });
    expect(screen.getByText('With Ctrl, Alt or Super')).toBeInTheDocument();
    await fireEvent.keyDown(recorder(), { key: 'Escape', code: 'Escape' });
    expect(recorder()).toHaveAttribute('data-recording', 'false');
    expect(host.sent('hotkey_set')).toEqual([]);
  });

  it('is switched off', async () => {
    const host = await open('shortcuts');
    await userEvent.click(screen.getByTestId('hotkey-off'));
    expect(host.sent('hotkey_set')).toEqual([{ name: 'upload_clipboard', accelerator: '' }]);
    await waitFor(() => expect(recorder()).toHaveTextContent('Not set'));
    expect(screen.getByTestId('hotkey-state')).toHaveAttribute('data-state', 'off');
  });

  it('is recorded for the drop window too, which has none at first', async () => {
    const host = await open('shortcuts');
    const other = screen.getByTestId('hotkey-drop-window-recorder');
    expect(screen.getByTestId('hotkey-drop-window-state')).toHaveAttribute('data-state', 'off');
    await userEvent.click(other);
    await fireEvent.keyDown(other, { key: 'M', code: 'KeyM', ctrlKey: true, shiftKey: true });
    await waitFor(() =>
      expect(host.sent('hotkey_set')).toEqual([{ name: 'drop_window', accelerator: 'Ctrl+Shift+M' }]),
    );
    await waitFor(() => expect(other).toHaveTextContent('M'));
    expect(recorder()).toHaveTextContent('U');
  });

  it('says when another program has the keys', async () => {
    await open(
      'shortcuts',
      {},
      {
        hotkey_set: () => {
          throw appError('hotkey_taken', { message: 'Another program holds Ctrl+Alt+K.' });
        },
      },
    );
    await userEvent.click(recorder());
    await fireEvent.keyDown(recorder(), { key: 'k', code: 'KeyK', ctrlKey: true, altKey: true });
    await waitFor(() => expect(screen.getByTestId('hotkey-state')).toHaveAttribute('data-state', 'taken'));
    expect(screen.getByTestId('hotkey-state')).toHaveTextContent('Ctrl Alt K could not be taken');
    expect(screen.getByText(/Another program holds Ctrl\+Alt\+K/)).toBeInTheDocument();
  });

  it('gives the command to bind where the desktop keeps keys to itself', async () => {
    const state = sampleState();
    const host = await open('shortcuts', {
      desktop: {
        ...state.desktop,
        hotkey: {
          accelerator: 'Ctrl+Alt+U',
          registered: false,
          manual_command: 'picferry-app --upload-clipboard',
        },
      },
    });
    expect(screen.getByTestId('hotkey-state')).toHaveAttribute('data-state', 'manual');
    expect(screen.getByTestId('hotkey-command')).toHaveTextContent('picferry-app --upload-clipboard');
    await userEvent.click(screen.getByTestId('hotkey-command-copy'));
    expect(host.sent('text_copy')).toEqual([{ text: 'picferry-app --upload-clipboard' }]);
  });
});

describe('custom link formats', () => {
  it('are added with a preview and can be chosen', async () => {
    const host = await open('links');
    await userEvent.click(screen.getByTestId('format-add'));
    await userEvent.type(screen.getByTestId('format-name'), 'Wiki');
    await userEvent.click(screen.getByTestId('format-template'));
    await userEvent.paste('[[{url}]]');
    expect(await screen.findByTestId('format-preview')).toHaveTextContent(
      '[[https://img.example.com/a.png]]',
    );
    await userEvent.click(screen.getByTestId('format-save'));
    await waitFor(() => expect(screen.getByTestId('format-item')).toHaveTextContent('Wiki'));
    expect(patches(host)).toEqual([
      { links: { custom: [{ name: 'Wiki', template: '[[{url}]]' }], format: 'markdown' } },
    ]);
  });

  it('are not saved with a mistake or a name that is taken', async () => {
    const host = await open(
      'links',
      {},
      {
        links_preview: ({ template }) => {
          if (template.includes('{nope}'))
            throw appError('invalid_template', { message: '{nope} is unknown.' });
          return template;
        },
      },
    );
    await userEvent.click(screen.getByTestId('format-add'));
    await userEvent.click(screen.getByTestId('format-save'));
    expect(screen.getAllByText('This is needed.')).toHaveLength(2);
    await userEvent.type(screen.getByTestId('format-name'), 'markdown');
    expect(screen.getByText('This name is in use.')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('format-template'));
    await userEvent.paste('{nope}');
    expect(await screen.findByText(/\{nope\} is unknown/)).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('format-save'));
    expect(patches(host)).toEqual([]);
  });

  it('keep being the chosen one under a new name, and come back after they were removed', async () => {
    const settings = sampleSettings({
      links: {
        format: 'Wiki',
        auto_copy: true,
        encoded: true,
        custom: [{ name: 'Wiki', template: '[[{url}]]' }],
      },
    });
    const host = await open('links', { settings });
    await userEvent.click(screen.getByTestId('format-edit'));
    await userEvent.clear(screen.getByTestId('format-name'));
    await userEvent.type(screen.getByTestId('format-name'), 'Handbook{Enter}');
    await waitFor(() => expect(screen.getByTestId('format-item')).toHaveTextContent('Handbook'));
    expect(patches(host).at(-1)).toMatchObject({ links: { format: 'Handbook' } });
    await userEvent.click(screen.getByTestId('format-remove'));
    await waitFor(() => expect(screen.queryByTestId('format-item')).not.toBeInTheDocument());
    expect(patches(host).at(-1)).toEqual({ links: { custom: [], format: 'markdown' } });
    await userEvent.click(screen.getByRole('button', { name: /^Undo/ }));
    await waitFor(() => expect(screen.getByTestId('format-item')).toHaveTextContent('Handbook'));
    expect(patches(host).at(-1)).toMatchObject({ links: { format: 'Handbook' } });
  });
});

describe('about', () => {
  it('says where keys are kept and opens the folders', async () => {
    const host = await open('about');
    expect(screen.getByTestId('about-version')).toHaveTextContent('0.1.0 · Linux');
    expect(screen.getByTestId('secret-store')).toHaveTextContent('In the system keychain');
    await userEvent.click(screen.getByTestId('open-logs'));
    await userEvent.click(screen.getByTestId('open-data'));
    expect(host.sent('open_folder')).toEqual([{ what: 'logs' }, { what: 'data' }]);
  });

  it('keeps keys in a file only after a clear yes', async () => {
    const host = await open(
      'about',
      { secret_store: 'unavailable' },
      { secret_store_use_file: () => 'file' },
    );
    await userEvent.click(screen.getByTestId('secret-store-use-file'));
    expect(await screen.findByText(/it is not encrypted/)).toBeInTheDocument();
    expect(host.sent('secret_store_use_file')).toEqual([]);
    await userEvent.click(screen.getByTestId('use-file-confirm'));
    await waitFor(() => expect(screen.getByTestId('secret-store')).toHaveAttribute('data-kind', 'file'));
  });

  it('shows the licences of what the window is made of', async () => {
    await open('about');
    await userEvent.click(screen.getByTestId('open-licences'));
    expect(await screen.findByText('JetBrains Mono')).toBeInTheDocument();
  });
});

describe('finding a setting', () => {
  it('goes to its page and its control', async () => {
    await open('general');
    await fireEvent.keyDown(document.body, { key: 'f', ctrlKey: true });
    expect(screen.getByTestId('settings-search')).toHaveFocus();
    await userEvent.type(screen.getByTestId('settings-search'), 'custom');
    await userEvent.click(await screen.findByRole('button', { name: /^Custom formats/ }));
    expect(await screen.findByTestId('settings-links')).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId('format-add')).toHaveFocus());
  });

  it('says when there is none', async () => {
    await open('general');
    await userEvent.type(screen.getByTestId('settings-search'), 'teleport');
    expect(await screen.findByText('No setting is called “teleport”')).toBeInTheDocument();
  });
});

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it.each(['general', 'shortcuts', 'links', 'editors', 'about'])(
    'the page “%s” has no accessibility mistakes',
    async (page) => {
      await open(page, { settings: sampleSettings({ language }) });
      expect(await violations()).toEqual([]);
    },
  );
});
