/** `pmatch`: whether one of a set of paths is the path, or a folder that it is in. */
import { compileGlob } from './glob.ts';

const SLASH = 0x2f;

interface Folder {
  /** Something of the set ends here, so everything below matches. */
  ends: boolean;
  readonly named: Map<string, Folder>;
  readonly patterns: Map<string, { readonly matches: (name: string) => boolean; readonly folder: Folder }>;
}

const newFolder = (): Folder => ({ ends: false, named: new Map(), patterns: new Map() });

/** Parts of the paths may be shell patterns; doubled and final slashes do not count. `bytes`: all are byte strings. */
export function compilePathPrefixes(paths: Iterable<string>, bytes = false): (path: string) => boolean {
  const root = newFolder();
  let isEmpty = true;
  for (const path of paths) {
    isEmpty = false;
    let folder = root;
    for (const name of partsOf(path)) folder = childOf(folder, name, bytes);
    folder.ends = true;
  }
  return (path) => !isEmpty && matchFrom(root, path, 0);
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '');

function childOf(folder: Folder, name: string, bytes: boolean): Folder {
  if (!/[?*[]/.test(name)) {
    const child = folder.named.get(name) ?? newFolder();
    folder.named.set(name, child);
    return child;
  }
  const child = folder.patterns.get(name) ?? { matches: compileGlob(name, { bytes }), folder: newFolder() };
  folder.patterns.set(name, child);
  return child.folder;
}

/** Whether the rest of the path leads to an end; most paths are decided by their first part. */
function matchFrom(folder: Folder, path: string, from: number): boolean {
  if (folder.ends) return true;
  let start = from;
  while (path.charCodeAt(start) === SLASH) start++;
  if (start >= path.length) return false;
  const slash = path.indexOf('/', start);
  const end = slash < 0 ? path.length : slash;
  const part = path.slice(start, end);
  const named = folder.named.get(part);
  if (named !== undefined && matchFrom(named, path, end)) return true;
  for (const { matches, folder: child } of folder.patterns.values()) {
    if (matches(part) && matchFrom(child, path, end)) return true;
  }
  return false;
}
