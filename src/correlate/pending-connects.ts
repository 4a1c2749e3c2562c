/** Connects that are in progress, until the kernel tells how they ended. */
import { BoundedMap } from '../base/bounded-map.ts';
import type { EffectRecord } from '../record/record.gen.ts';
import type { Verdict } from './cause.ts';
import { setResult } from './effect-record.ts';

const EINPROGRESS = 115;
const MAX_PENDING = 4_096;
/** A connect whose result has not come by then is reported as in progress. */
const RESULT_WAIT_NS = 3e9;

interface PendingConnect {
  readonly record: EffectRecord;
  readonly verdict: Verdict;
  readonly timeNs: number;
}

export class PendingConnects {
  readonly #bySocket = new BoundedMap<number, PendingConnect>(MAX_PENDING);
  /** Results that came before their connect: on loopback the state changes inside the call. */
  readonly #early = new BoundedMap<number, number>(MAX_PENDING);
  readonly #finished: (record: EffectRecord, verdict: Verdict) => void;

  constructor(finished: (record: EffectRecord, verdict: Verdict) => void) {
    this.#finished = finished;
  }

  get size(): number {
    return this.#bySocket.size;
  }

  /** A connect call has returned `result`: 0 or −errno. */
  add(socketId: number, record: EffectRecord, verdict: Verdict, timeNs: number, result: number): void {
    const early = this.#early.get(socketId);
    if (early !== undefined) this.#early.delete(socketId);
    const pending = { record, verdict, timeNs };
    if (result !== -EINPROGRESS) this.#finish(pending, result);
    else if (early !== undefined) this.#finish(pending, early);
    else this.#bySocket.set(socketId, pending);
  }

  /** The socket's connection is made (0) or has failed (−errno). */
  resolve(socketId: number, result: number): void {
    const pending = this.#bySocket.get(socketId);
    if (pending === undefined) {
      this.#early.set(socketId, result);
      return;
    }
    this.#bySocket.delete(socketId);
    this.#finish(pending, result);
  }

  /** Gives up on those that have waited long enough at monotonic time `nowNs`. */
  expire(nowNs: number): void {
    for (const [socketId, pending] of this.#bySocket.entries()) {
      if (nowNs - pending.timeNs < RESULT_WAIT_NS) break;
      this.#bySocket.delete(socketId);
      this.#finish(pending, -EINPROGRESS);
    }
  }

  #finish(pending: PendingConnect, result: number): void {
    setResult(pending.record, result);
    this.#finished(pending.record, pending.verdict);
  }
}
