/** Many writes by one process to one file in one call become one effect with a count and a byte total. */
import type { KernelEvent } from '../record/kernel-event.ts';
import type { EffectRecord } from '../record/record.gen.ts';
import type { Verdict } from './cause.ts';
import type { TrackedCall } from './tracked-call.ts';

/** A run of writes that has paused for this long is written out, if no call's end does it sooner. */
const IDLE_FLUSH_NS = 1e9;
/** Runs open at once; beyond that all are written out. */
const MAX_RUNS = 4_096;

interface WriteRun {
  readonly objectId: number;
  readonly record: EffectRecord;
  readonly verdict: Verdict;
  readonly firstNs: number;
  lastNs: number;
  events: number;
  bytes: number;
  /** Only runs of the same outcome are one effect. */
  readonly result: number;
}

export class WriteCoalescer {
  readonly #byObject = new Map<number, WriteRun[]>();
  readonly #byCall = new Map<TrackedCall, WriteRun[]>();
  readonly #emit: (record: EffectRecord) => void;
  #size = 0;

  constructor(emit: (record: EffectRecord) => void) {
    this.#emit = emit;
  }

  get size(): number {
    return this.#size;
  }

  /** Adds a write to its run; false when there is none yet. */
  add(event: KernelEvent, verdict: Verdict, bytes: number): boolean {
    const runs = this.#byObject.get(event.objectId);
    if (runs === undefined) return false;
    const outcome = Math.min(0, event.result);
    for (const run of runs) {
      if (run.record.pid !== event.pid || run.result !== outcome) continue;
      if (run.verdict.basis !== verdict.basis || run.verdict.call !== verdict.call) continue;
      if (verdict.basis === 'ambiguous' && run.verdict !== verdict) continue;
      run.events++;
      run.bytes += bytes;
      run.lastNs = event.timeNs;
      return true;
    }
    return false;
  }

  /** Opens a run with its first write. */
  open(event: KernelEvent, verdict: Verdict, record: EffectRecord): void {
    if (this.#size >= MAX_RUNS) this.flushAll();
    const run: WriteRun = {
      objectId: event.objectId,
      record,
      verdict,
      firstNs: event.timeNs,
      lastNs: event.timeNs,
      events: 1,
      bytes: record.bytes ?? 0,
      result: Math.min(0, event.result),
    };
    addTo(this.#byObject, run.objectId, run);
    if (verdict.call !== undefined) addTo(this.#byCall, verdict.call, run);
    this.#size++;
  }

  flushCall(call: TrackedCall): void {
    for (const run of [...(this.#byCall.get(call) ?? [])]) this.#close(run);
  }

  /** The identity is about to stand for another file. */
  flushObject(objectId: number): void {
    if (this.#size === 0) return;
    for (const run of [...(this.#byObject.get(objectId) ?? [])]) this.#close(run);
  }

  /** Late and unsolicited writes have no call's end to wait for; long calls should be seen at work. */
  flushIdle(nowNs: number): void {
    for (const runs of [...this.#byObject.values()]) {
      for (const run of [...runs]) if (nowNs - run.lastNs >= IDLE_FLUSH_NS) this.#close(run);
    }
  }

  flushAll(): void {
    for (const runs of [...this.#byObject.values()]) for (const run of [...runs]) this.#close(run);
  }

  #close(run: WriteRun): void {
    removeFrom(this.#byObject, run.objectId, run);
    if (run.verdict.call !== undefined) removeFrom(this.#byCall, run.verdict.call, run);
    this.#size--;
    this.#emitRun(run);
  }

  #emitRun(run: WriteRun): void {
    run.record.event_count = run.events;
    run.record.bytes = run.bytes;
    run.record.duration_ms = Math.round((run.lastNs - run.firstNs) / 1e3) / 1e3;
    this.#emit(run.record);
  }
}

function addTo<K>(map: Map<K, WriteRun[]>, key: K, run: WriteRun): void {
  const runs = map.get(key);
  if (runs === undefined) map.set(key, [run]);
  else runs.push(run);
}

function removeFrom<K>(map: Map<K, WriteRun[]>, key: K, run: WriteRun): void {
  const runs = map.get(key);
  if (runs === undefined) return;
  if (runs.length === 1) map.delete(key);
  else runs.splice(runs.indexOf(run), 1);
}
