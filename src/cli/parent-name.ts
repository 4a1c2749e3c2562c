import { readFileSync } from 'node:fs';

/** Name of the process that started this one, as the kernel knows it. */
export function parentName(): string {
  try {
    return readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim() || 'unknown';
  } catch {
    return 'unknown';
  }
}
