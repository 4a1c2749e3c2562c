/** What the relay promises, of both that there are: on a thread in the addon, and in JavaScript. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { relayKinds } from '../relay-kinds.ts';
import { isRunning, Sandbox, sha256, until } from './wrap-harness.ts';

let box: Sandbox;

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

/** Names of the process's threads. */
const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map((id) => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim());

describe.each(relayKinds())('%s relay', (relay) => {
  beforeEach(() => {
    box = new Sandbox({ MCP_AUDIT_RELAY: relay });
  });
  afterEach(() => box.clean());

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
          Buffer.concat([
            Buffer.from('{"id":1,"method":"'),
            Buffer.alloc(64 << 20, 'x'),
            Buffer.from('"}\n'),
          ]),
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
      const { output, code } = await box.run(
        ['sh', '-c', `echo 'Ready!'; printf '{"id":1,"res'; exit 3`],
        '',
      );
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

    const flags = 'grep -h flags /proc/self/fdinfo/0 /proc/self/fdinfo/1 /proc/self/fdinfo/2';
    it.each([
      ['sockets', `"$@"; ${flags} >&3`],
      ['pipes', `cat | ( "$@"; ${flags} >&3 ) 2>&1 | cat`],
    ])('leaves %s that it shares with others blocking', async (_, shell) => {
      // Ended by a signal, Node does not tidy up.
      const run = box.start(['sh', '-c', 'head -c 2; kill -HUP $$'], {
        shell: `exec 3>&2; ${shell}; exit 0`,
      });
      run.child.stdin!.end('x\ny\n');
      const { errors } = await run.finish();
      const found = [...errors.matchAll(/flags:\s*(\d+)/g)].map((match) => Number.parseInt(match[1]!, 8));
      expect(found).toHaveLength(3);
      // O_NONBLOCK
      for (const flag of found) expect(flag & 0o4000).toBe(0);
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

  describe('streams', () => {
    it('relays where it was asked to', async () => {
      const run = box.start(['cat']);
      run.child.stdin!.write(ping(1));
      await until(() => run.output.length > 0);
      expect(threadsOf(run.child.pid!).includes('mcp-relay')).toBe(relay === 'native');
      run.child.stdin!.end();
      expect((await run.finish()).code).toBe(0);
    });

    /** Each is a way to run the wrapper, "$@", between our own stdin and stdout. */
    const kinds: [string, (folder: string) => string][] = [
      ['sockets', () => '"$@"'],
      ['pipes', () => 'cat | "$@" | cat'],
      ['a pipe that stderr shares', () => 'cat | "$@" 2>&1 | cat'],
      ['files', (folder) => `cat > ${folder}/i; "$@" < ${folder}/i > ${folder}/o; cat ${folder}/o`],
      ['a pipe and a file', (folder) => `cat | "$@" > ${folder}/o; cat ${folder}/o`],
      [
        'FIFOs with names',
        (folder) =>
          `mkfifo ${folder}/i ${folder}/o; cat <&3 > ${folder}/i & cat ${folder}/o & "$@" < ${folder}/i > ${folder}/o; wait`,
      ],
      [
        'a FIFO that has been written to its end',
        (folder) =>
          `mkfifo ${folder}/i; (head -c 4096 <&3; cat <&3 > /dev/null) > ${folder}/i & sleep 0.2; "$@" < ${folder}/i`,
      ],
    ];

    it.each(kinds)('that are %s', async (_, shell) => {
      const input = Buffer.alloc(4096, ping(1));
      const run = box.start(['cat'], { shell: `exec 3<&0; ${shell(box.folder)}; exit 0` });
      run.child.stdin!.end(input);
      const { output, errors } = await run.finish();
      expect({ bytes: sha256(output), errors }).toEqual({ bytes: sha256(input), errors: '' });
      expect(box.end()).toMatchObject({
        end_reason: 'client_closed',
        // The server sends back what are requests to it.
        call_count: 2 * Math.floor(4096 / ping(1).length),
      });
    });

    it('that are a terminal', async () => {
      const run = box.start(['head', '-n', '1'], { shell: 'script -qec "$*" /dev/null; exit 0' });
      run.child.stdin!.write('typed\n');
      const { output } = await run.finish();
      // The terminal echoes.
      expect(output.toString().match(/typed\r\n/g)).toHaveLength(2);
      expect(box.end()).toMatchObject({ end_reason: 'server_exit', skipped_messages: 2 });
    });
  });

  describe('a call', () => {
    /** Answers with the moments at which it had read the request and was about to answer. */
    const STAMPING = `
    process.stdin.on('data', (d) => {
      const readNs = process.hrtime.bigint();
      const { id } = JSON.parse(d);
      const answer = (ns) => JSON.stringify({ id, result: { readNs: String(readNs), answeredNs: String(ns) } }) + '\\n';
      const text = answer(process.hrtime.bigint());
      process.stdout.write(text);
    });`;

    it('is in flight from before the server has it until after it was answered', async () => {
      const run = box.start(node(STAMPING));
      const moments: bigint[][] = [];
      for (let id = 1; id <= 50; id++) {
        const sentNs = process.hrtime.bigint();
        run.child.stdin!.write(ping(id));
        await until(() => Buffer.concat(run.output).toString().split('\n').length === id + 1);
        const gotNs = process.hrtime.bigint();
        const { result } = JSON.parse(Buffer.concat(run.output).toString().split('\n')[id - 1]!) as {
          result: { readNs: string; answeredNs: string };
        };
        moments.push([sentNs, BigInt(result.readNs), BigInt(result.answeredNs), gotNs]);
      }
      run.child.stdin!.end();
      await run.finish();
      const calls = box.calls();
      expect(calls).toHaveLength(50);
      calls.forEach((call, i) => {
        const [sentNs, readNs, answeredNs, gotNs] = moments[i]!;
        expect(call.started_ktime_ns).toBeGreaterThan(sentNs!);
        expect(call.started_ktime_ns).toBeLessThan(readNs!);
        expect(call.ktime_ns).toBeGreaterThan(answeredNs!);
        expect(call.ktime_ns).toBeLessThan(gotNs!);
      });
    });
  });
});
