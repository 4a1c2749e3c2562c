/**
 * Records as lines of JSON. 64-bit fields are bigints inside and plain digits on the line; neither
 * way do they pass through a double.
 */
import { INT64_FIELDS, type McpRecord } from './record.gen.ts';

/** No line is longer than this, its newline not counted. */
export const MAX_LINE_BYTES = 64 * 1024;

const INT64 = new Set<string>(INT64_FIELDS);

/** What every record has, first on the line. */
const LEADING_FIELDS = [
  'schema_version',
  'record',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
] as const satisfies readonly (keyof McpRecord)[];

const LEADING = new Set<string>(LEADING_FIELDS);
const LEADING_PREFIX = LEADING_FIELDS.map((name, i) => `${i === 0 ? '{' : ','}"${name}":`);
/** `,"name":` for each field name met so far: names come from the schema, so they are few. */
const prefixByName = new Map<string, string>();
const MAX_CACHED_NAMES = 512;
/** Texts as JSON: most texts of a record are the same in the next one. */
const jsonByText = new Map<string, string>();
const MAX_CACHED_TEXTS = 1024;
const MAX_CACHED_TEXT_LENGTH = 96;
/** Fields whose text never comes again. */
const UNIQUE = new Set(['call_id', 'request_id']);

/** One line without its newline. Fields that are undefined are left out. */
export function encodeRecord(record: McpRecord): string {
  const fields = record as unknown as Record<string, unknown>;
  let line = '';
  for (let i = 0; i < LEADING_FIELDS.length; i++) {
    const value = fields[LEADING_FIELDS[i]!] ?? null;
    line += LEADING_PREFIX[i]!;
    line += typeof value === 'string' ? encodeRepeated(value) : encodeValue(value);
  }
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined || LEADING.has(name)) continue;
    line += prefixOf(name);
    line += typeof value === 'string' && !UNIQUE.has(name) ? encodeRepeated(value) : encodeValue(value);
  }
  return `${line}}`;
}

/**
 * Like {@link encodeRecord}, for a record whose lists may be too long for a line: the longest list
 * is halved until it fits, and then the longest text; `truncated` (`targets_truncated` on a call)
 * says so.
 */
export function encodeBounded(record: McpRecord, maxBytes = MAX_LINE_BYTES): string {
  let line = encodeRecord(record);
  // A line has at most three bytes a UTF-16 unit, so most lines need no exact count.
  if (line.length * 3 <= maxBytes || Buffer.byteLength(line) <= maxBytes) return line;
  const cut = { ...record } as unknown as Record<string, unknown>;
  cut[record.record === 'call' ? 'targets_truncated' : 'truncated'] = true;
  for (;;) {
    const name = longest(cut);
    if (name === undefined) return line;
    const value = cut[name] as string | unknown[];
    cut[name] = value.slice(0, value.length >> 1);
    line = encodeRecord(cut as unknown as McpRecord);
    if (Buffer.byteLength(line) <= maxBytes) return line;
  }
}

/** The list with the most text in it, or else the longest text that is not an identity. */
function longest(fields: Record<string, unknown>): string | undefined {
  let best: string | undefined;
  let bestSize = 1;
  for (const [name, value] of Object.entries(fields)) {
    const size = Array.isArray(value) ? JSON.stringify(value).length : 0;
    if (size > bestSize && (value as unknown[]).length > 0) {
      best = name;
      bestSize = size;
    }
  }
  if (best !== undefined) return best;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string' && value.length > bestSize && !LEADING.has(name)) {
      best = name;
      bestSize = value.length;
    }
  }
  return best;
}

/** The record of one line, 64-bit fields as bigints. Throws a SyntaxError when it is not JSON. */
export function decodeRecord(line: string): McpRecord {
  return parseInt64(line, (root) => [root]) as unknown as McpRecord;
}

interface ReviverContext {
  readonly source?: string;
}

/**
 * JSON.parse with 64-bit fields as exact bigints, in those objects that `holders` picks from the
 * parsed root. Elsewhere a field of the same name stays a number.
 */
export function parseInt64(
  text: string,
  holders: (root: Record<string, unknown>) => readonly unknown[],
  extraFields: readonly string[] = [],
): unknown {
  const found: { holder: unknown; key: string; digits: string }[] = [];
  const reviver = function (this: unknown, key: string, value: unknown, context?: ReviverContext): unknown {
    if (typeof value === 'number' && (INT64.has(key) || extraFields.includes(key))) {
      const digits = context?.source;
      if (digits !== undefined && /^\d{1,20}$/.test(digits)) found.push({ holder: this, key, digits });
    }
    return value;
  };
  const root = JSON.parse(text, reviver) as unknown;
  if (typeof root !== 'object' || root === null) return root;
  const picked = holders(root as Record<string, unknown>);
  for (const { holder, key, digits } of found) {
    if (picked.includes(holder)) (holder as Record<string, unknown>)[key] = BigInt(digits);
  }
  return root;
}

function encodeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'bigint':
      return value.toString();
    case 'number':
      return Number.isFinite(value) ? String(value) : 'null';
    case 'boolean':
      return value ? 'true' : 'false';
    default:
      return JSON.stringify(value) ?? 'null';
  }
}

function encodeRepeated(text: string): string {
  let json = jsonByText.get(text);
  if (json === undefined) {
    json = JSON.stringify(text);
    if (text.length <= MAX_CACHED_TEXT_LENGTH) {
      if (jsonByText.size >= MAX_CACHED_TEXTS) jsonByText.clear();
      jsonByText.set(text, json);
    }
  }
  return json;
}

function prefixOf(name: string): string {
  let prefix = prefixByName.get(name);
  if (prefix === undefined) {
    prefix = `,${JSON.stringify(name)}:`;
    if (prefixByName.size < MAX_CACHED_NAMES) prefixByName.set(name, prefix);
  }
  return prefix;
}
