import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, Sandbox, sha256, until } from './wrap-harness.ts';

let box: Sandbox;
beforeEach(() => {
  box = new Sandbox();
});
afterEach(() => box.clean());

const node = (script: string): string[] => [process.execPath, '-e', script];
const line = (message: unknown): string => `${JSON.stringify(message)}\n`;
const ping = (id: number | string): string => line({ jsonrpc: '2.0', id, method: 'ping' });

/** Answers every request line with an empty result, and copies nothing else. */
const ANSWERING = `
  let rest = '';
  process.stdin.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\\n');
    rest = lines.pop();
    for (const l of lines) {
      const { id } = JSON.parse(l);
      if (id !== undefined) process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result: {} }) + '\\n');
    }
  });`;

describe('bytes in are bytes out', () => {
  const manyLines = Array.from({ length: 10_000 }, (_, i) => ping(i)).join('');
  const cases: [string, () => Buffer][] = [
    ['small lines', () => Buffer.from(manyLines)],
    [
      'invalid UTF-8',
      () => Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xc0, 0x80, 0x22, 0x0a, 0xed, 0xa0, 0x80, 0x0a]),
    ],
    ['NULs', () => Buffer.from('\0{"id":1}\n\0\0\n{"id":"\0"}\n')],
    ['half a line at the end', () => Buffer.from(`${ping(1)}{"jsonrpc":"2.0","id":2,"meth`)],
    ['no line end at all', () => Buffer.from('{"jsonrpc":"2.0","id":2,"method":"x"}')],
    ['nothing', () => Buffer.alloc(0)],
    ['noise', () => Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919) & 0xff))],
    [
      'one line of 64 MiB',
      () =>
        Buffer.concat([Buffer.from('{"id":1,"method":"'), Buffer.alloc(64 << 20, 'x'), Buffer.from('"}\n')]),
    ],
  ];

  it.each(cases)('%s', async (_, make) => {
    const input = make();
    const { code, output, errors } = await box.run(['cat'], input);
    expect(output.length).toBe(input.length);
    expect(sha256(output)).toBe(sha256(input));
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(box.end()).toMatchObject({ exit_code: 0, end_reason: 'client_closed' });
  });

  it('counts what it saw', async () => {
    await box.run(node(ANSWERING), manyLines);
    const end = box.end();
    expect(end).toMatchObject({ call_count: 10_000, error_count: 0, skipped_messages: 0 });
    expect(end.request_bytes).toBe(manyLines.length - 10_000);
    expect(new Set(box.calls().map(({ request_id }) => request_id)).size).toBe(10_000);
    expect(box.calls().every(({ outcome }) => outcome === 'ok')).toBe(true);
  });

  it('reads a long answer by its ends', async () => {
    const big = `const r = { content: [{ type: 'text', text: 'x'.repeat(5 << 20) }], isError: true };
      process.stdin.once('data', () => process.stdout.write(JSON.stringify({ result: r, id: 'a' }) + '\\n'))`;
    const run = box.start(node(big));
    run.child.stdin!.end(line({ id: 'a', method: 'tools/call', params: { name: 'big' } }));
    const { output } = await run.finish();
    expect(box.calls()[0]).toMatchObject({
      outcome: 'tool_error',
      tool_name: 'big',
      response_bytes: output.length - 1,
    });
  });

  it('counts a log line on stdout, and half a line of a server that dies', async () => {
    const { output, code } = await box.run(['sh', '-c', `echo 'Ready!'; printf '{"id":1,"res'; exit 3`], '');
    expect(output.toString()).toBe('Ready!\n{"id":1,"res');
    expect(code).toBe(3);
    expect(box.end()).toMatchObject({ skipped_messages: 2, skipped_bytes: 18, exit_code: 3 });
  });
});

describe('flow', () => {
  it('waits for a slow reader', async () => {
    const input = Buffer.alloc(8 << 20, '0123456789abcdef');
    const run = box.start(['cat'], { read: false });
    run.child.stdin!.end(input);
    const pieces: Buffer[] = [];
    run.child.stdout!.on('readable', () => {
      const piece = run.child.stdout!.read() as Buffer | null;
      if (piece !== null) pieces.push(piece);
      run.child.stdout!.pause();
    });
    for await (const piece of run.child.stdout!) {
      pieces.push(piece as Buffer);
      if (pieces.length % 16 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(sha256(Buffer.concat(pieces))).toBe(sha256(input));
  });

  it('lets the client write while it does not read', async () => {
    const seen = join(box.folder, 'seen');
    const flooding = `
      const { writeFileSync } = require('node:fs');
      let got = 0;
      process.stdin.on('data', (d) => { got += d.length; writeFileSync(${JSON.stringify(seen)}, String(got)); });
      for (let i = 0; i < 64; i++) process.stdout.write('y'.repeat(1 << 17) + '\\n');`;
    const run = box.start(node(flooding), { read: false });
    const input = Buffer.alloc(4 << 20, 'z');
    run.child.stdin!.write(input);
    await until(() => {
      try {
        return readFileSync(seen, 'utf8') === String(input.length);
      } catch {
        return false;
      }
    });
    run.child.stdin!.end();
    expect((await run.finish()).output.length).toBe(64 * ((1 << 17) + 1));
  });

  it('ends with a server that does not read', async () => {
    const { code } = await box.run(['sh', '-c', 'exec <&-; sleep 0.3; exit 5'], Buffer.alloc(2 << 20, 'q'));
    expect(code).toBe(5);
  });

  it('goes on to the server when the client stops reading', async () => {
    const seen = join(box.folder, 'seen');
    const run = box.start([
      'sh',
      '-c',
      `trap '' PIPE; read a; echo answer; echo again; cat > ${seen}; echo "$a" >> ${seen}`,
    ]);
    run.child.stdout!.destroy();
    run.child.stdin!.write('first\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.child.stdin!.end('second\n');
    await run.exited;
    expect(readFileSync(seen, 'utf8')).toBe('second\nfirst\n');
  });

  it('lets the server answer after the client has closed its end', async () => {
    const { output } = await box.run(['sh', '-c', 'cat > /dev/null; sleep 0.2; echo late'], ping(1));
    expect(output.toString()).toBe('late\n');
  });

  it('closes the output when the server does', async () => {
    const run = box.start(['sh', '-c', 'echo bye; exec >&-; sleep 30']);
    await new Promise((resolve) => run.child.stdout!.once('end', resolve));
    expect(Buffer.concat(run.output).toString()).toBe('bye\n');
    expect(run.child.exitCode).toBeNull();
    run.child.kill('SIGTERM');
    expect(await run.exited).toMatchObject({ signal: 'SIGTERM' });
  });

  it('works on files as standard input and output', async () => {
    const [input, output] = [join(box.folder, 'in'), join(box.folder, 'out')];
    writeFileSync(input, ping(1).repeat(3000));
    const run = box.start(['cat'], { shell: `exec < ${input} > ${output}` });
    expect((await run.finish()).code).toBe(0);
    expect(readFileSync(output, 'utf8')).toBe(readFileSync(input, 'utf8'));
  });

  it('leaves pipes that it shares with others blocking', async () => {
    const shell = '"$@"; grep flags /proc/self/fdinfo/0 /proc/self/fdinfo/1 /proc/self/fdinfo/2 >&2; exit 0';
    // Ended by a signal, Node does not tidy up.
    const run = box.start(['sh', '-c', 'head -c 2; kill -HUP $$'], { shell });
    run.child.stdin!.write('x\ny\n');
    const { errors } = await run.finish();
    const flags = [...errors.matchAll(/flags:\s*(\d+)/g)].map((match) => Number.parseInt(match[1]!, 8));
    expect(flags).toHaveLength(3);
    // O_NONBLOCK
    for (const flag of flags) expect(flag & 0o4000).toBe(0);
  });
});

describe('the end', () => {
  it.each([
    ['exit 0', { code: 0, signal: null }],
    ['exit 42', { code: 42, signal: null }],
    ['kill -TERM $$', { code: null, signal: 'SIGTERM' }],
    ['kill -KILL $$', { code: null, signal: 'SIGKILL' }],
    ['kill -SEGV $$', { code: null, signal: 'SIGSEGV' }],
    ['kill -PIPE $$', { code: null, signal: 'SIGPIPE' }],
    ['kill -ABRT $$', { code: null, signal: 'SIGABRT' }],
  ])('passes on "%s"', async (script, status) => {
    const { code, signal } = await box.run(['sh', '-c', script], '');
    expect({ code, signal }).toEqual(status);
    expect(box.end()).toMatchObject(
      status.signal === null ? { exit_code: status.code } : { exit_signal: status.signal },
    );
  });

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)(
    'hands %s on to the server',
    async (signal) => {
      const run = box.start(
        node(`process.on('${signal}', () => { console.log('got it'); process.exit(9) });
        console.log('ready'); setInterval(() => {}, 1000)`),
      );
      await until(() => run.output.length > 0);
      run.child.kill(signal);
      expect(await run.finish()).toMatchObject({ code: 9, output: Buffer.from('ready\ngot it\n') });
    },
  );

  it('says that a signal ended the session', async () => {
    const run = box.start(['sleep', '30']);
    await until(() => box.records().length === 1);
    run.child.kill('SIGTERM');
    expect(await run.exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(box.end()).toMatchObject({ end_reason: 'signal', exit_signal: 'SIGTERM' });
  });

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

  /** Prints the pids of a server and of a child that ignores TERM. */
  const TREE = `sh -c 'trap "" TERM; echo $$; exec sleep 60' & echo $$; exec sleep 60`;

  it('ends the group of a server whose wrapper is killed', async () => {
    const run = box.start(['sh', '-c', TREE]);
    await until(() => Buffer.concat(run.output).toString().split('\n').length === 3);
    const pids = Buffer.concat(run.output).toString().trim().split('\n').map(Number);
    expect(pids.every(isRunning)).toBe(true);
    run.child.kill('SIGKILL');
    await until(() => !pids.some(isRunning));
  });

  it('ends what the server left behind in its group', async () => {
    const { output, code } = await box.run(
      ['sh', '-c', `sh -c 'trap "" TERM; echo $$; exec sleep 60' & sleep 0.2; exit 4`],
      '',
    );
    expect(code).toBe(4);
    expect(isRunning(Number(output.toString()))).toBe(false);
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
