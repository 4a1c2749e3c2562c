/** The compiled validator: plain code that needs nothing at run time. */
import { readFileSync } from 'node:fs';
import { _, type KeywordCxt } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import type { Field } from './schema.ts';

const HEADER =
  '// Generated from docs/schema/mcp_audit_v1.json by scripts/gen.ts; do not edit.\n// @ts-nocheck\n';

/** Ajv counts the length of a string in code points, with a helper that it would import. */
const UCS2_LENGTH = `function ucs2length(text) {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}
`;

/** A 64-bit field is a bigint inside and an integer where it was read by JSON.parse. */
function checkInt64(cxt: KeywordCxt): void {
  const { data } = cxt;
  cxt.pass(
    _`typeof ${data} == "bigint" ? ${data} >= 0n && ${data} < 18446744073709551616n : Number.isInteger(${data}) && ${data} >= 0`,
  );
}

/** The rules alone: what only people and other generators read stays out of the code. */
function rulesOf(schemaPath: string): object {
  const schema = JSON.parse(readFileSync(schemaPath, 'utf8')) as { properties: Record<string, Field> };
  const properties = Object.entries(schema.properties).map(([name, field]) => {
    const { description: _description, 'x-falco': _falco, 'x-kinds': _kinds, ...rules } = field;
    return [name, field['x-int64'] ? { 'x-int64': true } : rules] as const;
  });
  return { ...schema, title: undefined, description: undefined, properties: Object.fromEntries(properties) };
}

export function validatorCode(schemaPath: string): string {
  const ajv = new Ajv2020({ allErrors: true, code: { source: true, esm: true, lines: true } });
  ajv.addKeyword({
    keyword: 'x-int64',
    error: { message: 'must be an unsigned 64-bit integer' },
    code: checkInt64,
  });
  const code = standalone
    .default(ajv, ajv.compile(rulesOf(schemaPath)))
    .replace(/^"use strict";\n?/, '')
    .replace(
      /const (\w+) = require\("ajv\/dist\/runtime\/ucs2length"\)\.default;/,
      `${UCS2_LENGTH}const $1 = ucs2length;`,
    )
    .replace(/^export default \w+;\n/m, '');
  if (/\b(require|import)\b/.test(code.replaceAll(/"(?:[^"\\]|\\.)*"/g, ''))) {
    throw new Error('the compiled validator is not self-contained');
  }
  return `${HEADER}${code.trimEnd()}\n`;
}
