/** Sentences that say more than the plain one of a code, for when the engine sent the values they need. */

import { formatSize } from '../format';
import type { ErrorCode } from '../host/contract';
import { m } from '../paraglide/messages';

type Params = Record<string, string>;

export type Variant = {
  /** The values that the sentence inserts. */
  needs: readonly string[];
  /** A value that must be just this: the reason among several of one code. */
  when?: readonly [name: string, value: string];
  say: (params: Params) => string;
};

/** A value that `needs` has promised. */
const of = (params: Params, name: string) => params[name] ?? '';
const size = (params: Params, name: string) => formatSize(Number(params[name]));

/** A sentence without values, for one reason. */
function because(reason: string, say: () => string): Variant {
  return { needs: [], when: ['reason', reason], say };
}

const file = (say: (values: { file: string }) => string): Variant => ({
  needs: ['file'],
  say: (params) => say({ file: of(params, 'file') }),
});

const picture = (say: (values: { format: string }) => string): Variant => ({
  needs: ['format'],
  say: (params) => say({ format: of(params, 'format') }),
});

export const VARIANTS: Partial<Record<ErrorCode, readonly Variant[]>> = {
  file_not_found: [folder('watch_gone', m.error_watch_gone), file(m.error_file_not_found_named)],
  file_unreadable: [
    {
      needs: ['file', 'target'],
      when: ['reason', 'watch_move'],
      say: (params) => m.error_watch_move({ file: of(params, 'file'), target: of(params, 'target') }),
    },
    {
      needs: ['file'],
      when: ['reason', 'watch_trash'],
      say: (params) => m.error_watch_trash({ file: of(params, 'file') }),
    },
    file(m.error_file_unreadable_named),
  ],
  file_too_large: [
    {
      needs: ['size', 'limit'],
      say: (params) =>
        m.error_file_too_large_limit({ size: size(params, 'size'), limit: size(params, 'limit') }),
    },
  ],
  damaged_picture: [picture(m.error_damaged_picture_format)],
  too_many_pixels: [
    {
      needs: ['frames', 'limit_mb'],
      say: (params) =>
        m.error_too_many_pixels_animation({ frames: of(params, 'frames'), limit: of(params, 'limit_mb') }),
    },
    {
      needs: ['width', 'height', 'limit_mb'],
      say: (params) =>
        m.error_too_many_pixels_memory({
          width: of(params, 'width'),
          height: of(params, 'height'),
          limit: of(params, 'limit_mb'),
        }),
    },
    {
      needs: ['width', 'height'],
      say: (params) =>
        m.error_too_many_pixels_size({ width: of(params, 'width'), height: of(params, 'height') }),
    },
  ],
  url_refused: [
    { needs: ['status'], say: (params) => m.error_url_refused_status({ status: of(params, 'status') }) },
  ],
  clipboard_empty: [
    { needs: [], when: ['holds', 'nothing'], say: m.error_clipboard_empty_nothing },
    { needs: [], when: ['holds', 'text'], say: m.error_clipboard_empty_text },
    { needs: [], when: ['holds', 'other'], say: m.error_clipboard_empty_other },
  ],
  access_denied: [
    because('download', m.error_access_denied_download),
    because('not_public', m.error_access_denied_not_public),
  ],
  bucket_not_found: [
    { needs: ['bucket'], say: (params) => m.error_bucket_not_found_named({ bucket: of(params, 'bucket') }) },
  ],
  host_refused: [
    {
      needs: ['host'],
      when: ['reason', 'not_s3'],
      say: (params) => m.error_host_refused_stranger({ host: of(params, 'host') }),
    },
  ],
  wrong_region: [
    { needs: ['expected'], say: (params) => m.error_wrong_region_known({ region: of(params, 'expected') }) },
  ],
  network: [{ needs: ['host'], say: (params) => m.error_network_host({ host: of(params, 'host') }) }],
  tls_failed: [{ needs: ['host'], say: (params) => m.error_tls_failed_host({ host: of(params, 'host') }) }],
  key_exists: [{ needs: ['key'], say: (params) => m.error_key_exists_named({ key: of(params, 'key') }) }],
  profile_exists: [
    { needs: ['profile'], say: (params) => m.error_profile_exists_named({ profile: of(params, 'profile') }) },
  ],
  unsupported: [
    because('migration_busy', m.error_migration_busy),
    { ...picture(m.error_unsupported_picture_kind), when: ['reason', 'picture_kind'] },
    { ...picture(m.error_unsupported_picture_moves), when: ['reason', 'picture_moves'] },
    because('picture_format', m.error_unsupported_picture_format),
    because('picture_untouched', m.error_unsupported_picture_untouched),
    {
      needs: ['format', 'limit'],
      when: ['reason', 'longest_side'],
      say: (params) =>
        m.error_unsupported_longest_side({ format: of(params, 'format'), limit: of(params, 'limit') }),
    },
    because('svg_scripts', m.error_unsupported_svg_scripts),
    because('svg_intricate', m.error_unsupported_svg_intricate),
    because('heic_library', m.error_unsupported_heic_library),
    because('heic_decoder', m.error_unsupported_heic_decoder),
    because('heic_system', m.error_unsupported_heic_system),
    {
      needs: ['letters'],
      when: ['reason', 'watermark_letters'],
      say: (params) => m.error_unsupported_watermark_letters({ letters: of(params, 'letters') }),
    },
    because('watermark_font', m.error_unsupported_watermark_font),
  ],
  invalid_field: [
    because('missing', m.error_invalid_field_missing),
    because('not_a_url', m.error_invalid_field_url),
    because('not_a_number', m.error_invalid_field_number),
    because('not_a_choice', m.error_invalid_field_choice),
    because('unknown', m.error_invalid_field_unknown),
    because('not_a_proxy', m.error_invalid_field_proxy),
    because('not_pem', m.error_invalid_field_pem),
    because('console_url', m.error_invalid_field_console),
    because('bucket_name', m.error_invalid_field_bucket),
    because('bucket_without_appid', m.error_invalid_field_appid),
    because('master_key', m.error_invalid_field_master),
    because('name_control', m.error_invalid_field_name_control),
    {
      needs: ['limit'],
      when: ['reason', 'name_long'],
      say: (params) => m.error_invalid_field_name_long({ limit: of(params, 'limit') }),
    },
    {
      needs: ['pattern'],
      when: ['reason', 'watch_pattern'],
      say: (params) => m.error_watch_pattern({ pattern: of(params, 'pattern') }),
    },
    because('watch_wait', m.error_watch_wait),
    because('watch_relative', m.error_watch_relative),
    because('watch_no_target', m.error_watch_no_target),
    folder('watch_own', m.error_watch_own),
    folder('watch_loop', m.error_watch_loop),
    folders('watch_twice', m.error_watch_twice),
    folders('watch_filled', m.error_watch_filled),
    because('watermark_empty', m.error_invalid_field_watermark_empty),
    {
      needs: ['limit'],
      when: ['reason', 'watermark_long'],
      say: (params) => m.error_invalid_field_watermark_long({ limit: of(params, 'limit') }),
    },
    because('watermark_picture', m.error_invalid_field_watermark_picture),
    {
      needs: ['width', 'height'],
      when: ['reason', 'crop'],
      say: (params) =>
        m.error_invalid_field_crop({ width: of(params, 'width'), height: of(params, 'height') }),
    },
  ],
  invalid_template: [
    at('unclosed', m.error_invalid_template_unclosed),
    at('stray', m.error_invalid_template_stray),
    placeholder('unknown', m.error_invalid_template_placeholder),
    placeholder('argument', m.error_invalid_template_argument),
    because('empty', m.error_invalid_template_empty),
    because('no_placeholder', m.error_invalid_template_constant),
    because('no_file_name', m.error_invalid_template_folder),
    because('nothing_left', m.error_invalid_template_nothing),
  ],
  settings_damaged: [
    {
      needs: ['file'],
      when: ['restored', 'yes'],
      say: (params) => m.error_settings_damaged_restored({ file: of(params, 'file') }),
    },
    { needs: ['file'], say: (params) => m.error_settings_damaged_file({ file: of(params, 'file') }) },
  ],
  object_not_found: [
    {
      needs: ['was', 'profile'],
      when: ['reason', 'elsewhere'],
      say: (params) =>
        m.error_object_not_found_elsewhere({ was: of(params, 'was'), profile: of(params, 'profile') }),
    },
  ],
  port_taken: [
    port('another_store', m.error_port_taken_store),
    port('mute', m.error_port_taken_mute),
    port('unproved', m.error_port_taken_unproved),
    port('editors_picgo', m.error_port_taken_picgo),
    port('editors_piclist', m.error_port_taken_piclist),
    port('editors_picferry', m.error_port_taken_picferry),
    port('editors_other', m.error_port_taken_editors),
    { needs: ['port'], say: (params) => m.error_port_taken_number({ port: of(params, 'port') }) },
  ],
  keychain_unavailable: [because('held_elsewhere', m.error_keychain_unavailable_elsewhere)],
  hotkey_taken: [
    {
      needs: ['accelerator'],
      say: (params) => m.error_hotkey_taken_named({ keys: of(params, 'accelerator') }),
    },
  ],
};

function folder(reason: string, say: (values: { folder: string }) => string): Variant {
  return {
    needs: ['folder'],
    when: ['reason', reason],
    say: (params) => say({ folder: of(params, 'folder') }),
  };
}

/** A folder, and another one that is in its way. */
function folders(reason: string, say: (values: { folder: string; other: string }) => string): Variant {
  return {
    needs: ['folder', 'other'],
    when: ['reason', reason],
    say: (params) => say({ folder: of(params, 'folder'), other: of(params, 'other') }),
  };
}

function at(reason: string, say: (values: { position: string }) => string): Variant {
  return {
    needs: ['position'],
    when: ['reason', reason],
    say: (params) => say({ position: of(params, 'position') }),
  };
}

function port(reason: string, say: (values: { port: string }) => string): Variant {
  return { needs: ['port'], when: ['reason', reason], say: (params) => say({ port: of(params, 'port') }) };
}

function placeholder(reason: string, say: (values: { placeholder: string }) => string): Variant {
  return {
    needs: ['placeholder'],
    when: ['reason', reason],
    say: (params) => say({ placeholder: of(params, 'placeholder') }),
  };
}

/** The first sentence whose values are all there. */
export function variantOf(code: ErrorCode, params: Params): string | undefined {
  const fits = ({ needs, when }: Variant) =>
    needs.every((name) => params[name]) && (when === undefined || params[when[0]] === when[1]);
  return VARIANTS[code]?.find(fits)?.say(params);
}
