/** The Falco plugin's table of fields, with a perfect hash from a record's keys to its rows. */
import type { Field, RecordSchema } from './schema.ts';

/** What a record without it is no record; `record` is missing in those of the first producers. */
const needed = (schema: RecordSchema) => schema.required.filter((name) => name !== 'record');

const TYPES: Record<string, string> = {
  string: 'kString',
  uint64: 'kUint64',
  abstime: 'kAbstime',
  bool: 'kBool',
  ipaddr: 'kIpaddr',
};

const U64 = (1n << 64n) - 1n;
const TABLE_BITS = 10;
/** A slot without a field; the table is of bytes. */
const NO_FIELD = 255;

/** Little-endian, as the plugin loads them: the first eight bytes and the last eight, zero-filled. */
export function keyWords(name: string): [bigint, bigint] {
  const bytes = Buffer.alloc(16);
  bytes.write(name.slice(0, 8), 0, 'latin1');
  bytes.write(name.length > 8 ? name.slice(-8) : '', 8, 'latin1');
  return [bytes.readBigUInt64LE(0), bytes.readBigUInt64LE(8)];
}

const slotOf = (name: string, multiplier: bigint) => {
  const [head, tail] = keyWords(name);
  const mixed = ((head ^ (tail << 1n)) + BigInt(name.length)) & U64;
  return Number(((mixed * multiplier) & U64) >> BigInt(64 - TABLE_BITS));
};

/** Tries multipliers of a fixed sequence until no two names share a slot. */
export function perfectHash(names: readonly string[]): { multiplier: bigint; slots: number[] } {
  let multiplier = 0x9e3779b97f4a7c15n;
  for (let tries = 0; tries < 1_000_000; tries++) {
    const slots = new Array<number>(1 << TABLE_BITS).fill(NO_FIELD);
    const fits = names.every((name, index) => {
      const slot = slotOf(name, multiplier);
      if (slots[slot] !== NO_FIELD) return false;
      slots[slot] = index;
      return true;
    });
    if (fits) return { multiplier, slots };
    multiplier = (multiplier * 6364136223846793005n + 1442695040888963407n) & U64;
    multiplier |= 1n;
  }
  throw new Error('no perfect hash for the field names: raise TABLE_BITS in scripts/gen/plugin-fields.ts');
}

const cString = (text: string) => `"${text.replaceAll(/["\\]/g, (c) => `\\${c}`).replaceAll('\n', ' ')}"`;

function fieldRow(name: string, field: Field): string {
  const { type, list = false } = field['x-falco'];
  const cType = TYPES[type];
  if (cType === undefined) throw new Error(`${name}: the plugin knows no type "${type}"`);
  const values = field.enum ? ` Values: ${field.enum.join(', ')}.` : '';
  const cells = [cString(name), String(name.length), `FieldType::${cType}`, String(list)];
  return `    {${cells.join(', ')},\n     ${cString(field.description + values)}},`;
}

function wrapped(numbers: readonly number[]): string {
  const lines: string[] = [];
  for (let at = 0; at < numbers.length; at += 24) lines.push(`    ${numbers.slice(at, at + 24).join(', ')},`);
  return lines.join('\n');
}

/** native/plugin/fields.gen.h */
export function pluginFields(schema: RecordSchema, version: string): string {
  const names = Object.keys(schema.properties);
  const long = names.find((name) => name.length < 2 || name.length > 30 || !/^[a-z][a-z0-9_]*$/.test(name));
  if (long !== undefined) throw new Error(`${long}: the plugin's names have 2 to 30 of a-z, 0-9 and _`);
  const { multiplier, slots } = perfectHash(names);
  const constants = names.map((name, index) => `  k_${name} = ${index},`);
  return `// Generated from docs/schema/mcp_audit_v1.json by "npm run gen"; do not edit.
#pragma once

#include <cstdint>

#include "field.h"

namespace mcp_audit {

constexpr const char* kPluginVersion = "${version}";

// Position in kFields, and Falco's field_id.
enum FieldId : uint8_t {
${constants.join('\n')}
};

constexpr uint32_t kFieldCount = ${names.length};

constexpr Field kFields[kFieldCount] = {
${names.map((name) => fieldRow(name, schema.properties[name]!)).join('\n')}
};

// Without a usable value in one of these, a line is no record.
constexpr FieldId kNeededFields[] = {
${needed(schema)
  .map((name) => `    k_${name},`)
  .join('\n')}
};

// Perfect hash, 255 is no field: (((first 8 bytes ^ last 8 bytes << 1) + length) * kHashMultiplier) >> kHashShift.
constexpr uint64_t kHashMultiplier = 0x${multiplier.toString(16)}ull;
constexpr uint32_t kHashShift = ${64 - TABLE_BITS};
constexpr uint8_t kHashSlots[${1 << TABLE_BITS}] = {
${wrapped(slots)}
};

}  // namespace mcp_audit
`;
}
