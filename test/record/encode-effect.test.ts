import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../src/record/encode.ts';
import { EffectEncoder } from '../../src/record/encode-effect.ts';
import type { EffectRecord } from '../../src/record/record.gen.ts';

interface Property {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly 'x-kinds'?: readonly string[];
  readonly 'x-int64'?: boolean;
}

const schema = JSON.parse(
  readFileSync(new URL('../../docs/schema/mcp_audit_v1.json', import.meta.url), 'utf8'),
) as {
  properties: Record<string, Property>;
  required: string[];
  allOf: { if: { properties: { record: { const: string } } }; then: { required: string[] } }[];
};
const kind = schema.allOf.find((rule) => rule.if.properties.record.const === 'effect')!;
const required = new Set([...schema.required, ...kind.then.required]);

function arbitraryFor(name: string, property: Property): fc.Arbitrary<unknown> {
  if (name === 'record') return fc.constant('effect');
  if (property.const !== undefined) return fc.constant(property.const);
  if (property.enum !== undefined) return fc.constantFrom(...property.enum);
  if (property['x-int64'] === true) return fc.bigInt(0n, 2n ** 63n - 1n);
  if (property.type === 'boolean') return fc.boolean();
  if (property.type === 'array') return fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 });
  if (property.type === 'integer') return fc.nat();
  if (property.type === 'number') return fc.integer({ min: 0, max: 1e9 }).map((n) => n / 1000);
  return fc.string({ unit: 'binary', maxLength: 20 });
}

/** Any effect record that the schema's fields allow, each optional field there or not. */
const effect = fc.record(
  Object.fromEntries(
    Object.entries(schema.properties)
      .filter(([, property]) => property['x-kinds']?.includes('effect') ?? true)
      .map(([name, property]) => {
        const value = arbitraryFor(name, property);
        return [name, required.has(name) ? value : fc.option(value, { nil: undefined })];
      }),
  ),
) as unknown as fc.Arbitrary<EffectRecord>;

/** `result` and the like are names that we choose, so they are written as they are. */
const plainNames = (record: EffectRecord): EffectRecord => ({
  ...record,
  result: 'ok',
  // ip and port are those of an address.
  address_family: record.ip === undefined && record.port === undefined ? record.address_family : 'ipv4',
});

describe('EffectEncoder', () => {
  it('says what encodeRecord says, for every field of the schema, whatever came before', () => {
    const encoder = new EffectEncoder();
    let seen = 0;
    fc.assert(
      fc.property(effect, (given) => {
        const record = plainNames(given);
        // The same session and process again: then what they share is kept.
        for (const each of [record, { ...record, path: 'other', timestamp: record.timestamp + 1n }]) {
          const line = encoder.encode(each) + encoder.tail.toString();
          expect(decodeRecord(line)).toEqual(decodeRecord(encodeRecord(each)));
          seen++;
        }
      }),
      { numRuns: 300 },
    );
    expect(seen).toBe(600);
  });
});
