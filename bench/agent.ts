/** The agent: its memory when idle, and how many effects a second become written records. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchRow, row } from './row.ts';

export const name = 'agent';
export const description =
  'mcp-observer run: idle memory, and effects a second all the way into written records';

const SECONDS = 5;
const RATES = [100_000, 150_000, 205_000, 250_000, 300_000];
const RUNS = 3;
const IDLE_MS = 3_000;
/** Written this long after the last effect at most, or the agent did not keep up. */
const KEEPS_UP_MS = 2_000;
/** A file that has not grown for this long is complete; longer than the agent holds anything back. */
const SETTLED_MS = 600;

const cli = (file: string): string => join(import.meta.dirname, '../dist/cli', file);

interface Agent {
  readonly process: ChildProcess;
  readonly socket: string;
  readonly out: string;
}

async function startAgent(folder: string): Promise<Agent> {
  const socket = join(folder, 'agent.sock');
  const out = join(folder, 'records.jsonl');
  const agent = spawn(process.execPath, [cli('mcp-observer.js'), 'run', '--socket', socket, '--out', out], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  while (!existsSync(socket)) {
    if (agent.exitCode !== null) throw new Error(`the agent ended with ${agent.exitCode}`);
    await sleep(20);
  }
  return { process: agent, socket, out };
}

async function stopAgent(agent: Agent): Promise<void> {
  const ended = once(agent.process, 'exit');
  agent.process.kill('SIGTERM');
  await ended;
}

function residentMb(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
}

/** Processor time of the process so far, in milliseconds. */
function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measureIdle(folder: string): Promise<BenchRow[]> {
  const values: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const agent = await startAgent(folder);
    await sleep(IDLE_MS);
    values.push(residentMb(agent.process.pid!));
    await stopAgent(agent);
  }
  return [row({ bench: name, metric: 'idle agent RSS', unit: 'MB', values, atMost: 90 })];
}

interface Flood {
  readonly rate: number;
  readonly lost: number;
  readonly lagMs: number;
  readonly cpuNs: number;
  readonly residentMb: number;
}

/** One flood at a rate: what was caused, what was written, and when the last of it was. */
async function flood(generator: string, folder: string, rate: number): Promise<Flood> {
  rmSync(join(folder, 'records.jsonl'), { force: true });
  const agent = await startAgent(folder);
  const command = [generator, String(rate), String(SECONDS)];
  const wrapped = spawn(
    process.execPath,
    [cli('mcp-audit-wrap.js'), '--sink', `unix:${agent.socket}`, '--', ...command],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  );
  await sleep(500);
  const before = cpuMs(agent.process.pid!);
  wrapped.stdin.write('\n');
  const [line] = (await once(wrapped.stdout, 'data')) as [Buffer];
  const caused = JSON.parse(line.toString()) as { effects: number; seconds: number };
  const lagMs = await settleMs(agent.out);
  const cpuNs = ((cpuMs(agent.process.pid!) - before) * 1e6) / caused.effects;
  const memory = residentMb(agent.process.pid!);
  const ended = once(wrapped, 'exit');
  wrapped.stdin.end();
  await ended;
  await stopAgent(agent);
  const written = Number(execFileSync('grep', ['-c', '"effect":"unlink"', agent.out]).toString());
  const achieved = caused.effects / caused.seconds;
  return { rate: achieved, lost: caused.effects - written, lagMs, cpuNs, residentMb: memory };
}

/** Milliseconds from now until the file stops growing. */
async function settleMs(path: string): Promise<number> {
  const startedMs = performance.now();
  let grownMs = startedMs;
  let size = -1;
  while (performance.now() - grownMs < SETTLED_MS) {
    const now = statSync(path).size;
    if (now !== size) {
      size = now;
      grownMs = performance.now();
    }
    await sleep(10);
  }
  return grownMs - startedMs;
}

async function measureRecords(folder: string): Promise<BenchRow[]> {
  const generator = join(folder, 'effect-generator');
  execFileSync('gcc', ['-O2', '-o', generator, join(import.meta.dirname, 'native/effect-generator.c')]);
  const best: number[] = [];
  const cpuNs: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    let kept: Flood | undefined;
    for (const rate of RATES) {
      const result = await flood(generator, folder, rate);
      const reached = result.rate >= rate * 0.97;
      if (result.lost > 0 || result.lagMs > KEEPS_UP_MS) break;
      kept = result;
      if (!reached) break;
    }
    best.push(kept?.rate ?? 0);
    if (kept !== undefined) {
      cpuNs.push(kept.cpuNs);
      memory.push(kept.residentMb);
    }
  }
  return [
    row({
      bench: name,
      metric: 'effects into records of their own, none lost',
      unit: 'records/s',
      values: best,
      atLeast: 200_000,
    }),
    row({ bench: name, metric: 'agent CPU an effect, written', unit: 'ns', values: cpuNs }),
    row({ bench: name, metric: 'agent RSS after the flood', unit: 'MB', values: memory }),
  ];
}

export async function run(): Promise<BenchRow[]> {
  // In memory: what is measured is the agent, not the disk.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mcp-observer-bench-'));
  try {
    return [...(await measureIdle(folder)), ...(await measureRecords(folder))];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
