/** The commands of the gallery: its keys, and what the palette offers there. */

import { m } from '../../paraglide/messages';
import type { AppCommand } from '../../state/commands.svelte';
import type { GridAction } from './keys';

export interface GalleryCommands {
  /** Read by the palette each time it is shown. */
  readonly total: () => number;
  readonly selected: () => number;
  readonly canUndo: () => boolean;
  readonly search: () => void;
  readonly inspector: () => void;
  readonly copy: () => void;
  readonly compress: () => void;
  readonly perform: (kind: Exclude<GridAction['kind'], 'move'>) => void;
}

export function galleryCommands(gallery: GalleryCommands): AppCommand[] {
  const listed = () => gallery.selected() > 0;
  return [
    { id: 'gallery-search', title: m.gallery_search, keys: 'Ctrl+F', icon: 'search', run: gallery.search },
    {
      id: 'gallery-inspector',
      title: m.gallery_inspector_toggle,
      keys: 'Ctrl+I',
      icon: 'info',
      run: gallery.inspector,
    },
    {
      id: 'gallery-select-all',
      title: m.gallery_select_all,
      keys: 'Ctrl+A',
      icon: 'images',
      listed: () => gallery.total() > 0,
      run: () => gallery.perform('select_all'),
    },
    {
      id: 'gallery-copy',
      title: m.gallery_copy_links,
      keys: 'Ctrl+C',
      icon: 'copy',
      listed,
      run: gallery.copy,
    },
    {
      id: 'gallery-copy-as',
      title: m.gallery_copy_as,
      keys: 'Ctrl+Shift+C',
      icon: 'copy',
      listed,
      run: () => gallery.perform('copy_as'),
    },
    { id: 'gallery-compress', title: m.gallery_compress, icon: 'image-down', listed, run: gallery.compress },
    {
      id: 'gallery-preview',
      title: m.keys_preview,
      keys: 'Space',
      keysElsewhere: true,
      icon: 'eye',
      listed,
      run: () => gallery.perform('preview'),
    },
    {
      id: 'gallery-open',
      title: m.keys_open,
      keys: 'Enter',
      keysElsewhere: true,
      icon: 'external-link',
      listed,
      run: () => gallery.perform('open'),
    },
    {
      id: 'gallery-delete',
      title: m.gallery_delete,
      keys: 'Delete',
      icon: 'trash-2',
      listed,
      run: () => gallery.perform('delete'),
    },
    {
      id: 'gallery-undo',
      title: m.gallery_undo,
      keys: 'Ctrl+Z',
      icon: 'history',
      listed: gallery.canUndo,
      run: () => gallery.perform('undo'),
    },
    {
      id: 'gallery-clear',
      title: m.gallery_clear_selection,
      keys: 'Escape',
      icon: 'x',
      listed,
      run: () => gallery.perform('clear'),
    },
  ];
}
