/** IP addresses as strings of their bytes: 4 or 16 characters of one byte each. */
import { isIPv4, isIPv6 } from 'node:net';

/** The bytes of an IPv4 address in four decimal numbers, or an IPv6 address without a zone. */
export function parseIpAddress(text: string): string | undefined {
  if (isIPv4(text)) return String.fromCharCode(...text.split('.').map(Number));
  // Node takes a zone, which is no part of an address.
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const lastColon = text.lastIndexOf(':');
  const tail = text.slice(lastColon + 1);
  const groups = (part: string): number[] =>
    part
      .split(':')
      .filter((group) => group !== '')
      .map((group) => Number.parseInt(group, 16));
  let hex = text;
  let embedded: number[] = [];
  if (tail.includes('.')) {
    const [a, b, c, d] = tail.split('.').map(Number) as [number, number, number, number];
    embedded = [(a << 8) | b, (c << 8) | d];
    hex = text.slice(0, text[lastColon - 1] === ':' ? lastColon + 1 : lastColon);
  }
  const gap = hex.indexOf('::');
  const head = groups(gap < 0 ? hex : hex.slice(0, gap));
  const rest = [...(gap < 0 ? [] : groups(hex.slice(gap + 2))), ...embedded];
  const zeros = new Array<number>(8 - head.length - rest.length).fill(0);
  return String.fromCharCode(...[...head, ...zeros, ...rest].flatMap((group) => [group >> 8, group & 0xff]));
}

/** As inet_ntop writes it. */
export function formatIpAddress(bytes: string): string {
  const codes = [...bytes].map((character) => character.charCodeAt(0));
  if (codes.length === 4) return codes.join('.');
  const groups = Array.from({ length: 8 }, (_, i) => (codes[2 * i]! << 8) | codes[2 * i + 1]!);
  const zeros = longestZeros(groups);
  // IPv4 in IPv6, mapped or compatible.
  if (zeros?.start === 0 && (zeros.length === 6 || (zeros.length === 5 && groups[5] === 0xffff))) {
    return `::${zeros.length === 5 ? 'ffff:' : ''}${codes.slice(12).join('.')}`;
  }
  const hex = groups.map((group) => group.toString(16));
  if (zeros === undefined) return hex.join(':');
  return `${hex.slice(0, zeros.start).join(':')}::${hex.slice(zeros.start + zeros.length).join(':')}`;
}

/** The first of the longest runs of at least two zero groups. */
function longestZeros(groups: readonly number[]): { start: number; length: number } | undefined {
  let best: { start: number; length: number } | undefined;
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > (best?.length ?? 1)) best = { start, length };
    start += length;
  }
  return best;
}
