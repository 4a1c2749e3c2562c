/** Turns what a session knows into records. Text from the two sides is cut to the schema's lengths. */
import { hostname } from 'node:os';
import type { Clock } from '../base/clock.ts';
import type {
  CallRecord,
  EndReason,
  ObserverMode,
  Outcome,
  RecordSource,
  SessionRecord,
  Transport,
} from '../record/record.gen.ts';
import type { Implementation } from './message-head.ts';
import type { PendingCall } from './pending-calls.ts';

/** Who talks to whom over what: the same in every record of a session. */
export interface SessionIdentity {
  readonly sessionId: string;
  readonly clientProcess: string;
  readonly serverName?: string | undefined;
  readonly source: RecordSource;
  readonly transport: Transport;
  readonly serverHost: string;
  readonly serverPort: number;
  readonly tls: boolean;
}

export interface ObserverState {
  readonly mode: ObserverMode;
  /** Why the mode is not `kernel`. */
  readonly reason?: string | undefined;
}

export interface SessionTotals {
  /** Requests and notifications that are over. */
  calls: number;
  /** Of these, the ones whose outcome is not ok. */
  errors: number;
  toolCalls: number;
  requestBytes: number;
  responseBytes: number;
  /** Lines, or elements of a batch, that are no JSON-RPC. */
  skippedMessages: number;
  skippedBytes: number;
  /** Answers to nothing that is known. */
  unknownResponses: number;
  /** Calls given up because too many were in flight. */
  evicted: number;
}

export interface SessionEnding {
  readonly reason: EndReason;
  readonly exitCode?: number | undefined;
  readonly exitSignal?: string | undefined;
}

export interface CallEnding {
  readonly endNs: bigint;
  readonly outcome: Outcome;
  readonly messageType: CallRecord['message_type'];
  readonly responseBytes?: number | undefined;
  readonly errorCode?: string | undefined;
}

const MAX_COMMAND_ARGS = 256;
const MAX_COMMAND_ARG = 4096;

export class SessionRecords {
  readonly #identity: SessionIdentity;
  readonly #clock: Clock;
  readonly #observer: () => ObserverState;
  readonly #hostName = clip(hostname(), 255);

  startedNs = 0n;
  serverPid: number | undefined;
  /** Already masked. */
  serverCommand: readonly string[] = [];
  protocolVersion: string | undefined;
  client: Implementation | undefined;
  server: Implementation | undefined;

  constructor(identity: SessionIdentity, clock: Clock, observer: () => ObserverState) {
    this.#identity = {
      ...identity,
      sessionId: clip(identity.sessionId, 128),
      clientProcess: clip(identity.clientProcess, 256),
      serverName: identity.serverName === undefined ? undefined : clip(identity.serverName, 256),
    };
    this.#clock = clock;
    this.#observer = observer;
  }

  call(call: PendingCall, { endNs, outcome, messageType, responseBytes, errorCode }: CallEnding): CallRecord {
    const observer = this.#observer();
    const { annotations } = call;
    const lastNs = outcome === 'cancelled' ? (call.cancelledNs ?? endNs) : endNs;
    return {
      ...this.#common(endNs),
      record: 'call',
      method: clip(call.method, 256),
      observer_mode: observer.mode,
      observer_reason: clipOptional(observer.reason, 1024),
      call_id: call.callId,
      request_id: clipOptional(call.requestId, 256),
      message_type: messageType,
      direction: call.direction,
      tool_name: clipOptional(call.toolName, 256),
      outcome,
      duration_ms: milliseconds(lastNs - call.startedNs),
      started_ktime_ns: call.startedNs,
      request_bytes: call.requestBytes,
      response_bytes: responseBytes,
      error_code: clipOptional(errorCode, 64),
      declared_read_only: annotations?.readOnly,
      declared_destructive: annotations?.destructive,
      declared_idempotent: annotations?.idempotent,
      declared_open_world: annotations?.openWorld,
      tool_invoke_count: call.toolInvokeCount,
      protocol_version: clipOptional(call.envelopeProtocol ?? this.protocolVersion, 64),
      client_name: clipOptional(this.client?.name, 256),
      client_version: clipOptional(this.client?.version, 128),
      server_info_name: clipOptional(this.server?.name, 256),
      server_info_version: clipOptional(this.server?.version, 128),
    };
  }

  sessionStart(): SessionRecord {
    return { ...this.#session(this.startedNs), session_event: 'start' };
  }

  sessionEnd(atNs: bigint, ending: SessionEnding, totals: SessionTotals): SessionRecord {
    return {
      ...this.#session(atNs),
      session_event: 'end',
      end_reason: ending.reason,
      exit_code: ending.exitCode,
      exit_signal: ending.exitSignal,
      duration_ms: milliseconds(atNs - this.startedNs),
      call_count: totals.calls,
      error_count: totals.errors,
      tool_invoke_count: totals.toolCalls,
      request_bytes: totals.requestBytes,
      response_bytes: totals.responseBytes,
      skipped_messages: totals.skippedMessages,
      skipped_bytes: totals.skippedBytes,
      protocol_version: clipOptional(this.protocolVersion, 64),
      client_name: clipOptional(this.client?.name, 256),
      client_version: clipOptional(this.client?.version, 128),
      server_info_name: clipOptional(this.server?.name, 256),
      server_info_version: clipOptional(this.server?.version, 128),
    };
  }

  #session(atNs: bigint) {
    const observer = this.#observer();
    return {
      ...this.#common(atNs),
      record: 'session' as const,
      method: '',
      observer_mode: observer.mode,
      observer_reason: clipOptional(observer.reason, 1024),
      server_command: this.serverCommand
        .slice(0, MAX_COMMAND_ARGS)
        .map((argument) => clip(argument, MAX_COMMAND_ARG)),
    };
  }

  #common(atNs: bigint) {
    const identity = this.#identity;
    return {
      schema_version: '1' as const,
      timestamp: this.#clock.toUnixNs(atNs),
      session_id: identity.sessionId,
      client_process: identity.clientProcess,
      server_host: identity.serverHost,
      server_port: identity.serverPort,
      tls: identity.tls,
      ktime_ns: atNs,
      boot_id: this.#clock.bootId,
      host_name: this.#hostName,
      source: identity.source,
      transport: identity.transport,
      server_name: identity.serverName,
      server_pid: this.serverPid,
    };
  }
}

function milliseconds(durationNs: bigint): number {
  return Math.max(0, Math.round(Number(durationNs) / 1000)) / 1000;
}

function clip(text: string, maxLength: number): string {
  return (text.length > maxLength ? text.slice(0, maxLength) : text).toWellFormed();
}

function clipOptional(text: string | undefined, maxLength: number): string | undefined {
  return text === undefined ? undefined : clip(text, maxLength);
}
