/** The link formats as the window names them. */

import { m } from './paraglide/messages';

export const BUILT_IN_FORMATS = ['url', 'markdown', 'html', 'bbcode'] as const;

/** The name of a format; a custom one carries the name its owner gave. */
export function formatName(format: string): string {
  switch (format) {
    case 'url':
      return m.format_url();
    case 'markdown':
      return m.format_markdown();
    case 'html':
      return m.format_html();
    case 'bbcode':
      return m.format_bbcode();
    default:
      return format;
  }
}
