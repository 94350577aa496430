/** What a key does in the grid. Told apart from the grid so that the map can be read and tested. */

export type GridAction =
  | {
      kind: 'move';
      by: 'left' | 'right' | 'up' | 'down' | 'home' | 'end' | 'page_up' | 'page_down';
      extend: boolean;
      keep: boolean;
    }
  | { kind: 'toggle' | 'preview' | 'open' | 'delete' | 'copy' | 'copy_as' | 'select_all' | 'undo' | 'clear' };

export interface KeyPress {
  readonly key: string;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

/** The press of a keyboard event; ⌘ counts as Ctrl on macOS. */
export function pressOf(event: KeyboardEvent, isMac: boolean): KeyPress {
  return {
    key: event.key,
    ctrl: isMac ? event.metaKey : event.ctrlKey,
    shift: event.shiftKey,
    alt: event.altKey,
  };
}

const MOVES: Record<string, Extract<GridAction, { kind: 'move' }>['by']> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
  PageUp: 'page_up',
  PageDown: 'page_down',
};

/** The action of a key press; `null` when the grid leaves it to others. */
export function gridAction(press: KeyPress): GridAction | null {
  if (press.alt) return null;
  const by = MOVES[press.key];
  if (by) return { kind: 'move', by, extend: press.shift, keep: press.ctrl };
  if (press.ctrl) return controlAction(press);
  if (press.shift) return null;
  switch (press.key) {
    case ' ':
      return { kind: 'preview' };
    case 'Enter':
      return { kind: 'open' };
    case 'Delete':
    case 'Backspace':
      return { kind: 'delete' };
    case 'Escape':
      return { kind: 'clear' };
    default:
      return null;
  }
}

function controlAction(press: KeyPress): GridAction | null {
  switch (press.key.toLowerCase()) {
    case ' ':
      return { kind: 'toggle' };
    case 'a':
      return press.shift ? null : { kind: 'select_all' };
    case 'c':
      return { kind: press.shift ? 'copy_as' : 'copy' };
    case 'z':
      return press.shift ? null : { kind: 'undo' };
    default:
      return null;
  }
}
