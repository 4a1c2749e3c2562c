/**
 * Runs the benches and prints their rows.
 *
 * Usage: npm run bench [-- [--list | --json | --markdown] [NAME...]]
 *   --list      names and descriptions, nothing is run
 *   --json      one JSON object a line
 *   --markdown  a table for docs/performance.md
 * Exit status: 0 all bars kept, 1 a bar missed or a bench failed, 64 wrong usage
 */
import { readdirSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchRow } from './row.ts';

async function loadBenches(): Promise<Bench[]> {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.ts') && file !== 'run.ts');
  const modules = (await Promise.all(
    files.map((file) => import(join(import.meta.dirname, file))),
  )) as Partial<Bench>[];
  return modules.filter((module): module is Bench => typeof module.run === 'function');
}

function format(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return value.toFixed(digits);
}

const HEADINGS = ['bench', 'metric', 'value', 'bar', 'result', 'n', 'runs from … to'];

function cells(row: BenchRow): string[] {
  return [
    row.bench,
    row.metric,
    `${format(row.value)} ${row.unit}`,
    row.bar === null ? '–' : `${row.bar} ${row.unit}`,
    row.pass === null ? '–' : row.pass ? 'pass' : 'FAIL',
    String(row.n),
    row.spread === null ? '–' : `${format(row.spread[0])} … ${format(row.spread[1])}`,
  ];
}

function printTable(rows: readonly BenchRow[]): void {
  const table = [HEADINGS, ...rows.map(cells)];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  for (const line of table)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

function printMarkdown(rows: readonly BenchRow[]): void {
  const lines = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(cells)];
  for (const line of lines) console.log(`| ${line.join(' | ')} |`);
  console.log(`\nNode ${process.version}, Linux ${release()}, ${cpus().length} processors.`);
}

const FORMATS = ['--list', '--json', '--markdown'];

async function main(args: readonly string[]): Promise<number> {
  const benches = await loadBenches();
  const names = args.filter((arg) => !arg.startsWith('-'));
  const options = args.filter((arg) => arg.startsWith('-'));
  const unknown = [
    ...options.filter((option) => !FORMATS.includes(option)),
    ...names.filter((name) => !benches.some((bench) => bench.name === name)),
  ];
  if (unknown.length > 0 || options.length > 1) {
    console.error(`unknown or conflicting: ${(unknown.length > 0 ? unknown : options).join(' ')}`);
    console.error('Usage: npm run bench [-- [--list | --json | --markdown] [NAME...]]');
    return 64;
  }
  if (options[0] === '--list') {
    for (const { name, description } of benches) console.log(`${name.padEnd(20)}  ${description}`);
    return 0;
  }
  const rows: BenchRow[] = [];
  let failed = false;
  for (const bench of benches.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.error(`running ${bench.name} …`);
    try {
      const own = await bench.run();
      rows.push(...own);
      if (options[0] === '--json') for (const row of own) console.log(JSON.stringify(row));
    } catch (error) {
      failed = true;
      console.error(`${bench.name} failed: ${error instanceof Error ? error.stack : error}`);
    }
  }
  if (options[0] === '--markdown') printMarkdown(rows);
  else if (options[0] === undefined) printTable(rows);
  return failed || rows.some((row) => row.pass === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
