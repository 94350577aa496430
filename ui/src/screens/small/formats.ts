/** The link formats as the lists of the small windows offer them. */

import { BUILT_IN_FORMATS, formatName } from '../../links';
import { m } from '../../paraglide/messages';
import { app } from '../../state/app.svelte';

export function copyFormats(): { value: string; label: string }[] {
  const custom = app.settings.links.custom.map((format) => format.name);
  return [...BUILT_IN_FORMATS, ...custom].map((format) => ({
    value: format,
    label: m.small_copy_as({ format: formatName(format) }),
  }));
}
