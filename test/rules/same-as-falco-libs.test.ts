/**
 * The evaluator and the plugin in Falco's own libraries select the same records: random conditions
 * over records with hostile contents.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeAlert } from '../../src/rules/alert.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';
import { PLUGIN_PATH, provideSysdig, type Sysdig } from '../native/falco-host/sysdig.ts';
import { conditionTexts, TABLE } from './random-conditions.ts';
import { recordLines } from './random-records.ts';

const host = await provideSysdig();
const SEED = Number(process.env.MCP_OBSERVER_SEED ?? 20_260_101);
const RECORDS = 600;
const CONDITIONS = 220;
const AT_ONCE = 2;

const lines = fc.sample(recordLines(), { seed: SEED, numRuns: RECORDS }).map((line, i) => line(`L${i}`));
const conditions = [...TABLE, ...fc.sample(conditionTexts(), { seed: SEED, numRuns: CONDITIONS })];

type Selection = { readonly ids: readonly string[] } | { readonly refused: string };

const ruleText = (condition: string, output: string): string =>
  `- rule: r\n  desc: d\n  condition: ${JSON.stringify(condition)}\n  output: ${JSON.stringify(output)}\n  priority: debug\n  source: mcp_audit\n`;

function selectedByEngine(condition: string): Selection {
  const text = ruleText(condition, '%mcp.request_id');
  const { ruleSet, problems } = loadRuleSet([{ path: 'r.yaml', text }], { strict: false });
  if (ruleSet === undefined) return { refused: problems.map((problem) => problem.message).join('; ') };
  const engine = createRuleEngine(ruleSet);
  const ids = lines.flatMap((line) =>
    engine.evaluateLine(line).map((alert) => String(alert.outputFields.get('mcp.request_id'))),
  );
  return { ids };
}

describe.skipIf('reason' in host)(`random conditions, seed ${SEED}`, () => {
  const sysdig = host as Sysdig;
  let folder: string;
  let path: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    path = join(folder, 'records.jsonl');
    writeFileSync(path, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function selectedByLibraries(condition: string): Promise<Selection> {
    const { status, stdout, stderr } = await sysdig.run([
      '-H',
      PLUGIN_PATH,
      '-I',
      `mcp_audit:${path}`,
      '-p',
      '*%mcp.request_id',
      condition,
    ]);
    if (status !== 0) return { refused: stderr + stdout };
    return { ids: stdout.split('\n').filter((id) => id !== '') };
  }

  it('select the same records, or are refused by both', { timeout: 300_000 }, async () => {
    const differences: string[] = [];
    let selecting = 0;
    let refused = 0;
    const queue = [...conditions];
    const work = async (): Promise<void> => {
      for (let condition = queue.pop(); condition !== undefined; condition = queue.pop()) {
        const ours = selectedByEngine(condition);
        const theirs = await selectedByLibraries(condition);
        if ('ids' in ours && 'ids' in theirs) {
          if (ours.ids.length > 0) selecting++;
          const missing = theirs.ids.filter((id) => !ours.ids.includes(id));
          const extra = ours.ids.filter((id) => !theirs.ids.includes(id));
          if (ours.ids.join() !== theirs.ids.join()) {
            const example = lines[Number((missing[0] ?? extra[0] ?? 'L0').slice(1))]!.toString();
            differences.push(
              `${condition}\n  only they select ${missing}\n  only we select ${extra}\n  e.g. ${example}`,
            );
          }
        } else if ('ids' in ours || 'ids' in theirs) {
          differences.push(
            `${condition}\n  ours ${JSON.stringify(ours).slice(0, 200)}\n  theirs ${JSON.stringify(theirs).slice(0, 200)}`,
          );
        } else {
          refused++;
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(differences.join('\n')).toBe('');
    // Conditions that select nothing, or are none, would prove little.
    expect(selecting).toBeGreaterThan(conditions.length / 3);
    expect(refused).toBeLessThan(conditions.length / 4);
  });

  const FORMATS = [
    '%mcp.request_id|%mcp.path|%mcp.pid|%mcp.tls|%mcp.ip|%mcp.exec_paths|%mcp.connect_ips|%mcp.timestamp',
    '%evt.num %evt.time %evt.time.s %evt.time.iso8601 %evt.datetime %evt.datetime.s %evt.rawtime %evt.rawtime.s %evt.rawtime.ns',
    '%evt.reltime|%evt.reltime.s|%evt.reltime.ns|%evt.source|%evt.pluginname|%evt.is_async|%evt.asynctype|%evt.hostname',
    '%tolower(mcp.path)|%toupper(mcp.exec_args)|%basename(mcp.path)|%len(mcp.read_paths)|%len(mcp.path)|%b64(mcp.tool_name)',
    '<%10mcp.record|%3mcp.path|%0mcp.pid|%5len(mcp.exec_paths)> %mcp.recordx %mcp.pid. [%mcp.tls]',
    '%mcp.duration_ms %mcp.bytes %mcp.server_port %mcp.declared_read_only %mcp.coverage_reasons %mcp.candidate_call_ids',
  ];

  it.each(FORMATS)('print the same text and fields: %s', async (format) => {
    const { ruleSet, problems } = loadRuleSet([{ path: 'r.yaml', text: ruleText('evt.num > 0', format) }]);
    expect(problems).toEqual([]);
    const engine = createRuleEngine(ruleSet!, { hostname: hostname() });
    const alerts = lines.flatMap((line) => engine.evaluateLine(line));
    const args = ['-H', PLUGIN_PATH, '-I', `mcp_audit:${path}`, '-p', `*${format}`];
    const text = await sysdig.run(args);
    // Time of day and priority stand before the message.
    const messages = alerts.map((alert) =>
      alert.output.slice(alert.output.indexOf(': Debug ') + ': Debug '.length),
    );
    expect(messages).toEqual(text.stdout.split('\n').slice(0, -1));
    const json = await sysdig.run([...args, '-j']);
    const fields = alerts.map(
      (alert) => JSON.parse(encodeAlert(alert)).output_fields as Record<string, unknown>,
    );
    const named = new Set([...format.matchAll(/evt\.time(?![.a-z])/g)].map(([name]) => name));
    for (const each of fields) if (!named.has('evt.time')) delete each['evt.time'];
    expect(fields).toEqual(
      json.stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as unknown),
    );
  });

  it('see the same records at all', async () => {
    const everything = selectedByEngine('evt.num > 0');
    expect(everything).toEqual(await selectedByLibraries('evt.num > 0'));
    expect('ids' in everything && everything.ids.length).toBeGreaterThan(RECORDS / 2);
    expect('ids' in everything && everything.ids.length).toBeLessThan(RECORDS);
  });
});
