/** How much longer ordinary programs take while others are observed, and when they are. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type OpenKernelObserver, openKernelObserver } from '../../src/producers/kernel/observer.ts';
import { type BenchRow, row } from '../row.ts';
import type { NativeBench } from './native.ts';

const bench = 'kernel-pipeline';
const ROUNDS = 15;

interface Work {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

function works(native: NativeBench): Work[] {
  const source = join(import.meta.dirname, '../native/event-generator.c');
  const loop = 'i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i+1)); done';
  return [
    { name: 'gcc', command: 'gcc', args: ['-O2', '-o', join(native.folder, 'compiled'), source] },
    { name: 'npm --version', command: 'npm', args: ['--version'] },
    { name: '100 × fork and exec', command: '/bin/sh', args: ['-c', loop] },
    { name: 'find', command: 'find', args: ['/usr/include', '/usr/lib', '-name', '*.h'] },
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

/** One round: alone, beside an observed process, and observed, in turn; in percent of alone. */
async function round(observer: OpenKernelObserver, work: Work, reversed: boolean) {
  const alone = async () => {
    await detached(observer);
    return timeMs(work);
  };
  const beside = async () => {
    const other = observer.spawnTracked(1, () => spawn('/bin/sleep', ['60'], { stdio: 'ignore' }));
    const ms = await timeMs(work);
    other.kill();
    await once(other, 'close');
    return ms;
  };
  const observed = () => observer.spawnTracked(2, () => timeMs(work));
  const ms = { alone: 0, beside: 0, observed: 0 };
  if (!reversed) ms.alone = await alone();
  ms.beside = await beside();
  ms.observed = await observed();
  if (reversed) ms.alone = await alone();
  return {
    besidePercent: (ms.beside / ms.alone - 1) * 100,
    observedPercent: (ms.observed / ms.alone - 1) * 100,
  };
}

export async function measureRealWork(native: NativeBench): Promise<BenchRow[]> {
  const observer = openKernelObserver({ detachAfterMs: 0, onBatch: (batch) => void batch.lastTimeNs });
  const rows: BenchRow[] = [];
  try {
    for (const work of works(native)) {
      await timeMs(work); // what it reads is cached from here on
      const besides: number[] = [];
      const observeds: number[] = [];
      for (let i = 0; i < ROUNDS; i++) {
        const { besidePercent, observedPercent } = await round(observer, work, i % 2 === 1);
        besides.push(besidePercent);
        observeds.push(observedPercent);
      }
      const slower = (what: string, values: number[], atMost: number) =>
        row({ bench, metric: `${work.name}, slower ${what}`, unit: '%', values, atMost });
      rows.push(slower('while others are observed', besides, 2), slower('when observed', observeds, 6));
    }
  } finally {
    observer.close();
  }
  return rows;
}
