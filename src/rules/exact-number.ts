/** Digits that JSON.parse would round: numbers above 2^53 are read from the line again. */

const MAX_UINT64 = 18446744073709551615n;
const TWO_TO_64 = 2 ** 64;

/** The value of a JSON number token as an unsigned 64-bit integer; a fraction is dropped. */
export function parseUint64(token: string): bigint | undefined {
  if (/^-?[0-9]+$/.test(token)) {
    const value = BigInt(token);
    return value >= 0n && value <= MAX_UINT64 ? value : undefined;
  }
  const value = Number(token);
  return value >= 0 && value < TWO_TO_64 ? BigInt(Math.trunc(value)) : undefined;
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
