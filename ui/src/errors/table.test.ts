import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../host/contract';
import { app } from '../state/app.svelte';
import { applyLanguage } from '../state/locale.svelte';
import { route } from '../state/route.svelte';
import { toasts } from '../state/toasts.svelte';
import { failure, startWith } from '../testing/fake_host';
import { act, copyDetails, fitting } from './act';
import { AppError } from './app_error';
import { ERRORS } from './table';
import { actionLabel, sentence, title } from './words';

const CODES = Object.keys(ERRORS) as ErrorCode[];
const HAN = /\p{Script=Han}/u;

describe('every error code', () => {
  it.each(CODES)('%s has words and a button in both languages', (code) => {
    const error = failure(code);
    applyLanguage('en');
    expect(title(error)).not.toMatch(HAN);
    expect(sentence(error)).toBe(error.message);
    expect(actionLabel(ERRORS[code].action)).not.toBe('');
    applyLanguage('zh-CN');
    expect(title(error)).toMatch(HAN);
    expect(sentence(error)).toMatch(HAN);
    expect(actionLabel(ERRORS[code].action)).toMatch(HAN);
  });
});

describe('the sentence of a failure', () => {
  it('inserts the values that came along, in both languages', () => {
    const error = failure('bucket_not_found', { params: { bucket: 'blog-img' } });
    expect(sentence(error)).toContain('“blog-img”');
    applyLanguage('zh-CN');
    expect(sentence(error)).toContain('“blog-img”');
  });

  it('ends with the hint where the engine has one', () => {
    expect(sentence(failure('disk_full', { message: 'The disk is full.', hint: 'Free some space.' }))).toBe(
      'The disk is full. Free some space.',
    );
  });

  it('has words for a code that only a newer engine knows', () => {
    const unknown = failure('from_the_future' as ErrorCode, { message: 'Something new.' });
    expect(sentence(unknown)).toBe('Something new.');
    expect(title(unknown)).toBe('Something went wrong');
  });
});

describe('the button of a failure', () => {
  it('is what fits the place', () => {
    expect(fitting('choose_host', { retry: () => undefined })).toBe('retry');
    expect(fitting('open_host_field', {})).toBe('copy_details');
    expect(fitting('open_host_field', { profileId: 'blog' })).toBe('open_host_field');
  });

  it('opens the form of the host with the field at fault', async () => {
    await startWith();
    act('replace_key', failure('auth_failed', { field: 'secret_access_key' }), { profileId: 'blog' });
    await Promise.resolve();
    expect([route.screen, route.target]).toEqual(['hosts', { profile: 'blog', field: 'secret_access_key' }]);
  });

  it('keeps secrets in a file only when told to', async () => {
    const fake = await startWith({ secret_store: 'unavailable' }, { secret_store_use_file: () => 'file' });
    act('use_secret_file', failure('keychain_unavailable'), {});
    await expect.poll(() => app.secretStore).toBe('file');
    expect(fake.sent('secret_store_use_file')).toHaveLength(1);
  });

  it('puts the report of the engine on the clipboard', async () => {
    const fake = await startWith({}, { error_report: ({ error }) => `report of ${error.code}` });
    await copyDetails(failure('network'));
    expect(fake.sent('text_copy')).toEqual([{ text: 'report of network' }]);
    expect(toasts.list.map((toast) => toast.text)).toEqual(['Details copied']);
  });
});

describe('whatever a host throws', () => {
  it('becomes an AppError with the failure of the engine', () => {
    expect(AppError.from(failure('network')).failure.code).toBe('network');
    expect(AppError.from(new Error('boom')).failure).toMatchObject({ code: 'internal', details: ['boom'] });
  });
});
