// PNG files of at most 256 colours: pngquant at several numbers of colours, Picferry's one against that curve.

import { mean } from '../bench.mjs';
import { change, DETAIL, detail, kb, table, times } from '../text.mjs';
import { runTool } from '../tools.mjs';

const PICTURES = ['gerbview', 'gallery', 'drawn-1080p', 'astronaut', 'pcbnew'];
const EFFORTS = ['fast', 'small'];
const COLOURS = [256, 192, 128, 96, 64];
const format = 'png';

export async function palette(bench) {
  const runs = [];
  for (const picture of bench.some(PICTURES)) {
    const input = bench.paths[picture];
    await bench.reference(input);
    const curve = [];
    for (const colours of COLOURS) curve.push(await bench.try(pngquant(bench, input, colours)));
    const sharp = await bench.try(
      bench.bySharp('sharp palette, effort 7', input, { format, options: { palette: true, compressionLevel: 9 } }),
    );
    const ours = {};
    for (const effort of EFFORTS) {
      const recipe = { format, png: 'palette', effort, quality: 80 };
      ours[effort] = await bench.try(bench.byUs(`Picferry palette, ${effort}`, input, recipe));
    }
    runs.push({ picture, curve, sharp, ours });
  }
  await bench.measure(runs.map(({ curve, sharp, ours }) => [curve[0], sharp, ...Object.values(ours)]));
  return { rows: EFFORTS.map((effort) => row(effort, runs)), details: details(runs) };
}

function pngquant(bench, input, colours) {
  const work = (output = bench.file('png')) =>
    runTool('pngquant', ['--force', '--output', output, String(colours), input], output);
  return bench.contender(`pngquant ${colours}`, work, { format });
}

/**
 * The bytes of pngquant at the score `wanted`: those of its smallest file that looks at least so, or less where
 * the line between two of its files is lower. Beyond its best, those of its best, and it is said.
 */
function bytesAt(wanted, curve) {
  const points = [...curve].sort((one, other) => one.score - other.score);
  const best = points.at(-1);
  if (wanted >= best.score) return { bytes: best.bytes, beyond: wanted - best.score > 0.3 };
  const above = points.findIndex((point) => point.score >= wanted);
  const smallest = Math.min(...points.slice(above).map((point) => point.bytes));
  if (above === 0) return { bytes: smallest, below: points[0].score - wanted > 0.3 };
  const [low, high] = [points[above - 1], points[above]];
  const part = (wanted - low.score) / (high.score - low.score);
  return { bytes: Math.min(smallest, low.bytes + part * (high.bytes - low.bytes)) };
}

function row(effort, runs) {
  const pairs = runs.map(({ picture, curve, ours }) => {
    const same = bytesAt(ours[effort].score, curve);
    return { picture, ...same, ratio: ours[effort].bytes / same.bytes, cpu: ours[effort].cpu / curve[0].cpu };
  });
  const bytes = mean(pairs.map((pair) => pair.ratio));
  const worst = pairs.reduce((one, other) => (other.ratio > one.ratio ? other : one));
  const above = pairs.filter((pair) => pair.beyond).map((pair) => pair.picture);
  const below = pairs.filter((pair) => pair.below).map((pair) => pair.picture);
  return {
    what: `PNG palette, ${effort}, against pngquant at the same score`,
    target: 'no more bytes',
    figure:
      `${change(bytes)} bytes, ${times(mean(pairs.map((pair) => pair.cpu)))} its CPU (most: ${worst.picture} ${change(worst.ratio)})` +
      `${above.length ? `; scores above all of pngquant's on ${above.join(', ')}` : ''}${below.length ? `; scores below its worst on ${below.join(', ')}` : ''}`,
    met: bytes <= 1.0005 && below.length === 0,
  };
}

function details(runs) {
  const lines = runs.flatMap(({ picture, curve, sharp, ours }) => [
    detail(picture, curve[0]),
    ...curve.slice(1).map((point) => [picture, point.name, '', '', kb(point.bytes), point.score.toFixed(2)]),
    detail(picture, sharp),
    ...EFFORTS.map((effort) => detail(picture, ours[effort])),
  ]);
  return `### PNG, palette\n\n${table(DETAIL, lines)}`;
}
