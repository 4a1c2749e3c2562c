/** The shipped conditions in Falco's own libraries: they select the records that the engine selects. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { generateRules } from '../../src/rules/generate.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import type { RuleSet } from '../../src/rules/rule-set.ts';
import { readText, root } from '../contract/repository.ts';
import { temporaryFolder } from '../e2e/harness.ts';
import { PLUGIN_PATH, provideSysdig } from '../native/falco-host/sysdig.ts';
import { allOn, GENERATED, loadShipped, SHIPPED } from './shipped-rules.ts';

interface Item {
  readonly list?: string;
  readonly items?: readonly string[];
  readonly macro?: string;
  readonly rule?: string;
  readonly condition?: string;
}

interface Definitions {
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly macros: ReadonlyMap<string, string>;
  readonly conditions: ReadonlyMap<string, string>;
}

/** Later files replace what earlier ones define. */
function definitionsOf(texts: readonly string[]): Definitions {
  const lists = new Map<string, readonly string[]>();
  const macros = new Map<string, string>();
  const conditions = new Map<string, string>();
  for (const { list, items, macro, rule, condition } of texts.flatMap((text) => parse(text) as Item[])) {
    if (list !== undefined) lists.set(list, items!);
    else if (macro !== undefined) macros.set(macro, condition!);
    else if (rule !== undefined && condition !== undefined) conditions.set(rule, condition);
  }
  return { lists, macros, conditions };
}

/** sysdig has no lists and macros: they are put in as text, which is what Falco does with lists. */
function expand(condition: string, { lists, macros }: Definitions): string {
  let text = condition;
  for (let before = ''; before !== text; ) {
    before = text;
    text = text.replaceAll(/(?<![\w."])mcp_\w+(?![\w."])/g, (name) => {
      const macro = macros.get(name);
      const expanded = macro === undefined ? lists.get(name)?.join(', ') : `(${macro})`;
      if (expanded === undefined) throw new Error(`${name} is neither a macro nor a list`);
      return expanded;
    });
  }
  return text.replaceAll(/\s+/g, ' ').trim();
}

const SAMPLES = join(root, 'test/fixtures/rules');
const lines = readdirSync(SAMPLES).flatMap((name) => {
  const { fires, silent } = parse(readText(join('test/fixtures/rules', name))) as Record<string, object[]>;
  return [...fires!, ...silent!].map((record) => JSON.stringify(record));
});

const sysdig = await provideSysdig();

async function selectedBySysdig(condition: string, records: readonly string[]): Promise<number[]> {
  if ('reason' in sysdig) throw new Error(sysdig.reason);
  const folder = temporaryFolder();
  try {
    const path = join(folder.path, 'records.jsonl');
    writeFileSync(path, `${records.join('\n')}\n`);
    const args = ['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, '-p', '%evt.num', condition];
    const { stdout, stderr, status } = await sysdig.run(args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    return stdout.trim().split('\n').map(Number);
  } finally {
    folder.remove();
  }
}

function selectedByEngine(ruleSet: RuleSet, rule: string, records: readonly string[]): number[] {
  const engine = createRuleEngine(allOn(ruleSet), { matching: 'all' });
  return records.flatMap((line, i) =>
    engine.evaluateLine(line).some((alert) => alert.rule === rule) ? [i + 1] : [],
  );
}

describe.skipIf('reason' in sysdig)('Falco’s libraries and the engine', () => {
  const shipped = definitionsOf([...SHIPPED, GENERATED].map(readText));

  it.each([...shipped.conditions])('select the same samples by %s', async (rule, condition) => {
    const selected = selectedByEngine(loadShipped(), rule, lines);
    expect(await selectedBySysdig(expand(condition, shipped), lines)).toEqual(selected);
    expect(selected.length).toBeGreaterThan(0);
    expect(selected.length).toBeLessThan(lines.length);
  });

  it('select the same by generated values of every form', async () => {
    const text = generateRules(
      {
        'allowlist.hosts': [
          'a.example',
          '*.b.example',
          '10.0.0.0/9',
          '203.0.113.128/25',
          'fd00::/8',
          '::ffff:1.2.3.4',
        ],
        'connect.allow': ['198.51.100.0/22', '2001:db8::1'],
        'paths.homes': ['/home/müller'],
        'paths.credentials': ['~/.netrc', '/srv/a~b'],
        'paths.protected': ['/srv/*/config', '/opt'],
        'tools.shell': ['mcp_shells', 'and'],
        'programs.shells': ['sh', 'a+b'],
      },
      ['v'],
    );
    const definitions = definitionsOf([...SHIPPED.map(readText), text]);
    const ruleSet = loadShipped([{ path: 'v', text }]);
    const base = JSON.parse(lines[0]!) as Record<string, unknown>;
    const hosts =
      'a.example A.Example x.a.example c.b.example b.example 10.1.2.3 10.200.0.1 10.1.2 203.0.113.129 203.0.113.12 fd12::1 [fd12::1] fe80::1 ::ffff:102:304 ::ffff:1.2.3.4';
    const ips = '198.51.101.7 ::ffff:198.51.101.7 198.51.104.1 2001:db8::1 2001:db8::2';
    const paths = '/srv/x/config/a /srv/x/y/config /srv/config /opt/a /optional /home/müller/.netrc /srv/a~b';
    const call = { ...base, record: 'call', transport: 'http' };
    const effect = { ...base, record: 'effect', transport: 'stdio', server_host: 'stdio' };
    const records = [
      ...hosts.split(' ').map((host) => ({ ...call, server_host: host })),
      ...ips.split(' ').map((ip) => ({ ...effect, effect: 'connect', ip })),
      ...paths.split(' ').map((path) => ({ ...effect, effect: 'open_write', path })),
      ...paths.split(' ').map((path) => ({ ...call, read_paths: [path], connect_ips: ['192.0.2.1'] })),
      ...['mcp_shells', 'and', 'x'].flatMap((tool_name) =>
        ['/bin/sh', '/bin/a+b', '/bin/bash'].map((path) => ({
          ...effect,
          effect: 'exec',
          tool_name,
          path,
          exec_args: ['sh', '-c', 'true'],
        })),
      ),
    ].map((record) => JSON.stringify(record));
    const names = [
      'MCP Unapproved Endpoint Access',
      'MCP Connection Outside Allow List',
      'MCP Protected Path Written',
      'MCP Credential File Read Then Connect',
      'MCP Shell Started By Undeclared Tool',
    ];
    for (const name of names) {
      const selected = selectedByEngine(ruleSet, name, records);
      expect(selected.length, name).toBeGreaterThan(0);
      const condition = expand(definitions.conditions.get(name)!, definitions);
      expect(await selectedBySysdig(condition, records), name).toEqual(selected);
    }
  });
});
