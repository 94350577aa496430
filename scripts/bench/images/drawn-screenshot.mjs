// A picture that looks like a screenshot, for sizes of which no packaged one was found: an editor with
// highlighted text, a tree of files, a preview with a gradient. The same on every run.

import sharp from 'sharp';

const COLOURS = ['#7c3aed', '#0f766e', '#b45309', '#1d4ed8', '#334155', '#be123c'];
const WORDS =
  'let picture bytes of fn match return if else for in while struct impl pub use const async await Some None Ok Err width height pixel colour score encode decode'.split(' ');

/** A generator of numbers below `n` that repeats itself from run to run. */
function numbers(seed) {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

function line(below, x, y, size) {
  const parts = [];
  let at = x + below(6) * size * 1.2;
  for (let word = 0; word < 2 + below(9); word++) {
    const text = WORDS[below(WORDS.length)];
    parts.push(`<tspan x="${at.toFixed(1)}" fill="${COLOURS[below(COLOURS.length)]}">${text}</tspan>`);
    at += (text.length + 1) * size * 0.602;
  }
  return `<text y="${y.toFixed(1)}" font-size="${size}" font-family="DejaVu Sans Mono, monospace">${parts.join('')}</text>`;
}

/** One window of `width` × `height` pixels, its text `scale` times as large as usual, as a PNG file. */
export async function draw(width, height, scale) {
  const below = numbers(20);
  const size = 14 * scale;
  const side = 260 * scale;
  const preview = { x: width * 0.68, y: 60 * scale, width: width * 0.3, height: height * 0.4 };
  const lines = [];
  for (let y = 70 * scale; y < height - 20 * scale; y += size * 1.45) {
    lines.push(line(below, side + 60 * scale, y, size));
    lines.push(`<text x="${side + 15 * scale}" y="${y.toFixed(1)}" font-size="${size}" fill="#94a3b8" font-family="DejaVu Sans Mono, monospace">${Math.round(y / size)}</text>`);
  }
  for (let y = 70 * scale; y < height; y += size * 1.9) {
    const indent = (20 + below(3) * 18) * scale;
    lines.push(`<rect x="${indent}" y="${y - 11 * scale}" width="${12 * scale}" height="${12 * scale}" rx="${3 * scale}" fill="${COLOURS[below(COLOURS.length)]}"/>`);
    lines.push(`<text x="${indent + 20 * scale}" y="${y}" font-size="${13 * scale}" fill="#1e293b" font-family="DejaVu Sans, sans-serif">${WORDS[below(WORDS.length)]}_${WORDS[below(WORDS.length)]}.rs</text>`);
  }
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#0ea5e9"/><stop offset="1" stop-color="#f59e0b"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="#ffffff"/>
    <rect width="${side}" height="100%" fill="#f1f5f9"/>
    <rect width="100%" height="${40 * scale}" fill="#e2e8f0"/>
    ${['#ef4444', '#f59e0b', '#22c55e'].map((fill, at) => `<circle cx="${(20 + at * 22) * scale}" cy="${20 * scale}" r="${7 * scale}" fill="${fill}"/>`).join('')}
    ${lines.join('\n')}
    <rect x="${preview.x}" y="${preview.y}" width="${preview.width}" height="${preview.height}" rx="${12 * scale}" fill="url(#g)"/>
    <circle cx="${preview.x + preview.width / 2}" cy="${preview.y + preview.height / 2}" r="${preview.height / 3}" fill="#ffffff" fill-opacity="0.35"/>
  </svg>`;
  return sharp(Buffer.from(svg)).removeAlpha().png({ compressionLevel: 6 }).toBuffer();
}
