/** TypeScript types of the records, from the schema. */
import {
  belongsTo,
  type Field,
  type Kind,
  RECORD_KINDS,
  type RecordSchema,
  requiredFields,
} from './schema.ts';

/** Enum fields whose own name would say too little, or clash, as a type. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  record: 'RecordKind',
  effect: 'EffectKind',
  source: 'RecordSource',
  status: 'GatewayStatus',
};

const pascalCase = (name: string) =>
  name.replace(/(^|_)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
const typeName = (name: string) => TYPE_NAMES[name] ?? pascalCase(name);
const quote = (text: string) => `'${text}'`;

function typeOf(name: string, field: Field): string {
  if (field.const !== undefined) return quote(field.const);
  if (field.enum) return typeName(name);
  if (field['x-int64']) return 'bigint';
  if (field.type === 'array') return `${field.items?.type ?? 'unknown'}[]`;
  return field.type === 'integer' ? 'number' : field.type;
}

function property(name: string, field: Field, required: boolean, type = typeOf(name, field)): string {
  return `  /** ${field.description} */\n  ${name}${required ? `: ${type}` : `?: ${type} | undefined`};\n`;
}

function recordInterface(schema: RecordSchema, kind: Kind): string {
  const required = new Set(requiredFields(schema, kind));
  const own = Object.entries(schema.properties)
    .filter(
      ([name, field]) => belongsTo(field, kind) && (name === 'record' || !schema.required.includes(name)),
    )
    .map(([name, field]) =>
      property(name, field, required.has(name), name === 'record' ? quote(kind) : undefined),
    );
  return `export interface ${pascalCase(kind)}Record extends RecordBase {\n${own.join('')}}\n`;
}

const stringList = (names: readonly string[]) => `[${names.map((name) => `\n  ${quote(name)},`).join('')}\n]`;

export function recordTypes(schema: RecordSchema): string {
  const fields = Object.entries(schema.properties);
  const enums = fields.flatMap(([name, field]) =>
    field.enum
      ? [
          `/** ${field.description} */\nexport type ${typeName(name)} = ${field.enum.map(quote).join(' | ')};\n`,
        ]
      : [],
  );
  const base = fields
    .filter(([name]) => schema.required.includes(name))
    .map(([name, field]) => property(name, field, true));
  const int64 = fields.filter(([, field]) => field['x-int64']).map(([name]) => name);
  const required = RECORD_KINDS.map((kind) => `  ${kind}: ${stringList(requiredFields(schema, kind))},\n`);
  return [
    '// Generated from docs/schema/mcp_audit_v1.json by scripts/gen.ts; do not edit.\n',
    ...enums,
    `/** What every record has. */\nexport interface RecordBase {\n${base.join('')}}\n`,
    ...RECORD_KINDS.map((kind) => recordInterface(schema, kind)),
    `export type McpRecord = ${RECORD_KINDS.map((kind) => `${pascalCase(kind)}Record`).join(' | ')};\n`,
    `/** Fields above 2^53: a bigint inside, plain digits on the line. */\nexport const INT64_FIELDS = ${stringList(int64)} as const;\n`,
    `/** Fields that a record of each kind must have. */\nexport const REQUIRED_FIELDS = {\n${required.join('')}} as const;\n`,
  ].join('\n');
}
