/** The picture formats as people write them. */

import type { PictureFormat } from '../../host/contract';

const NAMES: Record<PictureFormat, string> = {
  jpeg: 'JPEG',
  png: 'PNG',
  gif: 'GIF',
  webp: 'WebP',
  avif: 'AVIF',
  heic: 'HEIC',
  tiff: 'TIFF',
  bmp: 'BMP',
  ico: 'ICO',
  qoi: 'QOI',
  svg: 'SVG',
  jxl: 'JPEG XL',
};

/** All of them, in the order the filter shows them. */
export const PICTURE_FORMATS = Object.keys(NAMES) as PictureFormat[];

/** `WebP`; a format of a newer engine by its own name. */
export function pictureFormatName(format: PictureFormat): string {
  return NAMES[format] ?? String(format).toUpperCase();
}
