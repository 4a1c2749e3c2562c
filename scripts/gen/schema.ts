/** The record schema as the generators read it. */
import { readFileSync } from 'node:fs';

export const RECORD_KINDS = ['call', 'effect', 'session', 'status'] as const;
export type Kind = (typeof RECORD_KINDS)[number];

export interface Field {
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'array';
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly description: string;
  readonly items?: { readonly type: string };
  readonly 'x-falco': { readonly type: string; readonly list?: boolean };
  readonly 'x-kinds'?: readonly Kind[];
  readonly 'x-int64'?: boolean;
}

interface KindRule {
  readonly if: { readonly properties: { readonly record: { readonly const: Kind } } };
  readonly then: { readonly required: readonly string[] };
}

export interface RecordSchema {
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, Field>>;
  readonly allOf: readonly KindRule[];
}

export function readSchema(path: string): RecordSchema {
  return JSON.parse(readFileSync(path, 'utf8')) as RecordSchema;
}

/** Names of the fields that a record of this kind must have, the common ones first. */
export function requiredFields(schema: RecordSchema, kind: Kind): string[] {
  const own = schema.allOf.filter((rule) => rule.if.properties.record.const === kind);
  return [...schema.required, ...own.flatMap((rule) => rule.then.required)];
}

export function belongsTo(field: Field, kind: Kind): boolean {
  return field['x-kinds']?.includes(kind) ?? true;
}
