/** Builds the plugin and a small host for it, and runs captures. */
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { root } from '../../contract/repository.ts';

const execute = promisify(execFile);

interface Builder {
  readonly plugin: string;
  buildPlugin(): Promise<void>;
  compilePlugin(options: { folder: string; flags: readonly string[] }): Promise<string[]>;
  linkPlugin(options: { objects: string[]; output: string; flags: readonly string[] }): Promise<void>;
}
interface Lock {
  withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T>;
}
// The set-up's scripts are plain JavaScript: their types stand here.
const buildModule = join(root, 'scripts/build-plugin.mjs');
const lockModule = join(root, 'scripts/setup/lock.mjs');
const { buildPlugin, compilePlugin, linkPlugin, plugin } = (await import(buildModule)) as Builder;
const { withLock } = (await import(lockModule)) as Lock;

export const SANITIZERS = [
  '-O1',
  '-g',
  '-fno-omit-frame-pointer',
  '-fsanitize=address,undefined',
  '-fno-sanitize-recover=all',
];

export interface Build {
  readonly name: 'release' | 'sanitized';
  /** Path of the plugin. */
  readonly plugin: string;
  /** Paths of the programs that load it, by their names. */
  readonly programs: { readonly run_plugin: string; readonly check_plugin: string };
}

const PROGRAMS = ['run_plugin', 'check_plugin'] as const;
const folder = join(root, 'build/plugin-tests');

function digestOf(flags: readonly string[]): string {
  const hash = createHash('sha256').update(flags.join(' '));
  for (const path of ['native/plugin', 'test/native/plugin']) {
    for (const name of readdirSync(join(root, path)).sort()) {
      if (/\.(h|cc|version)$/.test(name)) hash.update(name).update(readFileSync(join(root, path, name)));
    }
  }
  return hash.digest('hex');
}

async function make(name: Build['name']): Promise<Build> {
  const own = join(folder, name);
  const flags = name === 'sanitized' ? SANITIZERS : ['-O2'];
  const programs = { run_plugin: join(own, 'run_plugin'), check_plugin: join(own, 'check_plugin') };
  const build = { name, plugin: name === 'release' ? plugin : join(own, 'libmcp_audit.so'), programs };
  const stamp = join(own, 'stamp');
  const digest = digestOf(flags);
  if (name === 'release') await buildPlugin();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return build;
  rmSync(stamp, { force: true });
  mkdirSync(own, { recursive: true });
  if (name === 'sanitized') {
    const objects = await compilePlugin({ folder: own, flags });
    await linkPlugin({ objects, output: build.plugin, flags });
  }
  for (const program of PROGRAMS) {
    const source = join(import.meta.dirname, `${program}.cc`);
    const warnings = ['-Wall', '-Wextra', '-Werror'];
    await execute('g++', ['-std=c++17', ...warnings, ...flags, source, '-o', programs[program], '-ldl']);
  }
  writeFileSync(stamp, digest);
  return build;
}

/** The plugin as it is shipped, or with sanitizers; built when its sources have changed. */
export async function provideBuild(name: Build['name']): Promise<Build> {
  mkdirSync(folder, { recursive: true });
  return withLock(
    join(folder, `${name}.lock`),
    () => {},
    () => make(name),
  );
}

export interface Summary {
  readonly ending: 'eof' | 'failure' | 'stopped' | 'open' | 'init';
  readonly error: string;
  readonly events: number;
  readonly timeouts: number;
  readonly longestCallMs: number;
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly progress: string;
  readonly percent: number;
  readonly metrics: Readonly<Record<string, number>>;
}

export interface CaptureOptions {
  readonly open: string;
  readonly config?: object | string;
  /** Names without `mcp.`; all fields in the schema's order where it is `all`. */
  readonly fields?: readonly string[] | 'all';
  readonly text?: boolean;
  readonly quiet?: boolean;
  /** Ends after so many events. */
  readonly events?: number;
  /** The user that it runs as, else ours. */
  readonly uid?: number | undefined;
}

/** A running capture. */
export class Capture {
  readonly child: ChildProcessWithoutNullStreams;
  #out = '';
  #error = '';
  readonly #closed: Promise<number | null>;

  constructor(build: Build, options: CaptureOptions) {
    const config = typeof options.config === 'object' ? JSON.stringify(options.config) : options.config;
    const fields = options.fields === 'all' ? 'all' : (options.fields ?? ['call_id']).join(',');
    const args = [build.plugin, '--open', options.open, '--fields', fields];
    if (config !== undefined) args.push('--config', config);
    if (options.text) args.push('--text');
    if (options.quiet) args.push('--quiet');
    if (options.events !== undefined) args.push('--events', String(options.events));
    this.child = spawn(build.programs.run_plugin, args, {
      stdio: 'pipe',
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#out += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#error += text;
    });
    this.child.stdin.on('error', () => {});
    this.#closed = new Promise((resolve, reject) => {
      this.child.once('error', reject).once('close', resolve);
    });
    onTestFinished(() => void this.child.kill('SIGKILL'));
  }

  /** What it has written so far, a line each. */
  get lines(): string[] {
    return this.#out.split('\n').slice(0, -1);
  }

  /** The events' values so far. */
  get values(): unknown[][] {
    return this.lines.map((line) => JSON.parse(line) as unknown[]);
  }

  async waitForEvents(count: number, timeoutMs = 20_000): Promise<void> {
    const endMs = performance.now() + timeoutMs;
    while (this.lines.length < count) {
      if (this.child.exitCode !== null) throw new Error(`the capture has ended: ${this.#error}`);
      if (performance.now() > endMs)
        throw new Error(`${this.lines.length} events of ${count}; ${this.#error}`);
      await sleep(10);
    }
  }

  /** Resolves when it has ended by itself. */
  async end(): Promise<Summary> {
    await this.#closed;
    const last = this.#error.trimEnd().split('\n').at(-1) ?? '';
    try {
      return JSON.parse(last) as Summary;
    } catch {
      throw new Error(`the host has failed: ${this.#error || this.child.signalCode}`);
    }
  }

  stop(): Promise<Summary> {
    this.child.kill('SIGTERM');
    return this.end();
  }
}

/** Runs a capture to its end. */
export async function capture(
  build: Build,
  options: CaptureOptions,
  stdin = '',
): Promise<Capture & { summary: Summary }> {
  const running = new Capture(build, options);
  running.child.stdin.end(stdin);
  const summary = await running.end();
  return Object.assign(running, { summary });
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mcp-plugin-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A record with what every record has. */
export const record = (fields: object = {}) => ({
  schema_version: '1',
  record: 'call',
  timestamp: 1_795_222_660_006_796,
  session_id: 's.1',
  client_process: 'client',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: 'tools/call',
  ...fields,
});

/** Records with call ids from `first` on, as lines. */
export const lines = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify(record({ call_id: `c.${first + i}` }))}\n`).join(
    '',
  );

/** What {@link lines} makes of the call ids. */
export const ids = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => [`c.${first + i}`]);
