import { describe, expect, it } from 'vitest';
import { complaints, readMessages, usedKeys } from '../scripts/check-messages.js';

describe('the messages', () => {
  it('are whole in both languages, and each is used', () => {
    expect(complaints(readMessages('en'), readMessages('zh-CN'), usedKeys())).toEqual([]);
  });

  it('are complained about when a language lacks a key, a value or a use', () => {
    const en = { a: 'One {count}', b: 'Two', d: 'Four' };
    const zh = { a: '一', b: '二', c: '三' };
    expect(complaints(en, zh, new Set(['a', 'c', 'd']))).toEqual([
      'a: English has {count}, Chinese has {}',
      'b: nothing uses it',
      'd: missing in Chinese',
      'c: missing in English',
    ]);
  });

  it('are complained about when Chinese types the gap before Latin letters', () => {
    expect(complaints({ a: 'Open {name}' }, { a: '打开 {name}' }, new Set(['a']))).toHaveLength(1);
  });
});
