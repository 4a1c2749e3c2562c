import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  callsOf,
  DEMO_SERVER,
  OBSERVER,
  readRecords,
  startClient,
  temporaryFolder,
  until,
  WRAPPER,
} from './harness.ts';

const RULES = `
- rule: Listed
  desc: d
  condition: mcp.method = tools/list
  output: the tools were listed (session=%mcp.session_id)
  priority: NOTICE
  source: mcp_audit
- rule: Session Over
  desc: d
  condition: mcp.session_event = end
  output: over
  priority: INFO
  source: mcp_audit
`;

interface WrittenAlert {
  readonly rule: string;
  readonly priority: string;
  readonly output_fields: Readonly<Record<string, unknown>>;
}

let folder: ReturnType<typeof temporaryFolder>;
let rules: string;
let out: string;
let agent: ChildProcess | undefined;
let server: Server | undefined;
let posted: string[];

beforeEach(() => {
  folder = temporaryFolder();
  rules = join(folder.path, 'rules.yaml');
  out = join(folder.path, 'records.jsonl');
  writeFileSync(rules, RULES);
  posted = [];
});

afterEach(async () => {
  if (agent !== undefined && agent.exitCode === null && agent.signalCode === null) {
    agent.kill('SIGKILL');
    await once(agent, 'exit');
  }
  agent = undefined;
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  folder.remove();
});

const env = () => ({ ...process.env, MCP_OBSERVER_STATE_DIR: join(folder.path, 'state') });
const parse = (text: string): WrittenAlert[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as WrittenAlert);

async function listen(): Promise<string> {
  server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text) => {
      body += text;
    });
    request.on('end', () => {
      posted.push(body);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it('run --rules alerts on what wrapped servers do, on stdout and to a web server', async () => {
  const socket = join(folder.path, 'agent.sock');
  const url = await listen();
  agent = spawn(
    process.execPath,
    [
      OBSERVER,
      'run',
      '--socket',
      socket,
      '--out',
      out,
      '--rules',
      rules,
      '--alerts',
      'stdout',
      '--alerts-url',
      url,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: env() },
  );
  let log = '';
  let stdout = '';
  agent.stderr!.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  agent.stdout!.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  await until('the agent listens', () => log.includes('"listening"'));
  const client = await startClient([
    process.execPath,
    WRAPPER,
    '--sink',
    `unix:${socket}`,
    '--',
    ...DEMO_SERVER,
  ]);
  await client.close();
  // While it runs, not only at the end.
  await until('the alerts are there', () => posted.length === 2 && stdout.split('\n').length === 3);
  const ended = once(agent, 'close');
  agent.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  const alerts = parse(stdout);
  expect(alerts.map(({ rule, priority }) => [rule, priority])).toEqual([
    ['Listed', 'Notice'],
    ['Session Over', 'Informational'],
  ]);
  const [listed] = callsOf(readRecords(out)).filter(({ method }) => method === 'tools/list');
  expect(alerts[0]!.output_fields['mcp.session_id']).toBe(listed!.session_id);
  expect(posted.map((text) => `${text}\n`).join('')).toBe(stdout);
  expect(log).toContain('"alerts":2,"lostAlerts":0,"unevaluated":0');
});

it('trace --rules writes alerts to a file of its user, and leaves stdout to the server', async () => {
  const client = await startClient(
    [process.execPath, OBSERVER, 'trace', '--out', out, '--rules', rules, '--', ...DEMO_SERVER],
    { env: env() },
  );
  await client.close();
  const alerts = join(folder.path, 'state/alerts.jsonl');
  expect(parse(readFileSync(alerts, 'utf8')).map(({ rule }) => rule)).toEqual(['Listed', 'Session Over']);
  expect(statSync(alerts).mode & 0o777).toBe(0o600);
  expect(client.stderr()).toContain('mcp-observer: alerts: 2\n');
});

describe('before anything is started', () => {
  const command = (...options: string[]) => {
    const args = [OBSERVER, 'trace', '--out', out, ...options, '--', 'touch', join(folder.path, 'started')];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: env() });
    expect(existsSync(join(folder.path, 'started'))).toBe(false);
    return { status, stderr };
  };

  it('a fault in the rules is told with its place', () => {
    writeFileSync(rules, RULES.replace('tools/list', 'tools/list and mcp.no_such_field exists'));
    const { status, stderr } = command('--rules', rules);
    expect(status).toBe(78);
    expect(stderr).toContain('RULES_INVALID: 1 errors in the rules');
    expect(stderr).toContain(`${rules}:4:`);
    expect(stderr).toContain('mcp.no_such_field');
  });

  it.each([
    [['--alerts', 'a.jsonl'], 64, 'need --rules'],
    [['--alerts-url', 'http://127.0.0.1/'], 64, 'need --rules'],
    [['--rules', 'RULES', '--alerts', 'stdout'], 64, "stdout is the server's"],
    [['--rules', 'RULES', '--alerts-url', 'ftp://127.0.0.1/'], 64, 'needs an http:// or https:// address'],
    [['--rules', 'none.yaml'], 66, 'cannot read none.yaml: ENOENT'],
    [['--rules', 'EMPTY'], 78, 'no rule for our records in'],
  ])('%j is refused', (options, status, complaint) => {
    const empty = temporaryFolder(folder.path);
    const named = options.map((option) =>
      option === 'RULES' ? rules : option === 'EMPTY' ? empty.path : option,
    );
    const result = command(...named);
    expect(result.status).toBe(status);
    expect(result.stderr).toContain(complaint);
  });
});
