import { describe, expect, it } from 'vitest';
import { readSamples, runSamples } from '../../src/rules/rule-samples.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';

const RULES = `
- rule: five
  desc: d
  condition: mcp.bytes = 9007199254740993
  output: o
  priority: info
  source: mcp_audit
  enabled: false
`;
const { ruleSet } = loadRuleSet([{ path: 'r.yaml', text: RULES }]);
const RECORD =
  '{schema_version: "1", timestamp: 5, session_id: s, client_process: c, server_host: stdio, server_port: 0, tls: false, method: m';
const samples = (text: string) => readSamples({ path: 's.yaml', text });

describe('samples', () => {
  it('pass, fail, or say why they cannot be run', () => {
    const text = `rule: five
fires:
  - ${RECORD}, bytes: 9007199254740993}
  - ${RECORD}, bytes: 9007199254740992}
  - '{"no":"record"}'
silent: ${RECORD}, bytes: 9007199254740993}
`;
    const results = runSamples(ruleSet!, samples(text));
    expect(
      results.map(({ line, expected, passed, reason, fired }) => ({ line, expected, passed, reason, fired })),
    ).toEqual([
      { line: 3, expected: 'fires', passed: true, reason: undefined, fired: ['five'] },
      { line: 4, expected: 'fires', passed: false, reason: 'the rule did not fire', fired: [] },
      { line: 5, expected: 'fires', passed: false, reason: 'the record would be skipped', fired: [] },
      { line: 6, expected: 'silent', passed: false, reason: 'the rule fired', fired: ['five'] },
    ]);
  });

  it('of a rule that is not there fail', () => {
    const [result] = runSamples(ruleSet!, samples(`rule: six\nfires: ${RECORD}}\nsilent: ${RECORD}}\n`));
    expect(result).toMatchObject({ passed: false, reason: 'no rule has this name' });
  });

  it.each([
    ['a list', '- a', 's.yaml:1: samples have to be a mapping'],
    ['without a rule', 'fires: {}\nsilent: {}', 's.yaml:1: "rule:"'],
    ['without silent ones', 'rule: r\nfires: {}', '"silent:" is missing'],
    ['with another key', 'rule: r\nfire: {}', 's.yaml:2: fire is no key'],
    ['of nothing', 'rule: r\nfires: []\nsilent: {}', 's.yaml:2: "fires:" needs from 1'],
    ['of numbers', 'rule: r\nfires:\n  - 5\nsilent: {}', 's.yaml:3: a record has to be'],
    ['that are no YAML', 'rule: [', 's.yaml:'],
  ])('%s are refused', (_, text, message) => {
    expect(() => samples(text)).toThrow(
      expect.objectContaining({
        code: 'SAMPLES_INVALID',
        message: expect.stringContaining(message) as string,
      }),
    );
  });
});
