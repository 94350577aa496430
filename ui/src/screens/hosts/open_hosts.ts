/** Opens the Hosts screen over an engine that keeps profiles; for its tests. */

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect } from 'vitest';
import App from '../../App.svelte';
import type { AppState, Profile } from '../../host/contract';
import { installHost } from '../../host/host';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { FakeHost } from '../../testing/fake_host';
import {
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

export const BLOG: Profile = sampleProfile('blog', {
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
export const LOCAL: Profile = sampleProfile('local', { name: 'This computer', preset: 'local' });

/** The Hosts screen over an engine that keeps profiles. */
export async function openHosts(
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

/** The control of a field. */
export const field = (key: string) => screen.getByTestId(`field-${key}`);

/** Replaces what stands in a text field. */
export async function retype(element: HTMLElement, text: string): Promise<void> {
  await userEvent.clear(element);
  await userEvent.click(element);
  await userEvent.paste(text);
}
