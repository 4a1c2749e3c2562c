import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import { loadShipped } from '../rules/shipped-rules.ts';
import { DEMO_SERVER, OBSERVER, startClient, temporaryFolder } from './harness.ts';

/** What an observer may miss on a busy machine, and then says, is no fault of the rules. */
const ON_LOSS = new Set(['MCP Call Not Fully Observed', 'MCP Observer Lost Events']);

/** Rule and tool of each alert, sorted; `-` where no tool is known. */
function alertsOf(recordsPath: string): string[] {
  const engine = createRuleEngine(loadShipped(), { matching: 'all' });
  const alerts = readFileSync(recordsPath, 'utf8')
    .split('\n')
    .flatMap((line) => engine.evaluateLine(line))
    .filter((alert) => !ON_LOSS.has(alert.rule));
  expect(engine.counts.skipped).toEqual({ too_long: 0, broken_json: 0, missing_field: 0 });
  return alerts.map((alert) => `${alert.rule}: ${alert.outputFields.get('mcp.tool_name') ?? '-'}`).sort();
}

const reason = kernelUnavailableReason();

describe.skipIf(reason !== undefined)('kernel: rules over records of real servers', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let out: string;

  beforeEach(() => {
    folder = temporaryFolder();
    out = join(folder.path, 'records.jsonl');
  });

  afterEach(() => folder.remove());

  it('tell what the demo does other than declared, and nothing else', async () => {
    await promisify(execFile)(process.execPath, [OBSERVER, 'demo', '--out', out]);
    expect(alertsOf(out)).toEqual([
      'MCP Closed-World Tool Connected: fetch_local',
      'MCP Closed-World Tool Connected: fetch_local',
      'MCP Read-Only Tool Changed Host: summarize',
      'MCP Shell Started By Undeclared Tool: daemonise',
      'MCP Unsolicited File Change: -',
    ]);
  });

  it('tell of what stays behind, and of many removals', async () => {
    const client = await startClient([
      process.execPath,
      OBSERVER,
      'trace',
      '--out',
      out,
      '--',
      ...DEMO_SERVER,
    ]);
    const at = (name: string): string => {
      const path = join(folder.path, name);
      mkdirSync(dirname(path), { recursive: true });
      return path;
    };
    try {
      await client.callTool('run_shell', { path: at('.ssh/authorized_keys') });
      await client.callTool('run_shell', { path: at('.ssh/known_hosts') });
      await client.callTool('run_shell', { path: at('.bashrc') });
      await client.callTool('run_shell', { path: at('.config/systemd/user/x.service') });
      await client.callTool('run_shell', { path: at('.config/autostart/x.desktop') });
      await client.callTool('run_shell', { path: at('.claude/settings.json') });
      await client.callTool('run_shell', { path: at('project/.git/hooks/pre-commit') });
      await client.callTool('run_shell', { path: at('project/notes.txt') });
      await client.callTool('burst', { folder: folder.path, count: 100 });
      await client.callTool('burst', { folder: folder.path, count: 101 });
      await client.callTool('wake_up_later', { path: at('.profile'), delay_ms: 600 });
      await sleep(1000);
    } finally {
      client.process.kill('SIGTERM');
      await client.close();
    }
    expect(alertsOf(out)).toEqual([
      'MCP Autostart Entry Written: run_shell',
      'MCP Client Configuration Written: run_shell',
      'MCP Git Hook Written: run_shell',
      'MCP Mass File Removal: burst',
      'MCP SSH Files Written: run_shell',
      'MCP Service Written: run_shell',
      'MCP Shell Start-Up File Written: -',
      'MCP Shell Start-Up File Written: run_shell',
      'MCP Unsolicited File Change: -',
    ]);
  });
});
