import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { validateRecord } from '../../src/record/validate.ts';
import { PRIORITIES, parsePriority } from '../../src/rules/priority.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { readText, root } from '../contract/repository.ts';
import { allOn, loadShipped, SHIPPED } from './shipped-rules.ts';

interface Item {
  readonly required_engine_version?: string;
  readonly required_plugin_versions?: readonly { readonly name: string; readonly version: string }[];
  readonly list?: string;
  readonly items?: readonly string[];
  readonly macro?: string;
  readonly rule?: string;
  readonly desc?: string;
  readonly condition?: string;
  readonly output?: string;
  readonly priority?: string;
  readonly source?: string;
  readonly enabled?: boolean;
  readonly tags?: readonly string[];
  readonly exceptions?: readonly { readonly name: string }[];
}

interface Samples {
  readonly rule: string;
  readonly fires: readonly Record<string, unknown>[];
  readonly silent: readonly Record<string, unknown>[];
}

const items = SHIPPED.flatMap((path) => parse(readText(path)) as Item[]);
const rules = items.filter((item): item is Item & { rule: string } => item.rule !== undefined);
const generated = parse(readText('rules/generated/mcp_values.yaml')) as Item[];
const SAMPLES = 'test/fixtures/rules';
const samples = readdirSync(join(root, SAMPLES)).map((name) => ({
  name,
  ...(parse(readText(join(SAMPLES, name))) as Samples),
}));

const SOURCES_OF_SEEDS: Readonly<Record<string, string>> = {
  'MCP Unapproved Endpoint Access': 'WARNING',
  'MCP Insecure TLS': 'NOTICE',
  'MCP Excessive Data Transfer': 'WARNING',
  'MCP Excessive Tool Invocations': 'NOTICE',
};

/** Tactics of ATT&CK that the rules are tagged with. */
const TACTICS = new Set([
  'mitre_execution',
  'mitre_persistence',
  'mitre_privilege_escalation',
  'mitre_defense_evasion',
  'mitre_credential_access',
  'mitre_collection',
  'mitre_command_and_control',
  'mitre_exfiltration',
  'mitre_impact',
]);

describe('the shipped rules', () => {
  it.each(SHIPPED)('%s says which engine and plugin it needs', (path) => {
    const own = parse(readText(path)) as Item[];
    expect(own.find((item) => item.required_engine_version)?.required_engine_version).toMatch(
      /^\d+\.\d+\.\d+$/,
    );
    const { version } = JSON.parse(readText('package.json')) as { version: string };
    expect(own.find((item) => item.required_plugin_versions)?.required_plugin_versions).toEqual([
      { name: 'mcp_audit', version },
    ]);
  });

  it.each(Object.entries(SOURCES_OF_SEEDS))('have %s with priority %s', (name, priority) => {
    expect(rules.find((rule) => rule.rule === name)?.priority).toBe(priority);
  });

  it('load without a problem, with and without generated values', () => {
    expect(loadShipped().rules.map((rule) => rule.name)).toEqual(rules.map((rule) => rule.rule));
    expect(loadShipped([]).rules).toHaveLength(rules.length);
  });

  it('load with what the page of own rules shows', () => {
    const examples = [...readText('rules/user/README.md').matchAll(/```yaml\n([\s\S]*?)```/g)];
    expect(examples).toHaveLength(2);
    const own = examples.map(([, text], i) => ({ path: `user/${i}.yaml`, text: text! }));
    const before = loadShipped();
    const { rules: after } = loadShipped(own);
    const changed = after.filter((rule, i) => {
      const old = before.rules[i]!;
      return rule.enabled !== old.enabled || JSON.stringify(rule.condition) !== JSON.stringify(old.condition);
    });
    expect(changed.map((rule) => rule.name)).toEqual([
      'MCP Shell Started By Undeclared Tool',
      'MCP Downloader Started',
    ]);
  });

  it.each(SHIPPED)('%s: the more urgent ones stand first, for Falco makes one alert a record', (path) => {
    const own = (parse(readText(path)) as Item[]).filter((item) => item.rule !== undefined);
    const ranks = own.map((rule) => PRIORITIES.indexOf(parsePriority(rule.priority!)!));
    if (path === 'rules/mcp_host.yaml') expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
    expect(ranks).not.toContain(-1);
  });

  it('name everything once', () => {
    const names = items.flatMap((item) => item.rule ?? item.macro ?? item.list ?? []);
    expect(names.length).toBe(new Set(names).size);
  });

  it('have what config/values.yaml says, so that a site without values has it too', () => {
    const own = new Map(items.map((item) => [item.list ?? item.macro ?? item.rule, item]));
    for (const { list, macro, rule, items: values, condition, enabled } of generated) {
      const shipped = own.get(list ?? macro ?? rule);
      expect(shipped, `${list ?? macro ?? rule}`).toBeDefined();
      if (list !== undefined) expect(values, list).toEqual(shipped!.items);
      if (macro !== undefined) expect(condition, macro).toBe(shipped!.condition);
      if (rule !== undefined) expect(enabled, rule).toBe(shipped!.enabled ?? true);
    }
    expect(generated.length).toBeGreaterThan(10);
  });
});

describe.each(rules)('$rule', (rule) => {
  it('is described and tagged, and tells what happened in fields', () => {
    expect(rule.desc).toMatch(/^[A-Z].*\.$/s);
    expect(rule.source).toBe('mcp_audit');
    expect(rule.tags?.[0]).toBe('mcp');
    expect(rule.tags?.some((tag) => TACTICS.has(tag))).toBe(true);
    expect(rule.tags?.some((tag) => /^T\d{4}(\.\d{3})?$/.test(tag))).toBe(true);
    expect(rule.tags?.filter((tag) => /^OWASP_MCP(0[1-9]|10)$/.test(tag))).toHaveLength(1);
    expect(rule.output!.match(/%mcp\.[a-z_]+/g)!.length).toBeGreaterThan(2);
    expect(rule.exceptions!.length).toBeGreaterThan(0);
  });

  it('has one file of samples, with both kinds', () => {
    const own = samples.filter((sample) => sample.rule === rule.rule);
    expect(own).toHaveLength(1);
    expect(own[0]!.name).toBe(`${rule.rule.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}.yaml`);
    expect(own[0]!.fires.length).toBeGreaterThan(0);
    expect(own[0]!.silent.length).toBeGreaterThan(0);
  });
});

/** What records of the schema's first producers have; they are read all the same. */
const FIRST_FIELDS = [
  'schema_version',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
];

const engine = createRuleEngine(allOn(loadShipped()), { matching: 'all' });

describe.each(samples)('the samples in $name', ({ rule, fires, silent }) => {
  const alertsOf = (record: object) => engine.evaluateLine(JSON.stringify(record)).map((alert) => alert.rule);

  it.each(fires)('fire: %#', (record) => {
    expect(alertsOf(record)).toContain(rule);
  });

  it.each(silent)('are silent: %#', (record) => {
    expect(alertsOf(record)).not.toContain(rule);
  });

  it('are for a rule that is shipped', () => {
    expect(rules.map((item) => item.rule)).toContain(rule);
  });

  it.each([...fires, ...silent])('are records: %#', (record) => {
    if (record.record === undefined) {
      expect(Object.keys(record)).toEqual(expect.arrayContaining(FIRST_FIELDS));
    } else expect(validateRecord(record)).toEqual({ ok: true });
  });

  it('are different records', () => {
    const texts = [...fires, ...silent].map((record) => JSON.stringify(record));
    expect(new Set(texts).size).toBe(texts.length);
  });
});
