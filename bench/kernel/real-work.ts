/** How much longer ordinary programs take while others are observed, and when they are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type OpenKernelObserver, openKernelObserver } from '../../src/producers/kernel/observer.ts';
import { type BenchRow, percentile, row } from '../row.ts';
import type { NativeBench } from './native.ts';

const bench = 'kernel-pipeline';
/** A value is made of the faster quarter of a block's rounds: what disturbs a run makes it slower. */
const BLOCKS = 5;
const ROUNDS_A_BLOCK = 12;
const QUARTER = 0.25;

interface Work {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Nothing but system calls: shown for its extreme, not judged. */
  readonly isExtreme?: boolean;
}

function works(native: NativeBench): Work[] {
  const source = join(import.meta.dirname, '../native/event-generator.c');
  const loop = 'i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done';
  return [
    { name: 'gcc', command: 'gcc', args: ['-O2', '-o', join(native.folder, 'compiled'), source] },
    { name: 'npm --version', command: 'npm', args: ['--version'] },
    { name: '100 × fork and exec', command: '/bin/sh', args: ['-c', loop] },
    { name: 'find', command: 'find', args: ['/usr/include', '/usr/lib', '-name', '*.h'], isExtreme: true },
  ];
}

async function timeMs({ command, args }: Work): Promise<number> {
  const startMs = performance.now();
  await once(spawn(command, args, { stdio: 'ignore' }), 'close');
  return performance.now() - startMs;
}

/** Resolves when the hooks are gone, as no tracked process is left. */
export async function detached(observer: OpenKernelObserver): Promise<void> {
  while (observer.stats().attached) await new Promise((resolve) => setTimeout(resolve, 20));
}

interface Times {
  readonly aloneMs: number;
  readonly besideMs: number;
  readonly observedMs: number;
}

type Condition = keyof Times;

/** What ran before leaves its mark on what runs next, so every order has its turn. */
const ORDERS: readonly (readonly Condition[])[] = [
  ['aloneMs', 'besideMs', 'observedMs'],
  ['besideMs', 'observedMs', 'aloneMs'],
  ['observedMs', 'aloneMs', 'besideMs'],
  ['aloneMs', 'observedMs', 'besideMs'],
  ['besideMs', 'aloneMs', 'observedMs'],
  ['observedMs', 'besideMs', 'aloneMs'],
];

/** The work once: with no hook attached, beside an observed process, or observed itself. */
async function timeUnder(observer: OpenKernelObserver, work: Work, condition: Condition): Promise<number> {
  await detached(observer);
  if (condition === 'aloneMs') return timeMs(work);
  if (condition === 'observedMs') return observer.spawnTracked(2, () => timeMs(work));
  const other = observer.spawnTracked(1, () => spawn('/bin/sleep', ['60'], { stdio: 'ignore' }));
  const ms = await timeMs(work);
  other.kill();
  await once(other, 'close');
  return ms;
}

async function round(observer: OpenKernelObserver, work: Work, number: number): Promise<Times> {
  const times = { aloneMs: 0, besideMs: 0, observedMs: 0 };
  for (const condition of ORDERS[number % ORDERS.length]!) {
    times[condition] = await timeUnder(observer, work, condition);
  }
  return times;
}

/** How much longer `time` was than alone, each at the first quartile of the block's rounds. */
function percentOver(times: readonly Times[], time: Condition): number {
  const good = (of: Condition) =>
    percentile(
      times.map((one) => one[of]),
      QUARTER,
    );
  return (good(time) / good('aloneMs') - 1) * 100;
}

export async function measureRealWork(native: NativeBench): Promise<BenchRow[]> {
  const observer = openKernelObserver({ detachAfterMs: 0, onBatch: (batch) => void batch.lastTimeNs });
  const rows: BenchRow[] = [];
  try {
    for (const work of works(native)) {
      await timeMs(work); // what it reads is cached from here on
      const blocks: Times[][] = [];
      for (let block = 0; block < BLOCKS; block++) {
        const times: Times[] = [];
        for (let i = 0; i < ROUNDS_A_BLOCK; i++) times.push(await round(observer, work, i));
        blocks.push(times);
      }
      const slower = (what: string, time: Condition, atMost: number) =>
        row({
          bench,
          metric: `${work.name}, slower ${what}`,
          unit: '%',
          values: blocks.map((times) => percentOver(times, time)),
          n: BLOCKS * ROUNDS_A_BLOCK,
          ...(work.isExtreme === true ? {} : { atMost }),
        });
      rows.push(slower('while others are observed', 'besideMs', 2), slower('when observed', 'observedMs', 6));
    }
  } finally {
    observer.close();
  }
  return rows;
}
