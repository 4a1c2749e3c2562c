/** Rule files in Falco's format, read together as Falco reads them, with everything that is wrong with them. */
import { type Rule, RuleBuilder } from './build-rules.ts';
import { RuleCollector } from './collect-rules.ts';
import { ProblemLog, type RuleProblem } from './problem.ts';
import { readItems } from './rule-file.ts';
import type { Origin, Place } from './source-text.ts';
import { readYaml } from './yaml-tree.ts';

export type { Rule } from './build-rules.ts';
export type { RuleProblem, Severity } from './problem.ts';

export interface RuleSource {
  /** As problems name it. */
  readonly path: string;
  readonly text: string;
}

export interface RuleSetOptions {
  /** Whether what Falco accepts without a word is an error too (default: true). */
  readonly strict?: boolean;
}

/** Rules of our source in the order of their definition. */
export interface RuleSet {
  readonly rules: readonly Rule[];
}

export interface LoadedRules {
  /** Undefined where there is at least one error. */
  readonly ruleSet: RuleSet | undefined;
  /** In the order in which they were found. */
  readonly problems: readonly RuleProblem[];
}

export const MAX_RULE_FILE_BYTES = 4 << 20;

/** Reads the files in their order: later ones add to what earlier ones define. */
export function loadRuleSet(sources: readonly RuleSource[], options: RuleSetOptions = {}): LoadedRules {
  const files = sources.map(({ path, text }, index) => {
    const isTooLarge = text.length > MAX_RULE_FILE_BYTES;
    return { path, isTooLarge, ...readYaml(isTooLarge ? '' : text, index) };
  });
  const placeOf = ({ file, offset }: Origin): Place => {
    const { path, lines } = files[file]!;
    const { line, col } = lines.linePos(offset);
    return { file: path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = new ProblemLog(placeOf, options.strict ?? true);
  const collector = new RuleCollector(problems);
  files.forEach(({ documents, faults, isTooLarge }, file) => {
    if (isTooLarge) {
      problems.add(
        'FILE_TOO_LARGE',
        { file, offset: 0 },
        `the file is larger than ${MAX_RULE_FILE_BYTES} bytes`,
        'Split it.',
      );
    }
    for (const { message, offset } of faults) {
      problems.add(
        'YAML_INVALID',
        { file, offset },
        message,
        'Correct the YAML; quote text with ": ", "#" or a leading special character.',
      );
    }
    for (const document of documents) for (const item of readItems(document, problems)) collector.add(item);
  });
  const rules = new RuleBuilder(collector, problems).build();
  return { ruleSet: problems.hasErrors ? undefined : { rules }, problems: problems.all() };
}
