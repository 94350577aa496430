/** The pages of the settings and what is on each: for the navigation and for “Find a setting”. */

import type { IconName } from '../../components/icons';
import { m } from '../../paraglide/messages';

export type PageId = 'general' | 'shortcuts' | 'links' | 'editors' | 'watched' | 'about';

export interface Page {
  readonly id: PageId;
  readonly icon: IconName;
  readonly title: () => string;
  /** Each setting's row and its name. */
  readonly settings: readonly { row: string; words: () => string }[];
}

export const PAGES: readonly Page[] = [
  {
    id: 'general',
    icon: 'sliders-horizontal',
    title: m.settings_general,
    settings: [
      { row: 'appearance', words: m.settings_appearance },
      { row: 'language', words: m.settings_language },
      { row: 'start-in-tray', words: m.settings_start_in_tray },
      { row: 'close-to-tray', words: m.settings_close_to_tray },
      { row: 'auto-copy', words: m.settings_auto_copy },
      { row: 'encoded', words: m.settings_addresses },
      { row: 'notify', words: m.settings_notify },
      { row: 'ask-copied', words: m.settings_ask_copied },
      { row: 'proxy', words: m.settings_proxy },
      { row: 'retries', words: m.settings_retries },
      { row: 'max-size', words: m.settings_max_size },
    ],
  },
  {
    id: 'shortcuts',
    icon: 'keyboard',
    title: m.settings_shortcuts,
    settings: [
      { row: 'hotkey', words: m.settings_hotkey },
      { row: 'hotkey-drop-window', words: m.settings_hotkey_drop_window },
      { row: 'keys', words: m.settings_keys },
    ],
  },
  {
    id: 'links',
    icon: 'link',
    title: m.settings_links,
    settings: [
      { row: 'format', words: m.settings_format },
      { row: 'custom-formats', words: m.settings_custom_formats },
    ],
  },
  {
    id: 'editors',
    icon: 'square-pen',
    title: m.settings_editors,
    settings: [
      { row: 'server', words: m.editors_server },
      { row: 'server-address', words: m.editors_address },
      { row: 'server-port', words: m.editors_port },
      { row: 'server-token', words: m.editors_token },
      { row: 'server-private', words: m.editors_private },
      { row: 'editors', words: m.editors_editors },
      { row: 'origins', words: m.editors_pages },
    ],
  },
  {
    id: 'watched',
    icon: 'eye',
    title: m.settings_watched,
    settings: [{ row: 'watched', words: m.settings_watched }],
  },
  {
    id: 'about',
    icon: 'info',
    title: m.settings_about,
    settings: [
      { row: 'folders', words: m.settings_folders },
      { row: 'secrets', words: m.settings_secrets },
      { row: 'licences', words: m.settings_licences },
    ],
  },
];

export interface Found {
  readonly page: PageId;
  readonly row: string;
  readonly words: string;
  readonly place: string;
}

/** The settings whose name or page has all the words. */
export function findSettings(text: string): Found[] {
  const wanted = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return PAGES.flatMap((page) =>
    page.settings
      .map((setting) => ({ page: page.id, row: setting.row, words: setting.words(), place: page.title() }))
      .filter((found) => {
        const known = `${found.words} ${found.place}`.toLocaleLowerCase();
        return wanted.every((word) => known.includes(word));
      }),
  );
}

export function isPage(name: string | undefined): name is PageId {
  return PAGES.some((page) => page.id === name);
}
