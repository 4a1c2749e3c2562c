import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/** Node 24 and newer name the main thread so, and that is then the process's name; it tells no program. */
const NODE_MAIN_THREAD = /^(?:node-)?MainThread$/;

/** Name of the process that started this one, as the kernel knows it. */
export function parentName(): string {
  try {
    const name = readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim();
    if (NODE_MAIN_THREAD.test(name)) return programName(process.ppid) ?? name;
    return name || 'unknown';
  } catch {
    return 'unknown';
  }
}

function programName(pid: number): string | undefined {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined;
  }
}
