/** `mcp-observer rules eval`: rules over records, without Falco. */
import { once } from 'node:events';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ObserverError, systemErrorCode } from '../base/errors.ts';
import { type Alert, encodeAlert } from '../rules/alert.ts';
import { PRIORITIES, type Priority, parsePriority } from '../rules/priority.ts';
import { followFile, LineCutter, readFile, readStream } from '../rules/record-lines.ts';
import { createRuleEngine, DEFAULT_MAX_RECORD_BYTES, type EngineCounts } from '../rules/rule-engine.ts';
import { describeProblem, loadRules, shippedRulePaths } from './rule-files.ts';
import { terminalStyle } from './terminal-style.ts';

interface EvalCliOptions {
  readonly rules?: string[];
  readonly records: string;
  readonly follow?: boolean;
  readonly priority: Priority;
  readonly matching: 'first' | 'all';
  readonly isoTime?: boolean;
  readonly lenient?: boolean;
  readonly summary?: boolean;
}

const STDIN = '-';
/** Alerts are written in pieces of about this size. */
const WRITE_LENGTH = 64 << 10;

export function addRulesEvalCommand(rules: Command): void {
  rules
    .command('eval')
    .summary('run rules over records and print alerts')
    .description(
      'Runs rules over records as Falco with our plugin would, and prints alerts in the shape of Falco, one JSON object a line.',
    )
    .requiredOption('--records <file>', 'records, one JSON object a line; - for standard input')
    .option('--rules <files...>', 'rule files or folders of them (default: the shipped rules)')
    .option('-f, --follow', 'go on with what is added to the file, also when it is rotated')
    .option('--summary', 'print on stderr at the end how often each rule fired')
    .option('--priority <level>', 'run rules of this priority and more urgent ones', priority, 'Debug')
    .addOption(
      new Option('--matching <how>', 'rules that alert on one record: the first that fires, or all')
        .choices(['first', 'all'])
        .default('first'),
    )
    .option('--iso-time', 'times in alert texts as ISO 8601 in UTC, not as local time of day')
    .option('--lenient', 'take what Falco takes, with warnings, where "rules check" sees errors')
    .addHelpText(
      'after',
      `
Examples:
  mcp-observer rules eval --records records.jsonl
  tail -n 1000 records.jsonl | mcp-observer rules eval --rules my_rules.yaml --records - --summary

Exit codes:
  0 done, whether rules fired or not · 66 a file cannot be read · 78 the rules are wrong`,
    )
    .action((options: EvalCliOptions) => evaluate(options));
}

function priority(text: string): Priority {
  const found = parsePriority(text);
  if (found === undefined) throw new InvalidArgumentError(`Priorities: ${PRIORITIES.join(', ')}.`);
  return found;
}

async function evaluate(options: EvalCliOptions): Promise<void> {
  if (options.follow && options.records === STDIN) {
    throw new ObserverError('USAGE', '--follow needs a file; standard input is read until it ends anyway');
  }
  const ruleSet = loadRules(options.rules ?? shippedRulePaths(), options.lenient !== true, (problem) =>
    process.stderr.write(`${describeProblem(problem)}\n`),
  );
  const engine = createRuleEngine(ruleSet, {
    matching: options.matching,
    minimumPriority: options.priority,
    isoTime: options.isoTime === true,
  });
  const output = new AlertOutput();
  const cutter = new LineCutter(DEFAULT_MAX_RECORD_BYTES, (line) => {
    for (const alert of engine.evaluateLine(line)) output.add(alert);
  });
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const reading = { cutter, afterBlock: () => output.flush(), signal: stop.signal };
  try {
    if (options.records === STDIN) await readStream(process.stdin, reading);
    else if (options.follow) await followFile(options.records, reading);
    else await readFile(options.records, reading);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    throw new ObserverError('INPUT_UNREADABLE', `cannot read ${options.records}: ${code}`);
  }
  await output.flush();
  report(engine.counts, output, options.summary === true);
}

/** Alerts on standard output; a reader that is gone ends the command as it ends other filters. */
class AlertOutput {
  readonly fired = new Map<string, { priority: Priority; count: number }>();
  #text = '';

  constructor() {
    process.stdout.on('error', (error) => {
      if (systemErrorCode(error) === 'EPIPE') process.exit(0);
      throw error;
    });
  }

  add(alert: Alert): void {
    this.#text += `${encodeAlert(alert)}\n`;
    const entry = this.fired.get(alert.rule);
    if (entry === undefined) this.fired.set(alert.rule, { priority: alert.priority, count: 1 });
    else entry.count++;
    if (this.#text.length > WRITE_LENGTH) this.#write();
  }

  /** A promise where the reader has to catch up first. */
  flush(): Promise<void> | undefined {
    if (this.#text !== '') this.#write();
    return process.stdout.writableNeedDrain ? once(process.stdout, 'drain').then(() => {}) : undefined;
  }

  #write(): void {
    process.stdout.write(this.#text);
    this.#text = '';
  }
}

function report(counts: EngineCounts, output: AlertOutput, wantsSummary: boolean): void {
  const style = terminalStyle(process.stderr);
  const lines: string[] = [];
  if (wantsSummary) {
    const sorted = [...output.fired].sort(([, a], [, b]) => b.count - a.count);
    for (const [rule, { priority, count }] of sorted) {
      lines.push(`${String(count).padStart(8)}  ${priority.padEnd(13)}  ${style.sanitize(rule)}`);
    }
    lines.push(`${counts.records} records, ${counts.alerts} alerts`);
  }
  const skipped = Object.entries(counts.skipped).filter(([, count]) => count > 0);
  if (skipped.length > 0) {
    lines.push(`skipped: ${skipped.map(([reason, count]) => `${count} ${reason}`).join(', ')}`);
  }
  if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`);
}
