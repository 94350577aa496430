/** What the “more” menu of a transfer row holds, by its state. */

import type { MenuEntry } from '../../components/menu';
import { act, copyDetails } from '../../errors/act';
import type { JobSnapshot } from '../../host/contract';
import { nameOf } from '../../hosts';
import { BUILT_IN_FORMATS, formatName } from '../../links';
import { m } from '../../paraglide/messages';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import {
  answerConflict,
  cancelJobs,
  canResend,
  clearJobs,
  copyJobLinksAs,
  openAddress,
  resend,
  retryJobs,
} from './transfer_actions';

export function rowMenu(job: JobSnapshot): MenuEntry[] {
  switch (job.state) {
    case 'done':
      return doneMenu(job);
    case 'failed':
    case 'cancelled':
      return endedMenu(job);
    case 'waiting':
      return [
        ...detailsEntry(job),
        { label: m.upload_cancel_one(), icon: 'x', run: () => void cancelJobs([job.id]) },
      ];
    default:
      return [];
  }
}

function doneMenu(job: JobSnapshot): MenuEntry[] {
  const { url, upload_id: uploadId } = job;
  const entries: MenuEntry[] = [];
  if (url)
    entries.push({ label: m.upload_open_link(), icon: 'external-link', run: () => void openAddress(url) });
  if (uploadId !== null) {
    entries.push({
      label: m.upload_show_in_gallery(),
      icon: 'images',
      run: () => void route.go('gallery', { upload: uploadId }),
    });
    entries.push({ kind: 'rule' }, { kind: 'heading', label: m.upload_copy_as() });
    const formats = [...BUILT_IN_FORMATS, ...app.settings.links.custom.map((custom) => custom.name)];
    for (const format of formats) {
      entries.push({
        label: formatName(format),
        icon: 'copy',
        run: () => void copyJobLinksAs([job.id], format),
      });
    }
  }
  entries.push({ kind: 'rule' }, removeEntry(job));
  return entries;
}

function endedMenu(job: JobSnapshot): MenuEntry[] {
  const entries: MenuEntry[] = [
    { label: m.action_retry(), icon: 'rotate-cw', run: () => void retryJobs([job.id]) },
    ...detailsEntry(job),
  ];
  const { error } = job;
  if (error && app.profile(job.profile_id)) {
    entries.push({
      label: m.action_fix_host(),
      icon: 'server',
      run: () => act('open_host_field', error, { profileId: job.profile_id }),
    });
  }
  const others = otherHosts(job);
  if (others.length > 0)
    entries.push({ kind: 'rule' }, { kind: 'heading', label: m.upload_send_to() }, ...others);
  entries.push({ kind: 'rule' }, removeEntry(job));
  return entries;
}

/** One entry for each host that is not the job's own. */
export function otherHosts(job: JobSnapshot): MenuEntry[] {
  if (!canResend(job)) return [];
  return app.profiles
    .filter((profile) => profile.id !== job.profile_id)
    .map((profile) => ({
      label: nameOf(profile),
      icon: 'send' as const,
      run: () => void resend(job, profile.id),
    }));
}

/** The answers to a taken key: for this picture, or for all that ask. */
export function answers(job: JobSnapshot, asking: number): MenuEntry[] {
  const choices = (forAll: boolean): MenuEntry[] => [
    {
      label: m.upload_answer_rename(),
      testid: 'answer-rename',
      run: () => void answerConflict(job.id, 'rename', forAll),
    },
    { label: m.upload_answer_existing(), run: () => void answerConflict(job.id, 'use_existing', forAll) },
    {
      label: m.upload_answer_overwrite(),
      danger: true,
      run: () => void answerConflict(job.id, 'overwrite', forAll),
    },
    { label: m.upload_answer_cancel(), run: () => void answerConflict(job.id, 'cancel', forAll) },
  ];
  if (asking < 2) return choices(false);
  return [
    { kind: 'heading', label: m.upload_answer_this() },
    ...choices(false),
    { kind: 'rule' },
    { kind: 'heading', label: m.upload_answer_all({ count: asking }) },
    ...choices(true),
  ];
}

function detailsEntry(job: JobSnapshot): MenuEntry[] {
  const { error } = job;
  return error ? [{ label: m.common_copy_details(), icon: 'copy', run: () => void copyDetails(error) }] : [];
}

function removeEntry(job: JobSnapshot): MenuEntry {
  return { label: m.action_remove(), icon: 'x', run: () => void clearJobs([job.id]) };
}
