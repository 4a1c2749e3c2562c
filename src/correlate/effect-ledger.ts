/** Counts a tree's judged effects on their call and session, and makes the records of them. */
import type { KernelEvent } from '../record/kernel-event.ts';
import type { CallRecord, EffectKind, EffectRecord, SessionRecord } from '../record/record.gen.ts';
import type { Verdict } from './cause.ts';
import { buildEffect, contradictionOf, type EffectTarget, type RecordContext } from './effect-record.ts';
import { EffectTotals } from './effect-totals.ts';
import type { ObservedProcess } from './process-table.ts';
import type { TrackedCall } from './tracked-call.ts';

export class EffectLedger {
  /** The session whose name effects carry that belong to no call. */
  session: SessionRecord | undefined;
  readonly #context: RecordContext;
  readonly #emit: (record: EffectRecord) => void;
  readonly #totals = new EffectTotals();
  #ambiguousCount = 0;
  #tailCount = 0;
  #unsolicitedCount = 0;

  constructor(context: RecordContext, emit: (record: EffectRecord) => void) {
    this.#context = context;
    this.#emit = emit;
  }

  /** Counts the effect and writes its record. */
  enter(
    event: KernelEvent,
    effect: EffectKind,
    process: ObservedProcess,
    verdict: Verdict,
    target: EffectTarget,
  ): void {
    this.count(effect, effect !== 'exit' && event.result < 0, verdict);
    this.#emit(this.build(event, effect, process, verdict, target));
  }

  /** The effect's record, for one that is written later. */
  build(
    event: KernelEvent,
    effect: EffectKind,
    process: ObservedProcess,
    verdict: Verdict,
    target: EffectTarget,
  ): EffectRecord {
    const record = buildEffect(event, effect, process, verdict, this.session!, target, this.#context);
    const { call } = verdict;
    if (call !== undefined) {
      const madeInCall = effect === 'unlink' && call.totals.writtenPaths.includes(record.path ?? '');
      record.contradiction = contradictionOf(record, verdict, madeInCall);
      if (record.contradiction !== undefined) call.contradictions.add(record.contradiction);
    }
    return record;
  }

  count(effect: EffectKind, failed: boolean, verdict: Verdict): void {
    this.#totals.count(effect, failed);
    const { call, basis } = verdict;
    if (call !== undefined) {
      call.totals.count(effect, failed);
      if (basis === 'tail') {
        call.tailCount++;
        this.#tailCount++;
      }
    } else if (basis === 'ambiguous') {
      this.#ambiguousCount++;
      for (const candidate of verdict.candidates) candidate.ambiguousCount++;
    } else if (basis === 'idle' && effect !== 'exit') this.#unsolicitedCount++;
  }

  countWrittenBytes(bytes: number, verdict: Verdict): void {
    this.#totals.writtenBytes += bytes;
    if (verdict.call !== undefined) verdict.call.totals.writtenBytes += bytes;
  }

  /** An effect that was counted before its result was known has failed. */
  countLateFailure(verdict: Verdict): void {
    this.#totals.failedCount++;
    if (verdict.call !== undefined) verdict.call.totals.failedCount++;
  }

  fillSession(record: SessionRecord): void {
    this.#totals.fillCounts(record);
    record.ambiguous_count = this.#ambiguousCount;
    record.tail_count = this.#tailCount;
    record.unsolicited_count = this.#unsolicitedCount;
  }

  fillCall(call: TrackedCall, record: CallRecord): void {
    call.totals.fillCounts(record);
    call.totals.fillTargets(record);
    record.ambiguous_count = call.ambiguousCount;
    record.tail_count = call.tailCount;
    if (call.contradictions.size > 0) record.contradictions = [...call.contradictions];
  }
}
