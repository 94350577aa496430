/** Justified rows: pictures of one day side by side, all of a row equally high, edges aligned. */

/** The height rows aim for, the room between pictures, and the height of a day's header. */
export const TARGET_HEIGHT = 132;
export const GAP = 4;
export const HEADER_HEIGHT = 36;
/** Room under the last row of a day. */
export const DAY_GAP = 4;

/** The ratio of width to height that a picture is given until its own is known. */
export const ASSUMED_RATIO = 1.4;
/** Towers and panoramas are cut to these, or one picture would make its row unusable. */
const NARROWEST = 0.4;
const WIDEST = 3.2;
/** A last row this much higher than the target is still drawn from edge to edge. */
const LOOSEST_LAST_ROW = 1.2;

/** One row of a day. */
export interface Row {
  /** The position of its first picture inside the day. */
  readonly first: number;
  /** From the top of the day's block, its header included. */
  readonly top: number;
  readonly height: number;
  /** The left edge and the width of each picture. */
  readonly lefts: readonly number[];
  readonly widths: readonly number[];
}

/** The ratio used for layout; 0 and nonsense mean unknown. */
export function layoutRatio(ratio: number): number {
  if (!(ratio > 0) || !Number.isFinite(ratio)) return ASSUMED_RATIO;
  return Math.min(WIDEST, Math.max(NARROWEST, ratio));
}

/** The layout ratio of a picture's pixels. */
export function ratioOf(width: number | null, height: number | null): number {
  return width !== null && height !== null && width > 0 && height > 0 ? width / height : ASSUMED_RATIO;
}

/** Breaks pictures with these ratios into rows of that width. */
export function justify(ratios: ArrayLike<number>, width: number): Row[] {
  const rows: Row[] = [];
  let top = HEADER_HEIGHT;
  let first = 0;
  let sum = 0;
  for (let index = 0; index < ratios.length; index += 1) {
    const ratio = layoutRatio(ratios[index] ?? 0);
    if (index > first && breaksBefore(sum, ratio, index - first, width)) {
      top = pushRow(rows, ratios, first, index, top, rowHeight(sum, index - first, width), width);
      first = index;
      sum = 0;
    }
    sum += ratio;
  }
  if (first < ratios.length) {
    const fitted = rowHeight(sum, ratios.length - first, width);
    const height = fitted <= TARGET_HEIGHT * LOOSEST_LAST_ROW ? fitted : TARGET_HEIGHT;
    pushRow(rows, ratios, first, ratios.length, top, height, width);
  }
  return rows;
}

/** The height of a day's block: header, rows and the room under them. */
export function blockHeight(rows: readonly Row[]): number {
  const last = rows.at(-1);
  return (last ? last.top + last.height + GAP : HEADER_HEIGHT) + DAY_GAP;
}

/** The height at which pictures with this sum of ratios fill the width. */
function rowHeight(sum: number, count: number, width: number): number {
  return (width - (count - 1) * GAP) / sum;
}

/** Whether the row comes closer to the target without the next picture. */
function breaksBefore(sum: number, ratio: number, count: number, width: number): boolean {
  const without = rowHeight(sum, count, width);
  const withIt = rowHeight(sum + ratio, count + 1, width);
  if (withIt >= TARGET_HEIGHT) return false;
  return Math.abs(without - TARGET_HEIGHT) <= Math.abs(withIt - TARGET_HEIGHT);
}

/** Adds a row in whole pixels and gives the top of the next one. */
function pushRow(
  rows: Row[],
  ratios: ArrayLike<number>,
  first: number,
  end: number,
  top: number,
  exactHeight: number,
  width: number,
): number {
  const height = Math.max(1, Math.round(exactHeight));
  const lefts: number[] = [];
  const widths: number[] = [];
  let exact = 0;
  for (let index = first; index < end; index += 1) {
    const left = Math.round(exact);
    exact += layoutRatio(ratios[index] ?? 0) * exactHeight;
    lefts.push(left);
    // The last picture of a full row ends at the edge whatever the rounding.
    const right = Math.abs(exact - width) < 1 ? width : Math.round(exact);
    widths.push(Math.max(1, right - left));
    exact += GAP;
  }
  rows.push({ first, top, height, lefts, widths });
  return top + height + GAP;
}
