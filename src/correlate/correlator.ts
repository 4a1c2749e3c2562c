/**
 * Joins the producers' edges and the kernel's events, both in monotonic time, into records. Kernel
 * events wait for the reorder window before they are judged, so that the edges that bear on them
 * have come; calls wait for their tail as well, so that their records carry what came just after.
 */
import type { AuditEdge, CallBegin, CallEnd, SessionEnd, SessionStart } from '../record/audit-edge.ts';
import type { KernelBatch } from '../record/kernel-event.ts';
import type { CallRecord, EffectRecord, McpRecord, SessionRecord } from '../record/record.gen.ts';
import type { RecordContext } from './effect-record.ts';
import { LossLedger } from './loss-ledger.ts';
import { ObservedTree } from './observed-tree.ts';
import { orphanRecord } from './orphan-record.ts';
import { ProcessTable } from './process-table.ts';
import { type TrackedCall, trackCall } from './tracked-call.ts';

export interface CorrelatorOptions {
  readonly context: RecordContext;
  /** How long kernel events wait for late edges. Default 200 ms. */
  readonly reorderMs?: number;
  /** How long after a response an effect still counts as that call's tail. Default 250 ms. */
  readonly tailMs?: number;
  /** Kernel batches held at most while they wait; beyond it the oldest are judged early. Default 64 MiB. */
  readonly maxHeldBytes?: number;
  /** Writes effect records for files opened for reading, too. */
  readonly recordReads?: boolean;
  emit(record: McpRecord): void;
  /** The tree's session has ended and its last process is gone. */
  onTreeGone?(treeId: number): void;
}

export interface ProcessSeed {
  readonly pid: number;
  readonly ppid: number;
  readonly exe: string;
}

interface Session {
  readonly tree: ObservedTree;
  readonly start: SessionRecord;
  end: SessionEnd | undefined;
  endNs: number;
}

interface EndedCall {
  readonly call: TrackedCall | undefined;
  readonly record: CallRecord;
  readonly endNs: number;
}

export class Correlator {
  readonly #options: CorrelatorOptions;
  readonly #reorderNs: number;
  readonly #tailNs: number;
  readonly #maxHeldBytes: number;
  readonly #processes = new ProcessTable();
  readonly #trees = new Map<number, ObservedTree>();
  readonly #sessions = new Map<string, Session>();
  readonly #calls = new Map<string, TrackedCall>();
  readonly #losses = new LossLedger();
  #held: KernelBatch[] = [];
  #heldBytes = 0;
  #ended: EndedCall[] = [];
  /** Everything that happened before is judged. */
  #judgedNs = Number.NEGATIVE_INFINITY;
  /** Batches judged before their edges may have come, because too much was held. */
  judgedEarly = 0;
  /** Events of trees that are not known (any more). */
  strayEvents = 0;

  constructor(options: CorrelatorOptions) {
    this.#options = options;
    this.#reorderNs = (options.reorderMs ?? 200) * 1e6;
    this.#tailNs = (options.tailMs ?? 250) * 1e6;
    this.#maxHeldBytes = options.maxHeldBytes ?? 64 * 1024 * 1024;
  }

  /**
   * Makes a tree known before its first event. `processes` are those that run already; what
   * happened before `observedSinceNs` was not seen.
   */
  openTree(
    treeId: number,
    producerPid?: number,
    processes: Iterable<ProcessSeed> = [],
    observedSinceNs = 0n,
  ): void {
    const tree = new ObservedTree({
      treeId,
      observedSinceNs: Number(observedSinceNs),
      tailNs: this.#tailNs,
      context: this.#options.context,
      processes: this.#processes,
      recordReads: this.#options.recordReads ?? false,
      producerPid,
      emit: (record) => this.#emitEffect(record),
    });
    this.#trees.set(treeId, tree);
    for (const seed of processes) this.#processes.add({ ...seed, treeId, cause: undefined });
  }

  /**
   * Processes of a tree that its events may not have told of. One that was not known has done things
   * unseen until `nowNs`.
   */
  addProcesses(treeId: number, processes: Iterable<ProcessSeed>, nowNs: bigint): void {
    const tree = this.#trees.get(treeId);
    if (tree === undefined) return;
    for (const seed of processes) {
      if (this.#processes.get(seed.pid)?.treeId === treeId) continue;
      this.#processes.add({ ...seed, treeId, cause: undefined });
      tree.observedSinceNs = Number(nowNs);
    }
  }

  /** Something is held or waiting, so {@link advance} has work to do. */
  get busy(): boolean {
    if (this.#held.length > 0 || this.#ended.length > 0) return true;
    for (const session of this.#sessions.values()) if (session.end !== undefined) return true;
    for (const tree of this.#trees.values()) if (tree.hasWaiting) return true;
    return false;
  }

  pushEdge(treeId: number, edge: AuditEdge): void {
    switch (edge.type) {
      case 'session_start':
        this.#onSessionStart(treeId, edge);
        break;
      case 'call_begin':
        this.#onCallBegin(edge);
        break;
      case 'call_end':
        this.#onCallEnd(edge);
        break;
      case 'session_end':
        this.#onSessionEnd(edge);
        break;
      case 'producer_loss':
        this.#losses.add(Number(edge.atNs) - 1e9, Number(edge.atNs), 'producer_loss');
    }
  }

  pushBatch(batch: KernelBatch): void {
    const { loss } = batch;
    if (loss !== undefined) this.#losses.add(loss.fromNs, loss.toNs, 'ring_full');
    if (batch.eventCount === 0) return;
    this.#held.push(batch);
    this.#heldBytes += batch.byteLength;
    while (this.#heldBytes > this.#maxHeldBytes) {
      this.judgedEarly++;
      const oldest = this.#held[0]!;
      this.#losses.add(oldest.firstTimeNs, oldest.lastTimeNs, 'judged_early');
      this.#judgeOldest();
    }
  }

  /**
   * The producer of a session is gone without ending it: its calls in flight are written as
   * orphaned and the session as lost.
   */
  loseSession(sessionId: string, atNs: bigint): void {
    const session = this.#sessions.get(sessionId);
    if (session === undefined || session.end !== undefined) return;
    const { context } = this.#options;
    for (const call of this.#calls.values()) {
      if (call.sessionId !== sessionId || call.record !== undefined) continue;
      this.#onCallEnd({ type: 'call_end', atNs, record: orphanRecord(call, session.start, atNs, context) });
    }
    const record: SessionRecord = {
      ...session.start,
      timestamp: context.toUnixNs(atNs),
      ktime_ns: atNs,
      session_event: 'end',
      end_reason: 'connection_lost',
    };
    this.#onSessionEnd({ type: 'session_end', atNs, record });
  }

  /** Judges and writes all that is due at monotonic time `nowNs`. */
  advance(nowNs: number): void {
    this.#advanceTo(nowNs - this.#reorderNs);
  }

  /** Judges and writes everything now: nothing more will come. */
  flush(): void {
    this.#advanceTo(Number.POSITIVE_INFINITY);
    for (const tree of this.#trees.values()) tree.flushAll();
  }

  /** Forgets a tree, its processes and its sessions. */
  closeTree(treeId: number): void {
    const tree = this.#trees.get(treeId);
    if (tree === undefined) return;
    tree.flushAll();
    this.#trees.delete(treeId);
    this.#processes.removeTree(treeId);
    for (const [id, session] of this.#sessions) if (session.tree === tree) this.#sessions.delete(id);
  }

  #onSessionStart(treeId: number, edge: SessionStart): void {
    const tree = this.#trees.get(treeId);
    if (tree === undefined || this.#sessions.has(edge.record.session_id)) return;
    tree.ledger.session ??= edge.record;
    edge.record.observer_mode = 'kernel';
    this.#sessions.set(edge.record.session_id, {
      tree,
      start: edge.record,
      end: undefined,
      endNs: Number.POSITIVE_INFINITY,
    });
    this.#options.emit(edge.record);
  }

  #onCallBegin(edge: CallBegin): void {
    const session = this.#sessions.get(edge.sessionId);
    if (session === undefined || edge.direction !== 'client_to_server') return;
    const { callId, sessionId, method, toolName, declared } = edge;
    const call = trackCall({ callId, sessionId, method, toolName, declared, begunNs: edge.atNs });
    this.#calls.set(callId, call);
    if (call.beginNs < this.#judgedNs) call.coverageReasons.add('late_edges');
    session.tree.timeline.begin(call);
  }

  #onCallEnd(edge: CallEnd): void {
    const { record } = edge;
    record.observer_mode = 'kernel';
    record.observer_reason = undefined;
    const call = this.#calls.get(record.call_id);
    const endNs = Number(edge.atNs);
    if (call !== undefined) {
      call.endNs = endNs;
      call.record = record;
      this.#sessions.get(call.sessionId)?.tree.timeline.end(call);
    } else if (record.message_type === 'request' && record.direction === 'client_to_server') {
      record.coverage = 'none';
      record.coverage_reasons = ['begin_not_seen'];
    }
    this.#ended.push({ call, record, endNs });
  }

  #onSessionEnd(edge: SessionEnd): void {
    const session = this.#sessions.get(edge.record.session_id);
    if (session === undefined) return;
    edge.record.observer_mode = 'kernel';
    edge.record.observer_reason = undefined;
    session.end = edge;
    session.endNs = Number(edge.atNs);
  }

  /** Everything that happened before `dueNs` can be judged. */
  #advanceTo(dueNs: number): void {
    while (this.#held.length > 0 && this.#held[0]!.lastTimeNs <= dueNs) this.#judgeOldest();
    const judgedNs = Math.min(dueNs, this.#held[0]?.firstTimeNs ?? dueNs);
    if (Number.isFinite(judgedNs)) this.#judgedNs = Math.max(this.#judgedNs, judgedNs);
    this.#finishCalls(judgedNs);
    for (const tree of this.#trees.values()) {
      if (Number.isFinite(judgedNs)) tree.flushOld(judgedNs);
      else tree.flushAll();
      tree.timeline.prune(judgedNs - this.#tailNs);
    }
    this.#finishSessions(judgedNs);
  }

  #judgeOldest(): void {
    const batch = this.#held.shift()!;
    this.#heldBytes -= batch.byteLength;
    let tree: ObservedTree | undefined;
    while (batch.next()) {
      if (tree === undefined || tree.treeId !== batch.treeId) tree = this.#trees.get(batch.treeId);
      if (tree?.ledger.session === undefined) this.strayEvents++;
      else tree.handle(batch);
    }
  }

  #finishCalls(judgedNs: number): void {
    let due = 0;
    while (due < this.#ended.length && this.#ended[due]!.endNs + this.#tailNs <= judgedNs) due++;
    if (due === 0) return;
    const ended = this.#ended.slice(0, due);
    this.#ended = this.#ended.slice(due);
    for (const { call, record } of ended) {
      if (call !== undefined) this.#finishCall(call, record);
      this.#options.emit(record);
    }
  }

  #finishCall(call: TrackedCall, record: CallRecord): void {
    this.#calls.delete(call.callId);
    const tree = this.#sessions.get(call.sessionId)?.tree;
    if (tree === undefined) return;
    tree.flushCall(call);
    tree.ledger.fillCall(call, record);
    const reasons = this.#losses.reasonsIn(call.beginNs, call.endNs + this.#tailNs);
    reasons.push(...call.coverageReasons);
    if (call.beginNs < tree.observedSinceNs) reasons.push('agent_was_away');
    record.coverage = reasons.length > 0 ? 'partial' : 'full';
    if (call.endNs < tree.observedSinceNs) record.coverage = 'none';
    if (reasons.length > 0) record.coverage_reasons = reasons;
  }

  #finishSessions(judgedNs: number): void {
    for (const [sessionId, session] of this.#sessions) {
      const { end, tree } = session;
      if (end === undefined || session.endNs + this.#tailNs > judgedNs) continue;
      this.#sessions.delete(sessionId);
      tree.ledger.fillSession(end.record);
      const startNs = Number(session.start.ktime_ns);
      const reasons = this.#losses.reasonsIn(startNs, session.endNs);
      if (startNs < tree.observedSinceNs) reasons.push('agent_was_away');
      end.record.coverage = reasons.length > 0 ? 'partial' : 'full';
      if (reasons.length > 0) end.record.coverage_reasons = reasons;
      this.#options.emit(end.record);
    }
    if (this.#options.onTreeGone === undefined) return;
    for (const tree of this.#trees.values()) {
      if (tree.ledger.session === undefined || tree.timeline.openCount > 0) continue;
      if (this.#processes.liveCount(tree.treeId) > 0 || this.#hasSession(tree)) continue;
      this.#options.onTreeGone(tree.treeId);
    }
  }

  #hasSession(tree: ObservedTree): boolean {
    for (const session of this.#sessions.values()) if (session.tree === tree) return true;
    return false;
  }

  #emitEffect(record: EffectRecord): void {
    if (!this.#losses.empty) {
      const call = record.call_id === undefined ? undefined : this.#calls.get(record.call_id);
      const atNs = Number(record.ktime_ns);
      const reasons = this.#losses.reasonsIn(call?.beginNs ?? atNs - 1e9, atNs);
      if (reasons.length > 0) {
        record.coverage = 'partial';
        record.coverage_reasons = reasons;
      }
    }
    this.#options.emit(record);
  }
}
