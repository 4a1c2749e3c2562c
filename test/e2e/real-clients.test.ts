/** Real clients and servers of others: the wrapped server is the same for them, and the records are right. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord, EffectRecord } from '../../src/record/record.gen.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import { callsOf, effectsOf, OBSERVER, readRecords, temporaryFolder, WRAPPER } from './harness.ts';
import { npmTool, TOOL_NODE } from './private-tools.ts';

const packages = fileURLToPath(new URL('../../node_modules/@modelcontextprotocol', import.meta.url));
const EVERYTHING = [process.execPath, join(packages, 'server-everything/dist/index.js'), 'stdio'];
const FILESYSTEM = [process.execPath, join(packages, 'server-filesystem/dist/index.js')];

const inspector = await npmTool(
  '@modelcontextprotocol/inspector',
  '2.12.0',
  'clients/launcher/build/index.js',
);
const noKernel = kernelUnavailableReason();

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

interface Output {
  readonly status: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

/** The Inspector's answer to one method; it keeps its own state in the test's folder. */
function inspect(server: readonly string[], options: readonly string[]): Promise<Output> {
  const args = [inspector.path, '--cli', ...options, '--', ...server];
  const env = { ...process.env, HOME: folder.path, MCP_OBSERVER_STATE_DIR: folder.path, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(TOOL_NODE, args, { env, maxBuffer: 8 << 20 }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}

const brief = ({ method, tool_name, outcome }: CallRecord): string =>
  [method, tool_name, outcome].filter((part) => part !== undefined).join(' ');

const HANDSHAKE = ['initialize ok', 'notifications/initialized ok', 'logging/setLevel ok'];
const tool = (name: string, ...args: string[]): string[] => [
  '--method',
  'tools/call',
  '--tool-name',
  name,
  ...args.flatMap((arg) => ['--tool-arg', arg]),
];

describe.skipIf(inspector.reason !== undefined)('the MCP Inspector with server-everything', () => {
  it.each([
    {
      what: 'lists tools',
      options: ['--method', 'tools/list'],
      status: 0,
      says: '"name": "get-sum"',
      calls: ['tools/list ok'],
    },
    {
      what: 'calls echo',
      options: tool('echo', 'message=grüße "world" 🌍'),
      status: 0,
      says: 'Echo: grüße \\"world\\" 🌍',
      calls: ['tools/list ok', 'tools/call echo ok'],
    },
    {
      what: 'calls get-sum',
      options: tool('get-sum', 'a=3', 'b=39'),
      status: 0,
      says: 'is 42.',
      calls: ['tools/list ok', 'tools/call get-sum ok'],
    },
    {
      what: 'calls get-sum with what is no number',
      options: tool('get-sum', 'a=x', 'b=2'),
      status: 5,
      says: '"isError": true',
      calls: ['tools/list ok', 'tools/call get-sum tool_error'],
    },
    {
      what: 'reads a resource that does not exist',
      options: ['--method', 'resources/read', '--uri', 'demo://nowhere'],
      status: 1,
      says: '',
      calls: ['resources/read error'],
    },
  ])(
    '$what: same output as direct, and exactly its calls on record',
    async (row) => {
      const { options, status, says, calls } = row;
      const wrapOut = join(folder.path, 'wrap.jsonl');
      const traceOut = join(folder.path, 'trace.jsonl');
      const [direct, wrapped, traced] = await Promise.all([
        inspect(EVERYTHING, options),
        inspect([process.execPath, WRAPPER, '--sink', wrapOut, '--', ...EVERYTHING], options),
        inspect(
          [process.execPath, OBSERVER, 'trace', '--quiet', '--out', traceOut, '--', ...EVERYTHING],
          options,
        ),
      ]);
      expect(direct.status).toBe(status);
      expect(direct.stdout).toContain(says);
      expect(wrapped).toEqual(direct);
      expect(traced).toEqual(direct);
      for (const out of [wrapOut, traceOut]) {
        const made = callsOf(readRecords(out)).filter(({ direction }) => direction === 'client_to_server');
        expect(made.map(brief)).toEqual([...HANDSHAKE, ...calls]);
        expect(new Set(made.map(({ client_process }) => client_process))).toEqual(new Set(['node']));
      }
    },
    120_000,
  );
});

describe.skipIf(noKernel !== undefined)('kernel: server-filesystem under the SDK client', () => {
  let client: Client;
  let data: string;
  let out: string;

  beforeEach(async () => {
    data = join(folder.path, 'data');
    out = join(folder.path, 'records.jsonl');
    mkdirSync(data);
    const trace = [OBSERVER, 'trace', '--reads', '--out', out, '--', ...FILESYSTEM, data];
    client = new Client({ name: 'test', version: '1' });
    await client.connect(new StdioClientTransport({ command: process.execPath, args: trace }));
    await client.listTools();
  });
  afterEach(() => client.close());

  const call = async (name: string, args: Record<string, unknown>): Promise<void> => {
    const answer = await client.callTool({ name, arguments: args });
    expect(answer.isError, JSON.stringify(answer.content)).not.toBe(true);
  };
  const finish = async (): Promise<{ calls: CallRecord[]; effects: EffectRecord[] }> => {
    await client.close();
    const records = readRecords(out);
    return {
      calls: callsOf(records).filter(({ method }) => method === 'tools/call'),
      effects: effectsOf(records).filter(({ path }) => path?.startsWith(`${data}/`)),
    };
  };

  it('writing shows path and bytes, reading shows what was read', async () => {
    const path = join(data, 'note.txt');
    const content = 'eine Größe: 8 µm\n';
    await call('write_file', { path, content });
    await call('read_text_file', { path });
    const { calls, effects } = await finish();
    const [write, read] = calls as [CallRecord, CallRecord];
    const bytes = Buffer.byteLength(content);
    const mine = { call_id: write.call_id, path, result: 'ok', attribution: 'exclusive', coverage: 'full' };
    expect(effects).toMatchObject([
      { ...mine, effect: 'open_write', tool_name: 'write_file' },
      { ...mine, effect: 'write', bytes, event_count: 1 },
      { ...mine, effect: 'open_read', call_id: read.call_id, tool_name: 'read_text_file' },
    ]);
    expect(effects).toHaveLength(3);
    expect(write).toMatchObject({ written_bytes: bytes, written_paths: [path], open_read_count: 0 });
    expect(read).toMatchObject({ write_count: 0, open_write_count: 0, read_paths: [path], coverage: 'full' });
    expect(read.open_read_count).toBeGreaterThanOrEqual(1);
  });

  it('200 calls in sequence: every effect belongs to the call that named its path', async () => {
    const kinds = ['write', 'read', 'list', 'overwrite'] as const;
    const expected: Record<(typeof kinds)[number], string[]> = {
      write: ['open_write', 'write'],
      read: ['open_read'],
      list: ['open_read'],
      // An existing file is written beside, and then renamed over it.
      overwrite: ['open_write', 'write', 'rename'],
    };
    const indices = Array.from({ length: 200 }, (_, i) => i);
    const pathOf = (i: number): string => join(data, `${i}-file`);
    for (const i of indices) {
      const path = pathOf(i);
      const kind = kinds[i % 4]!;
      const content = 'x'.repeat(1 + i * 37);
      if (kind === 'list') mkdirSync(path);
      else if (kind !== 'write') writeFileSync(path, 'before');
      if (kind === 'read') await call('read_text_file', { path });
      else if (kind === 'list') await call('list_directory', { path });
      else await call('write_file', { path, content });
    }
    const { calls, effects } = await finish();
    expect(calls).toHaveLength(indices.length);
    const told = indices.map((i) => {
      const own = effects.filter(({ call_id }) => call_id === calls[i]!.call_id);
      const written = own.reduce((sum, { effect, bytes }) => sum + (effect === 'write' ? bytes! : 0), 0);
      return `${i} ${own.map(({ effect }) => effect).join()} ${written}`;
    });
    expect(told).toEqual(
      indices.map((i) => `${i} ${expected[kinds[i % 4]!].join()} ${[0, 3].includes(i % 4) ? 1 + i * 37 : 0}`),
    );
    const misplaced = effects.filter(
      ({ path, call_id }) => call_id !== calls[Number.parseInt(path!.slice(data.length + 1), 10)]?.call_id,
    );
    expect(misplaced).toEqual([]);
    expect(new Set(effects.map(({ attribution }) => attribution))).toEqual(new Set(['exclusive']));
    expect(new Set(calls.map(({ coverage }) => coverage))).toEqual(new Set(['full']));
  });
});
