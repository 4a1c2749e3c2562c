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
type Relay = 'native' | 'node';

const openWrapped = (sink: string, relay: Relay = 'native') =>
  new StdioSession(node, [wrapper, '--sink', sink, '--', node, server], { MCP_AUDIT_RELAY: relay });

/** Added by each way to stand between client and server, against the same server alone. */
async function measureLatency(sink: string): Promise<BenchRow[]> {
  const sessions = {
    direct: openDirect(),
    bare: new StdioSession(node, [bareRelay, node, server]),
    native: openWrapped(sink),
    node: openWrapped(sink, 'node'),
  };
  type Way = keyof typeof sessions;
  const ways = Object.keys(sessions) as Way[];
  const measured = () => ({ bare: [], native: [], node: [] }) as Record<Exclude<Way, 'direct'>, number[]>;
  try {
    const block = async (turn: number, times: Record<Way, number[]>) => {
      for (let i = 0; i < ways.length; i++) {
        const way = ways[(i + turn) % ways.length]!;
        times[way].push(...(await sessions[way].calls(CALLS_A_BLOCK, MESSAGE_BYTES)));
      }
    };
    const noTimes = (): Record<Way, number[]> => ({ direct: [], bare: [], native: [], node: [] });
    for (let i = 0; i < 5; i++) await block(i, noTimes());
    const p50 = measured();
    const p99 = measured();
    const directMs: number[] = [];
    const ratio: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const times = noTimes();
      for (let i = 0; i < BLOCKS; i++) await block(i + run, times);
      const at = (way: Way, p: number) => percentile(times[way], p);
      for (const way of ['bare', 'native', 'node'] as const) {
        p50[way].push(at(way, 0.5) - at('direct', 0.5));
        p99[way].push(at(way, 0.99) - at('direct', 0.99));
      }
      directMs.push(at('direct', 0.5));
      ratio.push(at('native', 0.5) / at('direct', 0.5));
    }
    const common = { bench: name, unit: 'ms', n: RUNS * BLOCKS * CALLS_A_BLOCK };
    const inNode = 'added with the relay in JavaScript';
    return [
      row({ ...common, metric: 'direct call, p50', values: directMs }),
      row({ ...common, metric: 'added by the wrapper, p50', values: p50.native, atMost: 0.15 }),
      row({ ...common, metric: `${inNode}, p50`, values: p50.node }),
      row({ ...common, metric: 'added by a bare relay in Node, p50', values: p50.bare }),
      row({ ...common, metric: 'wrapped against direct, p50', unit: '×', values: ratio }),
      row({ ...common, metric: 'added by the wrapper, p99', values: p99.native, atMost: 2 }),
      row({ ...common, metric: `${inNode}, p99`, values: p99.node }),
    ];
  } finally {
    await Promise.all(ways.map((way) => sessions[way].close()));
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

async function sessionMemoryMb(sink: string, relay: Relay): Promise<{ rss: number; peak: number }> {
  const wrapped = openWrapped(sink, relay);
  try {
    await wrapped.calls(CALLS_BEFORE_MEMORY, MESSAGE_BYTES);
    return { rss: statusMb(wrapped.pid, 'VmRSS'), peak: statusMb(wrapped.pid, 'VmHWM') };
  } finally {
    await wrapped.close();
  }
}

async function measureMemory(sink: string): Promise<BenchRow[]> {
  const { a: sessions, b: inNode } = await alternate(
    MEMORY_SESSIONS,
    () => sessionMemoryMb(sink, 'native'),
    () => sessionMemoryMb(sink, 'node'),
  );
  const common = { bench: name, unit: 'MB', n: MEMORY_SESSIONS };
  return [
    row({
      ...common,
      metric: 'wrapper RSS after 2,000 calls',
      values: sessions.map(({ rss }) => rss),
      atMost: 70,
    }),
    row({
      ...common,
      metric: 'the same with the relay in JavaScript',
      values: inNode.map(({ rss }) => rss),
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
