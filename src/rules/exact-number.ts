/** Digits that JSON.parse would round: numbers above 2^53 are read from the line again. */

const MAX_UINT64 = 18446744073709551615n;
const MAX_DIGITS = 20;
/** A number with fewer digits has none that a double would round to another whole number. */
const LONG_NUMBER_DIGITS = 16;
const DIGIT_0 = 0x30;
const COLON = 0x3a;
const DOT = 0x2e;

/** The value of a JSON number token as an unsigned 64-bit integer, by its digits; a fraction is dropped. */
export function parseUint64(token: string): bigint | undefined {
  const found = /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/.exec(token);
  if (found === null) return undefined;
  const [, sign, whole, fraction = '', exponent = '0'] = found;
  const digits = (whole! + fraction).replace(/^0+/, '');
  if (digits === '') return 0n;
  if (sign === '-') return undefined;
  const wholeDigits = digits.length - fraction.length + Number(exponent);
  if (wholeDigits > MAX_DIGITS) return undefined;
  if (wholeDigits <= 0) return 0n;
  const value = BigInt(digits.slice(0, wholeDigits).padEnd(wholeDigits, '0'));
  const isBeyond = value === MAX_UINT64 && /[1-9]/.test(digits.slice(wholeDigits));
  return value > MAX_UINT64 || isBeyond ? undefined : value;
}

/**
 * Whether the line may hold a number with so many digits and a fraction or an exponent that JSON.parse
 * has rounded it to a whole number.
 */
export function mayHoldRounded(line: string): boolean {
  // A run of so many characters covers one of the places that are looked at.
  for (let place = LONG_NUMBER_DIGITS - 1; place < line.length; place += LONG_NUMBER_DIGITS) {
    if (!isDigitOrDot(line.charCodeAt(place))) continue;
    let start = place;
    while (isDigitOrDot(line.charCodeAt(start - 1))) start--;
    let end = place + 1;
    while (isDigitOrDot(line.charCodeAt(end))) end++;
    if (end - start < LONG_NUMBER_DIGITS) continue;
    if (line[end] === 'e' || line[end] === 'E' || line.slice(start, end).includes('.')) return true;
    place = Math.max(place, end - LONG_NUMBER_DIGITS);
  }
  return false;
}

const isDigitOrDot = (code: number): boolean => (code >= DIGIT_0 && code < COLON) || code === DOT;

/** The digits of an integer at the top of the line, where they are found without reading all of it. */
export function plainInteger(line: string, quotedKey: string): string | undefined {
  // Without objects in it and without a backslash, a key in quotes can only be the key.
  if (line.includes('\\') || line.indexOf('{') !== line.lastIndexOf('{')) return undefined;
  const start = line.lastIndexOf(quotedKey) + quotedKey.length + 1;
  let end = start;
  while (line.charCodeAt(end) >= DIGIT_0 && line.charCodeAt(end) < COLON) end++;
  const isWhole =
    line.charCodeAt(start - 1) === COLON && end > start && (line[end] === ',' || line[end] === '}');
  return isWhole ? line.slice(start, end) : undefined;
}

/** The tokens of a value at the top of a record: one for a scalar, one for each element of a list. */
export function numberTokens(line: string, key: string): string[] {
  const span = lastValueSpan(line, key);
  if (span === undefined) return [];
  const text = line.slice(span.start, span.end);
  return text.startsWith('[') ? elementsOf(text) : [text.trim()];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where the value of the last entry with this key stands. The line is valid JSON, an object. */
function lastValueSpan(line: string, key: string): { start: number; end: number } | undefined {
  let found: { start: number; end: number } | undefined;
  let at = line.indexOf('{') + 1;
  for (;;) {
    const keyStart = line.indexOf('"', at);
    if (keyStart < 0) return found;
    const keyEnd = stringEnd(line, keyStart);
    const start = line.indexOf(':', keyEnd) + 1;
    const end = valueEnd(line, start);
    const raw = line.slice(keyStart, keyEnd);
    if (
      raw.includes('\\') ? JSON.parse(raw) === key : raw.length === key.length + 2 && raw.startsWith(key, 1)
    ) {
      found = { start, end };
    }
    if (line[end] !== ',') return found;
    at = end + 1;
  }
}

/** Past the closing quote of the string that starts here. */
function stringEnd(line: string, start: number): number {
  let at = start + 1;
  while (line.charCodeAt(at) !== QUOTE) at += line.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** At the comma or bracket after the value that starts here. */
function valueEnd(line: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < line.length) {
    switch (line.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(line, at);
        continue;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth++;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth-- === 0) return at;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
    }
    at++;
  }
  return at;
}

function elementsOf(list: string): string[] {
  const elements: string[] = [];
  let at = 1;
  while (at < list.length) {
    const end = valueEnd(list, at);
    const text = list.slice(at, end).trim();
    if (text !== '') elements.push(text);
    at = end + 1;
    if (list[end] !== ',') break;
  }
  return elements;
}
