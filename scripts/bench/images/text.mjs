// How figures are written.

export const ms = (value) => (value >= 10000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(value < 100 ? 1 : 0)} ms`);
export const kb = (value) => (value >= 1e6 ? `${(value / 1e6).toFixed(2)} MB` : `${(value / 1000).toFixed(1)} kB`);
export const times = (value) => `${value.toFixed(2)} ×`;
export const score = (value) => (value === undefined ? '–' : value.toFixed(2));
/** 0.973 as −2.7 %. */
export const change = (ratio) => {
  const percent = (ratio - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(1)} %`;
};

/** A table of markdown; all columns but the first `words` are numbers. */
export function table(head, rows, words = 2) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column < words ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** One line of a table of details. */
export const detail = (picture, contender, note = '') => [
  picture,
  contender.name + note,
  ms(contender.cpu),
  ms(contender.wall),
  kb(contender.bytes),
  score(contender.score),
];
export const DETAIL = ['Picture', 'Contender', 'CPU', 'Wall', 'Bytes', 'Score'];
