/** Rule files and samples as the command line names them: files, or folders of them. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import { loadRuleSet, type RuleProblem, type RuleSet, type RuleSource } from '../rules/rule-set.ts';

const RULES_FOLDER = join(import.meta.dirname, '../../rules');
/**
 * Ours first, then what the values say, then the user's own, which may override both. Of ours, the host
 * rules stand first: where a record makes one alert, a baseline rule that fires on each call of a long
 * session must not hide a more urgent one.
 */
const SHIPPED = ['mcp_host.yaml', 'mcp_baseline.yaml', 'generated', 'user'];

/** The rules that come with mcp-observer, the generated values, and the user's rules beside them. */
export function shippedRulePaths(): string[] {
  return SHIPPED.map((name) => relative(process.cwd(), join(RULES_FOLDER, name)) || '.');
}

/** Reads files, and all YAML files of folders in the order of their names. Throws INPUT_UNREADABLE. */
export function readYamlFiles(paths: readonly string[]): RuleSource[] {
  return paths.flatMap((path) => {
    try {
      if (!statSync(path).isDirectory()) return { path, text: readFileSync(path, 'utf8') };
      const names = readdirSync(path).filter((name) => /\.ya?ml$/.test(name));
      return names
        .sort()
        .map((name) => ({ path: join(path, name), text: readFileSync(join(path, name), 'utf8') }));
    } catch (error) {
      throw new ObserverError(
        'INPUT_UNREADABLE',
        `cannot read ${path}: ${systemErrorCode(error) ?? String(error)}`,
      );
    }
  });
}

/** The rules of these files. Throws RULES_INVALID with all errors; warnings go to `warn`. */
export function loadRules(
  paths: readonly string[],
  strict: boolean,
  warn: (problem: RuleProblem) => void,
): RuleSet {
  return loadRuleSources(readYamlFiles(paths), strict, warn);
}

/** {@link loadRules}, of files that are read. */
export function loadRuleSources(
  sources: readonly RuleSource[],
  strict: boolean,
  warn: (problem: RuleProblem) => void,
): RuleSet {
  const { ruleSet, problems } = loadRuleSet(sources, { strict });
  if (ruleSet === undefined) {
    const errors = problems.filter((problem) => problem.severity === 'error');
    const shown = errors.slice(0, 20).map((problem) => `\n  ${describeProblem(problem)}`);
    const more = errors.length > shown.length ? `\n  and ${errors.length - shown.length} more` : '';
    throw new ObserverError('RULES_INVALID', `${errors.length} errors in the rules${shown.join('')}${more}`);
  }
  for (const problem of problems) if (problem.severity === 'warning') warn(problem);
  return ruleSet;
}

export function describeProblem({ file, line, column, severity, code, message }: RuleProblem): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}`;
}
