import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../e2e/harness.ts';

const CLI = join(import.meta.dirname, '../../src/cli/mcp-observer.ts');
const ROOT = join(import.meta.dirname, '../..');
const RULE =
  '- rule: five\n  desc: d\n  condition: mcp.pid = 5\n  output: pid %mcp.pid\n  priority: notice\n  source: mcp_audit\n';
const record = (more: string) =>
  `{"schema_version":"1","timestamp":1763700000123456789,"session_id":"s","client_process":"c","server_host":"stdio","server_port":0,"tls":false,"method":"m",${more}}\n`;

let folder: string;
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const run = (args: readonly string[], input = '') =>
  spawnSync(process.execPath, [CLI, 'rules', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    input,
    env: { ...process.env, NO_COLOR: '1' },
  });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('rules check', () => {
  it('finds nothing wrong with the shipped rules', () => {
    const { status, stdout } = run(['check']);
    expect(stdout).toMatch(/files, \d+ rules: 0 errors, 0 warnings/);
    expect(status).toBe(0);
  });

  it('names file, line, column and a way out, and fails', () => {
    const path = file('bad.yaml', RULE.replace('mcp.pid = 5', 'mcp.pidd = 5'));
    const { status, stdout } = run(['check', path]);
    expect(stdout).toContain(`${path}:3:14: error FIELD_UNKNOWN: mcp.pidd is no field`);
    expect(stdout).toContain('Did you mean mcp.pid?');
    expect(status).toBe(78);
  });

  it('makes what files say harmless for a terminal', () => {
    const { stdout } = run([
      'check',
      file('bad.yaml', '- rule: "\\e[31mred"\n  priority: "\\e[0m"\n  condition: "a"\n'),
    ]);
    expect(stdout).not.toContain('\x1b');
  });

  it('reports as JSON', () => {
    const { stdout } = run(['check', '--json', file('bad.yaml', RULE.replace('notice', 'urgent'))]);
    expect(JSON.parse(stdout)).toMatchObject({
      files: 1,
      errors: 1,
      problems: [{ code: 'PRIORITY_UNKNOWN', line: 5, column: 13 }],
    });
  });

  it('says which file cannot be read', () => {
    const { status, stderr } = run(['check', join(folder, 'none.yaml')]);
    expect(stderr).toContain('none.yaml: ENOENT');
    expect(status).toBe(66);
  });
});

describe('rules eval', () => {
  it('prints alerts, and on stderr a summary and what was skipped', () => {
    const rules = file('r.yaml', RULE);
    const input = `${record('"pid":5')}${record('"pid":6')}broken\n{}\n${record('"pid":5').trimEnd()}`;
    const { status, stdout, stderr } = run(['eval', '--rules', rules, '--records', '-', '--summary'], input);
    const alerts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { rule: string; output_fields: unknown });
    expect(alerts.map((alert) => alert.rule)).toEqual(['five', 'five']);
    expect(alerts[0]!.output_fields).toMatchObject({ 'mcp.pid': 5 });
    expect(stderr).toMatch(/2 {2}Notice +five\n3 records, 2 alerts\nskipped: 1 broken_json, 1 missing_field/);
    expect(status).toBe(0);
  });

  it('takes only what is urgent enough', () => {
    const args = ['eval', '--rules', file('r.yaml', RULE), '--records', file('x.jsonl', record('"pid":5'))];
    expect(run([...args, '--priority', 'warning']).stdout).toBe('');
    expect(run([...args, '--priority', 'info']).stdout).toContain('five');
    expect(run([...args, '--priority', 'none']).status).toBe(64);
  });

  it('refuses rules that "rules check" refuses, but for what Falco takes where that is asked for', () => {
    const rules = file('r.yaml', RULE.replace('mcp.pid = 5', 'mcp.tool_name in (my_tools)'));
    const args = ['eval', '--rules', rules, '--records', file('x.jsonl', record('"tool_name":"my_tools"'))];
    const strict = run(args);
    expect([strict.status, strict.stdout]).toEqual([78, '']);
    expect(strict.stderr).toContain('RULES_INVALID');
    const lenient = run([...args, '--lenient']);
    expect([lenient.status, lenient.stdout.split('\n').length]).toEqual([0, 2]);
    expect(lenient.stderr).toContain('warning LIST_UNDEFINED');
  });

  it('follows a file until it is told to stop', async () => {
    const path = file('x.jsonl', record('"pid":5'));
    const child = spawn(
      process.execPath,
      [CLI, 'rules', 'eval', '--rules', file('r.yaml', RULE), '--records', path, '-f'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = once(child, 'exit');
    try {
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      await until('the first alert', () => text.split('\n').length === 2);
      appendFileSync(path, record('"pid":5'));
      await until('the second alert', () => text.split('\n').length === 3);
    } finally {
      child.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });

  it('does not follow standard input', () => {
    expect(run(['eval', '--records', '-', '-f']).status).toBe(64);
  });
});

describe('rules test', () => {
  const sample = (fires: string, silent: string) =>
    `rule: five\nfires: '${record(fires).trim()}'\nsilent: '${record(silent).trim()}'\n`;

  it('passes where rules do what samples say', () => {
    const { status, stdout } = run([
      'test',
      '--rules',
      file('r.yaml', RULE),
      '--samples',
      file('s.yaml', sample('"pid":5', '"pid":6')),
    ]);
    expect(stdout).toMatch(/PASS five \(1 firing, 1 silent\)\n2 passed, 0 failed, 0 rules without samples/);
    expect(status).toBe(0);
  });

  it('fails where they do not, and names the sample', () => {
    const samples = file('s.yaml', sample('"pid":6', '"pid":5'));
    const { status, stdout } = run(['test', '--rules', file('r.yaml', RULE), '--samples', samples]);
    expect(stdout).toContain('FAIL five');
    expect(stdout).toContain(`${samples}:2: should be firing: the rule did not fire; nothing fired`);
    expect(stdout).toContain(`${samples}:3: should be silent: the rule fired; fired: five`);
    expect(status).toBe(1);
  });

  it('says which rules have no samples, and fails on samples that are none', () => {
    const rules = file('r.yaml', RULE + RULE.replace('five', 'six'));
    expect(
      run(['test', '--rules', rules, '--samples', file('s.yaml', sample('"pid":5', '"pid":6'))]).stdout,
    ).toContain('none six has no samples');
    const { status, stderr } = run(['test', '--rules', rules, '--samples', file('bad.yaml', 'rule: five\n')]);
    expect(stderr).toContain('SAMPLES_INVALID');
    expect(status).toBe(65);
  });
});
