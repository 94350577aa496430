/** The keys inside the window, as the Shortcuts page lists them. */

import { m } from '../../paraglide/messages';

export interface KeyLine {
  readonly words: () => string;
  readonly keys: readonly string[];
}

export interface KeyGroup {
  readonly title: () => string;
  readonly lines: readonly KeyLine[];
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: m.keys_everywhere,
    lines: [
      { words: m.keys_screens, keys: ['Ctrl+1', 'Ctrl+2', 'Ctrl+3'] },
      { words: m.keys_settings, keys: ['Ctrl+,'] },
      { words: m.keys_palette, keys: ['Ctrl+K'] },
      { words: m.keys_find, keys: ['Ctrl+F'] },
      { words: m.keys_paste, keys: ['Ctrl+V'] },
      { words: m.keys_files, keys: ['Ctrl+O'] },
      { words: m.keys_url, keys: ['Ctrl+U'] },
      { words: m.keys_destination, keys: ['Ctrl+P'] },
      { words: m.keys_format, keys: ['Ctrl+L'] },
      { words: m.keys_pause, keys: ['Ctrl+.'] },
      { words: m.keys_column, keys: ['F6', 'Shift+F6'] },
      { words: m.keys_escape, keys: ['Escape'] },
    ],
  },
  {
    title: m.nav_upload,
    lines: [
      { words: m.keys_transfer_copy, keys: ['Ctrl+C'] },
      { words: m.keys_transfer_open, keys: ['Enter'] },
      { words: m.keys_transfer_end, keys: ['Delete'] },
    ],
  },
  {
    title: m.nav_gallery,
    lines: [
      { words: m.keys_move, keys: ['←', '→', '↑', '↓'] },
      { words: m.keys_extend, keys: ['Shift+↓'] },
      { words: m.gallery_select_all, keys: ['Ctrl+A'] },
      { words: m.gallery_copy_links, keys: ['Ctrl+C'] },
      { words: m.gallery_copy_as, keys: ['Ctrl+Shift+C'] },
      { words: m.keys_preview, keys: ['Space'] },
      { words: m.keys_open, keys: ['Enter'] },
      { words: m.gallery_delete, keys: ['Delete'] },
      { words: m.common_undo, keys: ['Ctrl+Z'] },
      { words: m.gallery_inspector, keys: ['Ctrl+I'] },
    ],
  },
  {
    title: m.nav_hosts,
    lines: [
      { words: m.add_title, keys: ['Ctrl+N'] },
      { words: m.common_save, keys: ['Ctrl+S'] },
      { words: m.keys_reorder, keys: ['Alt+↑', 'Alt+↓'] },
    ],
  },
];
