/** The fields that conditions and outputs of rules can name, as the schema has them. */
import { RECORD_KINDS, type RecordSchema } from './schema.ts';

export function ruleFields(schema: RecordSchema): string {
  const rows = Object.entries(schema.properties).map(([key, field]) => {
    const { type, list } = field['x-falco'];
    // What a list holds has the values of the field that it is the plural of.
    const values = field.enum ?? (list ? schema.properties[key.replace(/s$/, '')]?.enum : undefined);
    const kinds = field['x-kinds'] ?? RECORD_KINDS;
    return `  { name: 'mcp.${key}', key: '${key}', type: '${type}', list: ${list === true}, kinds: ${names(kinds)}, values: ${
      values === undefined ? 'undefined' : names(values)
    } },\n`;
  });
  return `// Generated from docs/schema/mcp_audit_v1.json by scripts/gen.ts; do not edit.
import type { RecordField } from './fields.ts';

export const RECORD_FIELDS: readonly RecordField[] = [
${rows.join('')}];
`;
}

const names = (values: readonly string[]) => `[${values.map((value) => `'${value}'`).join(', ')}]`;
