/**
 * Runs an MCP server behind a relay that passes every byte on and tells an {@link EdgeSink} about
 * the calls it sees going by.
 */
import { type Clock, createClock } from '../../base/clock.ts';
import { SessionAudit } from '../../jsonrpc/session-audit.ts';
import type { ObserverState, SessionEnding, SessionTotals } from '../../jsonrpc/session-records.ts';
import type { EdgeSink } from '../../record/audit-edge.ts';
import { maskSecrets } from '../../record/mask-secrets.ts';
import type { Direction, EndReason } from '../../record/record.gen.ts';
import { type ClientFds, type Conduit, openConduit, type RelayKind } from './conduit.ts';
import { startGuard } from './guard.ts';
import { endGroup } from './process-group.ts';
import { forwardSignals } from './signals.ts';
import { type ServerCommand, type ServerProcess, spawnServer } from './spawn-server.ts';

export interface WrapOptions extends ServerCommand {
  readonly sessionId: string;
  readonly clientProcess: string;
  readonly serverName: string;
  /** What observes the server right now; asked for each record. */
  readonly observer: () => ObserverState;
  /** Default: this process's standard input and output. */
  readonly clientFds?: ClientFds | undefined;
  /** Default `native`. */
  readonly relay?: RelayKind | undefined;
  readonly clock?: Clock | undefined;
  /** What is left of the server's process group after it ended gets a TERM, and after this a KILL. */
  readonly groupGraceMs?: number | undefined;
  /** Default true: this process's signals go to the server. */
  readonly handleSignals?: boolean | undefined;
}

export interface WrapHooks {
  /** Called when only the spawn is still to be done; nothing is forked between it and the spawn. */
  readonly beforeSpawn?: () => Promise<void>;
  /** Has to call `spawn`, in the same thread and synchronously. */
  readonly spawnWith?: <T>(spawn: () => T) => T;
  readonly onSpawned?: (pid: number) => void;
  /** The audit itself failed, which is a fault of ours: the relay goes on without it. */
  readonly onAuditFailure?: (error: unknown) => void;
}

export interface WrapEnd {
  readonly reason: EndReason;
  /** Exit status of the server, unless a signal ended it. */
  readonly exitCode?: number | undefined;
  readonly signal?: NodeJS.Signals | undefined;
  readonly totals: SessionTotals;
}

const DEFAULT_GROUP_GRACE_MS = 1000;
/** A process that left the group may hold the server's output open; it is not waited for longer. */
const IDLE_AFTER_EXIT_MS = 250;

/**
 * Resolves when the server is gone, its group is ended and the client has everything. Closes the
 * client's streams, not `edges`. Throws SERVER_NOT_FOUND or SERVER_NOT_EXECUTABLE.
 */
export async function runWrap(
  options: WrapOptions,
  edges: EdgeSink,
  hooks: WrapHooks = {},
): Promise<WrapEnd> {
  const clock = options.clock ?? createClock();
  const audit = new SessionAudit({
    identity: {
      sessionId: options.sessionId,
      clientProcess: options.clientProcess,
      serverName: options.serverName,
      source: 'wrap',
      transport: 'stdio',
      serverHost: 'stdio',
      serverPort: 0,
      tls: false,
    },
    clock,
    edges,
    observer: options.observer,
  });
  const command = maskSecrets([options.command, ...options.args]);
  const guard = startGuard();
  await hooks.beforeSpawn?.();

  const startedNs = clock.nowNs();
  const conduit = openConduit(options.clientFds ?? { input: 0, output: 1 }, options.relay ?? 'native');
  let server: ServerProcess;
  try {
    server = await spawnServer(options, conduit.serverStdio, hooks.spawnWith);
  } catch (error) {
    guard.dismiss();
    conduit.abandon();
    audit.start(startedNs, { command });
    audit.finish(clock.nowNs(), { reason: 'spawn_failed' });
    throw error;
  }
  guard.watch(server.pid);
  const signals =
    options.handleSignals === false ? undefined : forwardSignals((signal) => server.child.kill(signal));
  audit.start(startedNs, { pid: server.pid, command });
  hooks.onSpawned?.(server.pid);

  const observe = observer(audit, clock, conduit, hooks.onAuditFailure ?? (() => {}));
  conduit.start(server, observe);

  const { code, signal } = await server.exited;
  conduit.sync();
  const reason: EndReason =
    signals?.endingSignal !== undefined ? 'signal' : conduit.clientClosed ? 'client_closed' : 'server_exit';
  signals?.redirect(() => conduit.stopToClient());
  conduit.stopToServer();
  conduit.giveUpWhenIdle(IDLE_AFTER_EXIT_MS);
  await endGroup(server.pid, options.groupGraceMs ?? DEFAULT_GROUP_GRACE_MS);
  guard.dismiss();
  await conduit.ended;

  observe.finish(clock.nowNs(), { reason, exitCode: code ?? undefined, exitSignal: signal ?? undefined });
  await conduit.flushed;
  signals?.stop();
  return { reason, exitCode: code ?? undefined, signal: signal ?? undefined, totals: audit.totals };
}

/** Feeds the audit, and sees to it that cancelled calls end without anything else happening. */
function observer(audit: SessionAudit, clock: Clock, conduit: Conduit, onFailure: (error: unknown) => void) {
  let timer: NodeJS.Timeout | undefined;
  let hasFailed = false;
  const guarded = (work: () => void): void => {
    if (hasFailed) return;
    try {
      work();
    } catch (error) {
      hasFailed = true;
      onFailure(error);
    }
  };
  const onTimer = (): void => {
    timer = undefined;
    // An answer that has come in time may not have been shown yet.
    conduit.sync();
    guarded(() => {
      audit.expire(clock.nowNs());
      arm();
    });
  };
  const arm = (): void => {
    const nextNs = audit.nextExpiryNs;
    if (nextNs === undefined || timer !== undefined) return;
    timer = setTimeout(onTimer, Math.max(1, Number(nextNs - clock.nowNs()) / 1e6 + 1));
    timer.unref();
  };
  const observe = (direction: Direction, chunk: Buffer, atNs: bigint): void =>
    guarded(() => {
      audit.feed(direction, chunk, atNs);
      arm();
    });
  const finish = (atNs: bigint, ending: SessionEnding): void => {
    clearTimeout(timer);
    guarded(() => {
      audit.endOfStream('client_to_server', atNs);
      audit.endOfStream('server_to_client', atNs);
    });
    audit.finish(atNs, ending);
  };
  return Object.assign(observe, { finish });
}
