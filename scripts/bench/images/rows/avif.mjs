// AVIF of pictures that are 2048 pixels wide already: sharp as it comes, Picferry at the same score.

import { at, mean } from '../bench.mjs';
import { change, DETAIL, detail, table, times } from '../text.mjs';
import { runTool } from '../tools.mjs';

const PHOTOS = ['p20', 'p16'];
const EFFORTS = ['fast', 'small'];
const format = 'avif';

export async function avif(bench) {
  const groups = [];
  const runs = [];
  for (const picture of bench.some(PHOTOS, 1)) {
    const input = bench.file('png');
    await bench.reference(bench.paths[picture], 2048, input);
    const peer = await bench.try(bench.bySharp('sharp as it comes (q50 effort 4)', input, { format }));
    const ours = {};
    for (const effort of EFFORTS) {
      const make = (quality) => bench.byUs(`Picferry ${effort} q${quality}`, input, { format, effort, quality });
      ours[effort] = await bench.around(peer.score, make, 60);
    }
    const rest = picture === PHOTOS[0] ? await others(bench, input, peer.score) : [];
    groups.push([...new Set([peer, ...Object.values(ours).flat(), ...rest.flat()])]);
    runs.push({ picture, peer, ours, rest });
  }
  await bench.measure(groups);
  return { rows: EFFORTS.map((effort) => row(effort, runs)), details: details(runs) };
}

async function others(bench, input, wanted) {
  const byAvifenc = (quality) => {
    const level = ['-a', 'end-usage=q', '-a', `cq-level=${63 - quality}`, '--min', '0', '--max', '63'];
    const work = (output = bench.file('avif')) => runTool('avifenc', ['-s', '6', '-j', '2', ...level, input, output], output);
    return bench.contender(`avifenc -s 6 cq-level ${63 - quality}`, work, { format });
  };
  const jsquash = await bench.try(bench.byJsquash('jsquash as it comes (q50 speed 6)', input, { format, options: { speed: 6 } }));
  return [await bench.around(wanted, byAvifenc, 38, [0, 63]), [jsquash]];
}

function row(effort, runs) {
  const pairs = runs.map(({ peer, ours }) => {
    const same = at(peer.score, ours[effort]);
    return { cpu: peer.cpu / same.cpu, bytes: same.bytes / peer.bytes, equal: same.equal };
  });
  const [cpu, bytes] = [mean(pairs.map((pair) => pair.cpu)), mean(pairs.map((pair) => pair.bytes))];
  return {
    what: `AVIF ${effort}, against sharp as it comes`,
    target: 'bytes within +3 % at half the CPU',
    figure: `${change(bytes)} bytes, ${times(cpu)} less CPU${pairs.every((pair) => pair.equal) ? '' : '; score not reached on every picture'}`,
    met: bytes <= 1.03 && cpu >= 2 && pairs.every((pair) => pair.equal),
  };
}

function details(runs) {
  const lines = runs.flatMap(({ picture, peer, ours, rest }) => [
    detail(picture, peer),
    ...EFFORTS.map((effort) => {
      const same = at(peer.score, ours[effort]);
      return detail(picture, { ...same, name: `Picferry ${effort} q${same.quality.toFixed(1)}` });
    }),
    ...rest.map((pair) => {
      const same = pair.length > 1 ? { ...at(peer.score, pair), name: 'avifenc -s 6, at the same score' } : pair[0];
      return detail(picture, same);
    }),
  ]);
  return `### AVIF, 2048 px\n\n${table(DETAIL, lines)}`;
}
