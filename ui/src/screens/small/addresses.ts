/** Addresses in dragged text: one a line, as the standard for lists of addresses has it. */

export function addressesIn(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^https?:\/\/\S+$/i.test(line));
}
