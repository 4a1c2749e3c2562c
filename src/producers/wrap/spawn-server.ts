/** Starts the wrapped server in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { ObserverError, systemErrorCode } from '../../base/errors.ts';
import { candidatesOf, isThere } from '../../base/search-path.ts';

export interface ServerCommand {
  /** Looked up in PATH when it has no slash. */
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Value of PATH: tells a command that is not there from one that may not be run. */
  readonly searchPath?: string | undefined;
}

/** Standard input and output of a server: descriptors of this process, or pipes to be made. */
export type ServerStdio = readonly ['pipe', 'pipe'] | readonly [number, number];

export interface ServerProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Standard error is inherited. Throws SERVER_NOT_FOUND or SERVER_NOT_EXECUTABLE. */
export async function spawnServer(
  server: ServerCommand,
  stdio: ServerStdio,
  spawnWith: <T>(start: () => T) => T = (start) => start(),
): Promise<ServerProcess> {
  const { command, args, cwd, env } = server;
  let child: ChildProcess;
  try {
    child = spawnWith(() => spawn(command, args, { stdio: [...stdio, 'inherit'], detached: true, cwd, env }));
  } catch (error) {
    throw spawnError(server, error);
  }
  const { pid } = child;
  if (pid === undefined) {
    throw spawnError(server, await new Promise((resolve) => child.once('error', resolve)));
  }
  child.on('error', () => {});
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  return { pid, child, exited };
}

/** The status that a shell would give: 127 for what is not there, 126 for what can't be run. */
function spawnError({ command, searchPath }: ServerCommand, cause: unknown): unknown {
  const code = systemErrorCode(cause);
  if (code === undefined) return cause;
  // EACCES may be about a folder of PATH that has nothing to do with the command.
  const isMissing = code === 'EACCES' && !candidatesOf(command, searchPath).some(isThere);
  if (code === 'ENOENT' || code === 'ENOTDIR' || isMissing) {
    return new ObserverError('SERVER_NOT_FOUND', `cannot find the server command ${quote(command)}`, {
      cause,
    });
  }
  const what = `cannot run the server command ${quote(command)} (${code})`;
  return new ObserverError('SERVER_NOT_EXECUTABLE', what, { cause });
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 256));
}
