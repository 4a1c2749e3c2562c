/**
 * Text as the C library sees it: bytes of UTF-8. A *byte string* has one character for each byte.
 * Text of plain ASCII is its own byte string.
 */

const NOT_ASCII = /[^\x00-\x7f]/;
const UPPER = /[A-Z]/g;
const LOWER = /[a-z]/g;

export function isAscii(text: string): boolean {
  return !NOT_ASCII.test(text);
}

export function toBytes(text: string): string {
  return NOT_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** Letters beyond A to Z stay as they are: the hosts run in the C locale. */
export function toLowerAscii(text: string): string {
  return NOT_ASCII.test(text) ? text.replace(UPPER, (letter) => letter.toLowerCase()) : text.toLowerCase();
}

export function toUpperAscii(text: string): string {
  return NOT_ASCII.test(text) ? text.replace(LOWER, (letter) => letter.toUpperCase()) : text.toUpperCase();
}

/** Negative, zero or positive, by bytes. */
export function compareBytes(a: string, b: string): number {
  const left = toBytes(a);
  const right = toBytes(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What a C string holds of these bytes: up to the first NUL. */
export function upToNul(bytes: string): string {
  const end = bytes.indexOf('\0');
  return end < 0 ? bytes : bytes.slice(0, end);
}

export function withoutFinalNuls(bytes: string): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === '\0') end--;
  return bytes.slice(0, end);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The decoded byte string, or undefined: padding may be missing, bits that belong to no byte may not be set. */
export function decodeBase64(text: string): string | undefined {
  if (text === '') return '';
  let end = text.length;
  if (text[end - 1] === '=') end--;
  if (end > 0 && text[end - 1] === '=') end--;
  if (end === 0 || end % 4 === 1) return undefined;
  let decoded = '';
  let bits = 0;
  let held = 0;
  for (let i = 0; i < end; i++) {
    const digit = BASE64.indexOf(text[i]!);
    if (digit < 0) return undefined;
    held = (held << 6) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      decoded += String.fromCharCode((held >> bits) & 0xff);
      held &= (1 << bits) - 1;
    }
  }
  return held === 0 ? decoded : undefined;
}
