/** `mcp-observer demo`: see it work in half a minute. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { decodeRecord } from '../record/encode.ts';
import type { McpRecord } from '../record/record.gen.ts';
import { renderCallTree, type TreeStyle } from '../report/call-tree.ts';
import { type RecordTotals, totalRecords } from '../report/totals.ts';
import { runDemo } from '../testserver/demo-run.ts';
import { statePaths } from './paths.ts';
import { terminalStyle } from './terminal-style.ts';

interface DemoCliOptions {
  readonly out?: string;
  readonly kernel: boolean;
}

export function addDemoCommand(program: Command): void {
  program
    .command('demo')
    .summary('run real MCP servers under observation and show what they did')
    .description(
      'Starts the reference servers "filesystem" and "everything" and a small bundled one under trace, calls their tools with a real client, and prints each call with its effects.',
    )
    .option('--out <file>', 'append the records to this file (default: a new one in the state folder)')
    .option('--no-kernel', 'show audit mode: calls only')
    .addHelpText(
      'after',
      `
Examples:
  sudo mcp-observer demo
  mcp-observer demo --out demo.jsonl

Exit codes:
  0 done · 1 a server or the client did not do its part`,
    )
    .action((options: DemoCliOptions) => demo(options));
}

async function demo(options: DemoCliOptions): Promise<void> {
  const stamp = new Date().toISOString().replaceAll(/[:.]/g, '-');
  const recordsPath = options.out ?? join(statePaths().stateFolder, `demo-${stamp}.jsonl`);
  const self = fileURLToPath(
    new URL(`./mcp-observer${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
  );
  const startedNs = BigInt(Date.now()) * 1_000_000n;
  await runDemo({
    recordsPath,
    traceCommand: [process.execPath, self, 'trace', ...(options.kernel ? [] : ['--no-kernel'])],
    progress: (step) => process.stderr.write(`demo: ${step}\n`),
  });
  const records = await readRecords(recordsPath, startedNs);
  const style = terminalStyle(process.stdout);
  const totals = totalRecords(records);
  const lines = ['', ...renderCallTree(records, style), ...renderTotals(totals, style)];
  lines.push(`records   ${recordsPath} (${totals.records} in this run)`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The records of this run; the file may hold older ones. */
async function readRecords(path: string, sinceNs: bigint): Promise<McpRecord[]> {
  const records: McpRecord[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const record = decodeRecord(line);
    if (record.timestamp >= sinceNs) records.push(record);
  }
  return records;
}

function renderTotals(totals: RecordTotals, style: TreeStyle): string[] {
  const lines = [
    `mode      ${style.bold(totals.mode ?? 'unknown')}${totals.reason === undefined ? '' : ` (${totals.reason})`}`,
    `calls     ${totals.calls} requests, ${totals.toolCalls} of them tool calls, ${totals.failedCalls} not ok, in ${totals.sessions} sessions`,
  ];
  if (totals.mode !== 'kernel') {
    return [...lines, 'effects   not observed: run it as root on a kernel with BTF to see them'];
  }
  const bases = Object.entries(totals.byBasis).map(([basis, count]) => `${count} ${basis}`);
  lines.push(`effects   ${totals.effects}: ${bases.join(', ')}`);
  lines.push(`coverage  ${totals.partialCalls} calls partial, ${totals.lostEvents} kernel events lost`);
  for (const [contradiction, count] of Object.entries(totals.contradictions)) {
    lines.push(`${style.bad('declared otherwise')}  ${contradiction.replaceAll('_', ' ')}: ${count} effects`);
  }
  return lines;
}
