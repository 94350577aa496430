// make bench-images: the sections one after another, then the table in docs/benchmarks.md.
// Usage: main.mjs DRIVER [--quick] [--rounds N] [--only SECTION,… [--write]]

import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Bench } from './bench.mjs';
import { about, pictures } from './pictures.mjs';
import { automatic } from './rows/automatic.mjs';
import { avif } from './rows/avif.mjs';
import { batch } from './rows/batch.mjs';
import { lossy } from './rows/lossy.mjs';
import { memory } from './rows/memory.mjs';
import { palette } from './rows/palette.mjs';
import { png } from './rows/png.mjs';
import { thumbnail } from './rows/thumbnail.mjs';
import { table } from './text.mjs';
import { versionOf } from './tools.mjs';

const SECTIONS = {
  jpeg: (bench) => lossy(bench, 'jpeg'),
  webp: (bench) => lossy(bench, 'webp'),
  png,
  palette,
  avif,
  batch,
  thumbnail,
  automatic,
  memory,
};

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/benchmarks.md');
const [BEGIN, END] = ['<!-- written by make bench-images: begin -->', '<!-- written by make bench-images: end -->'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, only: { type: 'string' }, write: { type: 'boolean' } },
});
const quick = values.quick ?? false;
const rounds = Number(values.rounds ?? (quick ? 1 : 5));
const chosen = values.only?.split(',') ?? Object.keys(SECTIONS);

const cache = process.env.PICFERRY_BENCH_IMAGES ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'picferry/bench-images');

async function versions(bench) {
  const { sharp, vips, aom, webp, mozjpeg, imagequant } = await bench.sharp.ask({ op: 'versions' });
  const { dependencies } = JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8'));
  const jsquash = ['jpeg', 'webp', 'avif', 'oxipng'].map((name) => `${name} ${dependencies[`@jsquash/${name}`]}`);
  const tools = ['pngquant', 'oxipng', 'avifenc'].map((tool) => `${tool} ${versionOf(tool)}`);
  return [
    `sharp ${sharp} (vips ${vips}, aom ${aom}, webp ${webp}, mozjpeg ${mozjpeg}, imagequant ${imagequant})`,
    `@jsquash: ${jsquash.join(', ')}`,
    `${tools.join(', ')}, cwebp ${versionOf('cwebp', '-version')}`,
    `Node ${process.versions.node}`,
  ].join('; ');
}

function write(text) {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${page} has lost its markers`);
  writeFileSync(page, `${before.slice(0, from + BEGIN.length)}\n\n${text}\n\n${before.slice(to)}`);
}

/**
 * The figures that stand, with the rows and the parts of `text` in place of those of the same name: a long
 * run can be done section by section.
 */
function mended(text) {
  const before = readFileSync(page, 'utf8');
  const stands = before.slice(before.indexOf(BEGIN) + BEGIN.length, before.indexOf(END)).trim();
  const parts = new Map();
  for (const part of [...stands.split(/^(?=### )/m), ...text.split(/^(?=### )/m)]) {
    const name = part.startsWith('### ') ? part.slice(0, part.indexOf('\n')) : '';
    parts.set(name, name === '' && parts.has('') ? mendedRows(parts.get(''), part) : part.trim());
  }
  return [...parts.values()].join('\n\n');
}

/** The head of the figures with how the newest were measured, and with their rows. */
function mendedRows(old, head) {
  const nameOf = (line) => line.split(' | ')[0];
  const rows = new Map(head.split('\n').filter((line) => line.startsWith('| ')).map((line) => [nameOf(line), line]));
  const [how] = head.split('\n');
  return [how, ...old.split('\n').slice(1)].map((line) => rows.get(nameOf(line)) ?? line).join('\n');
}

const verdict = ({ what, target, figure, met }) => [what, target, figure, met ? 'met' : '**missed**'];

const bench = new Bench({ driver: positionals[0], paths: await pictures(cache, root), rounds, quick, cache });
const [rows, details] = [[], []];
try {
  for (const name of chosen) {
    const began = performance.now();
    const section = await SECTIONS[name](bench);
    for (const row of section.rows) console.log(verdict(row).join('  |  '));
    console.error(`${name}: ${((performance.now() - began) / 1000).toFixed(0)} s`);
    rows.push(...section.rows.map(verdict));
    details.push(section.details);
  }
  const text = [
    `Measured by \`make bench-images\`: ${rounds} interleaved round${rounds === 1 ? '' : 's'}, medians, on ${cpus().length} cores (${cpus()[0].model.trim()}). ${await versions(bench)}.`,
    table(['What', 'Target', 'Figure', ''], rows, 4),
    ...details,
    `### The pictures\n\n${table(['Name', 'What it is'], Object.entries(about))}`,
  ].join('\n\n');
  if (values.write) write(mended(text));
  else if (quick || values.only) console.log(`\n${text}`);
  else write(text);
} finally {
  await bench.end();
}
