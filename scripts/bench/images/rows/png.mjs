// PNG files, every pixel kept: the smallest that sharp makes, and what Picferry makes.

import { sum } from '../bench.mjs';
import { change, DETAIL, kb, ms, table, times } from '../text.mjs';
import { runTool } from '../tools.mjs';

const PICTURES = ['gerbview', 'gallery', 'qtcreator', 'pcbnew', 'drawn-1080p', 'astronaut', 'drawn-4k'];
const EFFORTS = ['fast', 'small'];
const format = 'png';

/** All that could be the best; those that change a pixel are left out by looking at them. */
const SHARP = {
  'sharp level 6 (as it comes)': {},
  'sharp level 9': { compressionLevel: 9 },
  'sharp level 9, adaptive filters': { compressionLevel: 9, adaptiveFiltering: true },
  'sharp palette at quality 100': { palette: true, quality: 100, effort: 10, compressionLevel: 9, dither: 0 },
};

export async function png(bench) {
  const runs = [];
  for (const picture of bench.some(PICTURES)) {
    const input = bench.paths[picture];
    await bench.reference(input);
    const lossless = async (contender) => {
      const output = bench.file('png');
      contender.bytes = (await contender.work(output)).bytes;
      contender.same = await bench.isSame(output);
      return contender;
    };
    const peers = [];
    for (const [name, options] of Object.entries(SHARP)) {
      const peer = await lossless(bench.bySharp(name, input, { format, options }));
      if (peer.same) peers.push(peer);
    }
    const ours = {};
    for (const effort of EFFORTS) ours[effort] = await lossless(bench.byUs(`Picferry ${effort}`, input, { format, effort }));
    const best = peers.reduce((one, other) => (other.bytes < one.bytes ? other : one));
    const rest = picture === PICTURES[0] ? await others(bench, input, lossless) : [];
    runs.push({ picture, peers, best, ours, rest });
  }
  await bench.measure(runs.map(({ peers, ours, rest }) => [...peers, ...Object.values(ours), ...rest]));
  return { rows: EFFORTS.map((effort) => row(effort, runs)), details: details(runs) };
}

async function others(bench, input, lossless) {
  const oxipng = (level) =>
    bench.contender(`oxipng -o ${level}`, (output = bench.file('png')) =>
      runTool('oxipng', ['-q', '-o', String(level), '--out', output, '--force', input], output),
    );
  const jsquash = bench.byJsquash('jsquash oxipng, level 2', input, { format, options: { level: 2 } });
  return Promise.all([lossless(oxipng(2)), lossless(oxipng(4)), lossless(jsquash)]);
}

function row(effort, runs) {
  const changed = runs.filter((run) => !run.ours[effort].same).map((run) => run.picture);
  const [mine, theirs] = [runs.map((run) => run.ours[effort]), runs.map((run) => run.best)];
  const bytes = sum(mine.map((one) => one.bytes)) / sum(theirs.map((one) => one.bytes));
  const cpu = sum(mine.map((one) => one.cpu)) / sum(theirs.map((one) => one.cpu));
  const smaller = runs.filter((run) => run.ours[effort].bytes <= run.best.bytes).length;
  return {
    what: `PNG lossless, ${effort}, against the smallest of sharp for each picture`,
    target: 'no more bytes at no more CPU',
    figure: `${change(bytes)} bytes, ${times(cpu)} its CPU; not larger on ${smaller} of ${runs.length}${changed.length ? `; CHANGED pixels: ${changed.join(', ')}` : ''}`,
    met: bytes <= 1 && cpu <= 1 && changed.length === 0,
  };
}

function details(runs) {
  const lines = runs.flatMap(({ picture, peers, best, ours, rest }) =>
    [...peers, ...Object.values(ours), ...rest].map((one) => [
      picture,
      one.name + (one === best ? ' (its smallest)' : ''),
      ms(one.cpu),
      ms(one.wall),
      kb(one.bytes),
      one.same ? 'the same' : 'CHANGED',
    ]),
  );
  return `### PNG, lossless\n\n${table([...DETAIL.slice(0, 5), 'Pixels'], lines)}`;
}
