/** Which BPF programs a process holds, and whether the kernel still has them. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the programs that the process has open. */
export function programsOf(pid: number): number[] {
  const ids = new Set<number>();
  for (const fd of readdirSync(`/proc/${pid}/fdinfo`)) {
    try {
      const id = /^prog_id:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8'))?.[1];
      if (id !== undefined) ids.add(Number(id));
    } catch {
      // Closed since it was listed.
    }
  }
  return [...ids];
}

/** Those of the programs that are loaded. */
export function loadedPrograms(ids: readonly number[]): number[] {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`;
  const listed = execFileSync('bpftool', ['prog', 'show', '--json'], { env: { ...process.env, PATH: path } });
  const loaded = new Set((JSON.parse(listed.toString()) as { id: number }[]).map((program) => program.id));
  return ids.filter((id) => loaded.has(id));
}
