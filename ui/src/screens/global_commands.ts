/** What can be done on every screen. */

import { m } from '../paraglide/messages';
import { app } from '../state/app.svelte';
import { attempt } from '../state/attempt';
import { currentJobs, progressOf } from '../state/batch';
import type { AppCommand } from '../state/commands.svelte';
import { jobs } from '../state/jobs.svelte';
import { focusNextColumn } from '../state/keyboard';
import { palette } from '../state/palette.svelte';
import { route } from '../state/route.svelte';
import { chooseFiles, uploadClipboard, uploadScreenshot } from '../state/uploads';
import { composer } from './upload/composer.svelte';
import { togglePause } from './upload/transfer_actions';

function choose(what: 'destination' | 'format'): void {
  void route.go('upload').then(() => {
    // Somebody with unsaved changes may have stayed where they were.
    if (route.screen === 'upload') composer.choosing = what;
  });
}

export function globalCommands(): AppCommand[] {
  return [
    {
      id: 'go-upload',
      title: m.nav_upload,
      keys: 'Ctrl+1',
      icon: 'upload',
      run: () => void route.go('upload'),
    },
    {
      id: 'go-gallery',
      title: m.nav_gallery,
      keys: 'Ctrl+2',
      icon: 'images',
      run: () => void route.go('gallery'),
    },
    { id: 'go-hosts', title: m.nav_hosts, keys: 'Ctrl+3', icon: 'server', run: () => void route.go('hosts') },
    {
      id: 'go-compress',
      title: m.nav_compress,
      keys: 'Ctrl+5',
      icon: 'image-down',
      run: () => void route.go('compress'),
    },
    {
      id: 'go-settings',
      title: m.nav_settings,
      keys: 'Ctrl+,',
      icon: 'settings',
      run: () => void route.go('settings'),
    },
    { id: 'palette', title: m.nav_search, keys: 'Ctrl+K', hidden: true, run: () => palette.show() },
    {
      id: 'find',
      title: m.keys_find,
      keys: 'Ctrl+F',
      hidden: true,
      // A screen with a search of its own takes the key.
      run: () => palette.show(),
    },
    {
      id: 'choose-files',
      title: m.command_choose_files,
      keys: 'Ctrl+O',
      icon: 'folder-open',
      run: () => void chooseFiles(),
    },
    {
      id: 'from-url',
      title: m.command_from_url,
      keys: 'Ctrl+U',
      icon: 'link',
      run: () => void route.go('upload').then(() => composer.askForUrls()),
    },
    {
      id: 'from-screen',
      title: m.command_from_screen,
      icon: 'scan-line',
      listed: () => !app.desktop.is_bridge,
      run: () => void uploadScreenshot(),
    },
    {
      id: 'from-clipboard',
      title: m.command_from_clipboard,
      keys: 'Ctrl+V',
      keysElsewhere: true,
      icon: 'clipboard-paste',
      run: () => void uploadClipboard('paste'),
    },
    {
      id: 'migrate',
      title: m.migrate_title,
      icon: 'book-open',
      place: m.nav_upload,
      run: () => void route.go('migrate'),
    },
    {
      id: 'choose-profile',
      title: m.upload_choose_destination,
      keys: 'Ctrl+P',
      icon: 'server',
      run: () => choose('destination'),
    },
    {
      id: 'choose-format',
      title: m.upload_choose_format,
      keys: 'Ctrl+L',
      icon: 'link',
      run: () => choose('format'),
    },
    {
      id: 'pause-all',
      title: m.upload_pause_or_resume,
      keys: 'Ctrl+.',
      icon: 'pause',
      listed: () => progressOf(currentJobs(jobs.all)).active,
      run: togglePause,
    },
    {
      id: 'add-host',
      title: m.command_add_host,
      keys: 'Ctrl+N',
      icon: 'plus',
      place: m.nav_hosts,
      run: () => void route.go('hosts', { add: true }),
    },
    ...(['light', 'dark', 'system'] as const).map((appearance) => ({
      id: `appearance-${appearance}`,
      title: { light: m.command_light, dark: m.command_dark, system: m.command_system }[appearance],
      icon: 'sun-moon' as const,
      place: m.nav_settings,
      run: () => void attempt(() => app.changeSettings({ appearance })),
    })),
    {
      id: 'next-column',
      title: m.command_next_column,
      keys: 'F6',
      icon: 'arrow-right',
      run: () => focusNextColumn(),
    },
    {
      id: 'previous-column',
      title: m.command_previous_column,
      keys: 'Shift+F6',
      icon: 'arrow-left',
      run: () => focusNextColumn(-1),
    },
  ];
}
