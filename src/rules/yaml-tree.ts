/** A YAML file as a plain tree that knows where each of its parts stands. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, Scalar } from 'yaml';
import { alignScalar, type Origin, type SourceText } from './source-text.ts';

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly text: string;
  readonly isNull: boolean;
  readonly at: Origin;
  /** The text with the place of each of its characters. */
  source(): SourceText;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly at: Origin;
}

export interface YamlEntry {
  readonly key: string;
  readonly at: Origin;
  readonly value: YamlNode;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly entries: readonly YamlEntry[];
  readonly at: Origin;
}

export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlFault {
  readonly message: string;
  readonly offset: number;
}

export interface YamlFile {
  readonly documents: readonly YamlNode[];
  readonly faults: readonly YamlFault[];
  readonly lines: LineCounter;
}

const MAX_NODES = 500_000;
const MAX_DEPTH = 64;
/** Plain scalars that are nothing, as Falco's YAML library reads them. */
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

export function readYaml(text: string, file: number): YamlFile {
  const lines = new LineCounter();
  try {
    // The failsafe schema leaves scalars as they are written: 0x10 stays 0x10, and yes stays yes.
    const parsed = parseAllDocuments(text, {
      lineCounter: lines,
      schema: 'failsafe',
      uniqueKeys: false,
      prettyErrors: false,
    });
    const documents = Array.isArray(parsed) ? parsed : [];
    const faults = documents.flatMap((document) =>
      document.errors.map(({ message, pos }) => ({ message, offset: pos[0] })),
    );
    if (faults.length > 0) return { documents: [], faults, lines };
    const reader = new TreeReader(text, file);
    return {
      documents: documents.map((document) => reader.document(document)),
      faults: reader.faults,
      lines,
    };
  } catch (error) {
    // Deeply nested input exhausts the parser's stack.
    if (!(error instanceof RangeError)) throw error;
    return { documents: [], faults: [{ message: 'the file is nested too deeply', offset: 0 }], lines };
  }
}

class TreeReader {
  readonly faults: YamlFault[] = [];
  readonly #text: string;
  readonly #file: number;
  #document: Document | undefined;
  #nodes = 0;

  constructor(text: string, file: number) {
    this.#text = text;
    this.#file = file;
  }

  document(document: Document): YamlNode {
    this.#document = document;
    return this.#read(document.contents, 0, 0);
  }

  #read(node: unknown, near: number, depth: number): YamlNode {
    const offset = (node as { range?: readonly number[] | null } | null)?.range?.[0] ?? near;
    const at: Origin = { file: this.#file, offset };
    if (++this.#nodes > MAX_NODES || depth > MAX_DEPTH) {
      if (this.faults.length === 0)
        this.faults.push({ message: 'the file is nested too deeply or too large', offset });
      return this.#scalar('', true, at, '', offset);
    }
    if (isAlias(node)) return this.#read(node.resolve(this.#document!) ?? null, offset, depth + 1);
    if (isSeq(node))
      return { kind: 'list', items: node.items.map((item) => this.#read(item, offset, depth + 1)), at };
    if (isMap(node)) {
      const entries = node.items.map(({ key, value }) => {
        const keyNode = this.#read(key, offset, depth + 1);
        return {
          key: keyNode.kind === 'scalar' ? keyNode.text : '',
          at: keyNode.at,
          value: this.#read(value, keyNode.at.offset, depth + 1),
        };
      });
      return { kind: 'map', entries, at };
    }
    if (!isScalar(node)) return this.#scalar('', true, at, '', offset);
    const value = String(node.value ?? '');
    const isNull = node.type === Scalar.PLAIN && NULLS.has(value);
    const [start, end] = node.range ?? [offset, offset];
    const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
    const from = isBlock ? this.#text.indexOf('\n', start) + 1 : start;
    return this.#scalar(value, isNull, at, this.#text.slice(from, end), from);
  }

  #scalar(text: string, isNull: boolean, at: Origin, raw: string, from: number): YamlScalar {
    return { kind: 'scalar', text, isNull, at, source: () => alignScalar(text, raw, at.file, from) };
  }
}

/** The value of the first entry with this key. */
export function entryOf(map: YamlMap, key: string): YamlNode | undefined {
  return map.entries.find((entry) => entry.key === key)?.value;
}
