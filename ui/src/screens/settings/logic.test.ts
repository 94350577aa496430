import { describe, expect, it } from 'vitest';
import { chosenAfter, nameFault, withFormat } from './formats';
import { record } from './hotkey';
import { fromMegabytes, isProxyAddress, proxyChoice, toMegabytes, wholeNumber } from './numbers';

const press = (key: string, code: string, more: object = {}) =>
  record({ key, code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...more });

describe('recording a shortcut', () => {
  it('writes modifiers in one order and the key by its place on the keyboard', () => {
    expect(press('€', 'KeyE', { altKey: true, ctrlKey: true })).toEqual({
      kind: 'keys',
      accelerator: 'Ctrl+Alt+E',
    });
    expect(press('!', 'Digit1', { shiftKey: true, metaKey: true })).toEqual({
      kind: 'keys',
      accelerator: 'Shift+Super+1',
    });
    expect(press('ArrowUp', 'ArrowUp', { ctrlKey: true })).toEqual({ kind: 'keys', accelerator: 'Ctrl+Up' });
  });

  it('takes function keys and Print alone, nothing else', () => {
    expect(press('F9', 'F9')).toEqual({ kind: 'keys', accelerator: 'F9' });
    expect(press('PrintScreen', 'PrintScreen')).toEqual({ kind: 'keys', accelerator: 'PrintScreen' });
    expect(press('u', 'KeyU')).toEqual({ kind: 'needs_modifier' });
    expect(press('U', 'KeyU', { shiftKey: true })).toEqual({ kind: 'needs_modifier' });
  });

  it('shows held modifiers, and knows cancel from off', () => {
    expect(press('Alt', 'AltLeft', { ctrlKey: true, altKey: true })).toEqual({
      kind: 'holding',
      held: ['Ctrl', 'Alt'],
    });
    expect(press('Escape', 'Escape')).toEqual({ kind: 'cancel' });
    expect(press('Backspace', 'Backspace')).toEqual({ kind: 'off' });
    expect(press('Unidentified', 'Lang1', { ctrlKey: true })).toEqual({ kind: 'holding', held: ['Ctrl'] });
  });
});

describe('what is typed', () => {
  it('is a proxy when it has a scheme and a host', () => {
    expect(['http://127.0.0.1:7890', 'socks5://[::1]:1080'].every(isProxyAddress)).toBe(true);
    expect(['', '127.0.0.1:7890', 'ftp://x', 'http://'].some(isProxyAddress)).toBe(false);
    expect(['system', 'none', 'http://x'].map(proxyChoice)).toEqual(['system', 'none', 'address']);
  });

  it('is a size in megabytes, with point or comma', () => {
    expect([toMegabytes(268_435_456), toMegabytes(64_000_000)]).toEqual(['268.4', '64']);
    expect(['1.5', '0,5', '0', 'x', ''].map(fromMegabytes)).toEqual([1_500_000, 500_000, null, null, null]);
  });

  it('is a whole number in its bounds', () => {
    expect(['0', '20', '21', '-1', '1.5', ''].map((text) => wholeNumber(text, 20))).toEqual([
      0,
      20,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('custom formats', () => {
  const wiki = { name: 'Wiki', template: '{url}' };
  const blog = { name: 'Blog', template: '{alt}' };

  it('have names of their own', () => {
    expect(nameFault('  ', [])).toBe('empty');
    expect(nameFault('HTML', [])).toBe('reserved');
    expect(nameFault('wiki ', [wiki])).toBe('taken');
    expect(nameFault('Wiki 2', [wiki])).toBeNull();
  });

  it('are changed, added and taken out in place', () => {
    expect(withFormat([wiki, blog], 0, { ...wiki, name: 'W' }).map((one) => one.name)).toEqual(['W', 'Blog']);
    expect(withFormat([wiki], 1, blog)).toEqual([wiki, blog]);
    expect(withFormat([wiki, blog], 1, null)).toEqual([wiki]);
  });

  it('hand the choice on', () => {
    expect(chosenAfter('Wiki', wiki, { ...wiki, name: 'W' })).toBe('W');
    expect(chosenAfter('Wiki', wiki, null)).toBe('markdown');
    expect(chosenAfter('html', wiki, null)).toBe('html');
  });
});
