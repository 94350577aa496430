/** Runs what a button asks for and tells the person when it fails, so that no failure is silent. */

import { AppError } from '../errors/app_error';
import { app } from './app.svelte';
import { toasts } from './toasts.svelte';

/** The result, or `undefined` after the failure has been shown. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    await showFailure(AppError.from(thrown));
    return undefined;
  }
}

/** A failure that needs the person becomes a notice; a mere fact becomes a toast. */
export async function showFailure(error: AppError): Promise<void> {
  // Fetched when something fails: most starts know of nothing that did.
  const { sentence, severity } = await import('../errors/words');
  if (severity(error.failure) === 'info') toasts.show(sentence(error.failure), { tone: 'warn' });
  else app.addFailure(error);
}
