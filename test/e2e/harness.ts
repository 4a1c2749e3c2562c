/** Built commands run as a user runs them, with a plain JSON-RPC client on their stdin and stdout. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { decodeRecord } from '../../src/record/encode.ts';
import type { CallRecord, EffectRecord, McpRecord } from '../../src/record/record.gen.ts';
import { validateRecord } from '../../src/record/validate.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const OBSERVER = join(root, 'dist/cli/mcp-observer.js');
export const WRAPPER = join(root, 'dist/cli/mcp-audit-wrap.js');
export const DEMO_SERVER = [process.execPath, join(root, 'dist/testserver/demo-server.js')];

/** A folder of the test's own, by its real path; removed by the returned function. */
export function temporaryFolder(parent = tmpdir()): { path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(parent, 'mcp-observer-test-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** All records of a file; fails on one that the schema does not allow. */
export function readRecords(path: string): McpRecord[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const record = decodeRecord(line);
      const valid = validateRecord(record);
      if (!valid.ok) throw new Error(`invalid record: ${valid.errors.join('; ')}\n${line}`);
      return record;
    });
}

export const callsOf = (records: McpRecord[]): CallRecord[] => records.filter((r) => r.record === 'call');
/** In the order in which they happened; a coalesced write is written later than what came after it. */
export const effectsOf = (records: McpRecord[]): EffectRecord[] =>
  records.filter((r) => r.record === 'effect').sort((a, b) => Number(a.ktime_ns - b.ktime_ns));

export interface Client {
  readonly process: ChildProcess;
  /** What the command wrote on stderr so far. */
  stderr(): string;
  request(method: string, params?: object): Promise<unknown>;
  callTool(name: string, args?: object): Promise<{ isError?: boolean; content: { text: string }[] }>;
  /** Closes stdin and waits for the end. */
  close(): Promise<number | null>;
}

/** Starts a command that speaks MCP on stdio. Without `initialize`, nothing has been asked yet. */
export async function startClient(
  command: readonly string[],
  options: { env?: NodeJS.ProcessEnv; initialize?: boolean } = {},
): Promise<Client> {
  const [file, ...args] = command as [string, ...string[]];
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => {});
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line);
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(result);
    else waiter?.reject(new Error(error.message));
  });
  void exited.then((code) => {
    for (const { reject } of waiting.values()) reject(new Error(`ended with ${code}: ${stderr}`));
  });
  let lastId = 0;
  const request = (method: string, params: object = {}): Promise<unknown> => {
    const id = ++lastId;
    const answer = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    return answer;
  };
  const client: Client = {
    process: child,
    stderr: () => stderr,
    request,
    callTool: (name, callArgs = {}) =>
      request('tools/call', { name, arguments: callArgs }) as ReturnType<Client['callTool']>,
    close: () => {
      child.stdin.end();
      return exited;
    },
  };
  if (options.initialize === false) return client;
  await request('initialize', {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  });
  await request('tools/list');
  return client;
}

/** Polls until the check is true; fails loudly when it never is. */
export async function until(what: string, check: () => boolean, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!check()) {
    if (performance.now() > deadline) throw new Error(`did not happen in ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
