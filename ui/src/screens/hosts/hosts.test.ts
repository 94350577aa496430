import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import type { AppState, Profile } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import { appError, FakeHost } from '../../testing/fake_host';
import {
  BAD_TEST,
  COMMON_FIELDS,
  checkDraft,
  FULL_S3,
  GOOD_TEST,
  previewNames,
  repairDraft,
} from '../../testing/sample_fields';
import { sampleProfile, sampleSettings, sampleState } from '../../testing/samples';
import { lastTests } from './tests.svelte';

type Answers = ConstructorParameters<typeof FakeHost>[0];

const BLOG: Profile = sampleProfile('blog', {
  name: 'Blog',
  preset: 'minio',
  fields: {
    endpoint: 'https://s3.example.com',
    region: 'us-east-1',
    bucket: 'pictures',
    access_key_id: 'AKEXAMPLE',
  },
  secrets: ['secret_access_key'],
});
const NOTES: Profile = { ...BLOG, id: 'notes', name: 'Notes', preset: 'oss' };
const LOCAL: Profile = sampleProfile('local', { name: 'This computer', preset: 'local' });

/** The Hosts screen over an engine that keeps profiles. */
async function open(
  answers: Answers = {},
  profiles: Profile[] = [BLOG, NOTES, LOCAL],
  state: Partial<AppState> = {},
  language = 'en',
): Promise<FakeHost> {
  let kept = profiles;
  lastTests.clear();
  const fake: FakeHost = new FakeHost({
    app_state: () =>
      sampleState({
        providers: [FULL_S3],
        common_fields: COMMON_FIELDS,
        settings: sampleSettings({ profiles: kept, language }),
        ...state,
      }),
    profile_repair: ({ draft }) => repairDraft(draft),
    profile_check: ({ draft }) => checkDraft(draft, kept.find((one) => one.id === draft.id)?.secrets ?? []),
    profile_save: ({ draft }) => {
      const before = kept.find((one) => one.id === draft.id);
      const { name, host, preset } = draft;
      const fields = draft.fields as Record<string, string>;
      const given = Object.keys(draft.secrets).filter((key) => draft.secrets[key]);
      const profile: Profile = {
        id: draft.id ?? 'new',
        name,
        host,
        preset,
        fields,
        secrets: [...(before?.secrets ?? []), ...given],
      };
      kept = before ? kept.map((one) => (one.id === profile.id ? profile : one)) : [...kept, profile];
      return profile;
    },
    profile_reorder: ({ ids }) => {
      kept = ids.flatMap((id) => kept.find((one) => one.id === id) ?? []);
      return null;
    },
    profile_remove: ({ id }) => {
      kept = kept.filter((one) => one.id !== id);
      return null;
    },
    profile_usage: () => ({ count: 1204, bytes_in: 9_000_000, bytes_out: 4_000_000 }),
    names_preview: ({ draft }) => previewNames(draft),
    profile_test: () => GOOD_TEST,
    ...answers,
  });
  installHost(fake);
  route.screen = 'hosts';
  render(App);
  await waitFor(() => expect(app.phase).toBe('ready'));
  await screen.findAllByTestId('profile-item');
  return fake;
}

const field = (key: string) => screen.getByTestId(`field-${key}`);

async function retype(element: HTMLElement, text: string): Promise<void> {
  await userEvent.clear(element);
  await userEvent.click(element);
  await userEvent.paste(text);
}

describe('the form', () => {
  it('is drawn from the fields of the host, section by section', async () => {
    await open();
    const headings = (await screen.findAllByRole('heading', { level: 2 })).map((one) => one.textContent);
    expect(headings).toEqual(['Connection', 'Where files go', 'Links', 'Images', 'Delivery']);
    expect(field('endpoint')).toHaveValue('https://s3.example.com');
    expect(screen.getByLabelText(/^Access key ID/)).toHaveValue('AKEXAMPLE');
    expect(field('on_conflict')).toHaveAttribute('data-value', 'rename');
  });

  it('carries the words of the window’s language', async () => {
    await open({}, undefined, {}, 'zh-CN');
    expect(await screen.findByLabelText(/^存储桶/)).toHaveValue('pictures');
    expect(screen.getByRole('radio', { name: '加序号' })).toBeChecked();
  });

  it('hides what the preset has no use for, and shows advanced fields when asked', async () => {
    await open({}, [{ ...BLOG, preset: 'r2' }, LOCAL]);
    expect(screen.queryByTestId('field-region')).not.toBeInTheDocument();
    expect(screen.queryByTestId('field-path_style')).not.toBeInTheDocument();
    await userEvent.click(screen.getByTestId('advanced-connection'));
    expect(field('path_style')).toBeInTheDocument();
  });

  it('shows a field only while another one has the right value', async () => {
    await open({}, [{ ...BLOG, fields: { ...BLOG.fields, insecure: 'true' } }, LOCAL]);
    expect(field('insecure')).toBeChecked();
    expect(screen.getByText('Not secure')).toBeInTheDocument();
    expect(screen.queryByTestId('field-ca_file')).not.toBeInTheDocument();
    await userEvent.click(field('insecure'));
    expect(await screen.findByTestId('field-ca_file')).toBeInTheDocument();
  });

  it('counts what is not saved, and brings it back', async () => {
    await open();
    expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument();
    await retype(field('bucket'), 'photos');
    await userEvent.click(screen.getByRole('radio', { name: 'Ask' }));
    expect(screen.getByTestId('save-footer')).toHaveTextContent('2 changes not saved');
    await userEvent.click(screen.getByTestId('profile-revert'));
    expect(field('bucket')).toHaveValue('pictures');
    expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument();
  });

  it('saves with Ctrl S what was changed, and nothing of the secrets', async () => {
    const host = await open();
    await retype(field('bucket'), 'photos');
    await fireEvent.keyDown(document.body, { key: 's', ctrlKey: true });
    await waitFor(() => expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument());
    expect(host.sent('profile_save')).toEqual([
      {
        draft: {
          id: 'blog',
          name: 'Blog',
          host: 's3',
          preset: 'minio',
          fields: { ...BLOG.fields, bucket: 'photos' },
          secrets: {},
        },
      },
    ]);
    expect(await screen.findByText('Blog saved')).toBeInTheDocument();
  });

  it('tells what is missing beside each field, and puts the focus on the first', async () => {
    const host = await open();
    await userEvent.clear(field('bucket'));
    await userEvent.clear(field('endpoint'));
    await userEvent.click(screen.getByTestId('profile-save'));
    expect(await screen.findByTestId('error-endpoint')).toHaveTextContent('This is needed.');
    expect(screen.getByTestId('error-bucket')).toHaveTextContent('This is needed.');
    expect(field('endpoint')).toHaveFocus();
    expect(field('endpoint')).toHaveAttribute('aria-invalid', 'true');
    expect(host.sent('profile_save')).toEqual([]);
    await userEvent.type(field('endpoint'), 'h');
    expect(screen.queryByTestId('error-endpoint')).not.toBeInTheDocument();
  });

  it('tells beside the name when it is taken', async () => {
    await open({
      profile_save: () => {
        throw appError('profile_exists', { message: 'There is a profile “Notes” already.' });
      },
    });
    await retype(screen.getByTestId('profile-name'), 'Notes');
    await userEvent.click(screen.getByTestId('profile-save'));
    expect(await screen.findByTestId('error-name')).toHaveTextContent('There is a profile “Notes” already.');
  });

  it('shows a repair under the field, and takes it back', async () => {
    await open();
    await retype(field('endpoint'), 'https://s3.example.com/shots/');
    await userEvent.tab();
    expect(await screen.findByTestId('repair-endpoint')).toHaveTextContent(
      'Removed the bucket from the endpoint',
    );
    expect(field('endpoint')).toHaveValue('https://s3.example.com');
    expect(field('bucket')).toHaveValue('shots');
    await userEvent.click(
      within(screen.getByTestId('repair-endpoint')).getByRole('button', { name: 'Undo' }),
    );
    expect(field('endpoint')).toHaveValue('https://s3.example.com/shots/');
    await userEvent.click(field('endpoint'));
    await userEvent.tab();
    expect(field('endpoint')).toHaveValue('https://s3.example.com/shots/');
  });

  it('never shows a stored secret, and sends a new one only with Save', async () => {
    const host = await open();
    expect(field('secret_access_key')).toHaveTextContent('Stored in the system keychain');
    expect(field('secret_access_key').querySelector('input')).toBeNull();
    await userEvent.click(screen.getByTestId('secret-replace-secret_access_key'));
    expect(field('secret_access_key')).toHaveAttribute('type', 'password');
    await userEvent.click(field('secret_access_key'));
    await userEvent.paste('example-secret');
    await userEvent.click(screen.getByTestId('profile-save'));
    await waitFor(() =>
      expect(host.sent('profile_save')[0]?.draft.secrets).toEqual({ secret_access_key: 'example-secret' }),
    );
    await waitFor(() => expect(document.body.innerHTML).not.toContain('example-secret'));
  });

  it('inserts a placeholder at the caret and shows what the template makes', async () => {
    await open();
    const input = field('key_template') as HTMLInputElement;
    await retype(input, '{year}/.{ext}');
    input.setSelectionRange(7, 7);
    await userEvent.click(screen.getByTestId('insert-{name}'));
    expect(input).toHaveValue('{year}/{name}.{ext}');
    await waitFor(() =>
      expect(screen.getByTestId('names-preview')).toHaveTextContent('2025/harbour dawn.jpg'),
    );
    expect(screen.getByTestId('link-preview')).toHaveTextContent('2025/harbour%20dawn.jpg');
  });

  it('tells a mistake in the template beside it', async () => {
    await open({
      names_preview: ({ draft }) => {
        if ((draft.fields['key_template'] ?? '').includes('{nope}')) {
          throw appError('invalid_template', { message: '{nope} is not a placeholder.' });
        }
        return previewNames(draft);
      },
    });
    await retype(field('key_template'), '{nope}.{ext}');
    expect(await screen.findByTestId('error-key_template')).toHaveTextContent('{nope}');
    expect(screen.queryByTestId('names-preview')).not.toBeInTheDocument();
  });

  it('takes a switch at once and leaves other changes unsaved', async () => {
    const host = await open();
    await retype(field('bucket'), 'photos');
    await userEvent.click(screen.getByTestId('advanced-connection'));
    await userEvent.click(field('insecure'));
    await waitFor(() => expect(field('insecure')).toBeChecked());
    expect(host.sent('profile_save').map((one) => one.draft.fields)).toEqual([
      { ...BLOG.fields, insecure: 'true' },
    ]);
    expect(screen.getByTestId('save-footer')).toHaveTextContent('1 change not saved');
    expect(field('bucket')).toHaveValue('photos');
  });

  it('says that links of this computer work here only, and leaves its connection alone', async () => {
    await open();
    await userEvent.click(screen.getByText('This computer'));
    expect(await screen.findByTestId('local-note')).toHaveTextContent('Links work on this computer only.');
    expect(screen.queryByTestId('field-endpoint')).not.toBeInTheDocument();
    expect(screen.getByText('http://127.0.0.1:36688')).toBeInTheDocument();
  });

  it('offers a file for the keys when there is no keychain', async () => {
    const host = await open({ secret_store_use_file: () => 'file' }, undefined, {
      secret_store: 'unavailable',
    });
    await userEvent.click(await screen.findByTestId('use-secret-file'));
    expect(host.sent('secret_store_use_file')).toHaveLength(1);
    await waitFor(() =>
      expect(field('secret_access_key')).toHaveTextContent('Stored in a file on this computer'),
    );
  });
});

describe('a test', () => {
  it('that passes is one line, and four points in the list', async () => {
    await open();
    await userEvent.click(screen.getByTestId('profile-test'));
    const result = await screen.findByTestId('test-result');
    expect(result).toHaveAttribute('data-ok', 'true');
    expect(result).toHaveTextContent('Write, read and delete work · 96 ms');
    const [blog] = screen.getAllByTestId('profile-item');
    expect(within(blog ?? document.body).getByRole('img', { name: 'All steps work' })).toBeInTheDocument();
  });

  it('that fails names the step and why, and offers the right value', async () => {
    const host = await open({ profile_test: () => BAD_TEST });
    await userEvent.click(screen.getByTestId('profile-test'));
    const result = await screen.findByTestId('test-result');
    expect(result).toHaveAttribute('data-ok', 'false');
    expect(result).toHaveTextContent('Write: Wrong region. The bucket is in eu-central-1');
    expect(screen.getByRole('img', { name: 'Write failed' })).toBeInTheDocument();
    await userEvent.click(screen.getByRole('button', { name: 'Use region eu-central-1' }));
    expect(field('region')).toHaveValue('eu-central-1');
    expect(screen.getByTestId('save-footer')).toHaveTextContent('1 change not saved');
    await userEvent.click(screen.getByTestId('profile-test'));
    expect(host.sent('profile_test').at(-1)?.draft.fields['region']).toBe('eu-central-1');
  });
});

describe('leaving with something not saved', () => {
  async function change(): Promise<FakeHost> {
    const host = await open();
    await retype(field('bucket'), 'photos');
    return host;
  }
  const chosen = () =>
    screen.getAllByTestId('profile-item').find((one) => one.getAttribute('aria-selected') === 'true')
      ?.dataset['name'];

  it('asks, and stays when told to', async () => {
    await change();
    await userEvent.click(screen.getByText('Notes'));
    await userEvent.click(await screen.findByTestId('leave-stay'));
    expect(chosen()).toBe('Blog');
    expect(field('bucket')).toHaveValue('photos');
  });

  it('forgets the changes when told to', async () => {
    const host = await change();
    await userEvent.click(screen.getByText('Notes'));
    await userEvent.click(await screen.findByTestId('leave-discard'));
    await waitFor(() => expect(chosen()).toBe('Notes'));
    expect(host.sent('profile_save')).toEqual([]);
  });

  it('saves first when told to, also on the way to another screen', async () => {
    const host = await change();
    await fireEvent.keyDown(document.body, { key: '1', ctrlKey: true });
    await userEvent.click(await screen.findByTestId('leave-save'));
    await screen.findByTestId('screen-upload');
    expect(host.sent('profile_save')).toHaveLength(1);
  });
});

describe('the list', () => {
  const names = () => screen.getAllByTestId('profile-item').map((one) => one.dataset['name']);

  it('is put in another order with Alt and an arrow', async () => {
    await open();
    const first = screen.getAllByTestId('profile-item')[0];
    first?.focus();
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await waitFor(() => expect(names()).toEqual(['Notes', 'Blog', 'This computer']));
    expect(screen.getByText('Blog moved to place 2 of 3')).toBeInTheDocument();
  });

  it('moves with the arrows', async () => {
    await open();
    screen.getAllByTestId('profile-item')[0]?.focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(await screen.findByDisplayValue('Notes')).toBeInTheDocument();
  });

  it('says what removing a profile means for the history', async () => {
    const host = await open();
    await userEvent.click(screen.getByTestId('profile-more'));
    await userEvent.click(await screen.findByTestId('profile-remove'));
    const dialog = await screen.findByTestId('remove-dialog');
    expect(dialog).toHaveTextContent('1,204 pictures stay in the history');
    expect(dialog).toHaveTextContent('They can no longer be deleted on the host from here.');
    await waitFor(() => expect(screen.getByTestId('remove-cancel')).toHaveFocus());
    await userEvent.click(screen.getByTestId('remove-confirm'));
    await waitFor(() => expect(names()).toEqual(['Notes', 'This computer']));
    expect(host.sent('profile_remove')).toEqual([{ id: 'blog' }]);
  });

  it('does not offer to remove this computer', async () => {
    await open();
    await userEvent.click(screen.getByText('This computer'));
    await userEvent.click(screen.getByTestId('profile-more'));
    await screen.findByTestId('profile-rename');
    expect(screen.queryByTestId('profile-remove')).not.toBeInTheDocument();
  });
});

describe('adding a host', () => {
  it('goes from nothing but this computer to a saved profile', async () => {
    const host = await open({}, [LOCAL]);
    expect(screen.getByText('Pictures stay on this computer')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('hosts-add-first'));
    expect(screen.getByTestId('preset-search')).toHaveFocus();
    await userEvent.click(screen.getByTestId('preset-r2'));
    const about = screen.getByRole('complementary', { name: 'Cloudflare R2' });
    expect(about).toHaveTextContent('Secret access key');
    await userEvent.click(screen.getByTestId('preset-continue'));
    await waitFor(() => expect(field('endpoint')).toHaveFocus());
    expect(screen.getByTestId('profile-name')).toHaveValue('Cloudflare R2');
    await userEvent.paste('https://abc.r2.cloudflarestorage.com');
    await userEvent.click(field('bucket'));
    await userEvent.paste('pictures');
    await userEvent.click(field('access_key_id'));
    await userEvent.paste('AKEXAMPLE');
    await userEvent.click(field('secret_access_key'));
    await userEvent.paste('example-secret');
    await userEvent.click(screen.getByTestId('profile-save'));
    await waitFor(() => expect(screen.getAllByTestId('profile-item')).toHaveLength(2));
    expect(host.sent('profile_save')[0]?.draft).toMatchObject({
      name: 'Cloudflare R2',
      preset: 'r2',
      fields: { region: 'auto', bucket: 'pictures' },
    });
    expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument();
  });

  it('finds a host by its name in either language and goes on with Enter', async () => {
    await open();
    await userEvent.click(screen.getByTestId('profile-add'));
    await userEvent.type(screen.getByTestId('preset-search'), 'backbl');
    expect(screen.getAllByRole('option').map((one) => one.textContent?.trim())).toEqual(['B2Backblaze B2']);
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByDisplayValue('Backblaze B2')).toBeInTheDocument();
  });

  it('goes back with Esc', async () => {
    await open();
    await userEvent.click(screen.getByTestId('profile-add'));
    await userEvent.keyboard('{Escape}');
    expect(await screen.findByDisplayValue('Blog')).toBeInTheDocument();
  });

  it('does not offer the store that is built in', async () => {
    await open();
    await userEvent.click(screen.getByTestId('profile-add'));
    expect(screen.queryByTestId('preset-local')).not.toBeInTheDocument();
  });
});

describe('a link from elsewhere', () => {
  it('opens a profile with the field at fault in focus', async () => {
    await open();
    await route.go('hosts', { profile: 'notes', field: 'bucket' });
    await waitFor(() => expect(screen.getByTestId('profile-name')).toHaveValue('Notes'));
    await waitFor(() => expect(field('bucket')).toHaveFocus());
  });
});

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it('the form, a failed test and the catalogue have no accessibility mistakes', async () => {
    await open({ profile_test: () => BAD_TEST }, undefined, {}, language);
    await screen.findByTestId('names-preview');
    await userEvent.click(screen.getByTestId('advanced-connection'));
    await userEvent.click(screen.getByTestId('profile-test'));
    await screen.findByTestId('test-result');
    expect(await violations()).toEqual([]);
    await userEvent.click(screen.getByTestId('profile-add'));
    await screen.findByTestId('preset-r2');
    expect(await violations()).toEqual([]);
  });
});
