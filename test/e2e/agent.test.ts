import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kernelUnavailableReason } from '../kernel-available.ts';
import { loadedPrograms, programsOf } from './bpf-programs.ts';
import {
  type Client,
  callsOf,
  DEMO_SERVER,
  effectsOf,
  isAlive,
  OBSERVER,
  readRecords,
  startClient,
  temporaryFolder,
  until,
  WRAPPER,
} from './harness.ts';

let folder: ReturnType<typeof temporaryFolder>;
let socket: string;
let out: string;
let started: ChildProcess[];
let clients: Client[];

beforeEach(() => {
  folder = temporaryFolder();
  socket = join(folder.path, 'agent', 'agent.sock');
  out = join(folder.path, 'records.jsonl');
  started = [];
  clients = [];
});

afterEach(async () => {
  for (const client of clients) {
    client.process.kill('SIGTERM');
    await client.close();
  }
  for (const agent of started) await stop(agent, 'SIGKILL');
  folder.remove();
});

async function startAgent(...options: string[]): Promise<ChildProcess> {
  const agent = spawn(process.execPath, [OBSERVER, 'run', '--socket', socket, '--out', out, ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  started.push(agent);
  let log = '';
  agent.stderr!.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  await until('the agent listens', () => log.includes('"listening"') || agent.exitCode !== null);
  return agent;
}

function stop(agent: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (agent.exitCode !== null || agent.signalCode !== null) return Promise.resolve(agent.exitCode);
  const exited = new Promise<number | null>((resolve) => agent.once('exit', resolve));
  agent.kill(signal);
  return exited;
}

async function startWrapped(): Promise<Client> {
  const client = await startClient([
    process.execPath,
    WRAPPER,
    '--sink',
    `unix:${socket}`,
    '--',
    ...DEMO_SERVER,
  ]);
  clients.push(client);
  return client;
}

/** The server is the wrapper's only child that is no shell. */
function serverPidOf(client: Client): number {
  const children = execFileSync('ps', ['-o', 'pid=,comm=', '--ppid', String(client.process.pid)]).toString();
  const line = children.split('\n').find((each) => each.trim() !== '' && !/ sh$/.test(each.trim()));
  return Number(line!.trim().split(/\s+/)[0]);
}

const reason = kernelUnavailableReason();

describe.skipIf(reason !== undefined)('kernel: the agent', () => {
  it("attributes a wrapped server's effects, and leaves nothing behind after SIGTERM", async () => {
    const agent = await startAgent();
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const client = await startWrapped();
    const path = join(folder.path, 'shell.txt');
    await client.callTool('run_shell', { path });
    const programs = programsOf(agent.pid!);
    expect(loadedPrograms(programs).length).toBeGreaterThan(5);
    expect(await client.close()).toBe(0);
    expect(await stop(agent, 'SIGTERM')).toBe(0);
    await until('its programs are gone', () => loadedPrograms(programs).length === 0);
    await until('the socket is gone', () => !existsSync(socket));
    expect(statSync(out).mode & 0o777).toBe(0o600);

    const records = readRecords(out);
    const call = callsOf(records).find((each) => each.tool_name === 'run_shell')!;
    expect(call).toMatchObject({
      observer_mode: 'kernel',
      exec_count: 1,
      coverage: 'full',
      written_paths: [path],
    });
    expect(effectsOf(records).filter((effect) => effect.path === path)).toMatchObject([
      { effect: 'open_write', call_id: call.call_id, attribution: 'descendant' },
      { effect: 'write', call_id: call.call_id, attribution: 'descendant' },
    ]);
    // What the wrapper and its guard do themselves is not the server's.
    expect(
      effectsOf(records).every((effect) => effect.pid !== client.process.pid || effect.effect === 'fork'),
    ).toBe(true);
  });

  it('killed: the wrapped server goes on answering; a new agent takes over and says what is missing', async () => {
    const first = await startAgent();
    const client = await startWrapped();
    const programs = programsOf(first.pid!);
    await stop(first, 'SIGKILL');
    expect((await client.callTool('sleep', { delay_ms: 1 })).isError).toBeUndefined();
    await until('the socket of the killed agent is gone', () => !existsSync(socket));
    await until('its programs are gone', () => loadedPrograms(programs).length === 0);
    expect((await client.callTool('sleep', { delay_ms: 2 })).isError).toBeUndefined();

    await startAgent();
    const starts = () => readRecords(out).filter((record) => record.record === 'session').length;
    await until('the wrapper has come back', () => starts() === 2);
    const path = join(folder.path, 'after.txt');
    await client.callTool('run_shell', { path });
    expect(await client.close()).toBe(0);
    const written = () => readRecords(out);
    await until('the session has ended', () =>
      written().some((record) => record.record === 'session' && record.session_event === 'end'),
    );
    expect(effectsOf(written()).find((effect) => effect.path === path)).toMatchObject({
      attribution: 'descendant',
    });
    // The calls that ended while no agent was there: delivered late, and said not to be covered.
    const away = callsOf(written()).filter((call) => call.tool_name === 'sleep');
    expect(away.map((call) => call.coverage)).toEqual(['none', 'none']);
    expect(client.stderr().match(/the server goes on/g)).toHaveLength(1);
  });

  it('a killed wrapper takes its server along, and its calls in flight have records', async () => {
    await startAgent();
    const client = await startWrapped();
    const serverPid = serverPidOf(client);
    expect(isAlive(serverPid)).toBe(true);
    const answer = client.callTool('sleep', { delay_ms: 30_000 }).catch(() => 'gone');
    await until('the call is in flight', () => readRecords(out).some((r) => r.record === 'session'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    client.process.kill('SIGKILL');
    expect(await answer).toBe('gone');
    await until('the server is gone', () => !isAlive(serverPid));
    const ended = () => readRecords(out).find((r) => r.record === 'session' && r.session_event === 'end');
    await until('the session has ended', () => ended() !== undefined);
    expect(ended()).toMatchObject({ end_reason: 'connection_lost' });
    expect(callsOf(readRecords(out)).at(-1)).toMatchObject({ tool_name: 'sleep', outcome: 'orphaned' });
  });

  it('trace, killed, takes its server and its programs along', async () => {
    const client = await startClient([
      process.execPath,
      OBSERVER,
      'trace',
      '--out',
      out,
      '--',
      ...DEMO_SERVER,
    ]);
    clients.push(client);
    const serverPid = serverPidOf(client);
    const programs = programsOf(client.process.pid!);
    expect(loadedPrograms(programs).length).toBeGreaterThan(5);
    client.process.kill('SIGKILL');
    await until('the server is gone', () => !isAlive(serverPid));
    await until('the programs are gone', () => loadedPrograms(programs).length === 0);
  });
});

describe('the agent without the kernel', () => {
  it('records calls in audit mode, says why, and has no effect field', async () => {
    const agent = await startAgent('--no-kernel');
    const client = await startWrapped();
    await client.callTool('summarize', { path: join(folder.path, 'a.txt') });
    expect(await client.close()).toBe(0);
    expect(await stop(agent, 'SIGTERM')).toBe(0);
    const records = readRecords(out);
    const call = callsOf(records).find((each) => each.tool_name === 'summarize')!;
    expect(call).toMatchObject({
      observer_mode: 'audit',
      observer_reason: 'switched off by --no-kernel',
      outcome: 'ok',
    });
    expect(Object.keys(call).filter((key) => /_count$|coverage|_paths$/.test(key))).toEqual([
      'tool_invoke_count',
    ]);
    expect(records[0]).toMatchObject({
      record: 'status',
      status_event: 'agent_start',
      observer_mode: 'audit',
    });
  });

  it('a second agent on the same socket is refused', async () => {
    await startAgent('--no-kernel');
    const second = spawn(process.execPath, [
      OBSERVER,
      'run',
      '--no-kernel',
      '--socket',
      socket,
      '--out',
      out,
    ]);
    started.push(second);
    let stderr = '';
    second.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await new Promise((resolve) => second.once('exit', resolve))).toBe(75);
    expect(stderr).toContain('AGENT_ALREADY_RUNNING');
    expect(existsSync(socket)).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)(
    'trace without privilege goes on in audit mode and says so',
    async () => {
      chownSync(folder.path, 65534, 65534);
      const drop = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs'];
      const client = await startClient([
        ...drop,
        process.execPath,
        OBSERVER,
        'trace',
        '--out',
        out,
        '--',
        ...DEMO_SERVER,
      ]);
      clients.push(client);
      await client.callTool('sleep', { delay_ms: 1 });
      expect(await client.close()).toBe(0);
      expect(client.stderr()).toMatch(/audit mode, effects are not observed: .+ CAP_BPF/);
      const records = readRecords(out);
      expect(records[0]).toMatchObject({ record: 'status', observer_mode: 'audit' });
      expect(callsOf(records).map((call) => call.outcome)).toEqual(['ok', 'ok', 'ok']);
    },
  );
});
