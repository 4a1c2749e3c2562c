/** Where generated rules lie: written whole or not at all, and only over what was generated before. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import { GENERATED_FILE, GENERATED_MARK } from './generate.ts';

/** Whether the folder holds exactly this text. @throws ObserverError SINK_UNAVAILABLE */
export function isGenerated(folder: string, text: string): boolean {
  return readIfThere(join(folder, GENERATED_FILE)) === text;
}

/**
 * Writes the file if it differs.
 * @returns whether it was written
 * @throws ObserverError SINK_UNAVAILABLE, also where a file of that name was not generated
 */
export function writeGenerated(folder: string, text: string): boolean {
  const path = join(folder, GENERATED_FILE);
  const old = readIfThere(path);
  if (old === text) return false;
  if (old !== undefined && !old.startsWith(GENERATED_MARK)) {
    throw new ObserverError(
      'SINK_UNAVAILABLE',
      `${path} was not generated and is left as it is; rename it, or name another folder with --out`,
    );
  }
  // In the same folder, so that the rename replaces the file in one step.
  const temporary = join(dirname(path), `.${GENERATED_FILE}.${process.pid}.tmp`);
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(temporary, text, { mode: 0o644, flush: true });
    renameSync(temporary, path);
  } catch (cause) {
    rmSync(temporary, { force: true });
    throw unavailable('write', path, cause);
  }
  return true;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return undefined;
    throw unavailable('read', path, cause);
  }
}

function unavailable(what: string, path: string, cause: unknown): ObserverError {
  const reason = systemErrorCode(cause) ?? 'unknown error';
  return new ObserverError('SINK_UNAVAILABLE', `cannot ${what} ${path} (${reason})`, { cause });
}
