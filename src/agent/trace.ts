/** `trace`: wrapper and agent in one process, for one server. */
import type { Clock } from '../base/clock.ts';
import { runWrap, type WrapEnd, type WrapOptions } from '../producers/wrap/run-wrap.ts';
import type { AuditEdge, EdgeSink } from '../record/audit-edge.ts';
import type { AgentCore } from './agent-core.ts';

export interface TraceOptions {
  readonly core: AgentCore;
  readonly clock: Clock;
  /** Sees every edge before it is joined, for a summary. */
  readonly observeEdge?: (edge: AuditEdge) => void;
  readonly wrap: Omit<WrapOptions, 'clock' | 'observer'>;
}

/** Runs the server to its end; every record is written when it resolves. */
export async function runTrace(options: TraceOptions): Promise<WrapEnd> {
  const { core, clock } = options;
  const { kernel } = core;
  const tree = core.openTree();
  const spawnWith = <T>(spawn: () => T): T =>
    kernel === undefined ? spawn() : kernel.spawnTracked(tree.treeId, spawn);
  const wrap: WrapOptions = {
    ...options.wrap,
    clock,
    observer: () => ({ mode: core.mode, reason: core.reason }),
  };
  try {
    const edges: EdgeSink = {
      push(edge) {
        options.observeEdge?.(edge);
        tree.edges.push(edge);
      },
      close: () => tree.edges.close(),
    };
    return await runWrap(wrap, edges, { spawnWith });
  } finally {
    await core.stop();
  }
}
