import { render, screen, waitFor, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeAll, describe, expect, it } from 'vitest';
import App from '../../App.svelte';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { appError, FakeHost } from '../../testing/fake_host';
import { fetchScreens } from '../../testing/fetch_screens';
import { sampleJob, sampleSettings, sampleState } from '../../testing/samples';

beforeAll(fetchScreens);

async function open(answers: ConstructorParameters<typeof FakeHost>[0] = {}): Promise<FakeHost> {
  const settings = sampleSettings({ onboarded: false, default_profile: 'local' });
  const fake = new FakeHost({
    app_state: () => sampleState({ settings }),
    settings_change: () => ({ ...settings, onboarded: true }),
    ...answers,
  });
  installHost(fake);
  render(App);
  await screen.findByTestId('screen-onboarding');
  return fake;
}

describe('the first run', () => {
  it('sends a sample picture and shows its link', async () => {
    const host = await open();
    await userEvent.click(screen.getByTestId('onboarding-sample'));
    expect(host.sent('upload_sample')).toEqual([{}]);
    host.emit({
      type: 'job_changed',
      job: sampleJob('s', { name: 'sample.png', state: 'done', url: 'http://127.0.0.1:36688/p/a.png' }),
    });
    const row = await screen.findByTestId('job-row');
    expect(row).toHaveTextContent('Done, link copied');
    await userEvent.click(within(row).getByRole('button', { name: 'Open' }));
    expect(host.sent('open_address')).toEqual([{ url: 'http://127.0.0.1:36688/p/a.png' }]);
  });

  it('is left once, and the window comes', async () => {
    const host = await open();
    await userEvent.click(screen.getByTestId('onboarding-skip'));
    expect(host.sent('settings_change')).toEqual([{ patch: { onboarded: true } }]);
    expect(await screen.findByTestId('screen-upload')).toBeInTheDocument();
  });

  it('leads to adding a host', async () => {
    await open();
    await userEvent.click(screen.getByTestId('onboarding-add-host'));
    await waitFor(() => expect([route.screen, route.target.add]).toEqual(['hosts', true]));
  });

  it('changes every word when the language is chosen', async () => {
    const settings = sampleSettings({ onboarded: false, language: 'zh-CN' });
    await open({ settings_change: () => settings });
    await userEvent.click(screen.getByTestId('onboarding-language'));
    await userEvent.click(await screen.findByText('简体中文'));
    expect(await screen.findByText('拖入一张图片，现在就能用。')).toBeInTheDocument();
    expect(screen.getByTestId('onboarding-skip')).toHaveTextContent('暂不添加，直接开始');
    expect(document.documentElement.lang).toBe('zh-CN');
  });

  it('stays when the settings cannot be written, and says why', async () => {
    await open({ settings_change: () => Promise.reject(appError('disk_full')) });
    await userEvent.click(screen.getByTestId('onboarding-skip'));
    expect(await screen.findByTestId('notice')).toHaveTextContent('The disk is full');
    expect(screen.getByTestId('screen-onboarding')).toBeInTheDocument();
  });
});

describe('an engine that cannot work', () => {
  it('is explained on the whole window, and can be tried again', async () => {
    let broken = true;
    installHost(
      new FakeHost({
        app_state: () => {
          if (broken) throw appError('database_damaged', { message: 'The history file is damaged.' });
          return sampleState();
        },
      }),
    );
    render(App);
    const page = await screen.findByTestId('engine-error');
    expect(page).toHaveTextContent('The history file is damaged');
    broken = false;
    await userEvent.click(screen.getByTestId('engine-retry'));
    expect(await screen.findByTestId('screen-upload')).toBeInTheDocument();
    expect(app.failure).toBeNull();
  });
});
