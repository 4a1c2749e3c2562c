/** `mcp-observer trace`: one server, observed in one process, no daemon. */
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { createRecordOutlet } from '../agent/outlet.ts';
import { runTrace } from '../agent/trace.ts';
import { createClock } from '../base/clock.ts';
import { ERROR_KINDS, ObserverError } from '../base/errors.ts';
import { createSessionId, isSessionId, SESSION_ID_RULE } from '../jsonrpc/session-id.ts';
import { JsonlFile } from '../sinks/jsonl-file.ts';
import { LineBatches, teeLines } from '../sinks/line-batches.ts';
import { CallSummary } from './call-summary.ts';
import { endAs } from './end-as-server.ts';
import { AGENT_QUEUE_BYTES, addObserveOptions, type ObserveOptions } from './observe-options.ts';
import { describeAuditMode, openCore } from './open-core.ts';
import { isAuditOff } from './opt-out.ts';
import { parentName } from './parent-name.ts';
import { statePaths } from './paths.ts';
import { relayKind } from './relay-kind.ts';
import { addRuleOptions, describeAlerts, openRules, type RuleCliOptions } from './rule-options.ts';
import { runUnwrapped } from './run-unwrapped.ts';
import { replaceStderr, writeStderr } from './stderr-line.ts';

interface TraceCliOptions extends ObserveOptions, RuleCliOptions {
  readonly out?: string;
  readonly sessionId?: string;
  readonly clientProcess?: string;
  readonly serverName?: string;
  readonly summary?: boolean;
  readonly quiet?: boolean;
}

export function addTraceCommand(program: Command): void {
  const command = program
    .command('trace')
    .summary('run one MCP server and record its calls and their effects')
    .description(
      'Runs an MCP server on this process\'s stdin and stdout, untouched, and records its calls and what each did to the host. Usable as the "command" of an MCP client\'s configuration.',
    )
    .usage('[options] -- COMMAND [ARG...]')
    .argument('<command...>', 'the server and its arguments')
    .passThroughOptions()
    .option('--out <file>', 'append records to this file (default: records.jsonl in the state folder)')
    .option('--summary', 'print a summary on stderr at the end')
    .option('--quiet', 'say nothing on stderr but errors')
    .option('--session-id <id>', 'id of the session (default: a random one)')
    .option('--client-process <name>', 'name of the client (default: the parent process)')
    .option('--server-name <name>', "name of the server (default: the command's)");
  addRuleOptions(command, true);
  addObserveOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  mcp-observer trace -- npx -y @modelcontextprotocol/server-filesystem /tmp
  mcp-observer trace --out calls.jsonl --summary -- python3 -m mcp_server_git
  mcp-observer trace --rules --alerts alerts.jsonl -- npx -y @modelcontextprotocol/server-everything

Exit codes:
  the server's own; 127 it was not found, 126 it cannot be executed, 64 wrong usage`,
    )
    .action((argv: string[], options: TraceCliOptions) => trace(argv, options));
}

async function trace(argv: string[], options: TraceCliOptions): Promise<void> {
  const [command, ...args] = argv as [string, ...string[]];
  // The server shares stderr and expects it to block.
  replaceStderr();
  if (isAuditOff(process.env)) {
    await runUnwrapped(command, args);
    return;
  }
  const sessionId = options.sessionId ?? (process.env.MCP_SESSION_ID || createSessionId());
  if (!isSessionId(sessionId)) {
    throw new ObserverError('USAGE', `the session id has to be ${SESSION_ID_RULE}`);
  }
  const say = (message: string): void => writeStderr(`mcp-observer: ${message}\n`);
  const clock = createClock();
  const { stateFolder } = statePaths();
  const rules = await openRules(options, {
    stateFolder,
    stdoutIsTaken: true,
    onLoss: (records) => core.noteLoss(records, 'rules_behind'),
    onTrouble: say,
  });
  const sink = new JsonlFile({
    target: options.out ?? join(stateFolder, 'records.jsonl'),
    onTrouble: (message) => say(`${message}; the server goes on.\n  ${ERROR_KINDS.SINK_UNAVAILABLE.hint}`),
    maxQueuedBytes: AGENT_QUEUE_BYTES,
  });
  const lines = rules === undefined ? sink : teeLines(sink, new LineBatches([rules]));
  const core = openCore(options, clock, createRecordOutlet(lines), say);
  const why = describeAuditMode(core);
  if (why !== undefined && options.quiet !== true) say(why);
  const summary = options.summary === true ? new CallSummary() : undefined;
  const end = await runTrace({
    core,
    clock,
    observeEdge: (edge) => summary?.observe(edge),
    wrap: {
      command,
      args,
      searchPath: process.env.PATH,
      sessionId,
      clientProcess: options.clientProcess ?? parentName(),
      serverName: options.serverName ?? basename(command),
      relay: relayKind(process.env),
    },
  });
  if (summary !== undefined) writeStderr(`${summary.render(sink.lost)}\n`);
  else if (sink.lost > 0) say(`${sink.lost} records could not be written`);
  if (rules !== undefined && (options.quiet !== true || rules.lost + rules.lostAlerts > 0)) {
    say(describeAlerts(rules));
  }
  endAs(end);
}
