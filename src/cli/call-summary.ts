/** Counts the calls of a session for a person to read at its end. */
import { sanitizeForTerminal } from '../base/terminal.ts';
import type { AuditEdge } from '../record/audit-edge.ts';
import type { SessionRecord } from '../record/record.gen.ts';

interface MethodRow {
  calls: number;
  errors: number;
  bytes: number;
  /** Milliseconds; a random sample once there are many. */
  durations: number[];
}

const MAX_ROWS = 200;
const MAX_DURATIONS = 2000;
const OTHER = '(others)';

export class CallSummary {
  readonly #rows = new Map<string, MethodRow>();
  #end: SessionRecord | undefined;

  observe(edge: AuditEdge): void {
    if (edge.type === 'session_end') this.#end = edge.record;
    if (edge.type !== 'call_end') return;
    const { record } = edge;
    const target = record.tool_name === undefined ? record.method : `${record.method} ${record.tool_name}`;
    const row = this.#row(record.direction === 'client_to_server' ? target : `${target} (from the server)`);
    row.calls++;
    if (record.outcome !== 'ok') row.errors++;
    row.bytes += (record.request_bytes ?? 0) + (record.response_bytes ?? 0);
    if (record.message_type !== 'request') return;
    if (row.durations.length < MAX_DURATIONS) row.durations.push(record.duration_ms);
    else {
      const at = Math.floor(Math.random() * row.calls);
      if (at < MAX_DURATIONS) row.durations[at] = record.duration_ms;
    }
  }

  render(lostRecords: number): string {
    const header = ['method', 'calls', 'errors', 'bytes', 'p50 ms', 'p95 ms'];
    const rows = [...this.#rows].map(([name, row]) => [
      clip(sanitizeForTerminal(name), 60),
      String(row.calls),
      String(row.errors),
      String(row.bytes),
      quantile(row.durations, 0.5),
      quantile(row.durations, 0.95),
    ]);
    const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
    const lines = [header, ...rows].map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    );
    const end = this.#end;
    const skipped = `${end?.skipped_messages ?? 0} (${end?.skipped_bytes ?? 0} bytes)`;
    const total = `${end?.call_count ?? 0} calls, ${end?.error_count ?? 0} not ok`;
    lines.push(`${total}; not JSON-RPC: ${skipped}; records lost: ${lostRecords}`);
    return lines.join('\n');
  }

  #row(name: string): MethodRow {
    const key = this.#rows.has(name) || this.#rows.size < MAX_ROWS ? name : OTHER;
    let row = this.#rows.get(key);
    if (row === undefined) {
      row = { calls: 0, errors: 0, bytes: 0, durations: [] };
      this.#rows.set(key, row);
    }
    return row;
  }
}

function quantile(values: readonly number[], q: number): string {
  if (values.length === 0) return '-';
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!.toFixed(3);
}

function clip(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text;
}
