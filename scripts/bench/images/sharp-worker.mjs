// sharp, asked over lines of JSON. A recipe is { resize?, format, options }.

import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { serve, timed } from './workers.mjs';

// Every run does the whole work again.
sharp.cache(false);

const files = new Map();
function bytesOf(path) {
  if (!files.has(path)) files.set(path, readFileSync(path));
  return files.get(path);
}

function pipeline(bytes, { resize, format, options }) {
  const picture = sharp(bytes, { limitInputPixels: false });
  if (resize) picture.resize({ ...resize, fit: 'inside', withoutEnlargement: true });
  return picture[format](options ?? {});
}

function peak() {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}

await serve({
  async run({ input, recipe, output, concurrency }) {
    sharp.concurrency(concurrency ?? 0);
    const bytes = bytesOf(input);
    const { result, ...cost } = await timed(() => pipeline(bytes, recipe).toBuffer());
    if (output) writeFileSync(output, result);
    return { ...cost, bytes: result.length };
  },
  /** All of `list` with `pool` pictures at once and `concurrency` threads for each. */
  async batch({ list, concurrency, pool }) {
    sharp.concurrency(concurrency);
    const work = list.map(({ input, recipe }) => [bytesOf(input), recipe]);
    let next = 0;
    let bytes = 0;
    const one = async () => {
      while (next < work.length) {
        const [input, recipe] = work[next++];
        const written = await pipeline(input, recipe).toBuffer();
        bytes += written.length;
      }
    };
    const { result: _, ...cost } = await timed(() => Promise.all(Array.from({ length: pool }, one)));
    return { ...cost, bytes };
  },
  async peak({ input, recipe }) {
    const bytes = readFileSync(input);
    const before = peak();
    const written = await pipeline(bytes, recipe).toBuffer();
    return { before, peak: peak(), bytes: written.length };
  },
  async versions() {
    return sharp.versions;
  },
});
