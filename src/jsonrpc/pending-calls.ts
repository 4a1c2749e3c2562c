/** Requests of one direction that have no answer yet, found by id; same ids queue up, first in first out. */
import type { Direction } from '../record/record.gen.ts';
import type { RpcId } from './message-head.ts';
import type { ToolAnnotations } from './tool-annotations.ts';

export interface PendingCall {
  readonly id: RpcId;
  readonly callId: string;
  readonly direction: Direction;
  readonly method: string;
  readonly toolName: string | undefined;
  readonly requestId: string | undefined;
  readonly startedNs: bigint;
  readonly requestBytes: number;
  readonly toolInvokeCount: number | undefined;
  readonly annotations: ToolAnnotations | undefined;
  readonly envelopeProtocol: string | undefined;
  /** tools/list: whether its answer is the first page. */
  readonly firstPage: boolean;
  /** When a notifications/cancelled named it. */
  cancelledNs: bigint | undefined;
  /** The next younger call with the same id. */
  next: PendingCall | undefined;
}

/** Calls with one id are a list that is walked; this keeps the walk short whatever a client sends. */
const MAX_SAME_ID = 64;

export class PendingCalls {
  readonly #byId = new Map<RpcId, PendingCall>();
  readonly #limit: number;
  size = 0;
  /** Requests whose id was in flight already. */
  duplicates = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Returns the call that had to make room, if one had to. */
  add(call: PendingCall): PendingCall | undefined {
    const first = this.#byId.get(call.id);
    const evicted = this.#crowded(first) ? first : this.size >= this.#limit ? this.#oldest() : undefined;
    if (evicted !== undefined) this.#takeFirst(evicted);
    let last = this.#byId.get(call.id);
    if (last === undefined) this.#byId.set(call.id, call);
    else {
      while (last.next !== undefined) last = last.next;
      last.next = call;
    }
    if (first !== undefined) this.duplicates++;
    this.size++;
    return evicted;
  }

  /** Takes the oldest call with this id out. */
  take(id: RpcId): PendingCall | undefined {
    const call = this.#byId.get(id);
    if (call !== undefined) this.#takeFirst(call);
    return call;
  }

  /** The oldest call with this id that is not cancelled yet. */
  findLive(id: RpcId): PendingCall | undefined {
    let call = this.#byId.get(id);
    while (call !== undefined && call.cancelledNs !== undefined) call = call.next;
    return call;
  }

  /** False when it is no longer pending. */
  remove(call: PendingCall): boolean {
    let before = this.#byId.get(call.id);
    if (before === undefined) return false;
    if (before === call) {
      this.#takeFirst(call);
      return true;
    }
    while (before.next !== undefined && before.next !== call) before = before.next;
    if (before.next === undefined) return false;
    before.next = call.next;
    this.size--;
    return true;
  }

  /** Takes everything out, oldest first by id. */
  drain(): PendingCall[] {
    const all: PendingCall[] = [];
    for (let call of this.#byId.values()) {
      all.push(call);
      while (call.next !== undefined) {
        call = call.next;
        all.push(call);
      }
    }
    this.#byId.clear();
    this.size = 0;
    return all;
  }

  #takeFirst(call: PendingCall): void {
    // Set again under the same key, the younger one keeps its elder's place in the order of age.
    if (call.next === undefined) this.#byId.delete(call.id);
    else this.#byId.set(call.id, call.next);
    this.size--;
  }

  #crowded(first: PendingCall | undefined): boolean {
    let count = 0;
    for (let call = first; call !== undefined; call = call.next) count++;
    return count >= MAX_SAME_ID;
  }

  #oldest(): PendingCall | undefined {
    const first = this.#byId.values().next();
    return first.done === true ? undefined : first.value;
  }
}
