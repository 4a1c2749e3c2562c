/** `rules eval`: records a second through all shipped rules, on one processor. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeRecords } from './falco/records.ts';
import { type BenchRow, row } from './row.ts';

export const name = 'rules';
export const description = 'rules eval: records a second through all shipped rules, on one processor';

/** Enough that compiling what is hot has little part in it. */
const RECORDS = 900_000;
const RUNS = 5;
const CLI = join(import.meta.dirname, '../dist/cli/mcp-observer.js');

/** Milliseconds from start to end of the command; throws unless it evaluated every record. */
function elapsedMs(records: string, count: number): number {
  const before = performance.now();
  const command = [process.execPath, CLI, 'rules', 'eval', '--records', records, '--summary'];
  // The collector's and compiler's threads share the processor with the evaluation.
  const output = execFileSync('sh', ['-c', 'exec taskset -c 0 "$@" 2>&1', 'sh', ...command]).toString();
  const elapsed = performance.now() - before;
  if (!output.includes(`${count} records, 0 alerts`)) throw new Error(`it says: ${output.slice(0, 500)}`);
  return elapsed;
}

/** Needs util-linux' taskset. */
export async function run(): Promise<BenchRow[]> {
  // In memory where possible, so that no disk has a part in what is measured.
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'mcp-observer-bench-'));
  try {
    const many = join(folder, 'many.jsonl');
    const one = join(folder, 'one.jsonl');
    writeRecords(many, RECORDS);
    writeRecords(one, 1);
    const rates: number[] = [];
    const starts: number[] = [];
    for (let i = 0; i < RUNS; i++) {
      const startMs = elapsedMs(one, 1);
      rates.push((RECORDS - 1) / ((elapsedMs(many, RECORDS) - startMs) / 1_000));
      starts.push(startMs);
    }
    return [
      row({
        bench: name,
        metric: '1 KB records, all shipped rules',
        unit: 'records/s',
        values: rates,
        n: RUNS * RECORDS,
        atLeast: 150_000,
      }),
      row({ bench: name, metric: 'start, with the rules loaded', unit: 'ms', values: starts }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
