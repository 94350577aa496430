/** Recording of a shortcut: which presses make one, and how it is written. */

/** What a press means while a shortcut is recorded. */
export type Recorded =
  | { kind: 'keys'; accelerator: string }
  /** Only modifiers so far; shown while they are held. */
  | { kind: 'holding'; held: readonly string[] }
  | { kind: 'cancel' }
  | { kind: 'off' }
  /** A key that would take normal typing away. */
  | { kind: 'needs_modifier' };

/** The parts of a press that matter; `code` names the key whatever the keyboard layout. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly metaKey: boolean;
}

const MODIFIERS = new Set([
  'Control',
  'Alt',
  'AltGraph',
  'Shift',
  'Meta',
  'OS',
  'Super',
  'Hyper',
  'CapsLock',
  'Fn',
]);

const NAMED: Record<string, string> = {
  Space: 'Space',
  Enter: 'Enter',
  Tab: 'Tab',
  Backquote: 'Backquote',
  Minus: 'Minus',
  Equal: 'Equal',
  BracketLeft: 'BracketLeft',
  BracketRight: 'BracketRight',
  Backslash: 'Backslash',
  Semicolon: 'Semicolon',
  Quote: 'Quote',
  Comma: 'Comma',
  Period: 'Period',
  Slash: 'Slash',
  Insert: 'Insert',
  Delete: 'Delete',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  PrintScreen: 'PrintScreen',
};

/** Reads a press while recording. */
export function record(press: Press): Recorded {
  const held = modifiersOf(press);
  if (MODIFIERS.has(press.key)) return { kind: 'holding', held };
  if (held.length === 0) {
    if (press.key === 'Escape') return { kind: 'cancel' };
    if (press.key === 'Backspace' || press.key === 'Delete') return { kind: 'off' };
  }
  const key = keyName(press.code);
  if (key === null) return { kind: 'holding', held };
  const isFunctionKey = /^F\d+$/.test(key) || key === 'PrintScreen';
  const strong = held.some((modifier) => modifier !== 'Shift');
  if (!strong && !isFunctionKey) return { kind: 'needs_modifier' };
  return { kind: 'keys', accelerator: [...held, key].join('+') };
}

/** The modifiers in the order they are written. */
export function modifiersOf(press: Pick<Press, 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>): string[] {
  const held: string[] = [];
  if (press.ctrlKey) held.push('Ctrl');
  if (press.altKey) held.push('Alt');
  if (press.shiftKey) held.push('Shift');
  if (press.metaKey) held.push('Super');
  return held;
}

function keyName(code: string): string | null {
  const letter = /^Key([A-Z])$/.exec(code) ?? /^Digit([0-9])$/.exec(code) ?? /^(F\d{1,2})$/.exec(code);
  return letter?.[1] ?? NAMED[code] ?? null;
}
