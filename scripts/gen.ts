/**
 * Generates everything that follows from a single source: types, validator and reference pages from
 * the record schema, the error page from the table of errors, the event decoder from bpf/events.h,
 * the tables of the Falco plugin.
 *
 * Usage: node scripts/gen.ts [--check]
 *   --check  writes nothing; exits with 1 and names the files that differ
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pluginFields } from './gen/plugin-fields.ts';
import { pluginEscapedCharacters } from './gen/plugin-text.ts';
import { recordTypes } from './gen/record-types.ts';
import { errorsPage, fieldsPage } from './gen/reference.ts';
import { ruleFields } from './gen/rule-fields.ts';
import { rulesPage } from './gen/rules-page.ts';
import { readSchema } from './gen/schema.ts';
import { validatorCode } from './gen/validator.ts';
import { rulesOfValues } from './gen/values-rules.ts';

/** A file to write; the path is relative to the repository's root. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

const root = join(import.meta.dirname, '..');

/** The decoder's generator belongs to the kernel side and is absent in a tree without it. */
async function eventFiles(): Promise<GeneratedFile[]> {
  const script = join(root, 'scripts/gen-events.ts');
  if (!existsSync(script)) return [];
  const module = (await import(script)) as { generateEvents(): GeneratedFile[] | Promise<GeneratedFile[]> };
  return await module.generateEvents();
}

const packageVersion = () =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;

export async function generate(): Promise<GeneratedFile[]> {
  const schemaPath = join(root, 'docs/schema/mcp_audit_v1.json');
  const schema = readSchema(schemaPath);
  return [
    { path: 'src/record/record.gen.ts', text: recordTypes(schema) },
    { path: 'src/record/validate.gen.ts', text: validatorCode(schemaPath) },
    { path: 'src/rules/fields.gen.ts', text: ruleFields(schema) },
    { path: 'docs/reference/fields.md', text: fieldsPage(schema) },
    { path: 'docs/reference/errors.md', text: errorsPage() },
    { path: 'native/plugin/fields.gen.h', text: pluginFields(schema, packageVersion()) },
    { path: 'native/plugin/escaped_characters.gen.h', text: pluginEscapedCharacters() },
    rulesOfValues(root),
    { path: 'docs/reference/rules.md', text: rulesPage(root) },
    ...(await eventFiles()),
  ];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Files whose text differs from what their source says. */
export async function driftedFiles(): Promise<GeneratedFile[]> {
  return (await generate()).filter(({ path, text }) => readIfThere(join(root, path)) !== text);
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const drifted = await driftedFiles();
  for (const { path, text } of drifted) {
    if (!check) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    console.log(`${check ? 'differs from its source' : 'written'}: ${path}`);
  }
  if (check && drifted.length > 0) {
    console.error('Run "npm run gen" and commit the result.');
    process.exitCode = 1;
  }
}
