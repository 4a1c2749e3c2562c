/** `mcp-observer run`: the agent as a foreground daemon. */
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { AgentSocket } from '../agent/agent-socket.ts';
import { createRecordOutlet } from '../agent/outlet.ts';
import { RecordFeed } from '../agent/record-feed.ts';
import { createClock } from '../base/clock.ts';
import { ObserverError } from '../base/errors.ts';
import { createLogger } from '../base/log.ts';
import { JsonlFile } from '../sinks/jsonl-file.ts';
import { LineBatches, teeLines } from '../sinks/line-batches.ts';
import { AGENT_QUEUE_BYTES, addObserveOptions, type ObserveOptions } from './observe-options.ts';
import { describeAuditMode, openCore } from './open-core.ts';
import { statePaths } from './paths.ts';
import { addRuleOptions, openRules, type RuleCliOptions } from './rule-options.ts';

interface RunCliOptions extends ObserveOptions, RuleCliOptions {
  readonly out?: string;
  readonly socket?: string;
  readonly feed?: string | true;
}

export function addRunCommand(program: Command): void {
  const command = program
    .command('run')
    .summary('run the agent that wrappers report to')
    .description(
      'Listens on a unix socket for mcp-audit-wrap, observes the servers that it starts, and writes records as JSON lines until SIGTERM or SIGINT.',
    )
    .option('--out <file>', 'append records to this file (default: records.jsonl in the state folder)')
    .option('--socket <path>', 'unix socket to listen on')
    .option(
      '--feed [path]',
      'send every record to whoever of this user connects to this unix socket (default: feed.sock beside --socket)',
    );
  addRuleOptions(command, false);
  addObserveOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  sudo mcp-observer run
  sudo mcp-observer run --feed
  sudo mcp-observer run --rules --alerts-url http://localhost:2801/
  mcp-observer run --no-kernel --socket /tmp/agent.sock --out calls.jsonl

Exit codes:
  0 ended by SIGTERM or SIGINT · 73 the socket or the file cannot be made · 75 another agent runs`,
    )
    .action((options: RunCliOptions) => run(options));
}

async function run(options: RunCliOptions): Promise<void> {
  const paths = statePaths();
  const path = options.socket ?? paths.socketPath;
  const out = options.out ?? join(paths.stateFolder, 'records.jsonl');
  const log = createLogger({ level: 'info', pretty: process.stderr.isTTY === true });
  const clock = createClock();
  const sink = new JsonlFile({
    target: out,
    onTrouble: (message) => log.warn(message),
    maxQueuedBytes: AGENT_QUEUE_BYTES,
  });
  const allowedUids = [...new Set([process.getuid!(), 0])];
  const feedPath = options.feed === true ? join(dirname(path), 'feed.sock') : options.feed;
  if (feedPath === path) throw new ObserverError('USAGE', '--feed and --socket name the same socket');
  const feed =
    feedPath === undefined
      ? undefined
      : new RecordFeed({
          path: feedPath,
          log,
          allowedUids,
          onLoss: (records) => core.noteLoss(records, 'feed_reader_slow'),
        });
  const rules = await openRules(options, {
    stateFolder: paths.stateFolder,
    stdoutIsTaken: false,
    onLoss: (records) => core.noteLoss(records, 'rules_behind'),
    onTrouble: (message) => log.warn(message),
  });
  const consumers = [feed, rules].filter((consumer) => consumer !== undefined);
  const lines = consumers.length === 0 ? sink : teeLines(sink, new LineBatches(consumers));
  const core = openCore(options, clock, createRecordOutlet(lines), (message) => log.warn(message));
  const socket = new AgentSocket({ path, core, log, allowedUids });
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
      process.once(signal, () => resolve(signal));
  });
  try {
    await feed?.listen();
    await socket.listen();
    const why = describeAuditMode(core);
    if (why !== undefined) log.warn(why);
    log.info('listening', { socket: path, out, feed: feedPath, mode: core.mode });
    const signal = await stopped;
    log.info('stopping', { signal });
    await socket.close();
  } finally {
    await core.stop();
    if (rules !== undefined) {
      const { alerts, lostAlerts, lost } = rules;
      log.info('rules ended', { alerts, lostAlerts, unevaluated: lost });
    }
  }
}
