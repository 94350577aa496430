/** What is typed into the settings' fields: a proxy's address, sizes, small numbers. */

/** Like the system, without one, or an address of its own. */
export type ProxyChoice = 'system' | 'none' | 'address';

export function proxyChoice(setting: string): ProxyChoice {
  return setting === 'system' || setting === 'none' ? setting : 'address';
}

const SCHEMES = new Set(['http:', 'https:', 'socks4:', 'socks4a:', 'socks5:', 'socks5h:']);

/** Whether the text is the address of a proxy. */
export function isProxyAddress(text: string): boolean {
  try {
    const url = new URL(text);
    return SCHEMES.has(url.protocol) && url.hostname !== '';
  } catch {
    return false;
  }
}

const MEGABYTE = 1_000_000;

/** A size in megabytes for the field, without a useless zero. */
export function toMegabytes(bytes: number): string {
  return String(Math.round((bytes / MEGABYTE) * 10) / 10);
}

/** Bytes of a typed number of megabytes; `null` for nonsense and for less than a tenth. */
export function fromMegabytes(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return Number.isFinite(value) && value >= 0.1 ? Math.round(value * MEGABYTE) : null;
}

/** A whole number from 0 to `most`; `null` for anything else. */
export function wholeNumber(text: string, most: number): number | null {
  if (!/^\d+$/.test(text.trim())) return null;
  const value = Number(text);
  return value <= most ? value : null;
}
