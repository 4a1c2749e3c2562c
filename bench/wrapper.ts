/** What the wrapper costs a session: latency, start-up, memory. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, type BenchRow, median, percentile, row } from './row.ts';
import { StdioSession } from './stdio-session.ts';

export const name = 'wrapper';
export const description = 'mcp-audit-wrap against the same server without it: latency, start-up, memory';

const MESSAGE_BYTES = 4000;
const RUNS = 7;
const BLOCKS = 10;
const CALLS_A_BLOCK = 100;
const STARTS = 21;
const CALLS_BEFORE_MEMORY = 2000;
const MEMORY_SESSIONS = 5;

const server = join(import.meta.dirname, 'echo-server.mjs');
const wrapper = join(import.meta.dirname, '../dist/cli/mcp-audit-wrap.js');
const node = process.execPath;

const bareRelay = join(import.meta.dirname, 'bare-relay.mjs');

const openDirect = () => new StdioSession(node, [server]);
const openWrapped = (sink: string) => new StdioSession(node, [wrapper, '--sink', sink, '--', node, server]);

async function measureLatency(sink: string): Promise<BenchRow[]> {
  const direct = openDirect();
  const wrapped = openWrapped(sink);
  const bare = new StdioSession(node, [bareRelay, node, server]);
  try {
    const block = async () => ({
      direct: await direct.calls(CALLS_A_BLOCK, MESSAGE_BYTES),
      bare: await bare.calls(CALLS_A_BLOCK, MESSAGE_BYTES),
      wrapped: await wrapped.calls(CALLS_A_BLOCK, MESSAGE_BYTES),
    });
    for (let i = 0; i < 5; i++) await block();
    const addedMs = {
      p50: [] as number[],
      p99: [] as number[],
      barely: [] as number[],
      ratio: [] as number[],
    };
    const directMs: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const blocks: Awaited<ReturnType<typeof block>>[] = [];
      for (let i = 0; i < BLOCKS; i++) blocks.push(await block());
      const at = (of: 'direct' | 'bare' | 'wrapped', p: number) =>
        percentile(
          blocks.flatMap((each) => each[of]),
          p,
        );
      addedMs.p50.push(at('wrapped', 0.5) - at('direct', 0.5));
      addedMs.p99.push(at('wrapped', 0.99) - at('direct', 0.99));
      addedMs.barely.push(at('bare', 0.5) - at('direct', 0.5));
      addedMs.ratio.push(at('wrapped', 0.5) / at('direct', 0.5));
      directMs.push(at('direct', 0.5));
    }
    const common = { bench: name, unit: 'ms', n: RUNS * BLOCKS * CALLS_A_BLOCK };
    return [
      row({ ...common, metric: 'direct call, p50', values: directMs }),
      row({ ...common, metric: 'added by the wrapper, p50', values: addedMs.p50, atMost: 0.15 }),
      row({ ...common, metric: 'added by a bare relay in Node, p50', values: addedMs.barely }),
      row({ ...common, metric: 'wrapped against direct, p50', unit: '×', values: addedMs.ratio }),
      row({ ...common, metric: 'added by the wrapper, p99', values: addedMs.p99, atMost: 2 }),
    ];
  } finally {
    await Promise.all([direct.close(), bare.close(), wrapped.close()]);
  }
}

/** Milliseconds from before the spawn until the first response. */
async function startMs(open: () => StdioSession): Promise<number> {
  const startedMs = performance.now();
  const session = open();
  try {
    await session.call(0);
    return performance.now() - startedMs;
  } finally {
    await session.close();
  }
}

async function measureStartUp(sink: string): Promise<BenchRow[]> {
  const { a, b } = await alternate(
    STARTS,
    () => startMs(openDirect),
    () => startMs(() => openWrapped(sink)),
  );
  const common = { bench: name, unit: 'ms' };
  return [
    row({ ...common, metric: 'start until first response, direct', values: a }),
    row({
      ...common,
      metric: 'start-up added by the wrapper',
      values: b.map((ms) => ms - median(a)),
      atMost: 150,
    }),
  ];
}

function statusMb(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

async function sessionMemoryMb(sink: string): Promise<{ rss: number; peak: number }> {
  const wrapped = openWrapped(sink);
  try {
    await wrapped.calls(CALLS_BEFORE_MEMORY, MESSAGE_BYTES);
    return { rss: statusMb(wrapped.pid, 'VmRSS'), peak: statusMb(wrapped.pid, 'VmHWM') };
  } finally {
    await wrapped.close();
  }
}

async function measureMemory(sink: string): Promise<BenchRow[]> {
  const sessions: { rss: number; peak: number }[] = [];
  for (let i = 0; i < MEMORY_SESSIONS; i++) sessions.push(await sessionMemoryMb(sink));
  const common = { bench: name, unit: 'MB', n: MEMORY_SESSIONS };
  return [
    row({
      ...common,
      metric: 'wrapper RSS after 2,000 calls',
      values: sessions.map(({ rss }) => rss),
      atMost: 70,
    }),
    row({ ...common, metric: 'wrapper RSS, peak', values: sessions.map(({ peak }) => peak) }),
  ];
}

export async function run(): Promise<BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-observer-bench-'));
  const sink = join(folder, 'records.jsonl');
  try {
    return [...(await measureLatency(sink)), ...(await measureStartUp(sink)), ...(await measureMemory(sink))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
