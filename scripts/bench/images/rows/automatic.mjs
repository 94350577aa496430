// Automatic at its usual target, against the best single setting of sharp: the one format and quality that
// reaches the target on every picture of the set with the fewest bytes in total.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sum } from '../bench.mjs';
import { fingerprint } from '../pictures.mjs';
import { change, kb, ms, table } from '../text.mjs';

const TARGET = 80;
const CPU_PER_12_MP = 3000;

/** Megapixels from which on a picture tells what 12 cost. */
const LARGE = 4;

/** Small ones first: they find the quality, and the large ones then seldom need more than one look. */
const SET = ['coffee', 'astronaut', 'logo', 'inspector', 'gerbview', 'gallery', 'pcbnew', 'qtcreator', 'drawn-1080p', 'p2', 'p4', 'p12', 'p13'];
const QUICK = ['coffee', 'gallery', 'p2'];

const SETTINGS = {
  'JPEG (mozjpeg)': { format: 'jpeg', options: { mozjpeg: true } },
  'JPEG (mozjpeg, 4:4:4)': { format: 'jpeg', options: { mozjpeg: true, chromaSubsampling: '4:4:4' } },
  WebP: { format: 'webp', options: {} },
  AVIF: { format: 'avif', options: {} },
};
const LOSSLESS = {
  'PNG lossless': { format: 'png', options: { compressionLevel: 9 } },
  'WebP lossless': { format: 'webp', options: { lossless: true } },
};

export async function automatic(bench) {
  const names = bench.quick ? QUICK : SET;
  const runs = [];
  for (const picture of names) {
    const input = bench.paths[picture];
    const { width, height } = await bench.reference(input);
    const contender = bench.byUs('Picferry', input, { format: 'automatic', look: TARGET });
    const output = bench.file('bin');
    const answer = await contender.work(output);
    contender.score = await bench.score(renamed(output, answer.format));
    runs.push({ picture, megapixels: (width * height) / 1e6, contender, format: answer.format });
  }
  // Whether it is dear is asked of the large ones; the others cost time and tell little.
  const isLarge = ({ megapixels }) => megapixels >= LARGE;
  await bench.measure(runs.filter(isLarge).map(({ contender }) => [contender]));
  await bench.measure(runs.filter((run) => !isLarge(run)).map(({ contender }) => [contender]), 1);
  const settings = await sharpSettings(bench, names);
  return { rows: rows(runs, settings), details: details(runs, settings) };
}

function renamed(file, format) {
  const path = `${file}.${format.toLowerCase()}`;
  writeFileSync(path, readFileSync(file));
  return path;
}

/** For each setting the lowest quality that will do, and the bytes at it; what sharp made before is remembered. */
async function sharpSettings(bench, names) {
  const memory = new Memory(join(bench.cache, 'made', 'sharp-scores.json'), await bench.sharp.ask({ op: 'versions' }));
  const look = async (picture, { format, options }, quality) => {
    const input = bench.paths[picture];
    return memory.get([fingerprint(readFileSync(input)), format, options, quality], async () => {
      await bench.reference(input);
      const contender = await bench.try(bench.bySharp('sharp', input, { format, options: { ...options, quality } }));
      return { bytes: contender.bytes, score: contender.score };
    });
  };
  const found = [];
  for (const [name, setting] of Object.entries(SETTINGS)) {
    found.push(await lowest(name, setting, names, look));
  }
  for (const [name, setting] of Object.entries(LOSSLESS)) {
    const bytes = [];
    for (const picture of names) bytes.push((await look(picture, setting, 100)).bytes);
    found.push({ name, bytes });
  }
  return found;
}

async function lowest(name, setting, names, look) {
  let quality = 40;
  let hardest;
  for (const picture of names) {
    if ((await look(picture, setting, quality)).score >= TARGET) continue;
    let [below, enough] = [quality, 100];
    if ((await look(picture, setting, enough)).score < TARGET) return { name, fails: picture };
    while (enough - below > 1) {
      const middle = (below + enough) >> 1;
      if ((await look(picture, setting, middle)).score >= TARGET) enough = middle;
      else below = middle;
    }
    [quality, hardest] = [enough, picture];
  }
  const bytes = [];
  for (const picture of names) bytes.push((await look(picture, setting, quality)).bytes);
  return { name: `${name} q${quality}`, bytes, hardest };
}

/** What does not change from run to run: bytes and score of one version of sharp. */
class Memory {
  constructor(path, versions) {
    Object.assign(this, { path, versions: JSON.stringify(versions) });
    this.known = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
  }

  async get(key, make) {
    const name = fingerprint(Buffer.from(JSON.stringify([this.versions, key])));
    if (!this.known[name]) {
      this.known[name] = await make();
      writeFileSync(this.path, JSON.stringify(this.known));
    }
    return this.known[name];
  }
}

function rows(runs, settings) {
  const ours = sum(runs.map(({ contender }) => contender.bytes));
  const best = settings.filter((one) => one.bytes).sort((one, other) => sum(one.bytes) - sum(other.bytes))[0];
  const missed = runs.filter(({ contender }) => contender.score < TARGET);
  const large = runs.filter((run) => run.megapixels >= LARGE);
  const costs = (large.length > 0 ? large : runs).map((run) => ({ ...run, cost: (run.contender.cpu / run.megapixels) * 12 }));
  const dearest = costs.reduce((one, other) => (other.cost > one.cost ? other : one));
  return [
    {
      what: `Automatic at ${TARGET}: ${runs.length} pictures in total, against the best single setting of sharp`,
      target: 'no more bytes, every picture at its target',
      figure: `${change(ours / sum(best.bytes))} bytes (${kb(ours)}; sharp ${best.name} ${kb(sum(best.bytes))})${missed.length ? `; below ${TARGET}: ${missed.map((run) => `${run.picture} ${run.contender.score.toFixed(2)}`).join(', ')}` : ''}`,
      met: ours <= sum(best.bytes) && missed.length === 0,
    },
    {
      what: 'Automatic: CPU for 12 MP, the dearest picture of 4 MP and more',
      target: '≤ 3.0 s',
      figure: `${(dearest.cost / 1000).toFixed(1)} s (${dearest.picture}, ${dearest.megapixels.toFixed(1)} MP: ${ms(dearest.contender.cpu)})`,
      met: dearest.cost <= CPU_PER_12_MP,
    },
  ];
}

function details(runs, settings) {
  const lines = runs.map(({ picture, megapixels, contender, format }) => [
    picture,
    `${format} (${megapixels.toFixed(1)} MP)`,
    ms(contender.cpu),
    ms(contender.wall),
    kb(contender.bytes),
    contender.score.toFixed(2),
  ]);
  const single = settings.map(({ name, bytes, fails, hardest }) => [
    name,
    fails ? `does not reach ${TARGET} on ${fails} at any quality` : `${kb(sum(bytes))}${hardest ? `, quality set by ${hardest}` : ''}`,
  ]);
  return [
    `### Automatic, target ${TARGET}`,
    table(['Picture', 'Chosen', 'CPU', 'Wall', 'Bytes', 'Score'], lines),
    table(['Single setting of sharp', 'Whole set'], single),
  ].join('\n\n');
}
