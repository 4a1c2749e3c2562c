/**
 * Makes the decoder's offsets from `bpf/events.h`. The header is read by a strict parser of the
 * subset of C that it allows itself, so that neither a compiler nor a kernel is needed, and so that
 * a header that goes beyond the subset is refused instead of misread.
 */
import { readFileSync } from 'node:fs';

const SIZES: Record<string, number> = { __u8: 1, char: 1, __u16: 2, __u32: 4, __s32: 4, __u64: 8 };

interface Field {
  readonly name: string;
  readonly offset: number;
}

interface Struct {
  readonly name: string;
  readonly size: number;
  readonly fields: readonly Field[];
}

interface Header {
  readonly structs: ReadonlyMap<string, Struct>;
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly defines: ReadonlyMap<string, number>;
  readonly layout: readonly string[];
}

function parseStruct(name: string, body: string): Struct {
  const fields: Field[] = [];
  let offset = 0;
  let alignment = 1;
  for (const line of body.split(';').map((part) => part.trim())) {
    if (line === '') continue;
    const member = /^(\w+) (\w+)(?:\[(\d+)\])?$/.exec(line);
    const size = member && SIZES[member[1]!];
    if (!member || !size) throw new Error(`events.h: struct ${name}: can't read "${line}"`);
    if (offset % size !== 0) throw new Error(`events.h: struct ${name}: padding before "${member[2]}"`);
    fields.push({ name: member[2]!, offset });
    offset += size * Number(member[3] ?? 1);
    alignment = Math.max(alignment, size);
  }
  if (offset % alignment !== 0) throw new Error(`events.h: struct ${name}: padding at its end`);
  return { name, size: offset, fields };
}

function parseEnum(name: string, body: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of body.split(',').map((part) => part.trim())) {
    if (line === '') continue;
    const value = /^(\w+) = (\d+)$/.exec(line);
    if (!value) throw new Error(`events.h: enum ${name}: can't read "${line}"`);
    values.set(value[1]!, Number(value[2]));
  }
  return values;
}

export function parseHeader(source: string): Header {
  const text = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\\\n/g, ' ');
  const structs = new Map<string, Struct>();
  for (const [, name, body] of text.matchAll(/^struct (\w+) \{([^}]*)\};/gm)) {
    structs.set(name!, parseStruct(name!, body!));
  }
  const enums = new Map<string, ReadonlyMap<string, number>>();
  for (const [, name, body] of text.matchAll(/^enum (\w+) \{([^}]*)\};/gm)) {
    enums.set(name!, parseEnum(name!, body!));
  }
  const defines = new Map<string, number>();
  for (const [, name, value] of text.matchAll(/^#define (\w+) (\d+)$/gm)) defines.set(name!, Number(value));
  const layout = /^#define MO_LAYOUT \s*\{([^}]*)\}/m.exec(text);
  if (!layout) throw new Error('events.h: no MO_LAYOUT');
  const words = layout[1]!.match(/\w+\([^()]*\)|\w+/g) ?? [];
  return { structs, enums, defines, layout: words };
}

function structOf(header: Header, name: string): Struct {
  const struct = header.structs.get(name);
  if (!struct) throw new Error(`events.h: no struct ${name}`);
  return struct;
}

/** The value of one word of MO_LAYOUT: a define, a sizeof, or an offsetof. */
function layoutValue(header: Header, word: string): number {
  const size = /^sizeof\(struct (\w+)\)$/.exec(word);
  if (size) return structOf(header, size[1]!).size;
  const offset = /^__builtin_offsetof\(struct (\w+), (\w+)\)$/.exec(word);
  const field = offset && structOf(header, offset[1]!).fields.find(({ name }) => name === offset[2]);
  const value = field ? field.offset : header.defines.get(word);
  if (value === undefined) throw new Error(`events.h: MO_LAYOUT: can't read "${word}"`);
  return value;
}

const camel = (name: string) =>
  name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function objectOf(entries: Iterable<readonly [string, number]>): string {
  return `{\n${[...entries].map(([key, value]) => `  ${key}: ${value},\n`).join('')}} as const`;
}

function prefixed(values: ReadonlyMap<string, number>): [string, number][] {
  return [...values].map(([key, value]) => [camel(key.replace(/^MO_/, '')), value]);
}

/** The generated files, to be written or compared by the caller. */
export function generateEvents(): { path: string; text: string }[] {
  const header = parseHeader(readFileSync(new URL('../bpf/events.h', import.meta.url), 'utf8'));
  const event = structOf(header, 'mo_event');
  const enumOf = (name: string) => prefixed(header.enums.get(name) ?? new Map());
  const bounds = [...header.defines].filter(([key]) => key.endsWith('_MAX') && key !== 'MO_EVENT_TYPE_MAX');
  const layout = header.layout.map((word) => layoutValue(header, word));
  const text = `// Generated from bpf/events.h by scripts/gen-events.ts. Do not edit.

/** What the addon and the BPF object must carry too: the words of \`struct mo_layout\`. */
export const LAYOUT_WORDS: readonly number[] = [${layout.join(', ')}];

/** \`enum mo_event_type\`. */
export const EVENT_TYPE = ${objectOf(enumOf('mo_event_type'))};

/** \`enum mo_mark\`: bits of \`marks\`. */
export const MARK = ${objectOf(enumOf('mo_mark'))};

/** \`struct mo_event\`: its size and the byte offsets of its fields. */
export const EVENT_SIZE = ${event.size};
export const OFFSET = ${objectOf(event.fields.map(({ name, offset }) => [camel(name), offset]))};

/** Bounds of texts, in bytes. */
export const BOUND = ${objectOf(prefixed(new Map(bounds)))};
`;
  return [{ path: 'src/producers/kernel/layout.gen.ts', text }];
}
