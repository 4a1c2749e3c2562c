import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sandbox } from './wrap-harness.ts';

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.clean());

const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const ping = (id: number | string): string => line({ jsonrpc: '2.0', id, method: 'ping' });

describe('a server that cannot be started', () => {
  it.each([
    ['nowhere-to-be-found', 127, 'SERVER_NOT_FOUND'],
    ['/etc/passwd', 126, 'SERVER_NOT_EXECUTABLE'],
    ['/', 126, 'SERVER_NOT_EXECUTABLE'],
  ])('reports that %s cannot be started', async (command, status, name) => {
    const { code, errors } = await box.run([command], '');
    expect(code).toBe(status);
    expect(errors).toContain(name);
    expect(box.end()).toMatchObject({ end_reason: 'spawn_failed' });
  });
});

describe('sinks', () => {
  it('makes the folder, for its owner only', async () => {
    const path = join(box.folder, 'new', 'deep', 'r.jsonl');
    await box.run(['cat'], ping(1), { options: ['--sink', path] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(box.folder, 'new')).mode & 0o777).toBe(0o700);
    expect(box.records(path)).toHaveLength(4);
  });

  it('uses the state folder when no agent answers', async () => {
    await box.run(['cat'], '', { options: [] });
    expect(box.records(join(box.folder, 'state', 'records.jsonl'))).toHaveLength(2);
  });

  it.each([
    ['a full disk', () => '/dev/full', 'ENOSPC'],
    [
      'a folder',
      () => {
        mkdirSync(join(box.folder, 'dir'));
        return join(box.folder, 'dir');
      },
      'EISDIR',
    ],
    [
      'a file for a folder',
      () => {
        writeFileSync(join(box.folder, 'file'), '');
        return join(box.folder, 'file', 'r.jsonl');
      },
      'ENOTDIR',
    ],
  ])('relays on with %s for a sink, and says so once', async (_, make, code) => {
    const input = ping(1).repeat(2000);
    const { output, errors, ...end } = await box.run(['cat'], input, {
      options: ['--sink', make(), '--summary'],
    });
    expect(output.toString()).toBe(input);
    expect(end.code).toBe(0);
    expect(errors.match(new RegExp(code, 'g'))).toHaveLength(1);
    expect(errors).toContain('records lost: 4002');
  });

  it('never joins two records on a line when a file may grow no further', async () => {
    const input = ping(1).repeat(100);
    const { output } = await box.run(['cat'], input, { shell: 'ulimit -f 20' });
    expect(output.toString()).toBe(input);
    const lines = readFileSync(box.sink, 'utf8').split('\n');
    // All but the last are whole; the last is what the limit cut off.
    for (const text of lines.slice(0, -1)) expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(lines.length).toBeGreaterThan(5);
  });

  it('writes records alone to stdout when asked to', async () => {
    const { output, errors } = await box.run(['cat'], ping(1), { options: ['--sink', 'stdout'] });
    const lines = output.toString().trimEnd().split('\n');
    expect(lines.map((text) => (JSON.parse(text) as { record: string }).record)).toEqual([
      'session',
      'call',
      'call',
      'session',
    ]);
    expect(errors).toBe(ping(1));
  });
});

describe('an agent that is not there', () => {
  it.each([
    ['by option', (path: string) => ({ options: ['--sink', `unix:${path}`, '--summary'] })],
    [
      'by environment',
      (path: string) => ({ options: ['--summary'], env: { MCP_AUDIT_SINK: `unix:${path}` } }),
    ],
  ])('named %s stops nothing, and what it misses is counted', async (_, how) => {
    const path = join(box.folder, 'no.sock');
    const { output, code, errors } = await box.run(['cat'], ping(1), how(path));
    expect({ output: output.toString(), code }).toEqual({ output: ping(1), code: 0 });
    expect(errors.split('cannot reach the agent')).toHaveLength(2);
    expect(errors).toContain('records lost: 4');
  });
});

describe('switched off', () => {
  it.each(['false', '0', 'no', 'OFF'])('by MCP_AUDIT_ENABLED=%s', async (value) => {
    const options = { env: { MCP_AUDIT_ENABLED: value } };
    const { output, code } = await box.run(['sh', '-c', 'cat; exit 6'], 'x\n', options);
    expect({ output: output.toString(), code }).toEqual({ output: 'x\n', code: 6 });
    expect(box.records()).toEqual([]);
  });

  it('is the server itself, with the default signal actions', async () => {
    const run = box.start(['cat', '/proc/self/status'], { env: { MCP_AUDIT_ENABLED: 'false' } });
    const { output } = await run.finish();
    const status = output.toString();
    expect(status).toMatch(/^SigIgn:\s*0+$/m);
    if (process.execve !== undefined) expect(status).toMatch(new RegExp(`^Pid:\\s*${run.child.pid}$`, 'm'));
  });

  it.each([
    ['nowhere-to-be-found', 127],
    ['/etc/passwd', 126],
  ])('still reports that %s cannot be started', async (command, status) => {
    const { code } = await box.run([command], '', { env: { MCP_AUDIT_ENABLED: 'false' } });
    expect(code).toBe(status);
  });
});

describe('the command line', () => {
  it.each([
    [['--bogus'], 'unknown option --bogus'],
    [['--sink'], '--sink needs a value'],
    [['--session-id', 'with space', '--', 'cat'], 'session id'],
    [[], 'no server command'],
  ])('%j is wrong', async (args, message) => {
    const run = box.start([], { options: args });
    const { code, errors } = await run.finish();
    expect(code).toBe(64);
    expect(errors).toContain(message);
    expect(errors).toContain('--help');
  });

  it('puts what it is told into the records', async () => {
    const options = [
      '--sink',
      box.sink,
      '--session-id=s-7',
      '--client-process',
      'claude',
      '--server-name',
      'files',
    ];
    await box.run(['cat', '--', '-'], ping('x'), { options });
    expect(box.calls()[0]).toMatchObject({
      session_id: 's-7',
      client_process: 'claude',
      server_name: 'files',
      server_host: 'stdio',
      server_port: 0,
      tls: false,
      transport: 'stdio',
      source: 'wrap',
      observer_mode: 'audit',
    });
    expect(box.end().server_command).toEqual(['cat', '--', '-']);
  });

  it('masks secrets of the server command', async () => {
    await box.run(['sh', '-c', 'exit 0', 'x', '--api-key', 'hunter2hunter2'], '');
    expect(readFileSync(box.sink, 'utf8')).not.toContain('hunter2');
  });
});
