/** Looking a command up as a shell does. */
import { statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/** Files that the command may stand for, the first one first; `path` is the value of PATH. */
export function candidatesOf(command: string, path: string | undefined): string[] {
  if (command.includes('/')) return [command];
  return (path ?? DEFAULT_PATH).split(delimiter).map((folder) => join(folder || '.', command));
}

/** Whether the file is there; one in a folder that may not be looked into is not, as for a shell. */
export function isThere(file: string): boolean {
  try {
    statSync(file);
    return true;
  } catch {
    return false;
  }
}
