import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { Writable } from 'node:stream';
import { isatty } from 'node:tty';

/**
 * Writes to stderr without ever blocking and without making it non-blocking for the server, which
 * shares it: `process.stderr` would do one or the other where stderr is a pipe. What a full pipe does
 * not take is dropped.
 */
export function writeStderr(text: string): void {
  let fd = 2;
  try {
    if (fstatSync(2).isFIFO()) fd = openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    fd = 2;
  }
  try {
    writeSync(fd, text);
  } catch {
    // Nobody can be told that nobody can be told.
  }
  if (fd !== 2) closeSync(fd);
}

/**
 * Puts a stand-in in the place of `process.stderr`, before anything has used it: the real one makes
 * a pipe or socket non-blocking as soon as it is looked at, which Node itself does whenever a socket
 * is closed, and a server that shares the pipe then fails to write to it.
 */
export function replaceStderr(): void {
  const stderr = new Writable({
    decodeStrings: false,
    write(text: string | Buffer, _, done) {
      writeStderr(String(text));
      done();
    },
  });
  const value = Object.assign(stderr, { fd: 2, isTTY: isatty(2) });
  Object.defineProperty(process, 'stderr', { value, configurable: true, enumerable: true, writable: true });
}
