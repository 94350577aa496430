// The gallery's thumbnails: 320 pixels, WebP at quality 80.

import { mean } from '../bench.mjs';
import { change, DETAIL, detail, table, times } from '../text.mjs';

const PHOTOS = ['p20', 'p24', 'p16', 'p18'];
const EDGE = 320;

export async function thumbnail(bench) {
  const runs = [];
  for (const picture of bench.some(PHOTOS)) {
    const input = bench.paths[picture];
    await bench.reference(input, EDGE);
    const options = { quality: 80 };
    const recipe = { resize: { width: EDGE, height: EDGE }, format: 'webp', options };
    const peer = await bench.try(bench.bySharp('sharp', input, recipe));
    const work = (output) => bench.ours.ask({ op: 'thumbnail', input, output });
    const ours = await bench.try(bench.contender('Picferry', work, { format: 'webp' }));
    runs.push({ picture, peer, ours });
  }
  await bench.measure(runs.map(({ peer, ours }) => [peer, ours]));
  const lines = runs.flatMap(({ picture, peer, ours }) => [detail(picture, peer), detail(picture, ours)]);
  return { rows: rows(runs), details: `### Thumbnails, 320 px\n\n${table(DETAIL, lines)}` };
}

function rows(runs) {
  const row = (what, some) => {
    const cpu = mean(some.map(({ peer, ours }) => peer.cpu / ours.cpu));
    const bytes = mean(some.map(({ peer, ours }) => ours.bytes / peer.bytes));
    const lost = Math.max(...some.map(({ peer, ours }) => peer.score - ours.score));
    const scores = lost > 0 ? `at most ${lost.toFixed(2)} points lower` : 'scores not lower';
    return {
      what,
      target: '≥ 1.50 × less CPU',
      figure: `${times(cpu)} less CPU, ${change(bytes)} bytes, ${scores}`,
      met: cpu >= 1.5,
    };
  };
  const named = (...names) => runs.filter((run) => names.includes(run.picture));
  return [
    row('Thumbnail of a 20 MP JPEG from a camera (baseline), against sharp', named('p20')),
    ...(runs.length > 1 ? [row('Thumbnails of all large JPEG files, against sharp', runs)] : []),
  ];
}
