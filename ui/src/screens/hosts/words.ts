/** The form's own words: sections, steps of a test, repairs, errors beside a field. */

import { sentence } from '../../errors/words';
import type { Failure, FieldSection, FieldSpec, SecretStoreKind, TestStep } from '../../host/contract';
import { m } from '../../paraglide/messages';
import type { RepairNote } from './form.svelte';
import type { HopState } from './report';

export function sectionName(section: FieldSection): string {
  switch (section) {
    case 'connection':
      return m.form_section_connection();
    case 'files':
      return m.form_section_files();
    case 'links':
      return m.form_section_links();
    case 'images':
      return m.form_section_images();
    case 'delivery':
      return m.form_section_delivery();
  }
}

export function stepName(step: TestStep['step']): string {
  switch (step) {
    case 'connect':
      return m.test_step_connect();
    case 'write':
      return m.test_step_write();
    case 'read':
      return m.test_step_read();
    case 'no_overwrite':
      return m.test_step_no_overwrite();
    case 'public_read':
      return m.test_step_public_read();
    case 'delete':
      return m.test_step_delete();
  }
}

/** What was changed in a field. The value of a secret is never told. */
export function repairWords(note: RepairNote): string {
  switch (note.what) {
    case 'trimmed':
      return m.repair_trimmed();
    case 'scheme_added':
      return m.repair_scheme_added();
    case 'bucket_removed_from_endpoint':
      return m.repair_bucket_removed();
    case 'bucket_found':
      return m.repair_bucket_found();
    case 'region_found':
      return m.repair_region_found();
    case 'console_url':
      return m.repair_console_url();
    case 'path_removed':
      return m.repair_path_removed();
    default:
      return m.repair_other();
  }
}

/** Why a value does not fit, short where it is simply missing. */
export function fieldError(failure: Failure, spec: FieldSpec | null, value: string): string {
  return spec?.required && value === '' ? m.form_required() : sentence(failure);
}

/** The four points of a test in words, for those who do not see them. */
export function hopWords(hops: readonly HopState[]): string {
  if (hops.every((state) => state === 'none')) return m.hops_not_tested();
  const names = [m.test_step_connect(), m.test_step_write(), m.test_step_read(), m.test_step_delete()];
  const troubles = hops.flatMap((state, place) => {
    const step = names[place] ?? '';
    if (state === 'fail') return [m.hops_failed({ step })];
    return state === 'warn' ? [m.hops_warning({ step })] : [];
  });
  return troubles.length > 0 ? troubles.join(', ') : m.hops_work();
}

/** Where secrets go on this computer; nothing while that is not known. */
export function secretPlaceWords(kind: SecretStoreKind): string {
  if (kind === 'keychain') return m.form_secret_help_keychain();
  return kind === 'file' ? m.form_secret_help_file() : '';
}
