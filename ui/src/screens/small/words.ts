/** Words that both small windows need. */

import { formatDuration } from '../../format';
import { m } from '../../paraglide/messages';

/** `12 s left`; nothing while it is not known. */
export function timeLeft(seconds: number | null): string {
  return seconds === null ? '' : m.upload_time_left({ span: formatDuration(seconds * 1000) });
}
