// Writes the licence texts of what the app, the command line and the UI carry; cargo's metadata on stdin.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice|copyright|unlicense)/i;

/** Ids of all packages linked into ours, on any platform. */
function linked(metadata) {
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]));
  const seen = new Set();
  const waiting = metadata.packages.filter((one) => /^picferry-(app|cli)$/.test(one.name)).map((one) => one.id);
  while (waiting.length > 0) {
    const id = waiting.pop();
    if (seen.has(id)) continue;
    seen.add(id);
    const isLinked = (dependency) => dependency.dep_kinds.some((kind) => kind.kind === null);
    waiting.push(...nodes.get(id).deps.filter(isLinked).map((dependency) => dependency.pkg));
  }
  return seen;
}

function crates(metadata) {
  const wanted = linked(metadata);
  return metadata.packages
    .filter((one) => wanted.has(one.id) && one.source !== null)
    .map((one) => ({
      title: `${one.name} ${one.version}`,
      licence: one.license ?? 'see below',
      folder: one.manifest_path.replace(/[\\/]Cargo\.toml$/, ''),
    }));
}

/** The UI's packages whose code is in the window: those its sources import, and what these need. */
function uiPackages() {
  const { packages } = JSON.parse(readFileSync('ui/package-lock.json', 'utf8'));
  const imported = files('ui/src')
    .filter((file) => /\.(ts|svelte)$/.test(file) && !file.includes('.test.'))
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/from ['"]([^.'"][^'"]*)['"]/g)])
    .map((match) => match[1].split('/').slice(0, match[1].startsWith('@') ? 2 : 1).join('/'));
  const seen = new Set();
  const waiting = ['svelte', ...imported];
  while (waiting.length > 0) {
    const name = waiting.pop();
    const entry = packages[`node_modules/${name}`];
    if (entry === undefined || seen.has(name)) continue;
    seen.add(name);
    waiting.push(...Object.keys(entry.dependencies ?? {}));
  }
  return [...seen].sort().map((name) => {
    const folder = `ui/node_modules/${name}`;
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return { title: `${name} ${version} (UI)`, licence: license ?? 'see below', folder };
  });
}

/** Fonts and icons keep their licence beside them. */
function assets() {
  return files('ui/src')
    .filter((file) => /-(OFL|ISC|MIT)\.txt$/.test(file))
    .map((file) => ({ title: file.replace(/.*\//, '').replace('.txt', ''), licence: 'see below', file }));
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function texts({ folder, file }) {
  if (file) return [readFileSync(file, 'utf8')];
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE_FILE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8'));
}

const metadata = JSON.parse(readFileSync(0, 'utf8'));
const works = [...crates(metadata), ...uiPackages(), ...assets()];
const byText = new Map();
for (const work of works) {
  for (const text of texts(work)) {
    const key = text.replace(/\r/g, '').trim();
    byText.set(key, [...(byText.get(key) ?? []), work.title]);
  }
}

const lines = ['# What Picferry is made of', '', 'Picferry itself is under MIT or Apache-2.0, at your choice.', ''];
for (const { title, licence } of works) lines.push(`- ${title}: ${licence}`);
for (const [text, titles] of byText) lines.push('', `## ${[...new Set(titles)].join(', ')}`, '', text);
process.stdout.write(`${lines.join('\n')}\n`);
