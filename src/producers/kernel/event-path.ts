/** Absolute paths from what the kernel side sends: names from leaf to root, and a name as written. */
import { posix } from 'node:path';

/** What lexical normalisation would change: `.` and `..` as names, doubled and trailing slashes. */
const NOT_NORMAL = /\/\.{0,2}(?:\/|$)/;

/** Folders come up again and again: the last one is kept. */
let lastBase = '';
let lastPath = '';

/**
 * `base`: the names of a directory or file from leaf to root, each ended by NUL ('' is the root).
 * `cut`: the walk stopped before the root, so that the front is missing; shown as `…`.
 */
export function basePath(base: string, cut: boolean): string {
  const front = cut ? '…' : '';
  if (base === '') return front;
  if (base !== lastBase) {
    const names = base.split('\0');
    names.pop();
    lastPath = `/${names.reverse().join('/')}`;
    lastBase = base;
  }
  return cut ? front + lastPath : lastPath;
}

/** The absolute path of `name`, which counts from `base` (the process's root if `name` is absolute). */
export function namedPath(name: string, base: string, cut: boolean): string {
  const front = basePath(base, cut);
  const joined = name.startsWith('/') ? front + name : `${front}/${name}`;
  if (!NOT_NORMAL.test(joined)) return joined;
  const path = posix.normalize(joined);
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
}
