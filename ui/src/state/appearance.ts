/** Light, dark or as the system says, written to the document where the tokens look for it. */

import type { Platform } from '../host/contract';

export function applyAppearance(setting: string): void {
  const root = document.documentElement;
  if (setting === 'light' || setting === 'dark') root.dataset['theme'] = setting;
  else delete root.dataset['theme'];
}

/** Which keys are shown and whether the window draws its own buttons. */
export function applyPlatform(platform: Platform): void {
  document.documentElement.dataset['os'] = platform === 'macos' ? 'mac' : platform;
}
