/**
 * What a producer (wrapper, proxy, emitter, gateway) tells the agent while a session runs. In one
 * process these travel as objects; over the agent's socket as JSON lines (see `record/edge-codec.ts`).
 * All times are CLOCK_MONOTONIC nanoseconds, the clock of the kernel's events.
 */
import type { CallRecord, SessionRecord } from './record.gen.ts';

/** The hints that the server declared for a tool; absent ones were not declared. */
export interface DeclaredHints {
  readonly readOnly?: boolean | undefined;
  readonly destructive?: boolean | undefined;
  readonly idempotent?: boolean | undefined;
  readonly openWorld?: boolean | undefined;
}

/** What is known of a session when it starts. */
export interface SessionStart {
  readonly type: 'session_start';
  readonly atNs: bigint;
  readonly record: SessionRecord;
}

/** A JSON-RPC request is about to be handed to its receiver: the call is in flight from `atNs` on. */
export interface CallBegin {
  readonly type: 'call_begin';
  readonly atNs: bigint;
  readonly sessionId: string;
  readonly callId: string;
  readonly direction: 'client_to_server' | 'server_to_client';
  readonly method: string;
  readonly toolName?: string | undefined;
  /** Of the called tool, where the server has listed it. */
  readonly declared?: DeclaredHints | undefined;
}

/**
 * The call is over. `record` is complete but for what only the kernel side can add. Notifications
 * have an end and no begin.
 */
export interface CallEnd {
  readonly type: 'call_end';
  readonly atNs: bigint;
  readonly record: CallRecord;
}

/** The session is over; `record` carries the totals. No edge of the session follows. */
export interface SessionEnd {
  readonly type: 'session_end';
  readonly atNs: bigint;
  readonly record: SessionRecord;
}

/** Records that the producer could not deliver, told as soon as it can deliver again. */
export interface ProducerLoss {
  readonly type: 'producer_loss';
  readonly atNs: bigint;
  readonly sessionId: string;
  readonly lostRecords: number;
  readonly reason: string;
}

export type AuditEdge = SessionStart | CallBegin | CallEnd | SessionEnd | ProducerLoss;

/** Where a producer puts its edges. Never throws and never blocks. */
export interface EdgeSink {
  push(edge: AuditEdge): void;
  /** Resolves when everything that can be delivered has been. */
  close(): Promise<void>;
}
