/** What a stream of records adds up to. */
import type { Attribution, McpRecord, ObserverMode } from '../record/record.gen.ts';

export interface RecordTotals {
  records: number;
  sessions: number;
  calls: number;
  toolCalls: number;
  failedCalls: number;
  effects: number;
  readonly byBasis: Partial<Record<Attribution, number>>;
  /** Contradiction → number of effects. */
  readonly contradictions: Record<string, number>;
  partialCalls: number;
  lostEvents: number;
  mode: ObserverMode | undefined;
  reason: string | undefined;
}

export function totalRecords(records: Iterable<McpRecord>): RecordTotals {
  const totals: RecordTotals = {
    records: 0,
    sessions: 0,
    calls: 0,
    toolCalls: 0,
    failedCalls: 0,
    effects: 0,
    byBasis: {},
    contradictions: {},
    partialCalls: 0,
    lostEvents: 0,
    mode: undefined,
    reason: undefined,
  };
  for (const record of records) {
    totals.records++;
    switch (record.record) {
      case 'call':
        if (record.message_type !== 'request') break;
        totals.calls++;
        if (record.method === 'tools/call') totals.toolCalls++;
        if (record.outcome !== 'ok') totals.failedCalls++;
        if (record.coverage === 'partial') totals.partialCalls++;
        break;
      case 'effect':
        totals.effects++;
        totals.byBasis[record.attribution] = (totals.byBasis[record.attribution] ?? 0) + 1;
        if (record.contradiction !== undefined) {
          totals.contradictions[record.contradiction] =
            (totals.contradictions[record.contradiction] ?? 0) + 1;
        }
        break;
      case 'session':
        if (record.session_event === 'start') totals.sessions++;
        break;
      case 'status':
        totals.mode = record.observer_mode;
        totals.reason = record.observer_reason;
        if (record.status_event === 'agent_stop') {
          totals.lostEvents += (record.lost_ring ?? 0) + (record.lost_js ?? 0);
        }
    }
  }
  return totals;
}
