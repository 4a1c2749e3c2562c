/** What the guide shows is right: its files load, its samples pass, its alert is the one that is printed. */
import { expect, it } from 'vitest';
import { encodeAlert } from '../../src/rules/alert.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { readSamples, runSamples } from '../../src/rules/rule-samples.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';
import { readText } from '../contract/repository.ts';

const guide = readText('docs/guides/write-a-rule.md');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
const [rules, samples, exceptions, overrides, requirements] = blocks('yaml').map((text, i) => ({
  path: `block${i}.yaml`,
  text,
}));
const baseline = { path: 'rules/mcp_baseline.yaml', text: readText('rules/mcp_baseline.yaml') };

it('shows files that load together with the shipped rules', () => {
  const { problems } = loadRuleSet([requirements!, baseline, rules!, exceptions!, overrides!]);
  expect(problems).toEqual([]);
});

it('shows samples that pass, and the alert of the first', () => {
  const { ruleSet } = loadRuleSet([rules!]);
  const records = readSamples(samples!);
  expect(runSamples(ruleSet!, records).map((result) => result.reason)).toEqual([undefined, undefined]);
  const [alert] = createRuleEngine(ruleSet!, { hostname: 'build7' }).evaluateLine(records[0]!.record);
  const withoutClock = (json: string) => json.replace(/"output":"[0-9:.]+/, '"output":"');
  expect(withoutClock(encodeAlert(alert!))).toBe(withoutClock(blocks('json')[0]!.trim()));
});
