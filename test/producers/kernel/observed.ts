/** Runs programs under a kernel observer of their own and collects what it reports. */
import { type ChildProcess, execFileSync, type SpawnOptions, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KernelObserverOptions, openKernelObserver } from '../../../src/producers/kernel/observer.ts';
import {
  type KernelBatch,
  KernelEventKind,
  type LossWindow,
  type SocketAddress,
} from '../../../src/record/kernel-event.ts';

export type KindName = keyof typeof KernelEventKind;

/** One event as a plain object. */
export interface SeenEvent {
  readonly kind: KindName;
  readonly timeNs: number;
  readonly pid: number;
  readonly tid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly treeId: number;
  readonly result: number;
  readonly objectId: number;
  readonly flags: number;
  readonly bytes: number;
  readonly pathKnown: boolean;
  readonly pathCut: boolean;
  readonly argvCut: boolean;
  readonly comm: string;
  readonly path: string;
  readonly secondPath: string;
  readonly argv: readonly string[];
  readonly address: SocketAddress;
}

const KIND_NAMES = new Map(Object.entries(KernelEventKind).map(([name, value]) => [value, name as KindName]));

export function readBatch(batch: KernelBatch): SeenEvent[] {
  const events: SeenEvent[] = [];
  batch.rewind();
  while (batch.next()) {
    const { timeNs, pid, tid, ppid, uid, treeId, result, objectId, flags, bytes } = batch;
    const { pathKnown, pathCut, argvCut } = batch;
    events.push({
      kind: KIND_NAMES.get(batch.kind)!,
      ...{ timeNs, pid, tid, ppid, uid, treeId, result, objectId, flags, bytes, pathKnown, pathCut, argvCut },
      comm: batch.comm(),
      path: batch.path(),
      secondPath: batch.secondPath(),
      argv: batch.argv(),
      address: batch.address(),
    });
  }
  return events;
}

/** A temporary folder with the compiled exerciser. */
export class Workshop {
  /** Without symbolic links, as the kernel tells it. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'kernel-test-')));
  readonly exerciser = join(this.folder, 'exerciser');
  readonly #children: ChildProcess[] = [];
  #folders = 0;

  constructor() {
    const source = join(import.meta.dirname, '../../native/exerciser.c');
    execFileSync('gcc', ['-O1', '-Wall', '-pthread', '-o', this.exerciser, source]);
  }

  /** A new empty folder. */
  newFolder(): string {
    return realpathSync(mkdtempSync(join(this.folder, `${this.#folders++}-`)));
  }

  keep(child: ChildProcess): ChildProcess {
    this.#children.push(child);
    return child;
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Observation {
  readonly pid: number;
  readonly exitCode: number | null;
  readonly events: readonly SeenEvent[];
}

/** An observer and everything that it has reported. */
export class Recorder {
  readonly events: SeenEvent[] = [];
  readonly losses: LossWindow[] = [];
  readonly observer;
  #nextTreeId = 1;

  constructor(options: Partial<KernelObserverOptions> = {}) {
    this.observer = openKernelObserver({ ...options, onBatch: (batch) => this.#take(batch) });
  }

  #take(batch: KernelBatch): void {
    const events = readBatch(batch);
    if (events.length !== batch.eventCount) {
      throw new Error(`a batch of ${batch.eventCount} events holds ${events.length}`);
    }
    this.events.push(...events);
    if (batch.loss) this.losses.push(batch.loss);
  }

  /** Starts a program as a tree of its own. */
  start(command: string, args: readonly string[], options: SpawnOptions = {}): [ChildProcess, number] {
    const treeId = this.#nextTreeId++;
    return [
      this.observer.spawnTracked(treeId, () => spawn(command, args, { stdio: 'ignore', ...options })),
      treeId,
    ];
  }

  /** Runs a program to its end; the events are those of its tree, in order. */
  async run(command: string, args: readonly string[], options: SpawnOptions = {}): Promise<Observation> {
    const [child, treeId] = this.start(command, args, options);
    const exitCode = await ended(child);
    return { pid: child.pid!, exitCode, events: this.of(treeId) };
  }

  of(treeId: number): SeenEvent[] {
    this.observer.drain();
    return this.events.filter((event) => event.treeId === treeId);
  }

  close(): void {
    this.observer.close();
  }
}

export function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
}

/** Repeats `look` until it is true. */
export async function until(look: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!look()) {
    if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
