/**
 * What alerts say: the texts and fields that the engine makes of a record are those that Falco's own
 * libraries make of it, for the shipped rules' outputs and for every field.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseAlerts } from '../../../scripts/falco/parse-alerts.ts';
import { type Alert, encodeAlert } from '../../../src/rules/alert.ts';
import { RECORD_FIELDS } from '../../../src/rules/fields.gen.ts';
import { createRuleEngine } from '../../../src/rules/rule-engine.ts';
import { readSamples } from '../../../src/rules/rule-samples.ts';
import { loadRuleSet } from '../../../src/rules/rule-set.ts';
import { recordLines } from '../../rules/random-records.ts';
import { PLUGIN_PATH, provideSysdig, type Sysdig } from './sysdig.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const host = await provideSysdig();
const SEED = Number(process.env.MCP_OBSERVER_SEED ?? 20_260_102);
const RANDOM_RECORDS = 300;

/** Samples of the rules, and records with hostile contents. */
function collectLines(): Buffer[] {
  const folder = join(root, 'test/fixtures/rules');
  const samples = readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return readSamples({ path, text: readFileSync(path, 'utf8') }).map(({ record }) => Buffer.from(record));
  });
  const random = fc.sample(recordLines(), { seed: SEED, numRuns: RANDOM_RECORDS });
  return [...samples, ...random.map((line, i) => line(`L${i}`))];
}

/** Outputs by the rules that have them, and outputs that show every field. */
function collectOutputs(): [string, string][] {
  const shipped = ['mcp_baseline', 'mcp_host'].flatMap((name) =>
    (parse(readFileSync(join(root, `rules/${name}.yaml`), 'utf8')) as { rule?: string; output?: string }[])
      .filter(({ output }) => output !== undefined)
      .map(({ rule, output }): [string, string] => [rule!, output!.trim()]),
  );
  const names = RECORD_FIELDS.map(({ name }) => name);
  const all = Array.from({ length: Math.ceil(names.length / 20) }, (_, i): [string, string] => {
    const some = names.slice(i * 20, i * 20 + 20);
    return [`fields from ${some[0]}`, some.map((name) => `${name}=%${name}`).join(' ')];
  });
  return [
    ...shipped,
    ...all,
    [
      'fields of the event',
      '%evt.num %evt.rawtime %evt.source %evt.pluginname %evt.time.s %evt.time.iso8601 %evt.datetime %evt.datetime.s %evt.rawtime.s %evt.rawtime.ns %evt.reltime %evt.reltime.s %evt.reltime.ns %evt.is_async %evt.asynctype',
    ],
    ['signs beside a field', '100 (%mcp.method) "%mcp.tool_name",%mcp.pid; é %mcp.path/%mcp.ip'],
  ];
}

describe.skipIf('reason' in host)('outputs, as Falco’s libraries write them', () => {
  const sysdig = host as Sysdig;
  const lines = collectLines();
  let folder: string;
  let path: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    path = join(folder, 'records.jsonl');
    writeFileSync(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function alertsOf(output: string): Alert[] {
    const text = `- rule: r\n  desc: d\n  condition: evt.num > 0\n  output: ${JSON.stringify(output)}\n  priority: NOTICE\n  source: mcp_audit\n`;
    const { ruleSet, problems } = loadRuleSet([{ path: 'r.yaml', text }], { strict: false });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const engine = createRuleEngine(ruleSet!);
    return lines.flatMap((line) => engine.evaluateLine(line));
  }

  const format = async (...options: string[]): Promise<string[]> => {
    const { stdout, stderr } = await sysdig.run(['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, ...options]);
    expect(stderr).toBe('');
    return stdout.split('\n').slice(0, -1);
  };

  it.each(collectOutputs())('%s', async (_, output) => {
    const alerts = alertsOf(output);
    expect(alerts.length).toBeGreaterThan(300);
    // Falco puts time and priority before the message.
    const texts = await format('-p', `*%evt.time: Notice ${output}`);
    expect(alerts.map((alert) => alert.output)).toEqual(texts);
    const objects = await format('-j', '-p', `*%evt.time ${output}`);
    const theirs = objects.map((fields) => `{"rule":"r","output_fields":${fields}}`).join('\n');
    const own = alerts.map((alert) => fieldsOf(encodeAlert(alert)));
    expect(own).toEqual(parseAlerts(theirs, 'sysdig').map((alert) => fieldsOf(alert)));
  });
});

/** Output fields, canonical, of an alert or of its line. */
function fieldsOf(alert: string | Readonly<Record<string, string>>): [string, string][] {
  const compared = typeof alert === 'string' ? parseAlerts(alert, 'the engine')[0]! : alert;
  return Object.entries(compared)
    .filter(([name]) => name.startsWith('output_fields.'))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}
