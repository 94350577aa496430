import { fireEvent, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { route } from '../../state/route.svelte';
import { violations } from '../../testing/axe';
import type { FakeHost } from '../../testing/fake_host';
import { BAD_TEST } from '../../testing/sample_fields';
import { field, LOCAL, openHosts, retype } from './open_hosts';

describe('leaving with something not saved', () => {
  async function change(): Promise<FakeHost> {
    const host = await openHosts();
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
    await openHosts();
    const first = screen.getAllByTestId('profile-item')[0];
    first?.focus();
    await userEvent.keyboard('{Alt>}{ArrowDown}{/Alt}');
    await waitFor(() => expect(names()).toEqual(['Notes', 'Blog', 'This computer']));
    expect(screen.getByText('Blog moved to place 2 of 3')).toBeInTheDocument();
  });

  it('moves with the arrows', async () => {
    await openHosts();
    screen.getAllByTestId('profile-item')[0]?.focus();
    await userEvent.keyboard('{ArrowDown}');
    expect(await screen.findByDisplayValue('Notes')).toBeInTheDocument();
  });

  it('says what removing a profile means for the history', async () => {
    const host = await openHosts();
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
    await openHosts();
    await userEvent.click(screen.getByText('This computer'));
    await userEvent.click(screen.getByTestId('profile-more'));
    await screen.findByTestId('profile-rename');
    expect(screen.queryByTestId('profile-remove')).not.toBeInTheDocument();
  });
});

describe('adding a host', () => {
  it('goes from nothing but this computer to a saved profile', async () => {
    const host = await openHosts({}, [LOCAL]);
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

  it.each([
    ['keychain', 'Kept in the system keychain, never in a file.'],
    ['file', 'Kept in a file that only your account can read, not in the system keychain.'],
  ] as const)('says that secrets go to the %s', async (secret_store, sentence) => {
    await openHosts({}, [LOCAL], { secret_store });
    await userEvent.click(screen.getByTestId('hosts-add-first'));
    await userEvent.click(screen.getByTestId('preset-r2'));
    await userEvent.click(screen.getByTestId('preset-continue'));
    await waitFor(() => expect(field('secret_access_key')).toHaveAccessibleDescription(sentence));
  });

  it('finds a host by its name in either language and goes on with Enter', async () => {
    await openHosts();
    await userEvent.click(screen.getByTestId('profile-add'));
    await userEvent.type(screen.getByTestId('preset-search'), 'backbl');
    expect(screen.getAllByRole('option').map((one) => one.textContent?.trim())).toEqual(['B2Backblaze B2']);
    await userEvent.keyboard('{Enter}');
    expect(await screen.findByDisplayValue('Backblaze B2')).toBeInTheDocument();
  });

  it('goes back with Esc', async () => {
    await openHosts();
    await userEvent.click(screen.getByTestId('profile-add'));
    await userEvent.keyboard('{Escape}');
    expect(await screen.findByDisplayValue('Blog')).toBeInTheDocument();
  });

  it('does not offer the store that is built in', async () => {
    await openHosts();
    await userEvent.click(screen.getByTestId('profile-add'));
    expect(screen.queryByTestId('preset-local')).not.toBeInTheDocument();
  });
});

describe('a link from elsewhere', () => {
  it('opens a profile with the field at fault in focus', async () => {
    await openHosts();
    await route.go('hosts', { profile: 'notes', field: 'bucket' });
    await waitFor(() => expect(screen.getByTestId('profile-name')).toHaveValue('Notes'));
    await waitFor(() => expect(field('bucket')).toHaveFocus());
  });
});

describe.each(['en', 'zh-CN'])('in %s', (language) => {
  it('the form, a failed test and the catalogue have no accessibility mistakes', async () => {
    await openHosts({ profile_test: () => BAD_TEST }, undefined, {}, language);
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
