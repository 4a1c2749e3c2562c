/** Digits that JSON.parse would round: numbers above 2^53 are read from the line again. */

const MAX_UINT64 = 18446744073709551615n;
const MAX_DIGITS = 20;
/** A number with fewer digits has none that a double would round to another whole number. */
const LONG_NUMBER_DIGITS = 16;
const LONG_WITH_EXPONENT = /[0-9]{16}[eE]/;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

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

/** Whether the line may hold a number with a fraction or exponent that JSON.parse rounds to a whole one. */
export function mayHoldRounded(line: string): boolean {
  for (let dot = line.indexOf('.'); dot >= 0; dot = line.indexOf('.', dot + 1)) {
    let start = dot;
    while (isDigit(line.charCodeAt(start - 1))) start--;
    let end = dot + 1;
    while (isDigit(line.charCodeAt(end))) end++;
    if (end - start > LONG_NUMBER_DIGITS) return true;
  }
  return LONG_WITH_EXPONENT.test(line);
}

const isDigit = (code: number): boolean => code >= DIGIT_0 && code <= DIGIT_9;

/** The tokens of a value at the top of a record: one for a scalar, one for each element of a list. */
export function numberTokens(line: string, key: string): string[] {
  const span = lastValueSpan(line, key);
  if (span === undefined) return [];
  const text = line.slice(span.start, span.end);
  return text.startsWith('[') ? elementsOf(text) : [text.trim()];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

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
    const character = line[at]!;
    if (character === '"') {
      at = stringEnd(line, at);
      continue;
    }
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) return at;
      depth--;
    } else if (character === ',' && depth === 0) return at;
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
