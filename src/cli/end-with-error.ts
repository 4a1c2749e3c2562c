import { ObserverError } from '../base/errors.ts';
import { writeStderr } from './stderr-line.ts';

/** Says what went wrong and what to do about it on stderr, and ends this process. */
export function endWithError(command: string, error: unknown): never {
  const known =
    error instanceof ObserverError
      ? error
      : new ObserverError(
          'INTERNAL',
          error instanceof Error ? (error.stack ?? error.message) : String(error),
        );
  writeStderr(`${command}: ${known.code}: ${known.message}\n  ${known.hint}\n`);
  process.exit(known.exitCode);
}
