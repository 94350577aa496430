/** A link taken apart: which of it comes from the own domain and the suffix. */

export interface LinkPart {
  readonly text: string;
  readonly marked: boolean;
}

/** The parts of a link, in order; without an own domain and a suffix there is one plain part. */
export function partsOf(url: string, ownDomain: string, suffix: string): LinkPart[] {
  const parts: LinkPart[] = [];
  let rest = url;
  const domain = ownDomain.replace(/^[a-z]+:\/\//i, '').replace(/\/+$/, '');
  const start = domain ? rest.indexOf(domain) : -1;
  if (start >= 0) {
    if (start > 0) parts.push({ text: rest.slice(0, start), marked: false });
    parts.push({ text: domain, marked: true });
    rest = rest.slice(start + domain.length);
  }
  const end = suffix !== '' && rest.endsWith(suffix) ? rest.length - suffix.length : rest.length;
  if (end > 0) parts.push({ text: rest.slice(0, end), marked: false });
  if (end < rest.length) parts.push({ text: rest.slice(end), marked: true });
  return parts;
}
