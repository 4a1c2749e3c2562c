import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

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
