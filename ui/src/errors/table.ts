/** One line for each error code: its words in both languages, how grave it is, and the one thing to do. */

import type { ErrorCode } from '../host/contract';
import { m } from '../paraglide/messages';

/** The one button beside a failure. */
export type ErrorAction =
  /** Try the same again. */
  | 'retry'
  /** Open the host's form with the field at fault in focus. */
  | 'open_host_field'
  /** The same, for a key: the button says so. */
  | 'replace_key'
  /** Send it to another host. */
  | 'choose_host'
  /** Settings, where the limit stands. */
  | 'open_limits'
  /** Settings, where shortcuts are recorded. */
  | 'open_shortcuts'
  /** Settings, where pages are allowed and the server is set. */
  | 'open_editors'
  /** Keep secrets in a file instead of the keychain. */
  | 'use_secret_file'
  /** Show the folder with Picferry's own files. */
  | 'open_data_folder'
  /** Nothing helps but taking it off the list. */
  | 'remove'
  /** For a bug report. */
  | 'copy_details';

/** `info` is a mere fact; `warn` passes or can be lived with; `fail` stands in the way. */
export type Severity = 'info' | 'warn' | 'fail';

export type ErrorEntry = {
  /** Two or three words. */
  title: () => string;
  /** A sentence that is right without any value; `variants.ts` has better ones for known values. */
  plain: () => string;
  severity: Severity;
  action: ErrorAction;
};

export const ERRORS: Record<ErrorCode, ErrorEntry> = {
  file_not_found: {
    title: m.error_file_not_found_title,
    plain: m.error_file_not_found,
    severity: 'fail',
    action: 'retry',
  },
  file_unreadable: {
    title: m.error_file_unreadable_title,
    plain: m.error_file_unreadable,
    severity: 'fail',
    action: 'retry',
  },
  not_a_file: {
    title: m.error_not_a_file_title,
    plain: m.error_not_a_file,
    severity: 'fail',
    action: 'remove',
  },
  empty_file: {
    title: m.error_empty_file_title,
    plain: m.error_empty_file,
    severity: 'fail',
    action: 'retry',
  },
  not_a_picture: {
    title: m.error_not_a_picture_title,
    plain: m.error_not_a_picture,
    severity: 'fail',
    action: 'remove',
  },
  damaged_picture: {
    title: m.error_damaged_picture_title,
    plain: m.error_damaged_picture,
    severity: 'fail',
    action: 'retry',
  },
  too_many_pixels: {
    title: m.error_too_many_pixels_title,
    plain: m.error_too_many_pixels,
    severity: 'fail',
    action: 'remove',
  },
  file_too_large: {
    title: m.error_file_too_large_title,
    plain: m.error_file_too_large,
    severity: 'fail',
    action: 'open_limits',
  },
  source_gone: {
    title: m.error_source_gone_title,
    plain: m.error_source_gone,
    severity: 'fail',
    action: 'remove',
  },
  url_invalid: {
    title: m.error_url_invalid_title,
    plain: m.error_url_invalid,
    severity: 'fail',
    action: 'remove',
  },
  url_refused: {
    title: m.error_url_refused_title,
    plain: m.error_url_refused,
    severity: 'fail',
    action: 'retry',
  },
  clipboard_empty: {
    title: m.error_clipboard_empty_title,
    plain: m.error_clipboard_empty,
    severity: 'info',
    action: 'copy_details',
  },
  clipboard_timeout: {
    title: m.error_clipboard_timeout_title,
    plain: m.error_clipboard_timeout,
    severity: 'info',
    action: 'copy_details',
  },
  auth_failed: {
    title: m.error_auth_failed_title,
    plain: m.error_auth_failed,
    severity: 'fail',
    action: 'replace_key',
  },
  access_denied: {
    title: m.error_access_denied_title,
    plain: m.error_access_denied,
    severity: 'fail',
    action: 'open_host_field',
  },
  bucket_not_found: {
    title: m.error_bucket_not_found_title,
    plain: m.error_bucket_not_found,
    severity: 'fail',
    action: 'open_host_field',
  },
  object_not_found: {
    title: m.error_object_not_found_title,
    plain: m.error_object_not_found,
    severity: 'fail',
    action: 'retry',
  },
  wrong_region: {
    title: m.error_wrong_region_title,
    plain: m.error_wrong_region,
    severity: 'fail',
    action: 'open_host_field',
  },
  wrong_addressing: {
    title: m.error_wrong_addressing_title,
    plain: m.error_wrong_addressing,
    severity: 'fail',
    action: 'open_host_field',
  },
  public_endpoint_forbidden: {
    title: m.error_public_endpoint_forbidden_title,
    plain: m.error_public_endpoint_forbidden,
    severity: 'fail',
    action: 'open_host_field',
  },
  clock_skew: {
    title: m.error_clock_skew_title,
    plain: m.error_clock_skew,
    severity: 'fail',
    action: 'retry',
  },
  too_large: {
    title: m.error_too_large_title,
    plain: m.error_too_large,
    severity: 'fail',
    action: 'choose_host',
  },
  quota_exceeded: {
    title: m.error_quota_exceeded_title,
    plain: m.error_quota_exceeded,
    severity: 'fail',
    action: 'choose_host',
  },
  rate_limited: {
    title: m.error_rate_limited_title,
    plain: m.error_rate_limited,
    severity: 'warn',
    action: 'retry',
  },
  network: { title: m.error_network_title, plain: m.error_network, severity: 'fail', action: 'retry' },
  tls_failed: {
    title: m.error_tls_failed_title,
    plain: m.error_tls_failed,
    severity: 'fail',
    action: 'open_host_field',
  },
  key_exists: {
    title: m.error_key_exists_title,
    plain: m.error_key_exists,
    severity: 'fail',
    action: 'retry',
  },
  unsupported: {
    title: m.error_unsupported_title,
    plain: m.error_unsupported,
    severity: 'fail',
    action: 'choose_host',
  },
  host_refused: {
    title: m.error_host_refused_title,
    plain: m.error_host_refused,
    severity: 'fail',
    action: 'retry',
  },
  profile_not_found: {
    title: m.error_profile_not_found_title,
    plain: m.error_profile_not_found,
    severity: 'fail',
    action: 'choose_host',
  },
  profile_exists: {
    title: m.error_profile_exists_title,
    plain: m.error_profile_exists,
    severity: 'fail',
    action: 'open_host_field',
  },
  invalid_field: {
    title: m.error_invalid_field_title,
    plain: m.error_invalid_field,
    severity: 'fail',
    action: 'open_host_field',
  },
  invalid_template: {
    title: m.error_invalid_template_title,
    plain: m.error_invalid_template,
    severity: 'fail',
    action: 'open_host_field',
  },
  secret_missing: {
    title: m.error_secret_missing_title,
    plain: m.error_secret_missing,
    severity: 'fail',
    action: 'replace_key',
  },
  keychain_unavailable: {
    title: m.error_keychain_unavailable_title,
    plain: m.error_keychain_unavailable,
    severity: 'fail',
    action: 'use_secret_file',
  },
  keychain_locked: {
    title: m.error_keychain_locked_title,
    plain: m.error_keychain_locked,
    severity: 'fail',
    action: 'retry',
  },
  settings_damaged: {
    title: m.error_settings_damaged_title,
    plain: m.error_settings_damaged,
    severity: 'warn',
    action: 'open_data_folder',
  },
  settings_newer: {
    title: m.error_settings_newer_title,
    plain: m.error_settings_newer,
    severity: 'fail',
    action: 'copy_details',
  },
  database_damaged: {
    title: m.error_database_damaged_title,
    plain: m.error_database_damaged,
    severity: 'fail',
    action: 'open_data_folder',
  },
  database_newer: {
    title: m.error_database_newer_title,
    plain: m.error_database_newer,
    severity: 'fail',
    action: 'copy_details',
  },
  database_busy: {
    title: m.error_database_busy_title,
    plain: m.error_database_busy,
    severity: 'fail',
    action: 'retry',
  },
  disk_full: { title: m.error_disk_full_title, plain: m.error_disk_full, severity: 'fail', action: 'retry' },
  read_only: {
    title: m.error_read_only_title,
    plain: m.error_read_only,
    severity: 'fail',
    action: 'open_data_folder',
  },
  port_taken: {
    title: m.error_port_taken_title,
    plain: m.error_port_taken,
    severity: 'warn',
    action: 'retry',
  },
  hotkey_taken: {
    title: m.error_hotkey_taken_title,
    plain: m.error_hotkey_taken,
    severity: 'warn',
    action: 'open_shortcuts',
  },
  origin_refused: {
    title: m.error_origin_refused_title,
    plain: m.error_origin_refused,
    severity: 'warn',
    action: 'open_editors',
  },
  not_found: {
    title: m.error_not_found_title,
    plain: m.error_not_found,
    severity: 'warn',
    action: 'copy_details',
  },
  cancelled: { title: m.error_cancelled_title, plain: m.error_cancelled, severity: 'info', action: 'retry' },
  internal: {
    title: m.error_internal_title,
    plain: m.error_internal,
    severity: 'fail',
    action: 'copy_details',
  },
};
