import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord, EffectRecord, McpRecord } from '../../src/record/record.gen.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import {
  type Client,
  callsOf,
  DEMO_SERVER,
  effectsOf,
  OBSERVER,
  readRecords,
  startClient,
  temporaryFolder,
} from './harness.ts';

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const reason = kernelUnavailableReason();

describe.skipIf(reason !== undefined)('kernel: effects of a traced server', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let client: Client;
  let out: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    out = join(folder.path, 'records.jsonl');
    client = await startClient([process.execPath, OBSERVER, 'trace', '--out', out, '--', ...DEMO_SERVER]);
  });

  afterEach(async () => {
    client.process.kill('SIGTERM');
    await client.close();
    folder.remove();
  });

  const finish = async (): Promise<McpRecord[]> => {
    expect(await client.close()).toBe(0);
    return readRecords(out);
  };
  const callOf = (records: McpRecord[], tool: string): CallRecord => {
    const found = callsOf(records).filter((call) => call.tool_name === tool);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const onPath = (records: McpRecord[], path: string): EffectRecord[] =>
    effectsOf(records).filter((effect) => effect.path === path);

  it('a shell: exec, opening, writing and exit belong to its call', async () => {
    const path = join(folder.path, 'shell.txt');
    await client.callTool('run_shell', { path });
    const records = await finish();
    const call = callOf(records, 'run_shell');
    const own = effectsOf(records).filter((effect) => effect.call_id === call.call_id);
    expect(own.every(({ attribution }) => ['descendant', 'exclusive'].includes(attribution))).toBe(true);
    expect(own.map((effect) => effect.effect)).toEqual(
      expect.arrayContaining(['fork', 'exec', 'open_write', 'write', 'exit']),
    );
    expect(own.find((effect) => effect.effect === 'exec')?.exec_args).toEqual([
      'sh',
      '-c',
      'echo hi > "$1"; true',
      'sh',
      path,
    ]);
    expect(onPath(records, path)).toMatchObject([
      { effect: 'open_write', result: 'ok' },
      { effect: 'write', bytes: 3, event_count: 1 },
    ]);
    expect(call).toMatchObject({ exec_count: 1, write_count: 1, written_paths: [path], coverage: 'full' });
  });

  it('a refused connect shows its errno', async () => {
    const port = await closedPort();
    await client.callTool('fetch_local', { port });
    const records = await finish();
    const { call_id } = callOf(records, 'fetch_local');
    expect(effectsOf(records).filter((effect) => effect.effect === 'connect')).toMatchObject([
      { call_id, ip: '127.0.0.1', port, result: 'ECONNREFUSED', errno: 111, attribution: 'exclusive' },
    ]);
  });

  it('a daemonised child that writes 2 s after the response stays with its call', async () => {
    const path = join(folder.path, 'daemon.txt');
    await client.callTool('daemonise', { path, delay_ms: 2000 });
    await client.callTool('sleep', { delay_ms: 2600 });
    const records = await finish();
    const { call_id } = callOf(records, 'daemonise');
    expect(onPath(records, path)).toMatchObject([
      { effect: 'open_write', call_id, attribution: 'descendant' },
      { effect: 'write', call_id, attribution: 'descendant' },
    ]);
    expect(callOf(records, 'sleep').effect_count).toBe(0);
  });

  it("a stream's write that lands inside the next request stays with the call that opened it", async () => {
    const path = join(folder.path, 'late.txt');
    await client.callTool('answer_first', { path, delay_ms: 60 });
    await client.callTool('sleep', { delay_ms: 300 });
    const records = await finish();
    const first = callOf(records, 'answer_first');
    const second = callOf(records, 'sleep');
    const write = onPath(records, path).find((effect) => effect.effect === 'write')!;
    expect(write).toMatchObject({ call_id: first.call_id, attribution: 'descriptor' });
    expect(write.ktime_ns > second.started_ktime_ns! && write.ktime_ns < second.ktime_ns).toBe(true);
    expect(second.effect_count).toBe(0);
  });

  it.each([
    { delayMs: 60, attribution: 'tail' },
    { delayMs: 600, attribution: 'idle' },
  ])(
    'an effect between calls, $delayMs ms after the response, is $attribution',
    async ({ delayMs, attribution }) => {
      const path = join(folder.path, 'unsolicited.txt');
      await client.callTool('wake_up_later', { path, delay_ms: delayMs });
      await sleep(delayMs + 300);
      await client.callTool('sleep', { delay_ms: 1 });
      const records = await finish();
      const [opened] = onPath(records, path);
      expect(opened).toMatchObject({ effect: 'open_write', attribution });
      expect(opened?.call_id).toBe(
        attribution === 'tail' ? callOf(records, 'wake_up_later').call_id : undefined,
      );
    },
  );

  it('200 calls in sequence attribute right, all of them', async () => {
    const port = await closedPort();
    const truth: { tool: string; path: string }[] = [];
    for (let i = 0; i < 200; i++) {
      const path = join(folder.path, `file-${i}.txt`);
      const tool = ['run_shell', 'summarize', 'fetch_local', 'sleep'][i % 4]!;
      await client.callTool(tool, { path, port, delay_ms: 1 });
      truth.push({ tool, path });
    }
    const records = await finish();
    const calls = callsOf(records).filter((call) => call.method === 'tools/call');
    expect(calls.map((call) => call.tool_name)).toEqual(truth.map(({ tool }) => tool));
    const wrong: string[] = [];
    truth.forEach(({ tool, path }, i) => {
      const { call_id } = calls[i]!;
      const own = effectsOf(records).filter((effect) => effect.call_id === call_id);
      const expected = {
        run_shell: ['exec', 'exit', 'fork', 'open_write', 'write'],
        summarize: ['open_write', 'write'],
        fetch_local: ['connect'],
        sleep: [],
      }[tool]!;
      if (
        own
          .map(({ effect }) => effect)
          .sort()
          .join() !== expected.join()
      )
        wrong.push(`${i} ${tool}`);
      if (onPath(records, path).some((effect) => effect.call_id !== call_id)) wrong.push(`${i} ${path}`);
    });
    expect(wrong).toEqual([]);
  });
});
