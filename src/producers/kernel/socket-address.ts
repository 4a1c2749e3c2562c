/** Text form of a `struct sockaddr`. */
import type { SocketAddress } from '../../record/kernel-event.ts';

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;

/** `bytes`: the sockaddr as the process gave it, cut to the length that it named. */
export function parseSocketAddress(bytes: Buffer): SocketAddress {
  if (bytes.length < 2) return { family: 'other' };
  const family = bytes.readUInt16LE(0);
  if (family === AF_INET && bytes.length >= 8) {
    const ip = `${bytes[4]}.${bytes[5]}.${bytes[6]}.${bytes[7]}`;
    return { family: 'ipv4', ip, port: bytes.readUInt16BE(2) };
  }
  if (family === AF_INET6 && bytes.length >= 24) {
    return { family: 'ipv6', ip: ipv6Text(bytes.subarray(8, 24)), port: bytes.readUInt16BE(2) };
  }
  if (family === AF_UNIX) return { family: 'unix', path: unixPath(bytes.subarray(2)) };
  return { family: 'other' };
}

/** An abstract name starts with a NUL and may hold more of them; a path ends at its first. */
function unixPath(name: Buffer): string {
  if (name.length === 0) return '';
  if (name[0] === 0)
    return `@${name.toString('utf8', 1, name.length)}`.replace(/\0+$/, '').replaceAll('\0', '@');
  const end = name.indexOf(0);
  return name.toString('utf8', 0, end < 0 ? name.length : end);
}

/** RFC 5952: lower case, no leading zeros, the longest run of two or more zero groups as `::`. */
function ipv6Text(bytes: Buffer): string {
  if (isMappedIpv4(bytes)) return `::ffff:${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2));
  let bestStart = -1;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) {
      bestStart = start;
      bestLength = length;
    }
  }
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return bestStart < 0 ? hex(0, 8) : `${hex(0, bestStart)}::${hex(bestStart + bestLength, 8)}`;
}

function isMappedIpv4(bytes: Buffer): boolean {
  return bytes.readUInt16BE(10) === 0xffff && bytes.subarray(0, 10).every((byte) => byte === 0);
}
