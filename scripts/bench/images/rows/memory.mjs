// The most memory a process has while it works on one picture of 100 megapixels, its own start included.

import { Worker } from '../workers.mjs';
import { kb, table } from '../text.mjs';

const CASES = {
  'to 2048 px, JPEG': [{ edge: 2048, format: 'jpeg', quality: 80 }, { resize: { width: 2048, height: 2048 }, format: 'jpeg', options: { quality: 80 } }],
  'same size, JPEG': [{ format: 'jpeg', quality: 80 }, { format: 'jpeg', options: { quality: 80 } }],
  'Automatic, same size': [{ format: 'automatic', look: 80 }],
};

/** What the engine lets one picture cost unless it is told otherwise; it refuses what would take more. */
const BOUND = 1024 ** 3;

/** Bytes, or undefined where the engine refuses because it would be more than it may use. */
async function peak(worker, recipe, input) {
  try {
    return (await worker.ask({ op: 'peak', input, recipe })).peak;
  } catch (error) {
    if (/ MB of memory/.test(error.message)) return undefined;
    throw error;
  } finally {
    await worker.end();
  }
}

const written = (bytes) => (bytes === undefined ? 'refused, would be above its limit' : kb(bytes));

export async function memory(bench) {
  const input = bench.paths.p100fine;
  const lines = [];
  let most = 0;
  for (const [name, [ours, peer]] of bench.some(Object.entries(CASES), 1)) {
    const mine = await peak(new Worker(bench.driver, []), ours, input);
    const theirs = peer && (await peak(bench.newSharp(), peer, input));
    most = Math.max(most, mine ?? 0);
    lines.push([name, written(mine), theirs ? kb(theirs) : '–']);
  }
  return {
    rows: [
      {
        what: 'Peak memory of one 100 MP picture (10000×10000 JPEG), the worst way',
        target: 'stated; at most 1 GiB',
        figure: lines.map(([name, mine, theirs]) => `${name}: ${mine}${theirs === '–' ? '' : ` (sharp ${theirs})`}`).join('; '),
        met: most <= BOUND,
      },
    ],
    details: `### Memory, one picture of 100 MP\n\n${table(['Work', 'Picferry', 'sharp'], lines, 1)}`,
  };
}
