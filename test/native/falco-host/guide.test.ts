/** What the guide tells people to paste does what it says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { loadRuleSet } from '../../../src/rules/rule-set.ts';
import { PLUGIN_PATH, provideSysdig, type Sysdig } from './sysdig.ts';

interface FalcoSettings {
  readonly plugins: readonly {
    readonly name: string;
    readonly library_path: string;
    readonly init_config?: object;
    readonly open_params: string;
  }[];
  readonly load_plugins: readonly string[];
  readonly rules_files: readonly string[];
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
const guide = readFileSync(join(root, 'docs/guides/falco.md'), 'utf8');
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!);
const snippets = blocks('yaml').map((text) => parse(text) as FalcoSettings);
const [record] = blocks('json') as [string];

/** Where the guide has the files copied from. */
const RULES: Readonly<Record<string, string>> = {
  'mcp_host.yaml': 'rules/mcp_host.yaml',
  'mcp_baseline.yaml': 'rules/mcp_baseline.yaml',
  'mcp_values.yaml': 'rules/generated/mcp_values.yaml',
};

it.each(snippets)('a snippet loads the plugin by its name, and files that are copied before', (snippet) => {
  expect(snippet.plugins.map(({ name }) => name)).toEqual(['mcp_audit']);
  expect(snippet.load_plugins).toEqual(['mcp_audit']);
  expect(snippet.plugins[0]!.library_path).toBe(basename(PLUGIN_PATH));
  const files = snippet.rules_files.map((path) => basename(path)).filter((name) => name.endsWith('.yaml'));
  expect(files).toEqual(Object.keys(RULES));
  for (const path of snippet.rules_files) expect(path).toMatch(/^\/etc\/falco\/mcp\//);
  for (const path of Object.values(RULES)) expect(guide).toContain(` ${path} `);
});

it('the test record makes the alert that is promised', () => {
  const sources = Object.values(RULES).map((path) => ({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  }));
  const engine = createRuleEngine(loadRuleSet(sources).ruleSet!, { matching: 'all' });
  const alerts = engine.evaluateLine(record.trim());
  expect(alerts.map(({ rule }) => rule)).toEqual(['MCP SSH Files Written']);
  const promised = /begins with `[\d:.]+: (.+?)`/.exec(guide)?.[1];
  expect(alerts[0]!.output).toMatch(new RegExp(`^\\S+ ${promised}`));
});

const host = await provideSysdig();

describe.skipIf('reason' in host)('the plugin', () => {
  const sysdig = host as Sysdig;
  let folder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    writeFileSync(join(folder, 'records.jsonl'), record);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the settings of the snippets, and those that the guide names', async () => {
    const named = /`init_config` takes (.+)\.$/m.exec(guide)![1]!;
    const defaults = Object.fromEntries(
      [...named.matchAll(/`(\w+)` \((\w+)\)/g)].map(([, name, value]) => [name, JSON.parse(value!)]),
    );
    expect(Object.keys(defaults)).toHaveLength(4);
    for (const config of [defaults, ...snippets.map(({ plugins }) => plugins[0]!.init_config ?? {})]) {
      const { status, stdout } = await sysdig.run([
        ...['-H', `${PLUGIN_PATH}:${JSON.stringify(config)}`],
        ...['-I', `mcp_audit:${join(folder, 'records.jsonl')}`, '-p', '*%mcp.path'],
      ]);
      expect([status, stdout]).toEqual([0, '/home/test/.ssh/authorized_keys\n']);
    }
  });

  it('understands every form of the open parameters', async () => {
    const table = guide.slice(guide.indexOf('| `open_params` |'));
    const rows = [...table.slice(0, table.indexOf('\n\n')).matchAll(/^\| `([^`]+)` \| /gm)].slice(1);
    expect(rows).toHaveLength(5);
    for (const [, form] of rows) {
      // The first that is wrong is named: what stands before it is understood.
      const params = `${form}${form!.includes('?') ? '&' : '?'}no_such_option=1`;
      const { status, stderr } = await sysdig.run(['-H', PLUGIN_PATH, '-I', `mcp_audit:${params}`]);
      expect([status, stderr]).toEqual([1, expect.stringContaining('unknown option "no_such_option"')]);
    }
  });
});
