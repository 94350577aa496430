/** Puts a failure into words of the window's language. */

import type { Failure } from '../host/contract';
import { m } from '../paraglide/messages';
import { locale } from '../state/locale.svelte';
import { ERRORS, type ErrorAction, type ErrorEntry, type Severity } from './table';
import { variantOf } from './variants';

/** A newer engine may know codes that this window does not. */
function entryOf(failure: Failure): ErrorEntry {
  return ERRORS[failure.code] ?? ERRORS.internal;
}

/** Two or three words: `Key refused`. */
export function title(failure: Failure): string {
  return entryOf(failure).title();
}

/**
 * What happened, why, and the way out.
 *
 * English shows the engine's own sentence and hint. Other languages show the table's, as exact as the
 * values that came along allow.
 */
export function sentence(failure: Failure): string {
  if (locale() === 'en' && failure.message) {
    return failure.hint ? `${failure.message} ${failure.hint}` : failure.message;
  }
  return variantOf(failure.code, failure.params ?? {}) ?? entryOf(failure).plain();
}

export function severity(failure: Failure): Severity {
  return entryOf(failure).severity;
}

export function action(failure: Failure): ErrorAction {
  return entryOf(failure).action;
}

/** The words on the button of that action. */
export function actionLabel(what: ErrorAction): string {
  switch (what) {
    case 'retry':
      return m.action_retry();
    case 'open_host_field':
      return m.action_fix_host();
    case 'replace_key':
      return m.action_replace_key();
    case 'choose_host':
      return m.action_choose_host();
    case 'open_limits':
      return m.action_open_limits();
    case 'open_shortcuts':
      return m.action_shortcuts();
    case 'open_editors':
      return m.action_editors();
    case 'use_secret_file':
      return m.action_use_file();
    case 'open_data_folder':
      return m.action_open_data();
    case 'remove':
      return m.action_remove();
    case 'copy_details':
      return m.common_copy_details();
  }
}
