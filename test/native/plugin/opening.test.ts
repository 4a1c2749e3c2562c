import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Capture, capture, ids, lines, provideBuild, record, temporaryFolder } from './harness.ts';

const build = await provideBuild('release');
/** A user without rights, on every Linux. */
const NOBODY = 65_534;

async function failure(open: string, config?: object | string): Promise<{ ending: string; error: string }> {
  const { ending, error } = (await capture(build, { open, ...(config === undefined ? {} : { config }) }))
    .summary;
  return { ending, error };
}

describe('open params that are refused', () => {
  it.each([
    ['', 'nothing to read is named'],
    ['?follow=true', 'nothing to read is named'],
    ['unix://', 'nothing to read is named'],
    ['/tmp/a.jsonl?folow=true', 'unknown option "folow"; there are follow=true|false and from=start|end'],
    ['/tmp/a.jsonl?', 'unknown option ""'],
    ['/tmp/a.jsonl?follow', 'follow is true or false, not ""'],
    ['/tmp/a.jsonl?follow=yes', 'follow is true or false, not "yes"'],
    ['/tmp/a.jsonl?from=middle', 'from is start or end, not "middle"'],
    ['/tmp/a.jsonl?from=end', 'from=end is for a file or folder with follow=true'],
    ['unix:///tmp/a.sock?follow=true&from=end', 'from=end is for a file or folder with follow=true'],
    ['-?follow=true', 'standard input ("-") can\'t be followed'],
    ['http://localhost/', '"http://localhost/" is of no known kind'],
    ['file://tmp/a.jsonl', 'names no absolute path'],
    ['file:///tmp/%zz', 'not followed by two hexadecimal digits'],
    ['file:///tmp/%00', 'not followed by two hexadecimal digits'],
    ['/none/of/it/a.jsonl', '/none/of/it/a.jsonl: No such file or directory; check the path'],
    ['/none/of/it/a.jsonl?follow=true', '/none/of/it/a.jsonl: No such file or directory'],
    ['/dev/fd', 'no *.jsonl file is in this folder'],
    [`unix:///tmp/${'x'.repeat(200)}`, "the path is longer than a socket's may be (107 bytes)"],
    ['unix:///none/a.sock', 'unix:///none/a.sock: No such file or directory; is the agent running'],
    ['/etc/hostname/a.jsonl', '/etc/hostname/a.jsonl: Not a directory'],
    ['/tmp/\u001b[31mred', '/tmp/?[31mred: No such file or directory'],
  ])('%s', async (open, error) => {
    const result = await failure(open);
    expect(result.ending).toBe('open');
    expect(result.error).toContain(error);
  });

  it('name a socket that was given as a file, and the way out', async () => {
    const path = join(temporaryFolder(), 'a.sock');
    await listen(path, () => {});
    expect((await failure(path)).error).toBe(`${path}: is a socket; write unix://${path} to connect to it`);
  });

  it('name a file that may not be read', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.jsonl');
    writeFileSync(path, lines(0, 1), { mode: 0o200 });
    // Root reads everything: another user tries, who need not have access to this repository.
    const own = {
      ...build,
      plugin: join(folder, 'plugin.so'),
      programs: { ...build.programs, run_plugin: join(folder, 'run') },
    };
    copyFileSync(build.plugin, own.plugin);
    copyFileSync(build.programs.run_plugin, own.programs.run_plugin);
    chmodSync(folder, 0o755);
    const uid = process.getuid?.() === 0 ? NOBODY : undefined;
    for (const open of [path, `${path}?follow=true`, `${folder}?follow=true`]) {
      const { summary } = await capture(own, { open, uid });
      expect(summary).toMatchObject({ ending: 'open', error: `${path}: Permission denied` });
    }
  });
});

describe('init config', () => {
  const stdout = execFileSync(build.programs.check_plugin, [build.plugin, 'about'], { encoding: 'utf8' });
  const { schema } = JSON.parse(stdout) as { schema: { $schema?: string } };
  delete schema.$schema;
  const isValid = new Ajv().compile(schema);
  const oneRecord = () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, lines(0, 1));
    return path;
  };

  it.each([
    ['', undefined],
    [{}, undefined],
    [{ max_record_bytes: 1024, poll_ms: 1, batch_records: 1, sanitize: true }, undefined],
    [{ max_record_bytes: 1_048_576, poll_ms: 100, batch_records: 4096, sanitize: false }, undefined],
    [{ max_record_bytes: 1023 }, 'max_record_bytes must be an integer from 1024 to 1048576'],
    [{ max_record_bytes: 1_048_577 }, 'max_record_bytes must be an integer'],
    [{ max_record_bytes: -5 }, 'max_record_bytes must be an integer'],
    [{ max_record_bytes: 2048.5 }, 'max_record_bytes must be an integer'],
    [{ max_record_bytes: '2048' }, 'max_record_bytes must be an integer'],
    [{ poll_ms: 0 }, 'poll_ms must be an integer from 1 to 100'],
    [{ poll_ms: 101 }, 'poll_ms must be an integer'],
    [{ batch_records: 0 }, 'batch_records must be an integer from 1 to 4096'],
    [{ batch_records: 4097 }, 'batch_records must be an integer'],
    [{ sanitize: 1 }, 'sanitize must be true or false'],
    [{ sanitise: true }, 'unknown setting "sanitise"; there are max_record_bytes'],
    [[], 'not a JSON object'],
  ])('%j', async (config, error) => {
    const { summary } = await capture(build, { open: oneRecord(), config });
    expect(summary.ending).toBe(error === undefined ? 'eof' : 'init');
    if (error !== undefined) expect(summary.error).toContain(`init config: ${error}`);
    // A host checks the same by the schema.
    if (config !== '') expect(isValid(config)).toBe(error === undefined);
  });

  it('that is no JSON', async () => {
    expect((await failure(oneRecord(), '{poll_ms: 1}')).error).toMatch(
      /^init config: not JSON: .* at byte \d+$/,
    );
  });
});

describe('a file, read once', () => {
  it('is read to its end, with a last line that has none', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, lines(0, 1000).trimEnd());
    const run = await capture(build, { open: path });
    expect(run.values).toEqual(ids(0, 1000));
    expect(run.summary).toMatchObject({ ending: 'eof', percent: 10_000, timeouts: 0 });
    expect(run.summary.progress).toMatch(/^(\d+) of \1 bytes$/);
  });

  it.each([
    ['file://', (path: string) => `file://${path.replaceAll('?', '%3F').replaceAll(' ', '%20')}`],
    ['a path alone', (path: string) => path.replace(/\?/, '_')],
  ])('by %s', async (_, open) => {
    const path = join(temporaryFolder(), 'a b?c.jsonl');
    writeFileSync(path, lines(0, 3));
    writeFileSync(path.replace(/\?/, '_'), lines(0, 3));
    expect((await capture(build, { open: open(path) })).values).toEqual(ids(0, 3));
  });

  it('says how far it is', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, lines(0, 4000));
    const { summary } = await capture(build, { open: path, events: 2000 });
    expect(summary.percent).toBeGreaterThan(4000);
    expect(summary.percent).toBeLessThan(7000);
  });

  it('ends though nothing in it is a record', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, 'x\n'.repeat(400_000));
    const { summary } = await capture(build, { open: path });
    expect(summary).toMatchObject({ ending: 'eof', events: 0, metrics: { skipped_broken_json: 400_000 } });
  });

  it('tells how late its records are', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    const timestamp = (BigInt(Date.now()) - 5000n) * 1_000_000n;
    writeFileSync(
      path,
      `${JSON.stringify(record()).replace(/"timestamp":\d+/, `"timestamp":${timestamp}`)}\n`,
    );
    const { lag_ms } = (await capture(build, { open: path })).summary.metrics;
    expect(lag_ms).toBeGreaterThanOrEqual(4999);
    expect(lag_ms).toBeLessThan(60_000);
  });
});

describe('a folder, read once', () => {
  it('is read in the order of names', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.jsonl'), lines(0, 5).trimEnd());
    writeFileSync(join(folder, 'b.jsonl'), '');
    writeFileSync(join(folder, 'c.jsonl'), lines(5, 5).trimEnd());
    writeFileSync(join(folder, 'd.jsonl'), lines(10, 5));
    writeFileSync(join(folder, 'd.jsonl.1'), lines(900, 5));
    writeFileSync(join(folder, '.hidden.jsonl'), lines(900, 5));
    mkdirSync(join(folder, 'e.jsonl'));
    const run = await capture(build, { open: folder });
    expect(run.values).toEqual(ids(0, 15));
    expect(run.summary.ending).toBe('eof');
  });
});

describe('standard input', () => {
  it('is read to its end', async () => {
    const run = await capture(build, { open: '-' }, lines(0, 500).trimEnd());
    expect(run.values).toEqual(ids(0, 500));
    expect(run.summary.ending).toBe('eof');
  });

  it('gives each line when it comes, and can be stopped while it waits', async () => {
    const run = new Capture(build, { open: '-' });
    run.child.stdin.write(lines(0, 1).slice(0, 40));
    await sleep(100);
    run.child.stdin.write(lines(0, 2).slice(40));
    await run.waitForEvents(2);
    const summary = await run.stop();
    expect(summary).toMatchObject({ ending: 'stopped', events: 2 });
    expect(summary.timeouts).toBeGreaterThan(0);
  });
});

describe('a named pipe', () => {
  it.each([
    ["to its writer's end", '', 'eof'],
    ['over several writers', '?follow=true', 'stopped'],
  ])('%s', async (_, options, ending) => {
    const path = join(temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [path]);
    const run = new Capture(build, { open: `${path}${options}` });
    await sleep(100);
    writeFileSync(path, lines(0, 5));
    await run.waitForEvents(5);
    if (ending === 'stopped') {
      writeFileSync(path, lines(5, 5));
      await run.waitForEvents(10);
    }
    const summary = await (ending === 'stopped' ? run.stop() : run.end());
    expect(summary.ending).toBe(ending);
    expect(summary.cpuMs / summary.wallMs).toBeLessThan(0.5);
  });
});

async function listen(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  return server;
}

describe('a socket', () => {
  const newPath = () => join(temporaryFolder(), 'feed.sock');

  it('is read until the other side ends', async () => {
    const path = newPath();
    await listen(path, (socket) => socket.end(lines(0, 5000).trimEnd()));
    const run = await capture(build, { open: `unix://${path}` });
    expect(run.values).toEqual(ids(0, 5000));
    expect(run.summary.ending).toBe('eof');
  });

  it('is connected to again, however often it is lost', async () => {
    const path = newPath();
    const run = new Capture(build, { open: `unix://${path}?follow=true` });
    await sleep(100);
    for (let round = 0; round < 3; round++) {
      const server = await listen(path, (socket) => {
        socket.on('error', () => {});
        // The half line of a connection that was lost is not the beginning of the next one's first.
        socket.write(lines(round * 10, 10) + lines(900, 1).slice(0, 30), () => socket.destroy());
        server.close();
      });
      await run.waitForEvents(round * 10 + 10);
      rmSync(path, { force: true });
    }
    const summary = await run.stop();
    expect(run.values).toEqual(ids(0, 30));
    expect(summary.metrics.reconnects).toBe(2);
    expect(summary.metrics.skipped_broken_json).toBeGreaterThanOrEqual(2);
  });

  it('is waited for without work', async () => {
    const path = newPath();
    await listen(path, () => {});
    const run = new Capture(build, { open: `unix://${path}?follow=true` });
    await sleep(1000);
    const summary = await run.stop();
    expect(summary.ending).toBe('stopped');
    expect(summary.cpuMs / summary.wallMs).toBeLessThan(0.2);
  });
});

describe('the text of an event', () => {
  it.each([
    [
      { tool_name: 'write_file', outcome: 'ok', duration_ms: 12.5, effect_count: 3, coverage: 'full' },
      'call tools/call write_file ok 12.5 ms effects=3 session=s.1',
    ],
    [
      { record: undefined, outcome: 'error', coverage: 'none' },
      'call tools/call error coverage=none session=s.1',
    ],
    [
      {
        record: 'effect',
        effect: 'exec',
        path: '/bin/sh',
        result: 'ok',
        attribution: 'descendant',
        pid: 7,
        comm: 'sh',
      },
      'effect exec /bin/sh descendant pid=7 comm=sh session=s.1',
    ],
    [
      {
        record: 'effect',
        effect: 'connect',
        ip: '::1',
        port: 80,
        result: 'ECONNREFUSED',
        attribution: 'tail',
      },
      'effect connect [::1]:80 ECONNREFUSED tail session=s.1',
    ],
    [
      {
        record: 'effect',
        effect: 'rename',
        path: '/a',
        new_path: '/b',
        result: 'ok',
        contradiction: 'read_only_wrote',
      },
      'effect rename /a to=/b contradiction=read_only_wrote session=s.1',
    ],
    [
      { record: 'session', session_event: 'end', server_name: 'x', call_count: 2, end_reason: 'signal' },
      'session end server=x client=client calls=2 reason=signal session=s.1',
    ],
    [
      { record: 'status', status_event: 'loss', observer_mode: 'kernel', lost_reason: 'ring_full' },
      'status loss mode=kernel lost=ring_full session=s.1',
    ],
    [{ tool_name: 'a\u001b[31m\nb', outcome: '' }, 'call tools/call a\\x1b[31m\\nb session=s.1'],
  ])('%j', async (fields, text) => {
    const run = await capture(
      build,
      { open: '-', text: true, config: { sanitize: false } },
      `${JSON.stringify(record(fields))}\n`,
    );
    expect(run.lines).toEqual([text]);
  });
});
