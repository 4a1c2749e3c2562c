/**
 * One record at a time, as rules see it: docs/reference/reading-records.md. A field is looked at only
 * when a rule asks for it, and once a record.
 */
import { hostname } from 'node:os';
import { BoundedMap } from '../base/bounded-map.ts';
import { sanitizeForTerminal } from '../base/terminal.ts';
import { TimeFormatter } from './event-time.ts';
import { mayHoldRounded, numberTokens, parseUint64, plainInteger } from './exact-number.ts';
import { type EventField, type Field, type RecordField, RULE_SOURCE } from './fields.ts';
import { parseIpAddress } from './ip-address.ts';

/** Integers are numbers up to 2^53 and bigints above; addresses are byte strings. */
export type ScalarValue = string | number | bigint | boolean;
export type FieldValue = ScalarValue | readonly ScalarValue[];
export type SkipReason = 'too_long' | 'broken_json' | 'missing_field';

const MAX_KNOWN_ADDRESSES = 1024;
/** Strings that no sanitising changes. */
const PLAIN = /^[ -~]*$/;
const MAYBE_SURROGATE = /\\u[dD][89a-fA-F]/;
const NANOSECONDS = 1_000_000_000n;

type JsonObject = Record<string, unknown>;

interface Slot {
  serial: number;
  value: FieldValue | undefined;
}

export interface RecordViewOptions {
  /** Of the host that judges, as Falco has it. */
  readonly hostname?: string;
}

export class RecordView {
  readonly hostname: string;
  #line = '';
  #roundedSerial = 0;
  #isRounded = false;
  #record: JsonObject = {};
  #serial = 0;
  #firstTimeNs: bigint | undefined;
  readonly #slots = new Map<string, Slot>();
  #timeSerial = 0;
  #timeNs = 0n;
  readonly times = new TimeFormatter();
  /** Addresses come again and again. */
  readonly #addresses = new BoundedMap<string, string>(MAX_KNOWN_ADDRESSES);

  constructor(options: RecordViewOptions = {}) {
    this.hostname = options.hostname ?? hostname();
  }

  /** Takes the next line; says why where it is no record, and then the last record stays. */
  load(line: string): SkipReason | undefined {
    let parsed: unknown;
    try {
      parsed = JSON.parse(line);
    } catch {
      return 'broken_json';
    }
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'broken_json';
    const hasEscapes = line.includes('\\u');
    if (hasEscapes && MAYBE_SURROGATE.test(line) && hasLoneSurrogateEscape(line)) return 'broken_json';
    const record = parsed as JsonObject;
    if (!hasRequired(record, line)) return 'missing_field';
    this.#record = record;
    this.#line = line;
    this.#serial++;
    this.#firstTimeNs ??= this.timeNs;
    return undefined;
  }

  /** How many records were read. */
  get number(): number {
    return this.#serial;
  }

  /** The record's own time, in unix nanoseconds. */
  get timeNs(): bigint {
    if (this.#timeSerial !== this.#serial) {
      this.#timeSerial = this.#serial;
      this.#timeNs = BigInt(this.#integer('timestamp') ?? 0);
    }
    return this.#timeNs;
  }

  /** A value of this record as it stands there. */
  raw(key: string): unknown {
    return this.#record[key];
  }

  /** A function that gives the field's value in the current record. */
  reader(field: Field): () => FieldValue | undefined {
    const read = field.key === undefined ? () => this.#eventValue(field) : this.#recordReader(field);
    let slot = this.#slots.get(field.name);
    if (slot === undefined) {
      slot = { serial: -1, value: undefined };
      this.#slots.set(field.name, slot);
    }
    const own = slot;
    return () => {
      if (own.serial !== this.#serial) {
        own.value = read();
        own.serial = this.#serial;
      }
      return own.value;
    };
  }

  #recordReader(field: RecordField): () => FieldValue | undefined {
    const { key, type, list } = field;
    if (list) return () => this.#list(field);
    switch (type) {
      case 'string':
        return () => {
          const value = this.#record[key];
          return typeof value === 'string' ? sanitize(value) : undefined;
        };
      case 'bool':
        return () => {
          const value = this.#record[key];
          return typeof value === 'boolean' ? value : undefined;
        };
      case 'ipaddr':
        return () => {
          const value = this.#record[key];
          return typeof value === 'string' ? this.#address(value) : undefined;
        };
      default:
        return () => this.#integer(key);
    }
  }

  #integer(key: string): number | bigint | undefined {
    const value = this.#record[key];
    if (typeof value !== 'number') return undefined;
    return this.#integerOf(value, key, 0);
  }

  /** The integer that a number was written as; `index` counts a list's elements. */
  #integerOf(value: number, key: string, index: number): number | bigint | undefined {
    if (value < 0) return undefined;
    if (!Number.isInteger(value)) return value < TWO_TO_53 ? Math.trunc(value) : undefined;
    if (value < TWO_TO_53 && !Object.is(value, -0) && !this.#mayHoldRounded()) return value;
    const token = plainInteger(this.#line, `"${key}"`) ?? numberTokens(this.#line, key)[index] ?? '';
    const exact = parseUint64(token);
    return exact === undefined ? undefined : toInteger(exact);
  }

  #mayHoldRounded(): boolean {
    if (this.#roundedSerial !== this.#serial) {
      this.#roundedSerial = this.#serial;
      this.#isRounded = mayHoldRounded(this.#line);
    }
    return this.#isRounded;
  }

  #address(text: string): string | undefined {
    let address = this.#addresses.get(text);
    if (address === undefined) {
      address = parseIpAddress(text);
      if (address !== undefined) this.#addresses.set(text, address);
    }
    return address;
  }

  #list({ key, type }: RecordField): FieldValue | undefined {
    const list = this.#record[key];
    if (!Array.isArray(list)) return undefined;
    const values: ScalarValue[] = [];
    list.forEach((element: unknown, i) => {
      let value: ScalarValue | undefined;
      if (type === 'string' && typeof element === 'string') value = sanitize(element);
      else if (type === 'ipaddr' && typeof element === 'string') value = this.#address(element);
      else if (type === 'bool' && typeof element === 'boolean') value = element;
      else if (typeof element === 'number' && type !== 'string' && type !== 'ipaddr' && type !== 'bool') {
        value = this.#integerOf(element, key, i);
      }
      if (value !== undefined) values.push(value);
    });
    return values.length > 0 ? values : undefined;
  }

  #eventValue({ name }: EventField): FieldValue | undefined {
    const { timeNs } = this;
    switch (name) {
      case 'evt.num':
        return this.#serial;
      case 'evt.time':
      case 'evt.time.s':
      case 'evt.time.iso8601':
      case 'evt.datetime':
      case 'evt.datetime.s':
        return this.times.text(timeNs, name);
      case 'evt.rawtime':
        return toInteger(timeNs);
      case 'evt.rawtime.s':
        return toInteger(timeNs / NANOSECONDS);
      case 'evt.rawtime.ns':
        return toInteger(timeNs % NANOSECONDS);
      case 'evt.reltime':
        return toInteger(this.#relativeNs());
      case 'evt.reltime.s':
        return toInteger(this.#relativeNs() / NANOSECONDS);
      case 'evt.reltime.ns':
        return toInteger(this.#relativeNs() % NANOSECONDS);
      case 'evt.pluginname':
      case 'evt.source':
        return RULE_SOURCE;
      case 'evt.is_async':
        return false;
      case 'evt.asynctype':
        return undefined;
      case 'evt.hostname':
        return this.hostname;
    }
  }

  /** Since the first record, modulo 2^64 as the hosts compute it. */
  #relativeNs(): bigint {
    return BigInt.asUintN(64, this.timeNs - (this.#firstTimeNs ?? 0n));
  }
}

function sanitize(text: string): string {
  return PLAIN.test(text) ? text : sanitizeForTerminal(text);
}

export function toInteger(value: bigint): number | bigint {
  return value <= 9007199254740991n ? Number(value) : value;
}

const TWO_TO_53 = 2 ** 53;

const REQUIRED_STRINGS = ['schema_version', 'session_id', 'client_process', 'server_host', 'method'] as const;
const REQUIRED_INTEGERS = ['timestamp', 'server_port'] as const;

function hasRequired(record: JsonObject, line: string): boolean {
  for (const key of REQUIRED_STRINGS) if (typeof record[key] !== 'string') return false;
  for (const key of REQUIRED_INTEGERS) {
    const value = record[key];
    if (typeof value !== 'number' || value < 0) return false;
    // Close to 2^64, and where -0 may stand for less, the digits decide.
    const isSure = value < 1.8e19 && !Object.is(value, -0);
    if (!isSure && parseUint64(numberTokens(line, key)[0] ?? '') === undefined) return false;
  }
  return typeof record.tls === 'boolean';
}

/** Whether a `\uD800`–`\uDFFF` escape has no partner. The line is valid JSON. */
function hasLoneSurrogateEscape(line: string): boolean {
  let expectsLow = false;
  for (let at = line.indexOf('\\'); at >= 0; at = line.indexOf('\\', at)) {
    const code = line[at + 1] === 'u' ? Number.parseInt(line.slice(at + 2, at + 6), 16) : -1;
    const isHigh = code >= 0xd800 && code < 0xdc00;
    const isLow = code >= 0xdc00 && code < 0xe000;
    if (isLow !== expectsLow) return true;
    at += code < 0 ? 2 : 6;
    // The low half has to follow at once, and as an escape too.
    if (isHigh && line[at] !== '\\') return true;
    expectsLow = isHigh;
  }
  return expectsLow;
}
