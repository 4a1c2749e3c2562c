/** What /proc tells of processes that run already. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { ProcessSeed } from '../correlate/correlator.ts';

/** The process's parent and program; undefined when it is gone. `exe` is '' where it can't be read. */
export function readProcess(pid: number): ProcessSeed | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // comm may hold anything, parentheses and spaces included; the fields after it hold neither.
  const afterComm = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ppid = Number(afterComm[1]);
  let exe = '';
  try {
    exe = readlinkSync(`/proc/${pid}/exe`);
  } catch {
    // Another user's process: its program is told by its next exec, if it comes.
  }
  return { pid, ppid, exe };
}

/** The process and all its descendants of this moment. */
export function readProcessTree(rootPid: number): ProcessSeed[] {
  const children = new Map<number, ProcessSeed[]>();
  let root: ProcessSeed | undefined;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const process = readProcess(pid);
    if (process === undefined) continue;
    if (pid === rootPid) root = process;
    const siblings = children.get(process.ppid);
    if (siblings === undefined) children.set(process.ppid, [process]);
    else siblings.push(process);
  }
  if (root === undefined) return [];
  const found = [root];
  for (let i = 0; i < found.length; i++) found.push(...(children.get(found[i]!.pid) ?? []));
  return found;
}

/** Whether `pid` descends from `ancestorPid`, by the parents of this moment. */
export function descendsFrom(pid: number, ancestorPid: number): boolean {
  for (let at: number | undefined = pid, depth = 0; at !== undefined && at > 1 && depth < 64; depth++) {
    if (at === ancestorPid) return true;
    at = readProcess(at)?.ppid;
  }
  return false;
}
