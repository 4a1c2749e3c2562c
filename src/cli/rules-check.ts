/** `mcp-observer rules check`: everything that is wrong with rule files. */
import type { Command } from 'commander';
import { ERROR_KINDS } from '../base/errors.ts';
import { loadRuleSet, type RuleProblem } from '../rules/rule-set.ts';
import { describeProblem, readYamlFiles, shippedRulePaths } from './rule-files.ts';
import { terminalStyle } from './terminal-style.ts';

interface CheckCliOptions {
  readonly json?: boolean;
}

export function addRulesCheckCommand(rules: Command): void {
  rules
    .command('check')
    .summary('say what is wrong with rule files')
    .description(
      'Reads rule files together, in the order given, as Falco does, and names everything that Falco rejects and everything that it accepts without a word and that cannot be meant.',
    )
    .argument('[files...]', 'rule files or folders of them (default: the shipped rules)')
    .option('--json', 'print the report as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  mcp-observer rules check
  mcp-observer rules check rules/mcp_baseline.yaml my_rules.yaml

Exit codes:
  0 no errors · 66 a file cannot be read · 78 at least one error`,
    )
    .action((files: string[], options: CheckCliOptions) => check(files, options));
}

function check(files: readonly string[], options: CheckCliOptions): void {
  const sources = readYamlFiles(files.length > 0 ? files : shippedRulePaths());
  const { ruleSet, problems } = loadRuleSet(sources);
  const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length;
  const totals = {
    files: sources.length,
    rules: ruleSet?.rules.length,
    errors: count('error'),
    warnings: count('warning'),
  };
  if (options.json) process.stdout.write(`${JSON.stringify({ ...totals, problems })}\n`);
  else process.stdout.write(`${render(problems, totals).join('\n')}\n`);
  if (totals.errors > 0) process.exitCode = ERROR_KINDS.RULES_INVALID.exitCode;
}

function render(
  problems: readonly RuleProblem[],
  totals: { files: number; rules: number | undefined; errors: number; warnings: number },
): string[] {
  const style = terminalStyle(process.stdout);
  const paints = { error: style.bad, warning: style.warn, note: style.dim };
  const lines = problems.flatMap((problem) => [
    paints[problem.severity](style.sanitize(describeProblem(problem))),
    `    ${style.dim(style.sanitize(problem.hint))}`,
  ]);
  const rules = totals.rules === undefined ? '' : `, ${totals.rules} rules`;
  return [...lines, `${totals.files} files${rules}: ${totals.errors} errors, ${totals.warnings} warnings`];
}
