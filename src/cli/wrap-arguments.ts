/** Command line and environment of mcp-audit-wrap. */
import { ObserverError } from '../base/errors.ts';
import { isSessionId, SESSION_ID_RULE } from '../jsonrpc/session-id.ts';
import { isAuditOff } from './opt-out.ts';

export interface WrapArguments {
  /** As given: a path, `stdout`, `unix:PATH`; undefined where the default is to be used. */
  readonly sink: string | undefined;
  readonly sessionId: string | undefined;
  readonly clientProcess: string | undefined;
  readonly serverName: string | undefined;
  readonly summary: boolean;
  readonly enabled: boolean;
  readonly command: string;
  readonly args: readonly string[];
}

export type Parsed = { readonly show: 'help' | 'version' } | { readonly run: WrapArguments };

export const HELP = `Usage: mcp-audit-wrap [options] -- COMMAND [ARG...]

Runs an MCP server on this process's stdin and stdout, passes every byte on
untouched, and records each call that goes by.

Options:
  --sink <where>           where records go (default: the agent if one listens,
                           else records.jsonl in the state folder)
                             PATH       append JSON lines to a file
                             unix:PATH  send them to the agent at this socket
                             stdout     write them to stdout; the server's own
                                        output then goes to stderr
  --summary                print a table of the calls on stderr at the end
  -h, --help               show this text
  -V, --version            show the version

Advanced options:
  --session-id <id>        id of the session (default: a random one)
  --client-process <name>  name of the client (default: the parent process)
  --server-name <name>     name of the server (default: the command's)

Environment:
  MCP_AUDIT_ENABLED=false  run the server directly, record nothing
  MCP_AUDIT_SINK           like --sink
  MCP_SESSION_ID           like --session-id
  MCP_AUDIT_RELAY=node     relay in JavaScript, not on a thread of its own
  MCP_OBSERVER_STATE_DIR   the state folder

Examples:
  mcp-audit-wrap --sink calls.jsonl --summary -- npx -y @modelcontextprotocol/server-everything
  echo '{"jsonrpc":"2.0","id":1,"method":"ping"}' | mcp-audit-wrap --sink stdout -- cat 2>/dev/null

Exit codes:
  the server's own, or the signal that ended it; 64 wrong usage,
  126 the server cannot be executed, 127 it was not found
`;

const VALUE_OPTIONS = new Set(['--sink', '--session-id', '--client-process', '--server-name']);

/** Throws USAGE. Options end at `--` or at the first word that is none. */
export function parseWrapArguments(argv: readonly string[], env: Readonly<NodeJS.ProcessEnv>): Parsed {
  const values = new Map<string, string>();
  let summary = false;
  let at = 0;
  for (; at < argv.length; at++) {
    const argument = argv[at]!;
    if (argument === '--') {
      at++;
      break;
    }
    if (!argument.startsWith('-') || argument === '-') break;
    if (argument === '-h' || argument === '--help') return { show: 'help' };
    if (argument === '-V' || argument === '--version') return { show: 'version' };
    if (argument === '--summary') {
      summary = true;
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals < 0 ? argument : argument.slice(0, equals);
    if (!VALUE_OPTIONS.has(name)) throw new ObserverError('USAGE', `unknown option ${name}`);
    const value = equals < 0 ? argv[++at] : argument.slice(equals + 1);
    if (value === undefined || value === '' || value === '--') {
      throw new ObserverError('USAGE', `${name} needs a value`);
    }
    values.set(name, value);
  }
  const [command, ...args] = argv.slice(at);
  if (command === undefined || command === '') {
    throw new ObserverError('USAGE', 'no server command is given after "--"');
  }
  const sessionId = values.get('--session-id') ?? (env.MCP_SESSION_ID || undefined);
  if (sessionId !== undefined && !isSessionId(sessionId)) {
    throw new ObserverError('USAGE', `the session id has to be ${SESSION_ID_RULE}`);
  }
  const sink = values.get('--sink') ?? (env.MCP_AUDIT_SINK || undefined);
  if (sink === 'unix:') throw new ObserverError('USAGE', 'the sink unix: needs a path');
  return {
    run: {
      sink,
      sessionId,
      clientProcess: values.get('--client-process'),
      serverName: values.get('--server-name'),
      summary,
      enabled: !isAuditOff(env),
      command,
      args,
    },
  };
}
