import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { appError } from '../../testing/fake_host';
import { BAD_TEST, previewNames } from '../../testing/sample_fields';
import { BLOG, field, LOCAL, openHosts, retype } from './open_hosts';

describe('the form', () => {
  it('is drawn from the fields of the host, section by section', async () => {
    await openHosts();
    const headings = (await screen.findAllByRole('heading', { level: 2 })).map((one) => one.textContent);
    expect(headings).toEqual(['Connection', 'Where files go', 'Links', 'Images', 'Delivery']);
    expect(field('endpoint')).toHaveValue('https://s3.example.com');
    expect(screen.getByLabelText(/^Access key ID/)).toHaveValue('AKEXAMPLE');
    expect(field('on_conflict')).toHaveAttribute('data-value', 'rename');
  });

  it('carries the words of the window’s language', async () => {
    await openHosts({}, undefined, {}, 'zh-CN');
    expect(await screen.findByLabelText(/^存储桶/)).toHaveValue('pictures');
    expect(screen.getByRole('radio', { name: '加序号' })).toBeChecked();
  });

  it('hides what the preset has no use for, and shows advanced fields when asked', async () => {
    await openHosts({}, [{ ...BLOG, preset: 'r2' }, LOCAL]);
    expect(screen.queryByTestId('field-region')).not.toBeInTheDocument();
    expect(screen.queryByTestId('field-path_style')).not.toBeInTheDocument();
    await userEvent.click(screen.getByTestId('advanced-connection'));
    expect(field('path_style')).toBeInTheDocument();
  });

  it('shows a field only while another one has the right value', async () => {
    await openHosts({}, [{ ...BLOG, fields: { ...BLOG.fields, insecure: 'true' } }, LOCAL]);
    expect(field('insecure')).toBeChecked();
    expect(screen.getByText('Not secure')).toBeInTheDocument();
    expect(screen.queryByTestId('field-ca_file')).not.toBeInTheDocument();
    await userEvent.click(field('insecure'));
    expect(await screen.findByTestId('field-ca_file')).toBeInTheDocument();
  });

  it('counts what is not saved, and brings it back', async () => {
    await openHosts();
    expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument();
    await retype(field('bucket'), 'photos');
    await userEvent.click(screen.getByRole('radio', { name: 'Ask' }));
    expect(screen.getByTestId('save-footer')).toHaveTextContent('2 changes not saved');
    await userEvent.click(screen.getByTestId('profile-revert'));
    expect(field('bucket')).toHaveValue('pictures');
    expect(screen.queryByTestId('save-footer')).not.toBeInTheDocument();
  });

  it('saves with Ctrl S what was changed, and nothing of the secrets', async () => {
    const host = await openHosts();
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
    const host = await openHosts();
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
    await openHosts({
      profile_save: () => {
        throw appError('profile_exists', { message: 'There is a profile “Notes” already.' });
      },
    });
    await retype(screen.getByTestId('profile-name'), 'Notes');
    await userEvent.click(screen.getByTestId('profile-save'));
    expect(await screen.findByTestId('error-name')).toHaveTextContent('There is a profile “Notes” already.');
  });

  it('shows a repair under the field, and takes it back', async () => {
    await openHosts();
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
    const host = await openHosts();
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

  it('keeps a secret that was pasted with a space around it', async () => {
    const host = await openHosts();
    await userEvent.click(screen.getByTestId('secret-replace-secret_access_key'));
    await userEvent.click(field('secret_access_key'));
    await userEvent.paste('example-secret ');
    await userEvent.tab();
    await waitFor(() => expect(host.sent('profile_repair')).toHaveLength(1));
    expect(field('secret_access_key')).toHaveValue('example-secret ');
    await userEvent.click(screen.getByTestId('profile-save'));
    await waitFor(() =>
      expect(host.sent('profile_save')[0]?.draft.secrets).toEqual({ secret_access_key: 'example-secret ' }),
    );
  });

  it('inserts a placeholder at the caret and shows what the template makes', async () => {
    await openHosts();
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
    await openHosts({
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
    const host = await openHosts();
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
    await openHosts();
    await userEvent.click(screen.getByText('This computer'));
    expect(await screen.findByTestId('local-note')).toHaveTextContent('Links work on this computer only.');
    expect(screen.queryByTestId('field-endpoint')).not.toBeInTheDocument();
    expect(screen.getByText('http://127.0.0.1:36688')).toBeInTheDocument();
  });

  it('offers a file for the keys when there is no keychain', async () => {
    const host = await openHosts({ secret_store_use_file: () => 'file' }, undefined, {
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
    await openHosts();
    await userEvent.click(screen.getByTestId('profile-test'));
    const result = await screen.findByTestId('test-result');
    expect(result).toHaveAttribute('data-ok', 'true');
    expect(result).toHaveTextContent('Write, read and delete work · 96 ms');
    const [blog] = screen.getAllByTestId('profile-item');
    expect(within(blog ?? document.body).getByRole('img', { name: 'All steps work' })).toBeInTheDocument();
  });

  it('that fails names the step and why, and offers the right value', async () => {
    const host = await openHosts({ profile_test: () => BAD_TEST });
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
