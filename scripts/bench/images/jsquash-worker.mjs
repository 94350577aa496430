// The codecs of Squoosh (wasm), asked over lines of JSON. A recipe is { format, options, resize? }.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import encodeAvif, { init as initAvif } from '@jsquash/avif/encode.js';
import decodeJpeg, { init as initJpegDecoder } from '@jsquash/jpeg/decode.js';
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js';
import optimisePng, { init as initPng } from '@jsquash/oxipng/optimise.js';
import resize, { initResize } from '@jsquash/resize';
import encodeWebp, { init as initWebp } from '@jsquash/webp/encode.js';
import sharp from 'sharp';
import { serve, timed } from './workers.mjs';

// The codecs were written for browsers.
globalThis.ImageData ??= class ImageData {
  constructor(data, width, height) {
    Object.assign(this, { data, width, height });
  }
};

const { resolve } = createRequire(import.meta.url);
const wasm = (path) => WebAssembly.compile(readFileSync(resolve(path)));

const start = {
  jpeg: async () => {
    await initJpegDecoder(await wasm('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
    await initJpeg(await wasm('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
    await initResize(await wasm('@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm'));
  },
  webp: async () => {
    await start.jpeg();
    await initWebp(await wasm('@jsquash/webp/codec/enc/webp_enc_simd.wasm'));
  },
  avif: async () => initAvif(await wasm('@jsquash/avif/codec/enc/avif_enc.wasm')),
  png: async () => initPng(await wasm('@jsquash/oxipng/codec/pkg/squoosh_oxipng_bg.wasm')),
};
const started = new Map();

const encoders = { jpeg: encodeJpeg, webp: encodeWebp, avif: encodeAvif };

/** Pixels of a file that is no JPEG, before the clock starts: the packages have no decoder that is measured here. */
async function pixelsOf(path) {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return new ImageData(new Uint8ClampedArray(data.buffer, data.byteOffset, data.length), info.width, info.height);
}

await serve({
  async run({ input, recipe, output }) {
    if (!started.has(recipe.format)) started.set(recipe.format, start[recipe.format]());
    await started.get(recipe.format);
    const bytes = readFileSync(input);
    const ready = recipe.format === 'png' || input.endsWith('.jpg') ? undefined : await pixelsOf(input);
    const { result, ...cost } = await timed(async () => {
      if (recipe.format === 'png') return optimisePng(bytes, recipe.options);
      let picture = ready ?? (await decodeJpeg(bytes));
      if (recipe.resize) {
        const width = recipe.resize.width;
        picture = await resize(picture, { width, height: Math.round((picture.height * width) / picture.width) });
      }
      return encoders[recipe.format](picture, recipe.options);
    });
    if (output) writeFileSync(output, Buffer.from(result));
    return { ...cost, bytes: result.byteLength };
  },
});
