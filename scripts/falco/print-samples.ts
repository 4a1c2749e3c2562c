/**
 * Prints the records of rule samples, one a line, in the order of the files: what Falco and
 * `rules eval` are compared over.
 *
 * Usage: node scripts/falco/print-samples.ts [FOLDER]   (default: test/fixtures/rules)
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples } from '../../src/rules/rule-samples.ts';

const folder = process.argv[2] ?? join(import.meta.dirname, '../../test/fixtures/rules');
const files = readdirSync(folder)
  .filter((name) => /\.ya?ml$/.test(name))
  .sort();
for (const name of files) {
  const path = join(folder, name);
  for (const { record } of readSamples({ path, text: readFileSync(path, 'utf8') })) console.log(record);
}
