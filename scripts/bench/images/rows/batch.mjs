// A hundred pictures as they come out of a folder, on two cores: 50 JPEG and 50 PNG files.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../../report.mjs';
import { change, kb, ms, table, times } from '../text.mjs';

const EDGE = 2048;
const THREADS = 2;

/** [threads for each picture, pictures at once] that sharp might be fastest with. */
const POOLS = [[1, 2], [2, 2], [1, 4]];

/** Files of an unpacked package by extension, the large ones, in an order that does not change. */
function files(folder, extension, least) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(extension) && !name.includes('Painting-Colors'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile() && statSync(path).size >= least)
    .sort();
}

function list(cache, count) {
  const from = (names, extension, least) => names.flatMap((name) => files(join(cache, 'x', name), extension, least));
  const kinds = [
    from(['lomiri-wallpapers-16.04', 'lomiri-wallpapers-20.04', 'mate-backgrounds'], '.jpg', 100_000),
    from(['kicad-doc-en', 'qtcreator-doc', 'gimp-help-en'], '.png', 90_000),
  ];
  return Array.from({ length: count }, (_, at) => {
    const kind = kinds[at % 2];
    const input = kind[(at >> 1) % kind.length];
    return { input, format: at % 2 === 0 ? 'jpeg' : 'png' };
  });
}

export async function batch(bench) {
  const pictures = list(bench.cache, bench.quick ? 10 : 100);
  const resize = { width: EDGE, height: EDGE };
  const forSharp = pictures.map(({ input, format }) => ({
    input,
    recipe: { resize, format, options: format === 'jpeg' ? { quality: 80 } : {} },
  }));
  const forUs = pictures.map(({ input, format }) => ({ input, recipe: { edge: EDGE, format, quality: 80, effort: 'fast' } }));
  const bySharp = ([concurrency, pool]) => bench.sharp.ask({ op: 'batch', list: forSharp, concurrency, pool });
  const byUs = () => bench.ours.ask({ op: 'batch', list: forUs, threads: THREADS });

  await bySharp(POOLS[0]);
  let best;
  const tried = [];
  for (const pool of POOLS) {
    const { wall_ms } = await bySharp(pool);
    tried.push(`${pool[1]} pictures × ${pool[0]} threads: ${ms(wall_ms)}`);
    if (!best || wall_ms < best.wall_ms) best = { pool, wall_ms };
  }
  await byUs();
  const samples = { sharp: [], ours: [] };
  for (let round = 0; round < bench.rounds; round++) {
    const turns = [async () => samples.sharp.push(await bySharp(best.pool)), async () => samples.ours.push(await byUs())];
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) await turn();
  }
  return report(pictures.length, samples, best, tried);
}

function report(count, samples, best, tried) {
  const of = (name, field) => median(samples[name].map((sample) => sample[field]));
  const faster = of('sharp', 'wall_ms') / of('ours', 'wall_ms');
  const bytes = of('ours', 'bytes') / of('sharp', 'bytes');
  const each = samples.sharp.map((sample, at) => sample.wall_ms / samples.ours[at].wall_ms);
  const line = (title, name) => [title, ms(of(name, 'cpu_ms')), ms(of(name, 'wall_ms')), kb(of(name, 'bytes'))];
  const sharpName = `sharp, ${best.pool[1]} pictures at once × ${best.pool[0]} threads`;
  const lines = [line(sharpName, 'sharp'), line(`Picferry, ${THREADS} pictures at once`, 'ours')];
  return {
    rows: [
      {
        what: `${count} mixed pictures on two cores, against sharp at its best concurrency`,
        target: '≥ 1.30 × its throughput',
        figure: `${times(faster)} (${times(Math.min(...each))} to ${times(Math.max(...each))}), ${change(bytes)} bytes`,
        met: faster >= 1.3,
      },
    ],
    details: `### ${count} pictures, made ${EDGE} px, JPEG q80 or PNG lossless\n\n${table(['Contender', 'CPU', 'Wall', 'Bytes'], lines, 1)}\n\nTried for sharp: ${tried.join('; ')}.`,
  };
}
