/** `mcp-observer rules generate`: lists, macros and switches of the rules, from a values file. */
import { basename, dirname, extname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { ObserverError } from '../base/errors.ts';
import { GENERATED_FILE, generateRules } from '../rules/generate.ts';
import { isGenerated, writeGenerated } from '../rules/generate-file.ts';
import { readValues } from '../rules/values.ts';

interface GenerateCliOptions {
  readonly values: string;
  readonly env?: string;
  readonly out: string;
  readonly check?: boolean;
}

export function addRulesGenerateCommand(rules: Command): void {
  rules
    .command('generate')
    .summary('write lists, macros and thresholds of the rules from a values file')
    .description(
      `Reads values, and the overlay of an environment over them, and writes ${GENERATED_FILE}: overrides of what the shipped rules have. Rules of your own are never touched.`,
    )
    .option('--values <file>', 'the values', 'config/values.yaml')
    .option('--env <name>', 'lay values.<name>.yaml, beside the values, over them', environmentName)
    .option('--out <folder>', 'where to write', 'rules/generated')
    .option('--check', 'write nothing; fail if the file is not what the values say')
    .addHelpText(
      'after',
      `
Examples:
  mcp-observer rules generate --values config/values.yaml --env dev
  mcp-observer rules generate --check

Exit codes:
  0 written, or as it should be · 1 --check: differs · 73 cannot be written · 78 wrong values`,
    )
    .action((options: GenerateCliOptions) => generate(options));
}

function generate(options: GenerateCliOptions): void {
  const files = [options.values];
  if (options.env !== undefined) files.push(overlayOf(options.values, options.env));
  const text = generateRules(
    readValues(files),
    files.map((file) => basename(file)),
  );
  const path = join(options.out, GENERATED_FILE);
  if (options.check) {
    if (!isGenerated(options.out, text)) {
      throw new ObserverError('RULES_OUTDATED', `${path} is not what ${files.join(' and ')} say`);
    }
    process.stdout.write(`${path} is what the values say\n`);
    return;
  }
  process.stdout.write(writeGenerated(options.out, text) ? `written: ${path}\n` : `unchanged: ${path}\n`);
}

function environmentName(text: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(text)) {
    throw new InvalidArgumentError('Must be a name of letters, digits, _ and -.');
  }
  return text;
}

/** `config/values.yaml` and `prod` make `config/values.prod.yaml`. */
function overlayOf(values: string, env: string): string {
  const extension = extname(values);
  return join(dirname(values), `${basename(values, extension)}.${env}${extension}`);
}
