// Photos made 2048 pixels wide and encoded: sharp at its default quality, Picferry at the quality that gets
// the same score.

import { at, mean } from '../bench.mjs';
import { change, DETAIL, detail, table, times } from '../text.mjs';
import { runTool } from '../tools.mjs';

const PHOTOS = ['p20', 'p16', 'p24', 'p12', 'p18'];
const EDGE = 2048;
const resize = { width: EDGE, height: EDGE };

const KINDS = {
  jpeg: [
    { title: 'JPEG, fast', peer: { quality: 80 }, effort: 'fast', as: 'sharp q80' },
    { title: 'JPEG, small', peer: { quality: 80, mozjpeg: true }, effort: 'small', as: 'sharp mozjpeg q80' },
  ],
  webp: [{ title: 'WebP', peer: { quality: 80 }, effort: 'fast', as: 'sharp q80 effort 4' }],
};

export async function lossy(bench, format) {
  const groups = [];
  const runs = [];
  for (const picture of bench.some(PHOTOS)) {
    const input = bench.paths[picture];
    const { height } = await bench.reference(input, EDGE);
    for (const kind of KINDS[format]) {
      const peer = await bench.try(bench.bySharp(kind.as, input, { resize, format, options: kind.peer }));
      const recipe = { edge: EDGE, format, effort: kind.effort, ...(format === 'webp' ? { webp: 'lossy' } : {}) };
      const make = (quality) => bench.byUs(`Picferry ${kind.effort} q${quality}`, input, { ...recipe, quality });
      const ours = await bench.around(peer.score, make, 80);
      groups.push([...new Set([peer, ...ours])]);
      runs.push({ picture, kind, peer, ours });
    }
    if (picture === PHOTOS[0]) runs.push({ picture, others: await others(bench, input, format, height, groups) });
  }
  await bench.measure(groups);
  return { rows: rows(format, runs), details: details(format, runs) };
}

/** The rest of the field, on one picture. */
async function others(bench, input, format, height, groups) {
  const group = [];
  const quality = 80;
  const recipe = { format, options: { quality }, resize };
  group.push(await bench.try(bench.byJsquash('jsquash q80', input, recipe)));
  if (format === 'webp') {
    const work = (output = bench.file('webp')) =>
      runTool('cwebp', ['-quiet', '-q', '80', '-resize', String(EDGE), String(height), input, '-o', output], output);
    group.push(await bench.try(bench.contender('cwebp q80 (its own scaling)', work, { format })));
  }
  groups.push(group);
  return group;
}

function rows(format, runs) {
  return KINDS[format].map((kind) => {
    const pairs = runs.filter((run) => run.kind === kind).map(({ picture, peer, ours }) => {
      const same = at(peer.score, ours);
      return { picture, cpu: peer.cpu / same.cpu, bytes: same.bytes / peer.bytes, equal: same.equal };
    });
    const [cpu, bytes] = [mean(pairs.map((pair) => pair.cpu)), mean(pairs.map((pair) => pair.bytes))];
    const worst = pairs.reduce((one, other) => (other.cpu < one.cpu ? other : one));
    const unequal = pairs.filter((pair) => !pair.equal).map((pair) => pair.picture);
    return {
      what: `${kind.title}: resize to ${EDGE} px and encode, against ${kind.as}`,
      target: '≥ 1.50 × less CPU, no more bytes',
      figure: `${times(cpu)} less CPU, ${change(bytes)} bytes (least: ${worst.picture} ${times(worst.cpu)})${unequal.length ? `; score not reached on ${unequal.join(', ')}` : ''}`,
      met: cpu >= 1.5 && bytes <= 1.0005 && unequal.length === 0,
    };
  });
}

function details(format, runs) {
  const lines = runs.flatMap(({ picture, peer, ours, others: rest }) => {
    if (rest) return rest.map((contender) => detail(picture, contender));
    const same = at(peer.score, ours);
    const name = `Picferry ${ours[0].name.split(' ')[1]} q${same.quality.toFixed(1)}`;
    return [detail(picture, peer), detail(picture, { ...same, name })];
  });
  return `### ${format === 'jpeg' ? 'JPEG' : 'WebP'}, 2048 px\n\n${table(DETAIL, lines)}`;
}
