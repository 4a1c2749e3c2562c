/**
 * sysdig from Debian sid as a host of the plugin: Falco's own libraries, without Falco. It is kept in
 * a folder that git ignores and runs on the C library that it came with.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { provide } from '../../e2e/private-tools.ts';
import { debianUnavailableReason, unpackDebianRoot } from './debian-root.ts';

export interface SysdigResult {
  /** Null where a signal ended it. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface SysdigOptions {
  /** What it reads on standard input; nothing by default. */
  readonly input?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  /** It is ended after this long; 60 s by default. */
  readonly timeoutMs?: number;
}

export interface Sysdig {
  readonly version: string;
  /** Program and first arguments of a command line that runs it. */
  readonly command: readonly [string, ...string[]];
  /**
   * Runs it to its end. It ends with status 0 also where a plugin failed while it was read:
   * `stderr` has to be looked at.
   */
  run(args: readonly string[], options?: SysdigOptions): Promise<SysdigResult>;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));
export const PLUGIN_PATH = join(root, 'build/Release/libmcp_audit.so');

const SUITE = 'sid';
/** The first one with the libraries of Falco 0.44. */
const MINIMUM_VERSION = [0, 41, 4];
const DEFAULT_TIMEOUT_MS = 60_000;
const ENTRY = 'usr/bin/sysdig';

const execute = promisify(execFile);
let known: Promise<Sysdig | { readonly reason: string }> | undefined;

/**
 * sysdig, unpacked on first use, or why it can't be had here; the reason is printed. In CI on a
 * Debian machine it throws instead, for there is no reason not to have it.
 */
export function provideSysdig(): Promise<Sysdig | { readonly reason: string }> {
  known ??= install();
  return known;
}

async function install(): Promise<Sysdig | { readonly reason: string }> {
  const unavailable = debianUnavailableReason();
  if (unavailable !== undefined) {
    console.log(`skipped: ${unavailable}`);
    return { reason: unavailable };
  }
  const tool = await provide('sysdig', `sysdig of Debian ${SUITE}`, ENTRY, (folder) =>
    unpackDebianRoot({ folder, suite: SUITE, packageName: 'sysdig', dependencies: true }),
  );
  if (tool.reason !== undefined) return { reason: tool.reason };
  const sysdig = describe(tool.path.slice(0, -ENTRY.length), tool.path);
  const { stdout } = await execute(sysdig[0], [...sysdig.slice(1), '--version']);
  const version = /(\d+)\.(\d+)\.(\d+)/.exec(stdout);
  if (version === null) throw new Error(`sysdig says no version: ${stdout.trim()}`);
  const parts = version.slice(1).map(Number);
  if (compare(parts, MINIMUM_VERSION) < 0) {
    throw new Error(`sysdig ${version[0]} is older than ${MINIMUM_VERSION.join('.')}; remove ${tool.path}`);
  }
  console.error(`plugin host: sysdig ${version[0]}`);
  return {
    version: version[0],
    command: sysdig,
    run: (args, options) => run(sysdig, args, options),
  };
}

/** The unpacked C library's own loader runs it: the machine's one is older. */
function describe(folder: string, path: string): [string, ...string[]] {
  const libraries = join(folder, 'usr/lib/x86_64-linux-gnu');
  const loader = ['usr/lib64', 'usr/lib/x86_64-linux-gnu', 'lib64']
    .map((each) => join(folder, each))
    .flatMap((each) => readFolder(each).map((name) => join(each, name)))
    .find((each) => each.endsWith('/ld-linux-x86-64.so.2'));
  if (loader === undefined) throw new Error(`${folder} has no dynamic loader`);
  return [loader, '--library-path', libraries, path];
}

function readFolder(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < b.length; i++) if (a[i] !== b[i]) return (a[i] ?? 0) - b[i]!;
  return 0;
}

async function run(
  command: readonly [string, ...string[]],
  args: readonly string[],
  options: SysdigOptions = {},
): Promise<SysdigResult> {
  const child = spawn(command[0], [...command.slice(1), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...options.env },
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  // It may end before it has read everything.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  try {
    const [status, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return {
      status,
      signal,
      stdout: Buffer.concat(stdout).toString(),
      stderr: Buffer.concat(stderr).toString(),
    };
  } finally {
    clearTimeout(timer);
  }
}
