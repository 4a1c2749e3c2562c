/** What a system call costs more while the hooks are attached: untraced, and traced. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { openKernelObserver } from '../../src/producers/kernel/observer.ts';
import { type BenchRow, row } from '../row.ts';
import type { NativeBench } from './native.ts';
import { detached } from './real-work.ts';

const bench = 'kernel-pipeline';
const ROUNDS = 7;
const CALLS_A_ROUND = 200_000;

interface Cost {
  readonly getppidNs: number;
  readonly writeNs: number;
}

/** The `syscall-cost` program, which measures each time it is asked. */
class Meter {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(native: NativeBench) {
    this.#child = spawn(native.program('syscall-cost'), [native.target], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
  }

  async measure(): Promise<Cost> {
    this.#child.stdin!.write('\n');
    return JSON.parse((await this.#lines.next()).value);
  }

  async end(): Promise<void> {
    this.#child.stdin!.end();
    await once(this.#child, 'close');
  }
}

async function underEmptyHook(native: NativeBench, meter: Meter): Promise<Cost> {
  const hook = spawn(native.program('empty-hook'), { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(hook.stdout, 'data');
  const cost = await meter.measure();
  hook.stdin.end();
  await once(hook, 'close');
  return cost;
}

export async function measureSyscallCost(native: NativeBench): Promise<BenchRow[]> {
  const observer = openKernelObserver({ ringBytes: 64 * 1024 * 1024, detachAfterMs: 0, onBatch: () => {} });
  const untraced = new Meter(native);
  const costs = { off: [] as Cost[], empty: [] as Cost[], attached: [] as Cost[], traced: [] as Cost[] };
  try {
    for (let round = 0; round < ROUNDS; round++) {
      costs.off.push(await untraced.measure());
      costs.empty.push(await underEmptyHook(native, untraced));
      const traced = observer.spawnTracked(1, () => new Meter(native));
      costs.attached.push(await untraced.measure());
      costs.traced.push(await traced.measure());
      await traced.end();
      await detached(observer);
    }
  } finally {
    await untraced.end();
    observer.close();
  }
  const n = ROUNDS * CALLS_A_ROUND;
  const beyond = costs.attached.map((cost, i) => cost.getppidNs - costs.empty[i]!.getppidNs);
  const added = (metric: string, of: readonly Cost[], call: keyof Cost, bars = {}) =>
    row({
      bench,
      metric,
      unit: 'ns',
      values: of.map((cost, i) => cost[call] - costs.off[i]![call]),
      n,
      ...bars,
    });
  const base = (metric: string, call: keyof Cost) =>
    row({ bench, metric, unit: 'ns', values: costs.off.map((cost) => cost[call]), n });
  return [
    base('getppid() with no hook', 'getppidNs'),
    base('write() with no hook', 'writeNs'),
    added('getppid(), added by an empty hook of the kernel', costs.empty, 'getppidNs'),
    added('getppid(), added while others are observed', costs.attached, 'getppidNs', { atMost: 30 }),
    row({ bench, metric: 'getppid(), of that beyond an empty hook', unit: 'ns', values: beyond, n }),
    added('write(), added while others are observed', costs.attached, 'writeNs'),
    added('write(), added where it makes an event', costs.traced, 'writeNs'),
  ];
}
