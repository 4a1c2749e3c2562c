/**
 * One server's process tree: takes its kernel events in order, judges each, counts it on its call
 * and session, and hands effect records out.
 */
import { BoundedMap } from '../base/bounded-map.ts';
import { type KernelEvent, KernelEventKind } from '../record/kernel-event.ts';
import type { EffectKind, EffectRecord } from '../record/record.gen.ts';
import { type Cause, causeOf, type Verdict } from './cause.ts';
import { EffectLedger } from './effect-ledger.ts';
import type { EffectTarget, RecordContext } from './effect-record.ts';
import { IDLE, Join } from './join.ts';
import { PendingConnects } from './pending-connects.ts';
import type { ObservedProcess, ProcessTable } from './process-table.ts';
import { Timeline } from './timeline.ts';
import type { TrackedCall } from './tracked-call.ts';
import { WriteCoalescer } from './write-coalescer.ts';

const O_ACCMODE = 3;
const O_CREAT = 0o100;
const O_TRUNC = 0o1000;
/** Open files and sockets remembered a tree; the one opened longest ago is forgotten first. */
const MAX_OBJECTS = 32_768;
/** Written to by every shell; nothing on the host changes. */
const NULL_DEVICE = '/dev/null';

interface OpenObject {
  readonly path: string;
  readonly cause: Cause | undefined;
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
  observedSinceNs: number;
  readonly timeline = new Timeline();
  readonly ledger: EffectLedger;
  readonly #options: TreeOptions;
  readonly #join: Join;
  readonly #objects = new BoundedMap<number, OpenObject>(MAX_OBJECTS);
  readonly #connects: PendingConnects;
  readonly #writes: WriteCoalescer;

  constructor(options: TreeOptions) {
    this.#options = options;
    this.treeId = options.treeId;
    this.observedSinceNs = options.observedSinceNs;
    this.#join = new Join(this.timeline, options.tailNs);
    this.ledger = new EffectLedger(options.context, (record) => options.emit(record));
    this.#writes = new WriteCoalescer((record) => options.emit(record));
    this.#connects = new PendingConnects((record, verdict) => {
      if (record.errno !== undefined) this.ledger.countLateFailure(verdict);
      options.emit(record);
    });
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
        this.#connects.resolve(event.objectId, event.result);
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
    this.#connects.expire(nowNs);
  }

  flushAll(): void {
    this.#writes.flushAll();
    this.#connects.expire(Number.POSITIVE_INFINITY);
  }

  get hasWaiting(): boolean {
    return this.#writes.size > 0 || this.#connects.size > 0;
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
    this.ledger.enter(event, 'fork', parent, verdict, { childPid });
  }

  #onExec(event: KernelEvent): void {
    const process = this.#process(event);
    const verdict = this.#judge(event, process);
    process.exe = event.path();
    const totals = verdict.call?.totals;
    totals?.addTarget(totals.execPaths, process.exe, false);
    const truncated = event.argvCut || event.pathCut || undefined;
    this.ledger.enter(event, 'exec', process, verdict, {
      path: process.exe,
      execArgs: event.argv(),
      truncated,
    });
  }

  #onExit(event: KernelEvent): void {
    const process = this.#process(event);
    let verdict = this.#judge(event, process);
    // The server ends because its client has gone, not because of the call that happened to be last.
    if (verdict.basis === 'tail' && process.cause === undefined) verdict = IDLE;
    this.ledger.enter(event, 'exit', process, verdict, {});
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
      if (this.#options.recordReads) this.ledger.enter(event, 'open_read', process, verdict, { path });
      else this.ledger.count('open_read', event.result < 0, verdict);
      return;
    }
    totals?.addTarget(totals.writtenPaths, path);
    const truncated = event.pathCut || undefined;
    this.ledger.enter(event, 'open_write', process, verdict, { path, mode: flags, truncated });
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
    this.ledger.count('write', failed, verdict);
    const bytes = failed ? 0 : event.bytes;
    this.ledger.countWrittenBytes(bytes, verdict);
    if (this.#writes.add(event, verdict, bytes)) return;
    if (path !== '') verdict.call?.totals.addTarget(verdict.call.totals.writtenPaths, path);
    const target: EffectTarget = { path: path === '' ? undefined : path, bytes };
    const record = this.ledger.build(event, 'write', process, verdict, target);
    this.#writes.open(event, verdict, record);
  }

  #onConnect(event: KernelEvent): void {
    const process = this.#process(event);
    const verdict = this.#judge(event, process);
    const address = event.address();
    this.#objects.set(event.objectId, { path: '', cause: causeOf(verdict) });
    this.#addAddress(verdict, event);
    this.ledger.count('connect', false, verdict);
    const record = this.ledger.build(event, 'connect', process, verdict, { address, path: address.path });
    this.#connects.add(event.objectId, record, verdict, event.timeNs, event.result);
  }

  #onSocket(event: KernelEvent, effect: 'bind' | 'send'): void {
    const process = this.#process(event);
    const object = this.#objects.get(event.objectId);
    const verdict = this.#judge(event, process, object);
    if (object === undefined) this.#objects.set(event.objectId, { path: '', cause: causeOf(verdict) });
    const address = event.address();
    if (effect === 'send') this.#addAddress(verdict, event);
    const bytes = effect === 'send' ? Math.max(0, event.bytes) : undefined;
    this.ledger.enter(event, effect, process, verdict, { address, path: address.path, bytes });
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
    this.ledger.enter(event, effect, process, verdict, { path, newPath, mode, truncated });
  }

  #addAddress(verdict: Verdict, event: KernelEvent): void {
    const totals = verdict.call?.totals;
    if (totals === undefined) return;
    const { ip, port, path } = event.address();
    if (ip !== undefined) totals.addTarget(totals.connectIps, ip);
    const target = ip === undefined ? path : ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
    if (target) totals.addTarget(totals.connectTargets, target);
  }
}
