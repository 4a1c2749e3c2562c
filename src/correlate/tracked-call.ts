/** A call as the correlator follows it, from its begin edge until its record is written. */
import type { DeclaredHints } from '../record/audit-edge.ts';
import type { CallRecord } from '../record/record.gen.ts';
import { EffectTotals } from './effect-totals.ts';

export interface TrackedCall {
  readonly callId: string;
  readonly sessionId: string;
  readonly method: string;
  readonly toolName: string | undefined;
  readonly declared: DeclaredHints;
  readonly begunNs: bigint;
  /** The same as a double, for comparing. */
  readonly beginNs: number;
  /** Infinity while the call is in flight. */
  endNs: number;
  /** The producer's record; there once the call has ended. */
  record: CallRecord | undefined;
  readonly totals: EffectTotals;
  /** Effects for which the call was one of several candidates. */
  ambiguousCount: number;
  tailCount: number;
  readonly contradictions: Set<string>;
  readonly coverageReasons: Set<string>;
}

export function trackCall(begin: {
  callId: string;
  sessionId: string;
  method: string;
  toolName?: string | undefined;
  declared?: DeclaredHints | undefined;
  begunNs: bigint;
}): TrackedCall {
  return {
    callId: begin.callId,
    sessionId: begin.sessionId,
    method: begin.method,
    toolName: begin.toolName,
    declared: begin.declared ?? {},
    begunNs: begin.begunNs,
    beginNs: Number(begin.begunNs),
    endNs: Number.POSITIVE_INFINITY,
    record: undefined,
    totals: new EffectTotals(),
    ambiguousCount: 0,
    tailCount: 0,
    contradictions: new Set(),
    coverageReasons: new Set(),
  };
}
