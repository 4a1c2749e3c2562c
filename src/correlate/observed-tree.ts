/**
 * One server's process tree: takes its kernel events in order, judges each, counts it on its call
 * and session, and hands effect records out.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { type KernelEvent, KernelEventKind } from '../record/kernel-event.ts';
import type { CallRecord, EffectKind, EffectRecord, SessionRecord } from '../record/record.gen.ts';
import { type Cause, causeOf, type Verdict } from './cause.ts';
import {
  buildEffect,
  contradictionOf,
  type EffectTarget,
  type RecordContext,
  setResult,
} from './effect-record.ts';
import { EffectTotals } from './effect-totals.ts';
import { IDLE, Join } from './join.ts';
import type { ObservedProcess, ProcessTable } from './process-table.ts';
import { Timeline } from './timeline.ts';
import type { TrackedCall } from './tracked-call.ts';
import { WriteCoalescer } from './write-coalescer.ts';

const O_ACCMODE = 3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;
const EINPROGRESS = 115;
/** Open files and sockets remembered a tree; the one opened longest ago is forgotten first. */
const MAX_OBJECTS = 32_768;
/** Connects that wait for their result. */
const MAX_PENDING_CONNECTS = 4_096;
/** A connect whose result has not come by then is reported as in progress. */
const CONNECT_RESULT_WAIT_NS = 3e9;
/** Written to by every shell; nothing on the host changes. */
const NULL_DEVICE = '/dev/null';

interface OpenObject {
  readonly path: string;
  readonly cause: Cause | undefined;
}

interface PendingConnect {
  readonly record: EffectRecord;
  readonly verdict: Verdict;
  readonly timeNs: number;
}

export interface TreeOptions {
  readonly treeId: number;
  /** The tree's processes may have run before, unseen. */
  readonly observedSinceNs: number;
  readonly tailNs: number;
  readonly context: RecordContext;
  readonly processes: ProcessTable;
  /** Writes a record for files opened for reading too; they are counted in any case. */
  readonly recordReads: boolean;
  /** Pid whose own effects are not the server's: the wrapper that was registered as the root. */
  readonly producerPid: number | undefined;
  emit(record: EffectRecord): void;
}

export class ObservedTree {
  readonly treeId: number;
  readonly observedSinceNs: number;
  readonly timeline = new Timeline();
  readonly totals = new EffectTotals();
  ambiguousCount = 0;
  tailCount = 0;
  unsolicitedCount = 0;
  /** The session whose name effects carry that belong to no call. */
  session: SessionRecord | undefined;
  readonly #options: TreeOptions;
  readonly #join: Join;
  readonly #objects = new BoundedMap<number, OpenObject>(MAX_OBJECTS);
  readonly #pendingConnects = new BoundedMap<number, PendingConnect>(MAX_PENDING_CONNECTS);
  /** Results that came before their connect: on loopback the state changes inside the call. */
  readonly #earlyResults = new BoundedMap<number, number>(MAX_PENDING_CONNECTS);
  readonly #writes: WriteCoalescer;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.treeId = options.treeId;
    this.observedSinceNs = options.observedSinceNs;
    this.#join = new Join(this.timeline, options.tailNs);
    this.#writes = new WriteCoalescer((record) => options.emit(record));
  }

  handle(event: KernelEvent): void {
    const { kind } = event;
    if (event.pid === this.#options.producerPid && kind !== KernelEventKind.fork) return;
    switch (kind) {
      case KernelEventKind.write:
        this.#onWrite(event);
        break;
      case KernelEventKind.open:
        this.#onOpen(event);
        break;
      case KernelEventKind.fork:
        this.#onFork(event);
        break;
      case KernelEventKind.exec:
        this.#onExec(event);
        break;
      case KernelEventKind.exit:
        this.#onExit(event);
        break;
      case KernelEventKind.connect:
        this.#onConnect(event);
        break;
      case KernelEventKind.connectDone:
        this.#onConnectDone(event);
        break;
      case KernelEventKind.bind:
        this.#onSocket(event, 'bind');
        break;
      case KernelEventKind.send:
        this.#onSocket(event, 'send');
        break;
      case KernelEventKind.unlink:
        this.#onPath(event, 'unlink');
        break;
      case KernelEventKind.rename:
        this.#onPath(event, 'rename');
        break;
      case KernelEventKind.mkdir:
        this.#onPath(event, 'mkdir', event.flags);
        break;
      case KernelEventKind.chmod:
        this.#onPath(event, 'chmod', event.flags);
        break;
      case KernelEventKind.chown:
        this.#onPath(event, 'chown');
        break;
    }
  }

  /** Writes out what waits for more of the same, for a call that is being written or for good. */
  flushCall(call: TrackedCall): void {
    this.#writes.flushCall(call);
  }

  /** Writes out what has waited long enough at monotonic time `nowNs`. */
  flushOld(nowNs: number): void {
    this.#writes.flushIdle(nowNs);
    for (const [socketId, pending] of this.#pendingConnects.entries()) {
      if (nowNs - pending.timeNs < CONNECT_RESULT_WAIT_NS) break;
      this.#pendingConnects.delete(socketId);
      this.#finishConnect(pending, -EINPROGRESS);
    }
  }

  flushAll(): void {
    this.#writes.flushAll();
    for (const pending of this.#pendingConnects.values()) this.#finishConnect(pending, -EINPROGRESS);
    this.#pendingConnects.clear();
  }

  get hasWaiting(): boolean {
    return this.#writes.size > 0 || this.#pendingConnects.size > 0;
  }

  fillSession(record: SessionRecord): void {
    this.totals.fillCounts(record);
    record.ambiguous_count = this.ambiguousCount;
    record.tail_count = this.tailCount;
    record.unsolicited_count = this.unsolicitedCount;
  }

  fillCall(call: TrackedCall, record: CallRecord): void {
    call.totals.fillCounts(record);
    call.totals.fillTargets(record);
    record.ambiguous_count = call.ambiguousCount;
    record.tail_count = call.tailCount;
    if (call.contradictions.size > 0) record.contradictions = [...call.contradictions];
  }

  #process(event: KernelEvent): ObservedProcess {
    const known = this.#options.processes.get(event.pid);
    if (known !== undefined && known.treeId === this.treeId) return known;
    // Its fork was lost, or came in a moment of another CPU's order: what its parent remembers is
    // the best that is known of it.
    const parent = this.#options.processes.get(event.ppid);
    const process: ObservedProcess = {
      pid: event.pid,
      treeId: this.treeId,
      ppid: event.ppid,
      exe: parent?.exe ?? '',
      cause: parent?.cause,
    };
    this.#options.processes.add(process);
    return process;
  }

  #judge(event: KernelEvent, process: ObservedProcess, object?: OpenObject): Verdict {
    return this.#join.judge(event.timeNs, process.cause, object?.cause);
  }

  #onFork(event: KernelEvent): void {
    const parent = this.#process(event);
    const verdict = this.#judge(event, parent);
    const childPid = event.result;
    this.#options.processes.add({
      pid: childPid,
      treeId: this.treeId,
      ppid: event.pid,
      exe: parent.exe,
      cause: parent.cause ?? causeOf(verdict),
    });
    this.#emit(event, 'fork', parent, verdict, { childPid });
  }

  #onExec(event: KernelEvent): void {
    const process = this.#process(event);
    const verdict = this.#judge(event, process);
    process.exe = event.path();
    const totals = verdict.call?.totals;
    totals?.addTarget(totals.execPaths, process.exe, false);
    const truncated = event.argvCut || event.pathCut || undefined;
    this.#emit(event, 'exec', process, verdict, { path: process.exe, execArgs: event.argv(), truncated });
  }

  #onExit(event: KernelEvent): void {
    const process = this.#process(event);
    let verdict = this.#judge(event, process);
    // The server ends because its client has gone, not because of the call that happened to be last.
    if (verdict.basis === 'tail' && process.cause === undefined) verdict = IDLE;
    this.#emit(event, 'exit', process, verdict, {});
    this.#options.processes.remove(event.pid);
  }

  #onOpen(event: KernelEvent): void {
    const process = this.#process(event);
    const path = event.path();
    const { flags } = event;
    const reads = (flags & O_ACCMODE) === 0 && (flags & (O_CREAT | O_TRUNC)) === 0;
    const verdict = this.#judge(event, process);
    if (event.result >= 0 && event.objectId !== 0) {
      this.#writes.flushObject(event.objectId);
      this.#objects.set(event.objectId, { path, cause: causeOf(verdict) });
    }
    if (path === NULL_DEVICE) return;
    const totals = verdict.call?.totals;
    if (reads) {
      totals?.addTarget(totals.readPaths, path);
      if (this.#options.recordReads) this.#emit(event, 'open_read', process, verdict, { path });
      else this.#count('open_read', event.result < 0, verdict);
      return;
    }
    totals?.addTarget(totals.writtenPaths, path);
    const truncated = event.pathCut || undefined;
    this.#emit(event, 'open_write', process, verdict, { path, mode: flags, truncated });
  }

  #onWrite(event: KernelEvent): void {
    const process = this.#process(event);
    let object = this.#objects.get(event.objectId);
    if (object === undefined || (!event.pathKnown && object.path !== event.path())) {
      // Opened before it was observed: it belongs to no call by its opening.
      object = { path: event.pathKnown ? '' : event.path(), cause: undefined };
      this.#objects.set(event.objectId, object);
    }
    const { path } = object;
    if (path === NULL_DEVICE) return;
    const verdict = this.#judge(event, process, object);
    const failed = event.result < 0;
    this.#count('write', failed, verdict);
    const bytes = failed ? 0 : event.bytes;
    this.totals.writtenBytes += bytes;
    if (verdict.call !== undefined) verdict.call.totals.writtenBytes += bytes;
    if (this.#writes.add(event, verdict, bytes)) return;
    if (path !== '') verdict.call?.totals.addTarget(verdict.call.totals.writtenPaths, path);
    const target: EffectTarget = { path: path === '' ? undefined : path, bytes };
    const record = this.#build(event, 'write', process, verdict, target);
    this.#writes.open(event, verdict, record);
  }

  #onConnect(event: KernelEvent): void {
    const process = this.#process(event);
    const verdict = this.#judge(event, process);
    const address = event.address();
    this.#objects.set(event.objectId, { path: '', cause: causeOf(verdict) });
    this.#addAddress(verdict, event);
    this.#count('connect', false, verdict);
    const record = this.#build(event, 'connect', process, verdict, { address, path: address.path });
    const early = this.#earlyResults.get(event.objectId);
    if (early !== undefined) this.#earlyResults.delete(event.objectId);
    const pending: PendingConnect = { record, verdict, timeNs: event.timeNs };
    if (event.result !== -EINPROGRESS) this.#finishConnect(pending, event.result);
    else if (early !== undefined) this.#finishConnect(pending, early);
    else this.#pendingConnects.set(event.objectId, pending);
  }

  #onConnectDone(event: KernelEvent): void {
    const pending = this.#pendingConnects.get(event.objectId);
    if (pending === undefined) {
      this.#earlyResults.set(event.objectId, event.result);
      return;
    }
    this.#pendingConnects.delete(event.objectId);
    this.#finishConnect(pending, event.result);
  }

  #finishConnect(pending: PendingConnect, result: number): void {
    const { record, verdict } = pending;
    setResult(record, result);
    if (result < 0) {
      this.totals.failedCount++;
      if (verdict.call !== undefined) verdict.call.totals.failedCount++;
    }
    this.#options.emit(record);
  }

  #onSocket(event: KernelEvent, effect: 'bind' | 'send'): void {
    const process = this.#process(event);
    const object = this.#objects.get(event.objectId);
    const verdict = this.#judge(event, process, object);
    if (object === undefined) this.#objects.set(event.objectId, { path: '', cause: causeOf(verdict) });
    const address = event.address();
    if (effect === 'send') this.#addAddress(verdict, event);
    const bytes = effect === 'send' ? Math.max(0, event.bytes) : undefined;
    this.#emit(event, effect, process, verdict, { address, path: address.path, bytes });
  }

  #onPath(event: KernelEvent, effect: EffectKind, mode?: number): void {
    const process = this.#process(event);
    const verdict = this.#judge(event, process);
    const path = event.path();
    const newPath = effect === 'rename' ? event.secondPath() : undefined;
    const totals = verdict.call?.totals;
    if (totals !== undefined && event.result >= 0) {
      if (effect === 'unlink' || effect === 'rename') totals.addTarget(totals.removedPaths, path);
      if (newPath !== undefined) totals.addTarget(totals.writtenPaths, newPath);
    }
    const truncated = event.pathCut || undefined;
    this.#emit(event, effect, process, verdict, { path, newPath, mode, truncated });
  }

  #addAddress(verdict: Verdict, event: KernelEvent): void {
    const totals = verdict.call?.totals;
    if (totals === undefined) return;
    const { ip, port, path } = event.address();
    if (ip !== undefined) totals.addTarget(totals.connectIps, ip);
    const target = ip === undefined ? path : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
    if (target) totals.addTarget(totals.connectTargets, target);
  }

  #emit(
    event: KernelEvent,
    effect: EffectKind,
    process: ObservedProcess,
    verdict: Verdict,
    target: EffectTarget,
  ): void {
    this.#count(effect, effect !== 'exit' && event.result < 0, verdict);
    this.#options.emit(this.#build(event, effect, process, verdict, target));
  }

  #build(
    event: KernelEvent,
    effect: EffectKind,
    process: ObservedProcess,
    verdict: Verdict,
    target: EffectTarget,
  ): EffectRecord {
    const { context } = this.#options;
    const record = buildEffect(event, effect, process, verdict, this.session!, target, context);
    const { call } = verdict;
    if (call !== undefined) {
      const madeInCall = effect === 'unlink' && call.totals.writtenPaths.includes(record.path ?? '');
      record.contradiction = contradictionOf(record, verdict, madeInCall);
      if (record.contradiction !== undefined) call.contradictions.add(record.contradiction);
    }
    return record;
  }

  #count(effect: EffectKind, failed: boolean, verdict: Verdict): void {
    this.totals.count(effect, failed);
    const { call, basis } = verdict;
    if (call !== undefined) {
      call.totals.count(effect, failed);
      if (basis === 'tail') {
        call.tailCount++;
        this.tailCount++;
      }
    } else if (basis === 'ambiguous') {
      this.ambiguousCount++;
      for (const candidate of verdict.candidates) candidate.ambiguousCount++;
    } else if (basis === 'idle' && effect !== 'exit') this.unsolicitedCount++;
  }
}
