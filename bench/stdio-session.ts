/** A client with one call in flight, made to measure: it looks for line ends and parses nothing. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const NEWLINE = 10;

/** A tools/call message of about this many bytes. */
export function callMessage(id: number, bytes: number): string {
  const message = (text: string) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'echo', arguments: { text } } })}\n`;
  return message('x'.repeat(Math.max(0, bytes - message('').length)));
}

export class StdioSession {
  readonly #child: ChildProcess;
  #nextId = 1;
  #onLine: (() => void) | undefined;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#child = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    });
    this.#child.stdout!.on('data', (chunk: Buffer) => {
      if (chunk.at(-1) === NEWLINE) this.#onLine?.();
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Milliseconds from writing a request until its response's end was read. */
  async call(bytes: number): Promise<number> {
    const message = callMessage(this.#nextId++, bytes);
    const startedMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      this.#onLine = resolve;
      this.#child.once('exit', reject);
      this.#child.stdin!.write(message, () => this.#child.off('exit', reject));
    });
    return performance.now() - startedMs;
  }

  async calls(count: number, bytes: number): Promise<number[]> {
    const timesMs: number[] = [];
    for (let i = 0; i < count; i++) timesMs.push(await this.call(bytes));
    return timesMs;
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.stdin!.end();
    await exited;
  }
}
