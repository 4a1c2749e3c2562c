/** A correlator with one tree and one session, driven by milliseconds. */
import { Correlator, type CorrelatorOptions } from '../../src/correlate/correlator.ts';
import type { DeclaredHints } from '../../src/record/audit-edge.ts';
import type { LossWindow } from '../../src/record/kernel-event.ts';
import type {
  CallRecord,
  EffectRecord,
  McpRecord,
  Outcome,
  SessionRecord,
} from '../../src/record/record.gen.ts';
import { type FakeEvent, fakeBatch } from './fake-batch.ts';

const ns = (ms: number): bigint => BigInt(Math.round(ms * 1e6));

export function createScene(given: Partial<CorrelatorOptions> & { observedSinceMs?: number } = {}) {
  const { observedSinceMs = 0, ...options } = given;
  const records: McpRecord[] = [];
  const gone: number[] = [];
  const correlator = new Correlator({
    context: { bootId: 'boot', hostName: 'host', toUnixNs: (t) => t },
    emit: (record) => records.push(record),
    onTreeGone: (treeId) => gone.push(treeId),
    ...options,
  });
  const base = (ms: number) => ({
    schema_version: '1' as const,
    timestamp: ns(ms),
    ktime_ns: ns(ms),
    boot_id: 'boot',
    session_id: 's',
    client_process: 'client',
    server_host: 'stdio',
    server_port: 0,
    tls: false,
    transport: 'stdio' as const,
    source: 'wrap' as const,
  });
  const session = (ms: number, event: 'start' | 'end'): SessionRecord => ({
    ...base(ms),
    record: 'session',
    method: '',
    session_event: event,
  });
  correlator.openTree(1, undefined, [{ pid: 100, ppid: 1, exe: '/usr/bin/server' }], ns(observedSinceMs));
  correlator.pushEdge(1, { type: 'session_start', atNs: 0n, record: session(0, 'start') });
  return {
    correlator,
    records,
    gone,
    begin(callId: string, atMs: number, declared?: DeclaredHints, toolName = 'tool'): void {
      correlator.pushEdge(1, {
        type: 'call_begin',
        atNs: ns(atMs),
        sessionId: 's',
        callId,
        direction: 'client_to_server',
        method: 'tools/call',
        toolName,
        declared,
      });
    },
    end(callId: string, atMs: number, outcome: Outcome = 'ok'): void {
      const record: CallRecord = {
        ...base(atMs),
        record: 'call',
        method: 'tools/call',
        call_id: callId,
        message_type: 'request',
        direction: 'client_to_server',
        outcome,
        duration_ms: 1,
        observer_mode: 'audit',
      };
      correlator.pushEdge(1, { type: 'call_end', atNs: ns(atMs), record });
    },
    endSession(atMs: number): void {
      correlator.pushEdge(1, { type: 'session_end', atNs: ns(atMs), record: session(atMs, 'end') });
    },
    kernel(events: FakeEvent[], loss?: LossWindow): void {
      correlator.pushBatch(fakeBatch(events, loss));
    },
    advance(nowMs: number): void {
      correlator.advance(nowMs * 1e6);
    },
    effects: (): EffectRecord[] => records.filter((r): r is EffectRecord => r.record === 'effect'),
    calls: (): CallRecord[] => records.filter((r): r is CallRecord => r.record === 'call'),
    sessions: (): SessionRecord[] => records.filter((r): r is SessionRecord => r.record === 'session'),
  };
}
