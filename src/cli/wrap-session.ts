/** One wrapped session, from the arguments to the end of this process. */
import { basename } from 'node:path';
import { createSessionId } from '../jsonrpc/session-id.ts';
import { runWrap, type WrapEnd } from '../producers/wrap/run-wrap.ts';
import type { AuditEdge, EdgeSink } from '../record/audit-edge.ts';
import { CallSummary } from './call-summary.ts';
import { endAs } from './end-as-server.ts';
import { parentName } from './parent-name.ts';
import { relayKind } from './relay-kind.ts';
import { replaceStderr, writeStderr } from './stderr-line.ts';
import type { WrapArguments } from './wrap-arguments.ts';
import { createWrapSink } from './wrap-sink.ts';

/** Throws what the server could not be started for. */
export async function wrapSession(given: WrapArguments): Promise<void> {
  replaceStderr();
  const say = (message: string): void => writeStderr(`mcp-audit-wrap: ${message}\n`);
  const sessionId = given.sessionId ?? createSessionId();
  const clientProcess = given.clientProcess ?? parentName();
  const serverName = given.serverName ?? basename(given.command);
  const sink = createWrapSink({
    sink: given.sink,
    hello: { pid: process.pid, sessionId, clientProcess, serverName },
    onTrouble: ({ message, hint }) => say(`${message}; the server goes on.\n  ${hint}`),
  });
  process.on('exit', () => sink.flushSync());
  const summary = given.summary ? new CallSummary() : undefined;
  const edges: EdgeSink = {
    push(edge: AuditEdge) {
      sink.push(edge);
      summary?.observe(edge);
    },
    close: () => sink.close(),
  };

  let end: WrapEnd;
  try {
    end = await runWrap(
      {
        command: given.command,
        args: given.args,
        searchPath: process.env.PATH,
        sessionId,
        clientProcess,
        serverName,
        observer: () => sink.observer(),
        clientFds: { input: 0, output: sink.ownsStdout ? 2 : 1 },
        relay: relayKind(process.env),
      },
      edges,
      {
        beforeSpawn: () => sink.open(),
        onSpawned: (pid) => sink.onSpawned(pid),
        onAuditFailure: (error) =>
          say(
            `the audit failed (${error instanceof Error ? error.message : 'unknown fault'}); the server goes on`,
          ),
      },
    );
  } finally {
    await edges.close();
    if (summary !== undefined) writeStderr(`${summary.render(sink.lost)}\n`);
  }
  endAs(end);
}
