// The pictures that everything is measured on, by the package that brings them, and those made from them.

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { draw } from './drawn-screenshot.mjs';

const backgrounds = 'usr/share/backgrounds';

/** name: [package, file in it]; the licences are those of the packages and the pictures stay in the cache. */
const packaged = {
  p12: ['lomiri-wallpapers-16.04', `${backgrounds}/sunset_by_Aitzol_Berasategi.jpg`],
  p13: ['lomiri-wallpapers-16.04', `${backgrounds}/Dragonfly_by_Bolly.jpg`],
  p16: ['lomiri-wallpapers-16.04', `${backgrounds}/seeding_by_Clements_Engelhardt.jpg`],
  p18: ['mate-backgrounds', `${backgrounds}/mate/abstract/Elephants_5640x3172.jpg`],
  p20: ['lomiri-wallpapers-20.04', `${backgrounds}/Kleiber_by_Lukas_Baubkus.jpg`],
  p24icc: ['lomiri-wallpapers-20.04', `${backgrounds}/Painting-Colors_by__herobrine7gamer.jpg`],
  p4: ['lomiri-wallpapers-16.04', `${backgrounds}/Picture_0B_by_freespace.jpg`],
  p2: ['mate-backgrounds', `${backgrounds}/mate/nature/RainDrops.jpg`],
  'gerbview': ['kicad-doc-en', 'usr/share/doc/kicad/help/en/images/gerbview_main_screen.png'],
  'pcbnew': ['kicad-doc-en', 'usr/share/doc/kicad/help/en/images/pcbnew_user_interface.png'],
  'qtcreator': ['qtcreator-doc', 'usr/share/qtcreator/doc/qtcreator/images/qtcreator-ios-add-kit.png'],
  'inspector': ['qtcreator-doc', 'usr/share/qtcreator/doc/qtcreator/images/qtquick-example-qml-inspector.png'],
  'gimp': ['gimp-help-en', 'usr/share/gimp/2.0/help/en/images/using/single-window-mode.png'],
  'astronaut': ['scikit-image', 'skimage/data/astronaut.png'],
  'coffee': ['scikit-image', 'skimage/data/coffee.png'],
  'logo': ['scikit-image', 'skimage/data/logo.png'],
};

/** What each is, for the notes under the table. */
export const about = {
  p2: 'photo 1920×1200, baseline',
  p4: 'photo 2572×1740, progressive',
  p12: 'photo 4272×2848, progressive',
  p13: 'photo 4224×3168, progressive',
  p16: 'photo 5312×2988, progressive',
  p18: 'photo 5640×3172, progressive, 16 MB',
  p20: 'photo 6028×3391, baseline, from a camera',
  p24: 'painting 6000×4000, baseline 4:4:4; its colour profile taken out, because the contenders treat profiles differently',
  gerbview: 'real screenshot 1384×965',
  pcbnew: 'real screenshot 1389×749, with an alpha channel',
  qtcreator: 'real screenshot 1992×1270, at most 256 colours',
  inspector: 'real screenshot 893×529, with an alpha channel',
  gimp: 'real screenshot 1049×721, a palette file',
  gallery: 'real screenshot 1080×720 of Picferry',
  'drawn-1080p': 'no real screenshot: an editor window drawn at 1920×1080',
  'drawn-4k': 'no real screenshot: an editor window drawn at 3840×2160',
  astronaut: 'photo 512×512 as PNG',
  coffee: 'photo 600×400 as PNG',
  logo: 'drawing 500×500 with transparency',
};

/** The path of every picture; makes what has to be made. */
export async function pictures(cache, root) {
  const paths = {};
  for (const [name, [from, file]] of Object.entries(packaged)) {
    paths[name] = join(cache, 'x', from, file);
    if (!existsSync(paths[name])) throw new Error(`${paths[name]} is missing; the package may have changed`);
  }
  paths.gallery = join(root, 'docs/screenshots/en-light-gallery.png');
  const made = async (name, extension, make) => {
    paths[name] = join(cache, 'made', `${name}.${extension}`);
    if (!existsSync(paths[name])) writeFileSync(paths[name], await make());
  };
  await made('p24', 'jpg', () => withoutColourProfile(readFileSync(paths.p24icc)));
  await made('drawn-1080p', 'png', () => draw(1920, 1080, 1));
  await made('drawn-4k', 'png', () => draw(3840, 2160, 2));
  // So fine that Automatic has something to do.
  await made('p100fine', 'jpg', () =>
    sharp(paths.p16).resize(10000, 10000, { fit: 'fill' }).jpeg({ quality: 98, chromaSubsampling: '4:4:4' }).toBuffer(),
  );
  return paths;
}

/** The same JPEG file without its APP2 segments; no pixel changes. */
function withoutColourProfile(bytes) {
  const kept = [bytes.subarray(0, 2)];
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) {
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (bytes[at + 1] !== 0xe2) kept.push(bytes.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, bytes.subarray(at)]);
}

/** A short name of some content, for what is kept between runs. */
export const fingerprint = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
