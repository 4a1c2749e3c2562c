/** Effects of a real server that works on files, call by call. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord, EffectRecord } from '../../src/record/record.gen.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import { callsOf, effectsOf, OBSERVER, readRecords, temporaryFolder } from './harness.ts';

const filesystem = '../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js';
const FILESYSTEM = [process.execPath, fileURLToPath(new URL(filesystem, import.meta.url))];
const noKernel = kernelUnavailableReason();

describe.skipIf(noKernel !== undefined)('kernel: server-filesystem under the SDK client', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let client: Client;
  let data: string;
  let out: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    data = join(folder.path, 'data');
    out = join(folder.path, 'records.jsonl');
    mkdirSync(data);
    const trace = [OBSERVER, 'trace', '--reads', '--out', out, '--', ...FILESYSTEM, data];
    client = new Client({ name: 'test', version: '1' });
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args: trace, stderr: 'ignore' }),
    );
    await client.listTools();
  });
  afterEach(async () => {
    await client.close();
    folder.remove();
  });

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
    const expected = {
      write: 'open_write,write',
      read: 'open_read',
      // Folders are not files: opening one to list it is no effect.
      list: '',
      // What exists is not opened: a file is written beside it, and then renamed over it.
      overwrite: 'chmod,open_write,open_write,rename,write',
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
      return `${i} ${own
        .map(({ effect }) => effect)
        .sort()
        .join()} ${written}`;
    });
    expect(told).toEqual(
      indices.map((i) => `${i} ${expected[kinds[i % 4]!]} ${[0, 3].includes(i % 4) ? 1 + i * 37 : 0}`),
    );
    const misplaced = effects.filter(
      ({ path, call_id }) => call_id !== calls[Number.parseInt(path!.slice(data.length + 1), 10)]?.call_id,
    );
    expect(misplaced).toEqual([]);
    expect(new Set(effects.map(({ attribution }) => attribution))).toEqual(new Set(['exclusive']));
    expect(new Set(calls.map(({ coverage }) => coverage))).toEqual(new Set(['full']));
  });
});
