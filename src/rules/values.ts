/**
 * The values that rules are generated from: one file, and overlays over it. A key that is not known,
 * or a value that cannot become a part of a condition, is an error that names file, line and key.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import { MAX_VALUE_BYTES, VALUE_KEYS, type ValueKey, type ValueKind, type Values } from './values-keys.ts';

const MAX_FILE_BYTES = 1 << 20;
const MAX_LIST_ITEMS = 4096;
const MAX_PROBLEMS = 20;
const MAX_SHOWN_LENGTH = 60;

/** Later files win, key by key; a list replaces the list before it. @throws ObserverError CONFIG_INVALID */
export function readValues(paths: readonly string[]): Values {
  const problems: string[] = [];
  const merged: Values = {};
  for (const path of paths) Object.assign(merged, parseValues(path, readText(path), problems));
  if (problems.length === 0) problems.push(...acrossKeys(merged, paths));
  if (problems.length === 0) return merged;
  const more = problems.length - MAX_PROBLEMS;
  const shown = problems.slice(0, MAX_PROBLEMS).join('\n  ');
  throw new ObserverError('CONFIG_INVALID', more > 0 ? `${shown}\n  and ${more} more` : shown);
}

/** Values of one file by their key; what is wrong with it is added to `problems`. */
export function parseValues(path: string, text: string, problems: string[]): Values {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    for (const error of document.errors) {
      problems.push(`${at(error.pos[0])}: ${error.message.split('\n', 1)[0]!.replace(/ at line .*/, '')}`);
    }
    return {};
  }
  const reader = new ValuesReader((offset) => at(offset), problems);
  if (document.contents !== null) reader.readMap(document.contents, '');
  return reader.values as Values;
}

class ValuesReader {
  readonly values: Partial<Record<ValueKey, unknown>> = {};
  readonly #at: (offset: number) => string;
  readonly #problems: string[];

  constructor(at: (offset: number) => string, problems: string[]) {
    this.#at = at;
    this.#problems = problems;
  }

  readMap(node: Node, prefix: string): void {
    if (!isMap(node)) {
      this.#refuse(node, `${prefix === '' ? 'the file' : `"${prefix}"`} must be a map of keys`);
      return;
    }
    for (const pair of (node as YAMLMap<Node, Node | null>).items) this.#readPair(pair, prefix);
  }

  #readPair(pair: Pair<Node, Node | null>, prefix: string): void {
    const name = isScalar(pair.key) ? String(pair.key.value) : '(a list or map)';
    const key = prefix === '' ? name : `${prefix}.${name}`;
    const kind =
      Object.hasOwn(VALUE_KEYS, key) && !name.includes('.') ? VALUE_KEYS[key as ValueKey] : undefined;
    if (kind === undefined && (name.includes('.') || !knownBelow(key))) {
      this.#refuse(pair.key, `unknown key "${shorten(key)}"; known here: ${knownNames(prefix).join(', ')}`);
    } else if (pair.value === null || (isScalar(pair.value) && pair.value.value === null)) {
      this.#refuse(pair.key, `"${key}" has no value; remove the key to keep what the rules have`);
    } else if (kind === undefined) this.readMap(pair.value, key);
    else this.values[key as ValueKey] = this.#readValue(pair.value, key, kind);
  }

  #readValue(node: Node, key: string, kind: ValueKind): unknown {
    if (kind.list) {
      if (!isSeq(node)) return this.#refuse(node, `"${key}" must be a list`);
      if (node.items.length > MAX_LIST_ITEMS) {
        return this.#refuse(node, `"${key}" has more than ${MAX_LIST_ITEMS} entries`);
      }
      return (node.items as Node[]).map((item, i) => this.#readScalar(item, `${key}[${i}]`, kind));
    }
    return this.#readScalar(node, key, kind);
  }

  #readScalar(node: Node, key: string, kind: ValueKind): unknown {
    if (!isScalar(node)) return this.#refuse(node, `"${key}" must be ${kind.expects}`);
    const { value } = node;
    const fault = kind.faultOf(value);
    if (fault === undefined) return value;
    return this.#refuse(node, `"${key}": ${shorten(JSON.stringify(value) ?? String(value))} ${fault}`);
  }

  #refuse(node: Node, problem: string): undefined {
    this.#problems.push(`${this.#at(node.range?.[0] ?? 0)}: ${problem}`);
    return undefined;
  }
}

function acrossKeys(values: Values, paths: readonly string[]): string[] {
  const own = values['paths.credentials']?.filter((path) => path.startsWith('~/')) ?? [];
  const homes = values['paths.homes'];
  if (own.length > 0 && homes === undefined) {
    return [`${paths.at(-1)}: "paths.credentials" names files below ~, so "paths.homes" is needed`];
  }
  const longest = (texts: readonly string[]): number =>
    Math.max(0, ...texts.map((text) => Buffer.byteLength(text)));
  if (own.length > 0 && longest(homes!) + longest(own) - 1 > MAX_VALUE_BYTES) {
    return [
      `${paths.at(-1)}: a file of "paths.credentials" below a home has more than ${MAX_VALUE_BYTES} bytes`,
    ];
  }
  if (own.length * (homes?.length ?? 0) > MAX_LIST_ITEMS) {
    return [`${paths.at(-1)}: "paths.homes" times "paths.credentials" is more than ${MAX_LIST_ITEMS} files`];
  }
  return [];
}

const knownBelow = (prefix: string): boolean =>
  Object.keys(VALUE_KEYS).some((key) => key.startsWith(`${prefix}.`));

function knownNames(prefix: string): string[] {
  const start = prefix === '' ? '' : `${prefix}.`;
  const below = Object.keys(VALUE_KEYS).filter((key) => key.startsWith(start));
  return [...new Set(below.map((key) => key.slice(start.length).split('.', 1)[0]!))];
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH - 1)}…` : text;
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const reason = systemErrorCode(cause) ?? 'unknown error';
    throw new ObserverError('CONFIG_INVALID', `cannot read the values file ${path} (${reason})`, { cause });
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new ObserverError('CONFIG_INVALID', `${path}: ${basename(path)} is larger than 1 MiB`);
  }
  return bytes.toString();
}
