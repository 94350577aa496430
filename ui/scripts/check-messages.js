/**
 * Finds what is wrong with the messages: a key that one language lacks, values that differ between the
 * languages, a key that nothing uses, spaces typed between Han and Latin.
 */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** All forms of a message as texts: one, or one for each plural form. */
function textsOf(message) {
  if (typeof message === 'string') return [message];
  return message.flatMap((variant) => Object.values(variant.match));
}

function inputsOf(message) {
  const texts = textsOf(message).join(' ');
  return [...new Set([...texts.matchAll(/\{(\w+)\}/g)].map((found) => found[1]))].sort();
}

function* sourceFiles(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['paraglide', 'generated', 'assets', 'styles'].includes(entry.name)) yield* sourceFiles(path);
    } else if (/\.(ts|svelte)$/.test(entry.name)) {
      yield path;
    }
  }
}

/** The complaints about two languages and the keys that the source uses. */
export function complaints(en, zh, used) {
  const found = [];
  for (const key of new Set([...Object.keys(en), ...Object.keys(zh)])) {
    if (!(key in en)) found.push(`${key}: missing in English`);
    else if (!(key in zh)) found.push(`${key}: missing in Chinese`);
    else {
      const english = inputsOf(en[key]).join(', ');
      const chinese = inputsOf(zh[key]).join(', ');
      if (english !== chinese) found.push(`${key}: English has {${english}}, Chinese has {${chinese}}`);
      for (const text of [...textsOf(en[key]), ...textsOf(zh[key])]) {
        if (text.trim() === '') found.push(`${key}: is empty`);
      }
    }
    if (!used.has(key)) found.push(`${key}: nothing uses it`);
  }
  for (const [key, message] of Object.entries(zh)) {
    for (const text of textsOf(message)) {
      if (/\p{Script=Han} +[\w{]|[\w}] +\p{Script=Han}/u.test(text)) {
        found.push(`${key}: a space between Han and Latin; text-autospace sets that gap`);
      }
    }
  }
  return found;
}

export function readMessages(language) {
  return JSON.parse(readFileSync(join(ROOT, 'messages', `${language}.json`), 'utf8'));
}

export function usedKeys() {
  const keys = new Set();
  for (const path of sourceFiles(join(ROOT, 'src'))) {
    for (const found of readFileSync(path, 'utf8').matchAll(/\bm\.(\w+)/g)) keys.add(found[1]);
  }
  return keys;
}

if (process.argv[1] === import.meta.filename) {
  const found = complaints(readMessages('en'), readMessages('zh-CN'), usedKeys());
  for (const line of found) console.error(line);
  process.exitCode = found.length > 0 ? 1 : 0;
}
