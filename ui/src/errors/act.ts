/** Does what the button of a failure says. */

import type { Failure } from '../host/contract';
import { host } from '../host/host';
import { m } from '../paraglide/messages';
import { app } from '../state/app.svelte';
import { attempt } from '../state/attempt';
import { route } from '../state/route.svelte';
import { toasts } from '../state/toasts.svelte';
import type { ErrorAction } from './table';

/** What only the place of the failure knows. An absent entry means the action makes no sense there. */
export type ActContext = {
  profileId?: string;
  retry?: () => void;
  chooseHost?: () => void;
  remove?: () => void;
};

/** The action that fits the place: what cannot be done there becomes Copy details. */
export function fitting(what: ErrorAction, context: ActContext): ErrorAction {
  const possible: Partial<Record<ErrorAction, boolean>> = {
    retry: context.retry !== undefined,
    remove: context.remove !== undefined,
    choose_host: context.chooseHost !== undefined,
    open_host_field: context.profileId !== undefined,
    replace_key: context.profileId !== undefined,
  };
  if (possible[what] ?? true) return what;
  return context.retry ? 'retry' : 'copy_details';
}

export function act(what: ErrorAction, failure: Failure, context: ActContext): void {
  switch (what) {
    case 'retry':
      context.retry?.();
      break;
    case 'remove':
      context.remove?.();
      break;
    case 'choose_host':
      context.chooseHost?.();
      break;
    case 'open_host_field':
    case 'replace_key':
      void route.go('hosts', {
        ...(context.profileId ? { profile: context.profileId } : {}),
        ...(failure.field ? { field: failure.field } : { section: 'connection' }),
      });
      break;
    case 'open_limits':
      void route.go('settings', { page: 'general' });
      break;
    case 'open_shortcuts':
      void route.go('settings', { page: 'shortcuts' });
      break;
    case 'open_editors':
      void route.go('settings', { page: 'editors' });
      break;
    case 'use_secret_file':
      void attempt(async () => app.setSecretStore(await host().call('secret_store_use_file', {})));
      break;
    case 'open_data_folder':
      void attempt(() => host().call('open_folder', { what: 'data' }));
      break;
    case 'copy_details':
      void copyDetails(failure);
      break;
  }
}

/** Puts the redacted chain of a failure on the clipboard. */
export async function copyDetails(failure: Failure): Promise<void> {
  await attempt(async () => {
    const text = await host().call('error_report', { error: failure });
    await host().call('text_copy', { text });
    toasts.show(m.toast_details_copied(), { tone: 'ok' });
  });
}
