/** The processes of the observed trees, as far as the kernel's events and the registration told. */
import { BoundedMap } from '../base/bounded-map.ts';
import type { Cause } from './cause.ts';

export interface ObservedProcess {
  readonly pid: number;
  readonly treeId: number;
  ppid: number;
  /** Path of the program; empty where it was never seen. */
  exe: string;
  /** The moment it came to be, as a call remembers it; undefined where no call was near. */
  readonly cause: Cause | undefined;
}

/** Processes followed at once; beyond that the one added longest ago loses its lineage. */
const MAX_PROCESSES = 131_072;

export class ProcessTable {
  readonly #byPid = new BoundedMap<number, ObservedProcess>(MAX_PROCESSES);
  readonly #liveByTree = new Map<number, number>();

  get(pid: number): ObservedProcess | undefined {
    return this.#byPid.get(pid);
  }

  add(process: ObservedProcess): void {
    this.remove(process.pid);
    this.#byPid.set(process.pid, process);
    this.#liveByTree.set(process.treeId, (this.#liveByTree.get(process.treeId) ?? 0) + 1);
  }

  remove(pid: number): void {
    const process = this.#byPid.get(pid);
    if (process === undefined) return;
    this.#byPid.delete(pid);
    const left = (this.#liveByTree.get(process.treeId) ?? 1) - 1;
    if (left > 0) this.#liveByTree.set(process.treeId, left);
    else this.#liveByTree.delete(process.treeId);
  }

  liveCount(treeId: number): number {
    return this.#liveByTree.get(treeId) ?? 0;
  }

  removeTree(treeId: number): void {
    for (const [pid, process] of this.#byPid.entries()) {
      if (process.treeId === treeId) this.#byPid.delete(pid);
    }
    this.#liveByTree.delete(treeId);
  }
}
