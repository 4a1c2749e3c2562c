/**
 * How one host of the values becomes tests of a condition. Falco compares texts by equality, by an
 * ending or by a POSIX regular expression over the whole text, and addresses by equality only, so a
 * network is a pattern of the text for a host, and a list of its addresses for a connect.
 */
import { isIP, isIPv4, isIPv6, SocketAddress } from 'node:net';

/** One entry of `allowlist.hosts`. */
export type HostTest =
  | { readonly kind: 'name'; readonly names: readonly string[] }
  | { readonly kind: 'ending'; readonly ending: string }
  | { readonly kind: 'pattern'; readonly pattern: string };

/** A value that is not taken, with the way out. */
export interface Refusal {
  readonly refused: string;
}

/** Addresses that one network of `connect.allow` may stand for. */
export const MAX_NETWORK_ADDRESSES = 1024;

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const ANY_OCTET = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const HEX = '0123456789abcdef';

/** Tests of a host's text, in lower case. */
export function hostTest(entry: string): HostTest | Refusal {
  const text = entry.toLowerCase();
  const slash = text.indexOf('/');
  if (slash >= 0) {
    const network = parseNetwork(text, slash);
    return 'refused' in network ? network : networkPattern(network);
  }
  if (isIPv4(text)) return { kind: 'name', names: [text] };
  if (isIPv6(text) && !text.includes('%')) {
    const forms = new Set(ipv6Texts(text));
    return { kind: 'name', names: [...forms, ...[...forms].map((form) => `[${form}]`)] };
  }
  if (text.startsWith('*.')) {
    const refused = nameFault(text.slice(2));
    return refused === undefined ? { kind: 'ending', ending: text.slice(1) } : { refused };
  }
  const refused = nameFault(text);
  return refused === undefined ? { kind: 'name', names: [text] } : { refused };
}

/** Every address that an entry of `connect.allow` stands for, as Falco reads addresses. */
export function addressesOf(entry: string): readonly string[] | Refusal {
  const text = entry.toLowerCase();
  const slash = text.indexOf('/');
  if (slash < 0) {
    if (isIPv4(text)) return withMappedForm(text);
    if (isIPv6(text) && !text.includes('%')) return [hexText(text)];
    return { refused: 'is no IP address; records of connects carry addresses, not names' };
  }
  const network = parseNetwork(text, slash);
  if ('refused' in network) return network;
  const { bytes, prefix } = network;
  const size = 2 ** (bytes.length * 8 - prefix);
  if (size > MAX_NETWORK_ADDRESSES) {
    return {
      refused: `stands for more than ${MAX_NETWORK_ADDRESSES} addresses; Falco compares addresses one by one, so name smaller networks`,
    };
  }
  const first = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return Array.from({ length: size }, (_, i) => textOf(first + BigInt(i), bytes.length)).flatMap((address) =>
    isIPv4(address) ? withMappedForm(address) : [address],
  );
}

interface Network {
  readonly bytes: readonly number[];
  readonly prefix: number;
}

function parseNetwork(text: string, slash: number): Network | Refusal {
  const address = text.slice(0, slash);
  const length = text.slice(slash + 1);
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  if (family === 0 || address.includes('%') || !/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > bits) {
    return { refused: 'is no network; write it like 10.0.0.0/8 or fd00::/8' };
  }
  const prefix = Number(length);
  const bytes =
    family === 4 ? address.split('.').map(Number) : groupsOf(address).flatMap((g) => [g >> 8, g & 255]);
  const hostBits = bytes.some((byte, i) => (byte & (0xff >> clamp(prefix - i * 8, 0, 8))) !== 0);
  if (hostBits) return { refused: `has bits set after /${prefix}; write the network's first address` };
  return { bytes, prefix };
}

function networkPattern({ bytes, prefix }: Network): HostTest | Refusal {
  if (bytes.length === 4) {
    const octets = bytes.map((byte, i) => octetPattern(byte, clamp(prefix - i * 8, 0, 8)));
    return { kind: 'pattern', pattern: octets.join('[.]') };
  }
  const groups = Array.from({ length: 8 }, (_, i) => bytes[2 * i]! * 256 + bytes[2 * i + 1]!);
  const whole = prefix >> 4;
  const rest = prefix & 15;
  // Zeros may be left out of an address's text, and anything shorter than a group's four digits too.
  if (prefix === 0 || groups.slice(0, whole).includes(0) || (rest > 0 && groups[whole]! < 0x1000)) {
    return { refused: 'is a network whose text has no fixed beginning; name longer or single addresses' };
  }
  const fixed = groups.slice(0, whole).map((group) => group.toString(16));
  if (rest > 0) fixed.push(groupPattern(groups[whole]!, rest));
  const more = fixed.length < 8 ? ':[0-9a-f:.]*' : '';
  return { kind: 'pattern', pattern: `[[]?${fixed.join(':')}${more}]?` };
}

function octetPattern(first: number, fixedBits: number): string {
  if (fixedBits === 0) return ANY_OCTET;
  const last = first + 2 ** (8 - fixedBits) - 1;
  const parts = rangeParts(first, last);
  return parts.length === 1 ? parts[0]! : `(${parts.join('|')})`;
}

/** Patterns of the decimal numbers from first to last: short, since Falco takes values up to 255 bytes. */
function rangeParts(first: number, last: number): string[] {
  if (first > last) return [];
  if (last < 10) return [first === last ? String(first) : `[${first}-${last}]`];
  const [from, to] = [Math.floor(first / 10), Math.floor(last / 10)];
  if (from === to) return endings(from, first % 10, last % 10);
  const head = first % 10 === 0 && from > 0 ? from : from + 1;
  const tail = last % 10 === 9 ? to : to - 1;
  return [
    ...(head > from ? endings(from, first % 10, 9) : []),
    ...rangeParts(head, tail).map((tens) => `${tens}[0-9]`),
    ...(tail < to ? endings(to, 0, last % 10) : []),
  ];
}

const endings = (tens: number, from: number, to: number): string[] => {
  const digits = tens === 0 ? '' : String(tens);
  return [from === to ? `${digits}${from}` : `${digits}[${from}-${to}]`];
};

/** A group of four hexadecimal digits of which the first bits are fixed. */
function groupPattern(group: number, fixedBits: number): string {
  const digits = group.toString(16);
  return [0, 1, 2, 3]
    .map((at) => {
      const fixed = clamp(fixedBits - at * 4, 0, 4);
      const first = Number.parseInt(digits[at]!, 16);
      if (fixed === 4) return digits[at]!;
      return fixed === 0 ? '[0-9a-f]' : `[${HEX.slice(first, first + 2 ** (4 - fixed))}]`;
    })
    .join('');
}

function nameFault(name: string): string | undefined {
  if (name.includes('*')) return 'may have a star only as its first part: *.example.com';
  if (name.includes(':')) return 'must be a host without port, scheme or path';
  const labels = name.split('.');
  if (name.length > 253 || !labels.every((label) => LABEL.test(label))) {
    return 'is no host name, address or network; write other scripts as xn--…';
  }
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1)!)) return 'is no IPv4 address in four decimal numbers';
  // A name that is the name of a list would stand for the list.
  if (name.startsWith('mcp_')) return 'must not begin with mcp_, as the lists of the rules do';
  return undefined;
}

/** The texts that programs write for one IPv6 address: with and without dots for a mapped one. */
function ipv6Texts(address: string): string[] {
  return [new SocketAddress({ address, family: 'ipv6' }).address, hexText(address)];
}

/** Shortest text without dots, which Falco would take for an IPv4 address. */
function hexText(address: string): string {
  return new URL(`http://[${address}]`).hostname.slice(1, -1);
}

function withMappedForm(ipv4: string): string[] {
  return [ipv4, hexText(`::ffff:${ipv4}`)];
}

function groupsOf(ipv6: string): number[] {
  const [head = '', tail] = hexText(ipv6).split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const before = parse(head);
  const after = parse(tail ?? '');
  return [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function textOf(address: bigint, length: number): string {
  if (length === 4) return [24n, 16n, 8n, 0n].map((shift) => (address >> shift) & 255n).join('.');
  return hexText(
    Array.from({ length: 8 }, (_, i) => ((address >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':'),
  );
}

const clamp = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
