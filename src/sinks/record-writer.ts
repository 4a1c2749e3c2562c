/** Edges as finished records in a line sink: the audit without an agent. */
import type { AuditEdge, EdgeSink } from '../record/audit-edge.ts';
import { encodeBounded, MAX_LINE_BYTES } from '../record/encode.ts';
import type { LineSink } from './line-sink.ts';

/** Room for the count of lost records, which the sink may put into a line. */
const LOSS_BYTES = 256;

export class RecordWriter implements EdgeSink {
  readonly #lines: LineSink;

  constructor(lines: LineSink) {
    this.#lines = lines;
  }

  push(edge: AuditEdge): void {
    if (edge.type === 'call_begin' || edge.type === 'producer_loss') return;
    this.#lines.write(encodeBounded(edge.record, MAX_LINE_BYTES - LOSS_BYTES));
  }

  close(): Promise<void> {
    return this.#lines.close();
  }
}
