/** The fields that rules can ask for: those of a record, and those that Falco gives to events of any source. */
import { RECORD_FIELDS } from './fields.gen.ts';

export type FieldType = 'string' | 'uint64' | 'bool' | 'ipaddr' | 'abstime' | 'reltime';
export type RecordKindName = 'call' | 'effect' | 'session' | 'status';

export const RECORD_KINDS: readonly RecordKindName[] = ['call', 'effect', 'session', 'status'];

export interface RecordField {
  /** As rules write it: `mcp.tool_name`. */
  readonly name: string;
  /** Its key in a record: `tool_name`. */
  readonly key: string;
  readonly type: FieldType;
  readonly list: boolean;
  /** Records that can carry it. */
  readonly kinds: readonly RecordKindName[];
  /** All values it can have, where the schema says so. */
  readonly values: readonly string[] | undefined;
}

/** What Falco knows of an event without asking the plugin. */
export type EventFieldName =
  | 'evt.num'
  | 'evt.time'
  | 'evt.time.s'
  | 'evt.time.iso8601'
  | 'evt.datetime'
  | 'evt.datetime.s'
  | 'evt.rawtime'
  | 'evt.rawtime.s'
  | 'evt.rawtime.ns'
  | 'evt.reltime'
  | 'evt.reltime.s'
  | 'evt.reltime.ns'
  | 'evt.pluginname'
  | 'evt.source'
  | 'evt.is_async'
  | 'evt.asynctype'
  | 'evt.hostname';

export interface EventField {
  readonly name: EventFieldName;
  readonly key?: undefined;
  readonly type: FieldType;
  readonly list: false;
  readonly kinds: readonly RecordKindName[];
  readonly values?: undefined;
}

export type Field = RecordField | EventField;

const event = (name: EventFieldName, type: FieldType): EventField => ({
  name,
  type,
  list: false,
  kinds: RECORD_KINDS,
});

const EVENT_FIELDS: readonly EventField[] = [
  event('evt.num', 'uint64'),
  event('evt.time', 'string'),
  event('evt.time.s', 'string'),
  event('evt.time.iso8601', 'string'),
  event('evt.datetime', 'string'),
  event('evt.datetime.s', 'string'),
  event('evt.rawtime', 'abstime'),
  event('evt.rawtime.s', 'abstime'),
  event('evt.rawtime.ns', 'abstime'),
  event('evt.reltime', 'reltime'),
  event('evt.reltime.s', 'reltime'),
  event('evt.reltime.ns', 'reltime'),
  event('evt.pluginname', 'string'),
  event('evt.source', 'string'),
  event('evt.is_async', 'bool'),
  event('evt.asynctype', 'string'),
  event('evt.hostname', 'string'),
];

/** Event source of the records, as rules name it. */
export const RULE_SOURCE = 'mcp_audit';

export const FIELDS: ReadonlyMap<string, Field> = new Map(
  [...RECORD_FIELDS, ...EVENT_FIELDS].map((field) => [field.name, field]),
);

/** The field whose name is the longest start of the text, as Falco finds fields in outputs. */
export function longestFieldAt(text: string): Field | undefined {
  let best: Field | undefined;
  for (const field of FIELDS.values()) {
    if (text.startsWith(field.name) && field.name.length > (best?.name.length ?? 0)) best = field;
  }
  return best;
}

/** What a list of this field is called in messages: `list of string`. */
export function describeType({ type, list }: { readonly type: FieldType; readonly list: boolean }): string {
  return list ? `list of ${type}` : type;
}

/** The known name that differs least from an unknown one, if any is near. */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 4)) + 1;
  for (const candidate of known) {
    const distance = editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Levenshtein's distance, or `limit` where it is not less. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > 128) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return Math.min(row[b.length]!, limit);
}
