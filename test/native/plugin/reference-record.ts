/** docs/reference/reading-records.md once more, the slow way: what the plugin is compared with. */
import { isIPv4, isIPv6 } from 'node:net';
import { readText } from '../../contract/repository.ts';

interface FalcoField {
  readonly name: string;
  readonly type: string;
  readonly list: boolean;
}

const { properties } = JSON.parse(readText('docs/schema/mcp_audit_v1.json')) as {
  properties: Record<string, { 'x-falco': { type: string; list?: boolean } }>;
};
export const FIELDS: readonly FalcoField[] = Object.entries(properties).map(
  ([name, { 'x-falco': falco }]) => ({
    name,
    type: falco.type,
    list: falco.list ?? false,
  }),
);

const NEEDED = [
  'schema_version',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
];
const MAX = 2n ** 64n - 1n;

export type Skip = 'skipped_too_long' | 'skipped_broken_json' | 'skipped_missing_field';

/** A number's digits, as they stand in the line. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function parse(line: string): unknown {
  return JSON.parse(line, ((_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' ? new NumberText(context.source!) : value) as (
    key: string,
    value: unknown,
  ) => unknown);
}

const hasHalfPair = (line: string) =>
  [...line.matchAll(/"(?:[^"\\]|\\.)*"/gs)].some(([text]) => !(JSON.parse(text) as string).isWellFormed());

/** Decimal text, which JSON has no place for beyond 2^53. */
function uint64(text: string): string | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(
    text,
  )!;
  const digits = BigInt(whole! + fraction);
  if (digits === 0n) return '0';
  const shift = Number(exponent) - fraction.length;
  if (sign === '-' || shift > 100) return undefined;
  if (shift < -70_000) return '0';
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits;
  const unit = shift >= 0 ? 1n : 10n ** BigInt(-shift);
  return scaled > MAX * unit ? undefined : String(scaled / unit);
}

function addressBytes(text: string): string | undefined {
  const hex = (bytes: number[]) => Buffer.from(bytes).toString('hex');
  if (isIPv4(text)) return hex(text.split('.').map(Number));
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const halves = text.split('::').map((half) =>
    half
      .split(':')
      .filter((part) => part !== '')
      .flatMap((part) =>
        part.includes('.')
          ? part.split('.').map(Number)
          : [Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 255],
      ),
  );
  const [head, tail = []] = halves as [number[], number[]?];
  return hex([...head, ...new Array<number>(16 - head.length - tail.length).fill(0), ...tail]);
}

function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
    const hex = character.codePointAt(0)!.toString(16);
    if (named !== undefined) return named;
    if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

function scalar(type: string, value: unknown): unknown {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? visible(value) : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'ipaddr':
      return typeof value === 'string' ? addressBytes(value) : undefined;
    default:
      return value instanceof NumberText ? uint64(value.text) : undefined;
  }
}

function fieldValue(field: FalcoField, value: unknown): unknown {
  if (!field.list) return scalar(field.type, value) ?? null;
  if (!Array.isArray(value)) return null;
  const elements = value
    .map((element) => scalar(field.type, element))
    .filter((element) => element !== undefined);
  return elements.length > 0 ? elements : null;
}

/** The values of all fields in the schema's order, null where there is none; or why the line is no record. */
export function readRecord(line: Buffer, maxBytes = 65_536): unknown[] | Skip | undefined {
  if (line.length === 0) return undefined;
  if (line.length > maxBytes) return 'skipped_too_long';
  let record: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line);
    record = parse(text);
    if (hasHalfPair(text)) return 'skipped_broken_json';
  } catch {
    return 'skipped_broken_json';
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record) || record instanceof NumberText)
    return 'skipped_broken_json';
  const values = FIELDS.map((field) =>
    Object.hasOwn(record, field.name)
      ? fieldValue(field, (record as Record<string, unknown>)[field.name])
      : null,
  );
  const isMissing = NEEDED.some((name) => values[FIELDS.findIndex((field) => field.name === name)] === null);
  return isMissing ? 'skipped_missing_field' : values;
}

/** What a file of these bytes gives: the records' values in order, and how many lines were skipped why. */
export function readFile(bytes: Buffer, maxBytes?: number) {
  const records: unknown[][] = [];
  const skipped: Record<Skip, number> = {
    skipped_too_long: 0,
    skipped_broken_json: 0,
    skipped_missing_field: 0,
  };
  for (let at = 0; at < bytes.length; ) {
    const found = bytes.indexOf(0x0a, at);
    const end = found < 0 ? bytes.length : found;
    const cr = found >= 0 && end > at && bytes[end - 1] === 0x0d ? 1 : 0;
    const result = readRecord(bytes.subarray(at, end - cr), maxBytes);
    if (typeof result === 'string') skipped[result]++;
    else if (result !== undefined) records.push(result);
    at = end + 1;
  }
  return { records, skipped };
}
