/**
 * This process's standard input and output as streams that never block the event loop, whatever is
 * behind them. `process.stdin` and `process.stdout` are not used: they write to some of these
 * synchronously and do not close what they end.
 */
import { closeSync, constants, createReadStream, createWriteStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { isatty, ReadStream as TtyReadStream } from 'node:tty';

export interface ClientStreams {
  readonly input: Readable;
  readonly output: Writable;
}

const STDERR = 2;

interface BlockableHandle {
  setBlocking?(blocking: boolean): number;
}

export function openClientStreams({ input, output }: { input: number; output: number }): ClientStreams {
  return {
    input: openInput(input),
    output: output === STDERR ? openSharedOutput(output) : openOutput(output),
  };
}

function openInput(fd: number): Readable {
  if (isatty(fd)) return new TtyReadStream(fd);
  if (isPipeOrSocket(fd)) return new Socket({ fd, readable: true, writable: false });
  return createReadStream('', { fd, autoClose: true });
}

/** A terminal is written like a file, in libuv's thread pool: a stopped terminal stops no one else. */
function openOutput(fd: number): Writable {
  if (isatty(fd) || !isPipeOrSocket(fd)) return createWriteStream('', { fd, autoClose: true });
  if (isSameFile(fd, STDERR)) return openSharedOutput(fd);
  return new Socket({ fd, readable: false, writable: true });
}

/**
 * Output to what the server writes to as well: a pipe is opened a second time, so that it can be
 * non-blocking here and blocking there.
 */
function openSharedOutput(fd: number): Writable {
  try {
    const own = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK);
    if (!isatty(own) && isPipeOrSocket(own)) return new Socket({ fd: own, readable: false, writable: true });
    closeSync(own);
  } catch {
    // A socket cannot be opened again.
  }
  if (!isatty(fd) && isPipeOrSocket(fd)) return new Socket({ fd, readable: false, writable: true });
  return createWriteStream('', { fd, autoClose: false });
}

/**
 * Takes back the O_NONBLOCK that a pipe or socket got when it was opened here: other processes may
 * share it and not expect that. Call before the stream is destroyed.
 */
export function restoreBlocking(stream: Readable | Writable): void {
  const handle = (stream as { _handle?: BlockableHandle | null })._handle;
  handle?.setBlocking?.(true);
}

function isPipeOrSocket(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

function isSameFile(fd: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(fd), fstatSync(other)];
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}
