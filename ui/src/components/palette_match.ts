/** Finds commands by letters: every word typed must be there; starts of words come first. */

export function matching<T>(list: T[], query: string, textOf: (item: T) => string): T[] {
  const wanted = query.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return list;
  const scored = list.flatMap((item, index) => {
    const text = textOf(item).toLocaleLowerCase();
    if (!wanted.every((word) => text.includes(word))) return [];
    const first = wanted[0] ?? '';
    const score = text.startsWith(first) ? 0 : text.includes(` ${first}`) ? 1 : 2;
    return [{ item, index, score }];
  });
  scored.sort((a, b) => a.score - b.score || a.index - b.index);
  return scored.map(({ item }) => item);
}
