/** The shipped rules, loaded as a site without rules of its own loads them. */
import { expect } from 'vitest';
import { loadRuleSet, type RuleSet, type RuleSource } from '../../src/rules/rule-set.ts';
import { readText } from '../contract/repository.ts';

/** In the order in which they are to be loaded. */
export const SHIPPED = ['rules/mcp_host.yaml', 'rules/mcp_baseline.yaml'];
export const GENERATED = 'rules/generated/mcp_values.yaml';

const sourceOf = (path: string): RuleSource => ({ path, text: readText(path) });

/** Fails on any problem, a warning too. */
export function loadShipped(more: readonly RuleSource[] = [sourceOf(GENERATED)]): RuleSet {
  const { ruleSet, problems } = loadRuleSet([...SHIPPED.map(sourceOf), ...more]);
  expect(problems).toEqual([]);
  return ruleSet!;
}

/** The same with every rule on. */
export const allOn = ({ rules }: RuleSet): RuleSet => ({
  rules: rules.map((rule) => ({ ...rule, enabled: true })),
});
