/** Reference pages under docs/reference. */
import { ERROR_KINDS } from '../../src/base/errors.ts';
import { RECORD_KINDS, type RecordSchema, requiredFields } from './schema.ts';

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: string[]) => `| ${cells.map(cell).join(' | ')} |\n`;

export function fieldsPage(schema: RecordSchema): string {
  const rows = Object.entries(schema.properties).map(([name, field]) => {
    const falco = field['x-falco'];
    const kinds = field['x-kinds']?.join(', ') ?? 'all';
    const requiredIn = RECORD_KINDS.filter((kind) => requiredFields(schema, kind).includes(name));
    const required = requiredIn.length === RECORD_KINDS.length ? 'all' : requiredIn.join(', ') || '–';
    const values = field.enum ? ` Values: ${field.enum.map((value) => `\`${value}\``).join(', ')}.` : '';
    const type = falco.list ? `list of ${falco.type}` : falco.type;
    return row(`\`${name}\``, `\`mcp.${name}\``, type, kinds, required, field.description + values);
  });
  return `# Fields of a record

Generated from [mcp_audit_v1.json](../schema/mcp_audit_v1.json) by \`npm run gen\`; do not edit.

One JSON object a line. *Kinds* are the records that can carry the field, *required* those that always do. An absent field
means "not known", never "none".

${row('Name', 'Falco field', 'Falco type', 'Kinds', 'Required', 'Description')}${row('---', '---', '---', '---', '---', '---')}${rows.join('')}`;
}

export function errorsPage(): string {
  const rows = Object.entries(ERROR_KINDS).map(([code, kind]) =>
    row(`\`${code}\``, String(kind.exitCode), kind.hint),
  );
  return `# Errors

Generated from \`src/base/errors.ts\` by \`npm run gen\`; do not edit.

A command that fails prints \`CODE: message\` and the hint on standard error, and ends with the exit status. Codes are never
reused.

${row('Code', 'Exit status', 'What to do')}${row('---', '---', '---')}${rows.join('')}`;
}
