// One line for each figure, and how it stands to its target.

/** The value in the middle. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Prints a figure; with a target also what it is times the comparison, and whether that is within it. */
export function report(what, figure, ratio, atMost) {
  const against =
    ratio === undefined ? '' : `  ${ratio.toFixed(2)} ×, target at most ${atMost} × ${ratio <= atMost ? '(met)' : '(MISSED)'}`;
  console.log(`${what.padEnd(46)}${figure.padStart(12)}${against}`);
}
