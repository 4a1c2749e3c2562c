/** A real client of others does not notice the wrapper, and its calls are on record. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallRecord } from '../../src/record/record.gen.ts';
import { callsOf, OBSERVER, readRecords, temporaryFolder, WRAPPER } from './harness.ts';
import { npmTool, TOOL_NODE } from './private-tools.ts';

const everything = '../../node_modules/@modelcontextprotocol/server-everything/dist/index.js';
const EVERYTHING = [process.execPath, fileURLToPath(new URL(everything, import.meta.url)), 'stdio'];

const inspector = await npmTool(
  '@modelcontextprotocol/inspector',
  '2.12.0',
  'clients/launcher/build/index.js',
);

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
