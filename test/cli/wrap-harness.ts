/** Runs mcp-audit-wrap as a client would, in a temp folder that is removed afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decodeRecord } from '../../src/record/encode.ts';
import type { CallRecord, McpRecord, SessionRecord } from '../../src/record/record.gen.ts';

export const WRAP = fileURLToPath(new URL('../../src/cli/mcp-audit-wrap.ts', import.meta.url));

export interface WrapRun {
  readonly child: ChildProcess;
  /** Standard output so far; grows. */
  readonly output: Buffer[];
  readonly errors: () => string;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Resolves at the end of standard output and the exit. */
  finish(): Promise<{ code: number | null; signal: NodeJS.Signals | null; output: Buffer; errors: string }>;
}

export class Sandbox {
  readonly folder = mkdtempSync(join(tmpdir(), 'mcp-wrap-'));
  readonly sink = join(this.folder, 'records.jsonl');
  readonly #children: ChildProcess[] = [];
  readonly #env: NodeJS.ProcessEnv;

  /** `env` is for every command. */
  constructor(env: NodeJS.ProcessEnv = {}) {
    this.#env = env;
  }

  /** `read: false` leaves standard output unread until {@link WrapRun.finish}. */
  start(
    command: readonly string[],
    { options = ['--sink', this.sink], env = {}, read = true, shell = '' } = {},
  ): WrapRun {
    const argv = [process.execPath, WRAP, ...options, '--', ...command];
    const [file, ...args] = shell === '' ? argv : ['sh', '-c', `${shell}; exec "$@"`, 'sh', ...argv];
    const child = spawn(file!, args, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, MCP_OBSERVER_STATE_DIR: join(this.folder, 'state'), ...this.#env, ...env },
    });
    this.#children.push(child);
    const output: Buffer[] = [];
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.stdin.on('error', () => {});
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
      child.once('exit', (code, signal) => resolve({ code, signal })),
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    const readAll = () => child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    if (read) readAll();
    return {
      child,
      output,
      errors: () => errors,
      exited,
      async finish() {
        if (!read) readAll();
        await ended;
        return { ...(await exited), output: Buffer.concat(output), errors };
      },
    };
  }

  /** Gives the input, closes it, and waits for the end. */
  async run(command: readonly string[], input: Buffer | string, options = {}) {
    const run = this.start(command, options);
    run.child.stdin!.end(input);
    return run.finish();
  }

  records(path = this.sink): McpRecord[] {
    if (!existsSync(path)) return [];
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map(decodeRecord);
  }

  calls(): CallRecord[] {
    return this.records().filter((record) => record.record === 'call');
  }

  end(): SessionRecord {
    const end = this.records().find(
      (record) => record.record === 'session' && record.session_event === 'end',
    );
    if (end === undefined) throw new Error('the session has no end');
    return end as SessionRecord;
  }

  clean(): void {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function until(condition: () => boolean, withinMs = 10_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`did not come true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Whether the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
