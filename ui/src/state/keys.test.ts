import { describe, expect, it } from 'vitest';
import { belongsToText, keysOf, showKeys } from './keys';
import { applyLanguage } from './locale.svelte';

const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...more });

describe('the name of a key press', () => {
  it('has its modifiers in one order', () => {
    expect(keysOf(press('c', { ctrlKey: true, shiftKey: true }), 'linux')).toBe('Ctrl+Shift+C');
    expect(keysOf(press(' '), 'linux')).toBe('Space');
    expect(keysOf(press('ArrowDown'), 'linux')).toBe('ArrowDown');
  });

  it('takes ⌘ for Ctrl on macOS, and leaves ⌃ alone there', () => {
    expect(keysOf(press('k', { metaKey: true }), 'macos')).toBe('Ctrl+K');
    expect(keysOf(press('k', { ctrlKey: true }), 'macos')).toBe('K');
  });
});

describe('a key for the eye', () => {
  it('is written as people of that system read it', () => {
    expect(showKeys('Ctrl+Shift+C', 'linux')).toBe('Ctrl Shift C');
    expect(showKeys('Ctrl+Shift+C', 'macos')).toBe('⇧⌘C');
    expect(showKeys('Delete', 'windows')).toBe('Del');
  });

  it('names the space bar in the language of the window', () => {
    expect([showKeys('Space', 'linux'), showKeys('Space', 'macos')]).toEqual(['Space', 'Space']);
    applyLanguage('zh-CN');
    expect([showKeys('Space', 'linux'), showKeys('Ctrl+Space', 'macos')]).toEqual(['空格', '⌘空格']);
  });
});

describe('a text field', () => {
  const field = document.createElement('input');
  const box = Object.assign(document.createElement('input'), { type: 'checkbox' });

  it('keeps letters and its own editing keys', () => {
    for (const keys of ['A', 'Delete', 'Ctrl+V', 'Ctrl+A', 'Ctrl+Z'])
      expect(belongsToText(keys, field)).toBe(true);
  });

  it('leaves the keys of the window', () => {
    for (const keys of ['Ctrl+1', 'Ctrl+K', 'Ctrl+,', 'F6', 'Shift+F6'])
      expect(belongsToText(keys, field)).toBe(false);
  });

  it('is not a box to tick', () => {
    expect(belongsToText('Delete', box)).toBe(false);
  });
});
