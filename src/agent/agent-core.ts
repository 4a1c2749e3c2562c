/**
 * The part that `run` and `trace` share: takes the producers' edges and the kernel's batches, joins
 * them where the kernel is observed, and hands records to one outlet. In audit mode the producers'
 * records go straight through.
 */

import { hostname, release } from 'node:os';
import { setImmediate, setTimeout } from 'node:timers';
import type { Clock } from '../base/clock.ts';
import { Correlator } from '../correlate/correlator.ts';
import type { AuditEdge, EdgeSink } from '../record/audit-edge.ts';
import type { KernelBatch, KernelObserver } from '../record/kernel-event.ts';
import type { McpRecord, StatusEvent, StatusRecord } from '../record/record.gen.ts';
import { readProcessTree } from './process-info.ts';

/** Where finished records go. Never throws and never blocks for long. */
export interface RecordOutlet {
  write(record: McpRecord): void;
  close(): Promise<void>;
}

export interface AgentCoreOptions {
  readonly clock: Clock;
  readonly outlet: RecordOutlet;
  readonly version: string;
  /** Opens the kernel observer; undefined, or a throw, means audit mode. */
  readonly openKernel: ((onBatch: (batch: KernelBatch) => void) => KernelObserver) | undefined;
  /** Why `openKernel` is undefined. */
  readonly auditReason?: string | undefined;
  readonly reorderMs?: number | undefined;
  readonly tailMs?: number | undefined;
  readonly recordReads?: boolean | undefined;
}

/** A tree that the agent observes; `edges` takes what its producer tells. */
export interface TreeHandle {
  readonly treeId: number;
  readonly edges: EdgeSink;
}

/** How often due events and calls are looked for while anything is held. */
const TICK_MS = 25;
/** Loss is reported at most this often while it goes on. */
const LOSS_REPORT_MS = 1_000;
const AGENT_SESSION = 'agent';
const MAX_REASON_LENGTH = 256;

export class AgentCore {
  readonly mode: 'kernel' | 'audit';
  /** Why the mode is audit; undefined in kernel mode. */
  readonly reason: string | undefined;
  /** What made the kernel observer unavailable. */
  readonly kernelError: unknown;
  readonly kernel: KernelObserver | undefined;
  readonly #options: AgentCoreOptions;
  readonly #correlator: Correlator | undefined;
  readonly #hostName = hostname();
  #nextTreeId = 1;
  #tick: NodeJS.Timeout | undefined;
  #reportedLoss = 0;
  #lastLossReportNs = 0n;
  /** Records that producers, feed or rules lost. */
  #lostRecords = 0;
  #lostReason: string | undefined;
  #lossTimer: NodeJS.Timeout | undefined;
  #lastNotedNs = 0n;
  #stopped = false;

  constructor(options: AgentCoreOptions) {
    this.#options = options;
    let kernel: KernelObserver | undefined;
    try {
      kernel = options.openKernel?.((batch) => this.#onBatch(batch));
      this.reason =
        kernel === undefined ? (options.auditReason ?? 'kernel observer not asked for') : undefined;
    } catch (error) {
      this.kernelError = error;
      this.reason = summarize(error);
    }
    this.kernel = kernel;
    this.mode = kernel === undefined ? 'audit' : 'kernel';
    if (kernel !== undefined) {
      this.#correlator = new Correlator({
        context: {
          bootId: options.clock.bootId,
          hostName: this.#hostName,
          toUnixNs: options.clock.toUnixNs,
        },
        ...(options.reorderMs === undefined ? {} : { reorderMs: options.reorderMs }),
        ...(options.tailMs === undefined ? {} : { tailMs: options.tailMs }),
        recordReads: options.recordReads ?? false,
        emit: (record) => this.#write(record),
        onTreeGone: (treeId) => this.closeTree(treeId),
      });
    }
    this.#writeStatus('agent_start');
  }

  /**
   * Makes room for a server that is about to be observed.
   * @param producerPid a process of the tree whose own effects are not the server's
   */
  openTree(producerPid?: number): TreeHandle {
    const treeId = this.#nextTreeId++;
    this.#correlator?.openTree(treeId, producerPid, [], this.#options.clock.nowNs());
    return {
      treeId,
      edges: {
        push: (edge) => this.pushEdge(treeId, edge),
        close: () => Promise.resolve(),
      },
    };
  }

  /** Registers processes that run already as members of a tree; ones that are members stay so. */
  observeRunning(treeId: number, rootPid: number): void {
    this.kernel?.trackPid(treeId, rootPid);
    this.#correlator?.addProcesses(treeId, readProcessTree(rootPid), this.#options.clock.nowNs());
  }

  pushEdge(treeId: number, edge: AuditEdge): void {
    if (edge.type === 'producer_loss') {
      this.#lostRecords += edge.lostRecords;
      this.#lostReason = edge.reason;
      this.#writeStatus('loss');
    }
    if (this.#correlator !== undefined) {
      this.#correlator.pushEdge(treeId, edge);
      this.#scheduleTick();
    } else if (edge.type !== 'producer_loss' && edge.type !== 'call_begin') {
      edge.record.observer_mode = 'audit';
      edge.record.observer_reason = this.reason;
      this.#write(edge.record);
    }
  }

  /** The producer went away without ending the session. */
  loseSession(sessionId: string): void {
    this.#correlator?.loseSession(sessionId, this.#options.clock.nowNs());
    this.#scheduleTick();
  }

  /**
   * Somebody who was to get records did not get some. A status says so, soon and not within this
   * call, and at most once a second.
   * @param reason one word, e.g. `feed_reader_slow`
   */
  noteLoss(records: number, reason: string): void {
    this.#lostRecords += records;
    this.#lostReason = reason;
    if (this.#lossTimer !== undefined || this.#stopped) return;
    const sinceMs = Number((this.#options.clock.nowNs() - this.#lastNotedNs) / 1_000_000n);
    this.#lossTimer = setTimeout(
      () => {
        this.#lossTimer = undefined;
        this.#lastNotedNs = this.#options.clock.nowNs();
        this.#writeStatus('loss');
      },
      Math.max(0, LOSS_REPORT_MS - sinceMs),
    );
    this.#lossTimer.unref();
  }

  closeTree(treeId: number): void {
    this.kernel?.untrack(treeId);
    this.#correlator?.closeTree(treeId);
  }

  /** Judges and writes what is there, detaches from the kernel, and closes the outlet. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#tick);
    clearTimeout(this.#lossTimer);
    this.kernel?.drain();
    this.#correlator?.flush();
    this.#writeStatus('agent_stop');
    this.kernel?.close();
    await this.#options.outlet.close();
  }

  #onBatch(batch: KernelBatch): void {
    this.#correlator?.pushBatch(batch);
    this.#scheduleTick();
  }

  #scheduleTick(): void {
    if (this.#tick !== undefined || this.#stopped || this.#correlator === undefined) return;
    // After the timer, so that a loop that was held up reads its sockets before anything is judged.
    this.#tick = setTimeout(() => setImmediate(() => this.#onTick()), TICK_MS);
  }

  #onTick(): void {
    this.#tick = undefined;
    const correlator = this.#correlator;
    if (this.#stopped || correlator === undefined) return;
    const nowNs = this.#options.clock.nowNs();
    this.kernel?.drain();
    correlator.advance(Number(nowNs));
    this.#reportLoss(nowNs);
    if (correlator.busy) this.#scheduleTick();
  }

  #reportLoss(nowNs: bigint): void {
    const loss = this.kernel?.loss();
    const total = loss === undefined ? 0 : loss.ringFull + loss.jsQueueFull;
    if (total === this.#reportedLoss) return;
    if (nowNs - this.#lastLossReportNs < BigInt(LOSS_REPORT_MS) * 1_000_000n) return;
    this.#reportedLoss = total;
    this.#lastLossReportNs = nowNs;
    this.#writeStatus('loss');
  }

  #writeStatus(event: StatusEvent): void {
    const ktimeNs = this.#options.clock.nowNs();
    const loss = this.kernel?.loss();
    const record: StatusRecord = {
      schema_version: '1',
      record: 'status',
      timestamp: this.#options.clock.toUnixNs(ktimeNs),
      ktime_ns: ktimeNs,
      boot_id: this.#options.clock.bootId,
      host_name: this.#hostName,
      session_id: AGENT_SESSION,
      client_process: '',
      server_host: '',
      server_port: 0,
      tls: false,
      method: '',
      source: 'agent',
      observer_mode: this.mode,
      observer_reason: this.reason,
      status_event: event,
      agent_version: this.#options.version,
      kernel_release: release(),
    };
    if (loss !== undefined) {
      record.lost_ring = loss.ringFull;
      record.lost_addon = loss.addonQueueFull;
      record.lost_js = loss.jsQueueFull;
      record.lost_faults = loss.readFaults;
    }
    if (this.#lostRecords > 0) {
      record.lost_records = this.#lostRecords;
      record.lost_reason = this.#lostReason;
    }
    this.#write(record);
  }

  #write(record: McpRecord): void {
    this.#options.outlet.write(record);
  }
}

/** The first line of what was thrown: the kernel's log may follow it, and the reason goes on every record. */
function summarize(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]!.slice(0, MAX_REASON_LENGTH);
}
