/** Runs the server without looking at it: this process becomes the server where it can. */
import { spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { isatty } from 'node:tty';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import { candidatesOf, isThere } from '../base/search-path.ts';
import { endAs, restoreDefaultAction } from './end-as-server.ts';

/** Signals that Node ignores, which a program that it becomes would inherit. */
const IGNORED_BY_NODE: readonly NodeJS.Signals[] = ['SIGPIPE', 'SIGXFSZ'];
const FORWARDED: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGINT', 'SIGQUIT'];

/** Does not return where the process is replaced. Throws SERVER_NOT_FOUND or SERVER_NOT_EXECUTABLE. */
export async function runUnwrapped(command: string, args: readonly string[]): Promise<void> {
  const file = findExecutable(command, process.env.PATH);
  if (process.execve !== undefined && isStartable(file)) {
    for (const signal of IGNORED_BY_NODE) restoreDefaultAction(signal);
    process.execve(file, [command, ...args], process.env as Record<string, string>);
  }
  endAs(await runChild(command, args));
}

function runChild(
  command: string,
  args: readonly string[],
): Promise<{ exitCode: number | undefined; signal: NodeJS.Signals | undefined }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' });
    child.once('error', (error) => reject(notExecutable(command, error)));
    child.once('exit', (code, signal) =>
      resolve({ exitCode: code ?? undefined, signal: signal ?? undefined }),
    );
    for (const signal of FORWARDED) {
      // A terminal sends these to the server as well, since it is in the same process group.
      const isFromTerminal = isatty(0) && (signal === 'SIGINT' || signal === 'SIGQUIT');
      process.on(signal, () => {
        if (!isFromTerminal) child.kill(signal);
      });
    }
  });
}

/** As a shell would find it. */
export function findExecutable(command: string, path: string | undefined): string {
  let refused: unknown;
  for (const candidate of candidatesOf(command, path)) {
    try {
      accessSync(candidate, constants.X_OK);
      if (!statSync(candidate).isDirectory()) return candidate;
      refused = Object.assign(new Error('is a directory'), { code: 'EACCES' });
    } catch (error) {
      if (systemErrorCode(error) === 'EACCES' && isThere(candidate)) refused = error;
    }
  }
  if (refused !== undefined) throw notExecutable(command, refused);
  throw new ObserverError('SERVER_NOT_FOUND', `cannot find the server command ${JSON.stringify(command)}`);
}

/**
 * Whether the kernel can start it: an ELF file, or a script whose interpreter is there. A failed
 * process.execve() aborts the process, so that anything else is left to a spawn, which can fail well.
 */
function isStartable(file: string): boolean {
  try {
    const head = Buffer.alloc(256);
    const fd = openSync(file, 'r');
    readSync(fd, head, 0, head.length, 0);
    closeSync(fd);
    if (head.toString('latin1', 0, 4) === '\x7fELF') return true;
    const interpreter = /^#![ \t]*(\/[^ \t\n]+)[ \t\n]/.exec(head.toString('latin1'))?.[1];
    if (interpreter === undefined) return false;
    accessSync(interpreter, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function notExecutable(command: string, cause: unknown): ObserverError {
  const code = systemErrorCode(cause) ?? 'unknown error';
  if (code === 'ENOENT') {
    const what = `cannot find the server command ${JSON.stringify(command)} or its interpreter`;
    return new ObserverError('SERVER_NOT_FOUND', what, { cause });
  }
  const what = `cannot run the server command ${JSON.stringify(command)} (${code})`;
  return new ObserverError('SERVER_NOT_EXECUTABLE', what, { cause });
}
