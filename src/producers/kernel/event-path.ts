/** Absolute paths from what the kernel side sends: names from leaf to root, and a name as written. */
import { posix } from 'node:path';

/**
 * `base`: the names of a directory or file from leaf to root, each ended by NUL ('' is the root).
 * `cut`: the walk stopped before the root, so that the front is missing; shown as `…`.
 */
export function basePath(base: string, cut: boolean): string {
  const front = cut ? '…' : '';
  if (base === '') return front;
  const names = base.split('\0');
  names.pop();
  return `${front}/${names.reverse().join('/')}`;
}

/** The absolute path of `name`, which counts from `base` (the process's root if `name` is absolute). */
export function namedPath(name: string, base: string, cut: boolean): string {
  const path = posix.normalize(`${basePath(base, cut)}/${name}`);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
