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
import { VARIANTS } from './variants';
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
  it('is the engine’s own in English, and as exact as the values allow in Chinese', () => {
    const error = failure('bucket_not_found', {
      message: 'There is no bucket blog-img.',
      params: { bucket: 'blog-img' },
    });
    expect(sentence(error)).toBe('There is no bucket blog-img.');
    applyLanguage('zh-CN');
    expect(sentence(error)).toBe('此接入地址下没有存储桶“blog-img”。');
    expect(sentence({ ...error, params: {} })).toBe('此接入地址下没有这个存储桶。');
  });

  it('follows the reason among several of one code', () => {
    applyLanguage('zh-CN');
    const wrong = (reason: string) => sentence(failure('invalid_field', { params: { reason } }));
    expect(wrong('missing')).toBe('此项必填。');
    expect(wrong('never heard of')).toBe('图床配置中有一项填写有误。');
    expect(sentence(failure('file_too_large', { params: { size: '31000000', limit: '20000000' } }))).toBe(
      '文件大小为31.0 MB，上限是20.0 MB。',
    );
  });

  it('says in Chinese too why a picture or a watermark cannot be worked on', () => {
    applyLanguage('zh-CN');
    const because = (code: ErrorCode, params: Record<string, string>) => sentence(failure(code, { params }));
    expect(because('unsupported', { reason: 'heic_library', format: 'HEIC' })).toContain('libheif');
    expect(because('unsupported', { reason: 'svg_scripts', format: 'SVG' })).toContain('脚本');
    expect(because('unsupported', { reason: 'picture_kind', format: 'AVIF' })).toContain('AVIF图片');
    expect(because('unsupported', { reason: 'watermark_letters', letters: '渡' })).toContain('“渡”');
    expect(because('damaged_picture', { format: 'AVIF' })).toContain('AVIF图片已损坏');
    expect(because('invalid_field', { reason: 'watermark_empty' })).toContain('水印没有文字');
    expect(because('too_many_pixels', { width: '9', height: '8', limit_mb: '1024' })).toContain('1024 MB');
  });

  it.each(Object.entries(VARIANTS))(
    'of %s has words in both languages whatever values came',
    (_code, variants) => {
      const values = new Proxy({}, { get: () => '7' });
      for (const language of ['en', 'zh-CN']) {
        applyLanguage(language);
        for (const variant of variants ?? []) {
          const words = variant.say(values);
          expect(HAN.test(words)).toBe(language === 'zh-CN');
          for (const need of variant.needs) expect(words, need).toContain('7');
        }
      }
    },
  );

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
