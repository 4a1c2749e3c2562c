/**
 * The audit of one session between a client and a server: takes the bytes of both directions as they
 * were relayed and tells an {@link EdgeSink} which call began and ended when. Knows no transport.
 */
import type { Clock } from '../base/clock.ts';
import type { DeclaredHints, EdgeSink } from '../record/audit-edge.ts';
import type { CallRecord, Direction, Outcome } from '../record/record.gen.ts';
import { LineScanner } from './line-scanner.ts';
import type { MessageHead } from './message-head.ts';
import { type PendingCall, PendingCalls } from './pending-calls.ts';
import { createCallIdPrefix } from './session-id.ts';
import {
  type ObserverState,
  type SessionEnding,
  type SessionIdentity,
  SessionRecords,
  type SessionTotals,
} from './session-records.ts';
import { ToolCatalog } from './tool-annotations.ts';

export interface SessionAuditOptions {
  readonly identity: SessionIdentity;
  readonly clock: Clock;
  readonly edges: EdgeSink;
  /** What observes the session right now; asked for each record. */
  readonly observer: () => ObserverState;
  /** Calls in flight in one direction that are remembered; the oldest makes room. */
  readonly maxInFlight?: number;
  /** How long an answer to a cancelled call is waited for. */
  readonly cancelGraceMs?: number;
}

const DEFAULT_MAX_IN_FLIGHT = 100_000;
const DEFAULT_CANCEL_GRACE_MS = 1000;
const OTHER_WAY: Record<Direction, Direction> = {
  client_to_server: 'server_to_client',
  server_to_client: 'client_to_server',
};

export class SessionAudit {
  readonly totals: SessionTotals = {
    calls: 0,
    errors: 0,
    toolCalls: 0,
    requestBytes: 0,
    responseBytes: 0,
    skippedMessages: 0,
    skippedBytes: 0,
    unknownResponses: 0,
    evicted: 0,
  };
  readonly #records: SessionRecords;
  readonly #edges: EdgeSink;
  readonly #sessionId: string;
  readonly #callIdPrefix: string;
  readonly #cancelGraceNs: bigint;
  readonly #scanners: Record<Direction, LineScanner>;
  readonly #pending: Record<Direction, PendingCalls>;
  readonly #catalog = new ToolCatalog();
  /** Cancelled calls, in the order in which their grace ends. */
  readonly #cancelled: PendingCall[] = [];
  #lastCallNumber = 0;
  #toolListsInFlight = 0;
  #nowNs = 0n;

  constructor(options: SessionAuditOptions) {
    this.#records = new SessionRecords(options.identity, options.clock, options.observer);
    this.#edges = options.edges;
    this.#sessionId = options.identity.sessionId;
    this.#callIdPrefix = createCallIdPrefix(this.#sessionId);
    this.#cancelGraceNs = BigInt(Math.round((options.cancelGraceMs ?? DEFAULT_CANCEL_GRACE_MS) * 1e6));
    const limit = options.maxInFlight ?? DEFAULT_MAX_IN_FLIGHT;
    this.#pending = {
      client_to_server: new PendingCalls(limit),
      server_to_client: new PendingCalls(limit),
    };
    this.#scanners = {
      client_to_server: this.#scanner('client_to_server'),
      server_to_client: this.#scanner('server_to_client'),
    };
  }

  get duplicateIds(): number {
    return this.#pending.client_to_server.duplicates + this.#pending.server_to_client.duplicates;
  }

  get inFlight(): number {
    return this.#pending.client_to_server.size + this.#pending.server_to_client.size;
  }

  /** `serverCommand` must be masked already. */
  start(
    atNs: bigint,
    server: { pid?: number | undefined; command?: readonly string[] | undefined } = {},
  ): void {
    this.#records.startedNs = atNs;
    this.#records.serverPid = server.pid;
    this.#records.serverCommand = server.command ?? [];
    this.#edges.push({ type: 'session_start', atNs, record: this.#records.sessionStart() });
  }

  /** `atNs`: for a request the moment before its bytes were handed on, for an answer when they were read. */
  feed(direction: Direction, chunk: Buffer, atNs: bigint): void {
    this.#nowNs = atNs;
    if (this.#cancelled.length > 0) this.expire(atNs);
    this.#scanners[direction].push(chunk);
  }

  /** No more bytes come in this direction; what stands after the last newline counts as a line. */
  endOfStream(direction: Direction, atNs: bigint): void {
    this.#nowNs = atNs;
    this.#scanners[direction].end();
  }

  /** Ends the cancelled calls that nothing answered in time. */
  expire(nowNs: bigint): void {
    const cancelled = this.#cancelled;
    while (cancelled.length > 0 && cancelled[0]!.cancelledNs! + this.#cancelGraceNs <= nowNs) {
      const call = cancelled.shift()!;
      if (this.#pending[call.direction].remove(call)) {
        this.#end(call, 'request', { endNs: nowNs, outcome: 'cancelled' });
      }
    }
  }

  /** When {@link expire} has something to do next, if nothing else happens. */
  get nextExpiryNs(): bigint | undefined {
    const next = this.#cancelled[0];
    return next === undefined ? undefined : next.cancelledNs! + this.#cancelGraceNs;
  }

  /** Ends every call in flight and the session. Nothing may be fed afterwards. */
  finish(atNs: bigint, ending: SessionEnding): void {
    for (const direction of ['client_to_server', 'server_to_client'] as const) {
      for (const call of this.#pending[direction].drain()) {
        const outcome = call.cancelledNs === undefined ? 'orphaned' : 'cancelled';
        this.#end(call, 'request', { endNs: atNs, outcome });
      }
    }
    this.#cancelled.length = 0;
    const record = this.#records.sessionEnd(atNs, ending, this.totals);
    this.#edges.push({ type: 'session_end', atNs, record });
  }

  #scanner(direction: Direction): LineScanner {
    const scanner = new LineScanner({
      message: (head) => this.#message(direction, head, scanner),
      skipped: (bytes) => this.#skipped(bytes),
    });
    return scanner;
  }

  #skipped(bytes: number): void {
    this.totals.skippedMessages++;
    this.totals.skippedBytes += bytes;
  }

  #message(direction: Direction, head: MessageHead, scanner: LineScanner): void {
    const kind = head.kind();
    if (kind === 'request') this.#request(direction, head);
    else if (kind === 'response') this.#response(direction, head, scanner);
    else if (kind === 'notification') this.#single(direction, head, 'notification', 'ok');
    // Nobody can tell how it ended, since no answer can name it.
    else if (kind === 'invalid') this.#single(direction, head, 'invalid', 'orphaned');
    else this.#skipped(head.bytes);
  }

  #request(direction: Direction, head: MessageHead): void {
    const call = this.#call(direction, head);
    if (direction === 'client_to_server') {
      if (call.method === 'initialize') this.#records.client = head.client ?? this.#records.client;
      if (call.method === 'tools/list') this.#toolListBegins();
    }
    const evicted = this.#pending[direction].add(call);
    if (evicted !== undefined) {
      this.totals.evicted++;
      this.#end(evicted, 'request', { endNs: this.#nowNs, outcome: 'orphaned' });
    }
    this.#edges.push({
      type: 'call_begin',
      atNs: call.startedNs,
      sessionId: this.#sessionId,
      callId: call.callId,
      direction,
      method: call.method,
      toolName: call.toolName,
      declared: direction === 'client_to_server' ? this.#hints(call.toolName) : undefined,
    });
  }

  #hints(toolName: string | undefined): DeclaredHints | undefined {
    return toolName === undefined ? undefined : this.#catalog.get(toolName);
  }

  /** A message that has no answer. */
  #single(
    direction: Direction,
    head: MessageHead,
    messageType: CallRecord['message_type'],
    outcome: Outcome,
  ): void {
    const call = this.#call(direction, head);
    if (call.method === 'notifications/cancelled') this.#cancel(direction, head);
    this.#end(call, messageType, { endNs: this.#nowNs, outcome });
  }

  #cancel(direction: Direction, head: MessageHead): void {
    const id = head.cancelledId;
    const call = id === undefined ? undefined : this.#pending[direction].findLive(id);
    if (call === undefined) return;
    call.cancelledNs = this.#nowNs;
    this.#cancelled.push(call);
  }

  #response(direction: Direction, head: MessageHead, scanner: LineScanner): void {
    const { id } = head;
    const call = id === undefined ? undefined : this.#pending[OTHER_WAY[direction]].take(id);
    if (call === undefined) {
      this.totals.unknownResponses++;
      return;
    }
    if (call.direction === 'client_to_server') this.#learn(call, head, scanner);
    const toolError = head.isToolError && call.method === 'tools/call';
    this.#end(call, 'request', {
      endNs: this.#nowNs,
      outcome: head.hasError ? 'error' : toolError ? 'tool_error' : 'ok',
      responseBytes: head.bytes,
      errorCode: head.hasError ? head.errorCode : undefined,
    });
  }

  #learn(call: PendingCall, head: MessageHead, scanner: LineScanner): void {
    if (call.method === 'initialize') {
      this.#records.protocolVersion = head.agreedProtocol ?? this.#records.protocolVersion;
      this.#records.server = head.server ?? this.#records.server;
    } else if (call.method === 'tools/list' && !head.hasError) {
      const line = scanner.lineText();
      if (line !== undefined) this.#catalog.learn(line, call.id, call.firstPage);
    }
    this.#records.server = head.envelopeServer ?? this.#records.server;
  }

  #call(direction: Direction, head: MessageHead): PendingCall {
    const { method } = head;
    const isTool = method === 'tools/call';
    const toolName = isTool ? head.toolName : undefined;
    const fromClient = direction === 'client_to_server';
    if (isTool && fromClient) this.totals.toolCalls++;
    if (fromClient) this.#records.client = head.envelopeClient ?? this.#records.client;
    return {
      id: head.id ?? '',
      callId: this.#callIdPrefix + ++this.#lastCallNumber,
      direction,
      method,
      toolName,
      requestId: head.idText,
      startedNs: this.#nowNs,
      requestBytes: head.bytes,
      toolInvokeCount: isTool && fromClient ? this.totals.toolCalls : undefined,
      annotations: toolName !== undefined && fromClient ? this.#catalog.get(toolName) : undefined,
      envelopeProtocol: head.envelopeProtocol,
      firstPage: !head.hasCursor,
      cancelledNs: undefined,
      next: undefined,
    };
  }

  #end(
    call: PendingCall,
    messageType: CallRecord['message_type'],
    ending: { endNs: bigint; outcome: Outcome; responseBytes?: number; errorCode?: string | undefined },
  ): void {
    const isRequest = messageType === 'request';
    if (isRequest && call.method === 'tools/list' && call.direction === 'client_to_server') {
      this.#toolListEnds();
    }
    const { totals } = this;
    totals.calls++;
    if (ending.outcome !== 'ok') totals.errors++;
    totals.requestBytes += call.requestBytes;
    totals.responseBytes += ending.responseBytes ?? 0;
    const record = this.#records.call(call, { ...ending, messageType });
    this.#edges.push({ type: 'call_end', atNs: ending.endNs, record });
  }

  #toolListBegins(): void {
    this.#toolListsInFlight++;
    this.#scanners.server_to_client.keepLine = true;
  }

  #toolListEnds(): void {
    this.#toolListsInFlight--;
    this.#scanners.server_to_client.keepLine = this.#toolListsInFlight > 0;
  }
}
