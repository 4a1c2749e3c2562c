/** `mcp-observer rules test`: whether rules fire on their samples, and only there. */
import type { Command } from 'commander';
import { ERROR_KINDS, ObserverError } from '../base/errors.ts';
import { readSamples, runSamples, type SampleResult } from '../rules/rule-samples.ts';
import { describeProblem, loadRules, readYamlFiles, shippedRulePaths } from './rule-files.ts';
import { terminalStyle } from './terminal-style.ts';

interface TestCliOptions {
  readonly rules?: string[];
  readonly samples: string[];
  readonly json?: boolean;
}

export function addRulesTestCommand(rules: Command): void {
  rules
    .command('test')
    .summary('run samples: records on which rules have to fire or be silent')
    .description(
      'Runs the rules, also those that are not enabled, over sample records. A file of samples is YAML with "rule:", "fires:" and "silent:", and records as mappings or as lines of JSON.',
    )
    .option('--rules <files...>', 'rule files or folders of them (default: the shipped rules)')
    .option('--samples <files...>', 'files of samples or folders of them', ['test/fixtures/rules'])
    .option('--json', 'print the results as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  mcp-observer rules test
  mcp-observer rules test --rules my_rules.yaml --samples my_samples

Exit codes:
  0 all as it should be · 1 a sample failed · 65 the samples are wrong · 66 a file cannot be read · 78 the rules are wrong`,
    )
    .action((options: TestCliOptions) => test(options));
}

function test(options: TestCliOptions): void {
  const ruleSet = loadRules(options.rules ?? shippedRulePaths(), true, (problem) =>
    process.stderr.write(`${describeProblem(problem)}\n`),
  );
  const samples = readYamlFiles(options.samples).flatMap(readSamples);
  if (samples.length === 0)
    throw new ObserverError('SAMPLES_INVALID', `no samples in ${options.samples.join(', ')}`);
  const results = runSamples(ruleSet, samples);
  const tested = new Set(samples.map((sample) => sample.rule));
  const untested = ruleSet.rules.map((rule) => rule.name).filter((name) => !tested.has(name));
  const failed = results.filter((result) => !result.passed).length;
  if (options.json) {
    const samplesJson = results.map(({ record: _, ...result }) => result);
    process.stdout.write(
      `${JSON.stringify({ passed: results.length - failed, failed, untested, samples: samplesJson })}\n`,
    );
  } else {
    process.stdout.write(`${render(results, untested, failed).join('\n')}\n`);
  }
  if (failed > 0) process.exitCode = ERROR_KINDS.SAMPLES_FAILED.exitCode;
}

function render(results: readonly SampleResult[], untested: readonly string[], failed: number): string[] {
  const style = terminalStyle(process.stdout);
  const lines: string[] = [];
  for (const [rule, own] of Map.groupBy(results, (result) => result.rule)) {
    const wrong = own.filter((result) => !result.passed);
    const fires = own.filter((result) => result.expected === 'fires').length;
    const mark = wrong.length === 0 ? style.good('PASS') : style.bad('FAIL');
    lines.push(`${mark} ${style.sanitize(rule)} (${fires} firing, ${own.length - fires} silent)`);
    for (const { file, line, expected, reason, fired } of wrong) {
      const others = fired.length === 0 ? 'nothing fired' : `fired: ${fired.join(', ')}`;
      lines.push(
        style.sanitize(
          `     ${file}:${line}: should be ${expected === 'fires' ? 'firing' : 'silent'}: ${reason}; ${others}`,
        ),
      );
    }
  }
  for (const rule of untested) lines.push(`${style.warn('none')} ${style.sanitize(rule)} has no samples`);
  lines.push(`${results.length - failed} passed, ${failed} failed, ${untested.length} rules without samples`);
  return lines;
}
