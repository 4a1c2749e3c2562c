/** Edges that wait for the agent: bounded, and what finds no room is counted. */
import type { AuditEdge } from '../record/audit-edge.ts';
import { encodeEdge } from '../record/edge-codec.ts';

export interface EdgeQueueLimits {
  readonly maxBytes: number;
  readonly maxEdges: number;
}

interface Waiting {
  readonly line: string;
  readonly bytes: number;
  readonly type: AuditEdge['type'];
}

export interface EdgeBatch {
  readonly text: string;
  /** Edges in it that carry a record. */
  readonly records: number;
}

const MAX_BATCH_BYTES = 256 << 10;

export class EdgeQueue {
  readonly #limits: EdgeQueueLimits;
  #waiting: Waiting[] = [];
  #bytes = 0;

  constructor(limits: EdgeQueueLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#waiting.length;
  }

  /** Edges that carry a record. */
  get records(): number {
    return this.#waiting.reduce((count, { type }) => count + (carriesRecord(type) ? 1 : 0), 0);
  }

  /** False when there is no room. */
  add(edge: AuditEdge): boolean {
    if (this.#waiting.length >= this.#limits.maxEdges) return false;
    const line = `${encodeEdge(edge)}\n`;
    const bytes = Buffer.byteLength(line);
    if (this.#bytes + bytes > this.#limits.maxBytes) return false;
    this.#waiting.push({ line, bytes, type: edge.type });
    this.#bytes += bytes;
    return true;
  }

  /** The oldest edges as one piece of text; undefined when nothing waits. */
  take(): EdgeBatch | undefined {
    if (this.#waiting.length === 0) return undefined;
    let text = '';
    let records = 0;
    let bytes = 0;
    let count = 0;
    for (; count < this.#waiting.length && bytes < MAX_BATCH_BYTES; count++) {
      const waiting = this.#waiting[count]!;
      text += waiting.line;
      bytes += waiting.bytes;
      if (carriesRecord(waiting.type)) records++;
    }
    this.#waiting.splice(0, count);
    this.#bytes -= bytes;
    return { text, records };
  }

  /** Drops what tells of a beginning: on a new connection, what still goes on is told afresh. */
  dropBeginnings(): void {
    this.#waiting = this.#waiting.filter(({ type }) => type === 'call_end' || type === 'session_end');
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  clear(): void {
    this.#waiting = [];
    this.#bytes = 0;
  }
}

export function carriesRecord(type: AuditEdge['type']): boolean {
  return type === 'call_end' || type === 'session_start' || type === 'session_end';
}
