/** Which system this is, as far as the browser tells. */

import type { Platform } from './contract';

export function guessPlatform(agent: string = navigator.userAgent): Platform {
  if (/mac/i.test(agent)) return 'macos';
  if (/windows/i.test(agent)) return 'windows';
  return 'linux';
}
