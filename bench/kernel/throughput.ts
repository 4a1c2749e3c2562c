/** How many kernel events a second reach decoded fields with none lost, and what one costs. */
import { spawn, spawnSync } from 'node:child_process';
import { BPF_OBJECT_PATH } from '../../src/producers/kernel/addon.ts';
import { openKernelObserver } from '../../src/producers/kernel/observer.ts';
import { type KernelBatch, KernelEventKind } from '../../src/record/kernel-event.ts';
import { type BenchRow, row } from '../row.ts';
import type { NativeBench } from './native.ts';

const bench = 'kernel-pipeline';
const RING_BYTES = 8 * 1024 * 1024;
const RUNS = 3;
const SECONDS = 2;
const STEADY_RATE = 500_000;
const MIN_RATE = 1_500_000;

interface Run {
  readonly caused: number;
  readonly lost: number;
  readonly eventsPerSecond: number;
  readonly cpuNsPerEvent: number;
}

/** Reads every number of each write. */
class Reader {
  writes = 0;
  sum = 0;

  take(batch: KernelBatch): void {
    while (batch.next()) {
      if (batch.kind !== KernelEventKind.write) continue;
      this.writes++;
      this.sum += batch.timeNs + batch.pid + batch.treeId + batch.objectId + batch.bytes + batch.result;
    }
  }
}

function outputOf(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    stream.on('data', (chunk) => {
      text += chunk;
    });
    stream.once('end', () => resolve(text));
  });
}

interface Load {
  readonly writers?: number;
  /** How long JavaScript stalls, a second after the start. */
  readonly stallMs?: number;
}

/** Generators at `rate` each (0: unbounded), on files of their own, read by the observer. */
async function observed(
  native: NativeBench,
  rate: number,
  { writers = 1, stallMs = 0 }: Load = {},
): Promise<Run> {
  const reader = new Reader();
  const observer = openKernelObserver({ ringBytes: RING_BYTES, onBatch: (batch) => reader.take(batch) });
  try {
    const cpuBefore = process.cpuUsage();
    const children = Array.from({ length: writers }, (_, i) => {
      const args = [String(rate), String(SECONDS), `${native.target}-${i}`];
      return observer.spawnTracked(i + 1, () =>
        spawn(native.program('event-generator'), args, { stdio: ['ignore', 'pipe', 'inherit'] }),
      );
    });
    if (stallMs > 0)
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs), 1000);
    const ends = (await Promise.all(children.map(({ stdout }) => outputOf(stdout)))).map((text) =>
      JSON.parse(text),
    );
    const writes = ends.reduce((sum, end) => sum + end.writes, 0);
    const seconds = Math.max(...ends.map((end) => end.seconds));
    observer.drain();
    const { user, system } = process.cpuUsage(cpuBefore);
    const lost = observer.loss().ringFull;
    if (reader.writes + lost < writes)
      throw new Error(`${writes} caused, ${reader.writes} read, ${lost} lost`);
    return {
      caused: writes,
      lost,
      eventsPerSecond: writes / seconds,
      cpuNsPerEvent: ((user + system) * 1000) / reader.writes,
    };
  } finally {
    observer.close();
  }
}

async function readByC(native: NativeBench, rate: number): Promise<Run> {
  const generator = [native.program('event-generator'), String(rate), String(SECONDS), native.target];
  const child = spawn(native.program('ring-consumer'), [BPF_OBJECT_PATH, String(RING_BYTES), ...generator], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = await Promise.all([outputOf(child.stdout), outputOf(child.stderr)]);
  const { writes, seconds } = JSON.parse(out);
  const { events, lost, cpuNs } = JSON.parse(err);
  return { caused: writes, lost, eventsPerSecond: writes / seconds, cpuNsPerEvent: cpuNs / events };
}

async function repeat(run: () => Promise<Run>): Promise<Run[]> {
  const runs: Run[] = [];
  for (let i = 0; i < RUNS; i++) runs.push(await run());
  return runs;
}

const eventsIn = (runs: readonly Run[]) => runs.reduce((sum, { caused }) => sum + caused, 0);

/** Events a second that a full ring gives up and JavaScript decodes, with nobody writing. */
async function emptied(native: NativeBench): Promise<number> {
  const reader = new Reader();
  const ringBytes = 128 * 1024 * 1024;
  const observer = openKernelObserver({ ringBytes, queueBytes: 1, onBatch: (batch) => reader.take(batch) });
  try {
    // This thread is blocked while the writer fills the ring, and the queue has no room.
    const args = ['0', '0.5', native.target];
    observer.spawnTracked(1, () => spawnSync(native.program('event-generator'), args));
    const startMs = performance.now();
    observer.drain();
    return reader.writes / ((performance.now() - startMs) / 1000);
  } finally {
    observer.close();
  }
}

export async function measureThroughput(native: NativeBench): Promise<BenchRow[]> {
  await observed(native, STEADY_RATE); // compiles what is hot
  const full = await repeat(() => observed(native, 0));
  const both = await repeat(() => observed(native, 0, { writers: 2 }));
  const steady = await repeat(() => observed(native, STEADY_RATE));
  const plain = await repeat(() => readByC(native, STEADY_RATE));
  const plainFull = await repeat(() => readByC(native, 0));
  const stalled = await repeat(() => observed(native, 100_000, { stallMs: 500 }));
  const capacity: number[] = [];
  for (let i = 0; i < RUNS; i++) capacity.push(await emptied(native));

  const rows = (metric: string, unit: string, runs: readonly Run[], value: (run: Run) => number, bars = {}) =>
    row({ bench, metric, unit, values: runs.map(value), n: eventsIn(runs), ...bars });
  const cost = ({ cpuNsPerEvent }: Run) => cpuNsPerEvent;
  const speed = ({ eventsPerSecond }: Run) => eventsPerSecond;
  const lost = (run: Run) => run.lost;
  return [
    row({
      bench,
      metric: 'events a second, from a full ring',
      unit: '/s',
      values: capacity,
      atLeast: MIN_RATE,
    }),
    rows('events a second, one writer flat out', '/s', full, speed),
    rows('events lost at that rate', 'events', full, lost, { atMost: 0 }),
    rows('CPU an event at that rate', 'ns', full, cost, { atMost: 450 }),
    rows('events a second, two writers flat out', '/s', both, speed, { atLeast: MIN_RATE }),
    rows('events lost at that rate of two', 'events', both, lost, { atMost: 0 }),
    rows('CPU an event at that rate of two', 'ns', both, cost, { atMost: 450 }),
    rows('CPU an event at 500,000 a second', 'ns', steady, cost, { atMost: 450 }),
    rows('read by plain C: events a second, one writer flat out', '/s', plainFull, speed),
    rows('read by plain C: CPU an event at 500,000 a second', 'ns', plain, cost),
    rows('lost while JavaScript stalls 500 ms at 100,000 a second', 'events', stalled, lost, { atMost: 0 }),
  ];
}
