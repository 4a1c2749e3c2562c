/** An alert in the shape in which Falco writes it as JSON. */
import type { AlertFieldValue } from './output-format.ts';
import type { Priority } from './priority.ts';

export interface Alert {
  readonly rule: string;
  readonly priority: Priority;
  readonly source: string;
  /** Sorted, each once. */
  readonly tags: readonly string[];
  readonly hostname: string;
  /** Time of the record: `2026-01-31T12:00:00.123456789Z`. */
  readonly time: string;
  readonly timeNs: bigint;
  /** Time of day, priority and message on one line. */
  readonly output: string;
  /** Sorted by name. */
  readonly outputFields: ReadonlyMap<string, AlertFieldValue>;
}

/** One line of JSON without its line end; integers keep all their digits. */
export function encodeAlert(alert: Alert): string {
  const fields = [...alert.outputFields].map(
    ([name, value]) => `${JSON.stringify(name)}:${encodeValue(value)}`,
  );
  const text = JSON.stringify;
  return (
    `{"hostname":${text(alert.hostname)},"output":${text(alert.output)},"output_fields":{${fields.join(',')}},` +
    `"priority":${text(alert.priority)},"rule":${text(alert.rule)},"source":${text(alert.source)},` +
    `"tags":${text(alert.tags)},"time":${text(alert.time)}}`
  );
}

function encodeValue(value: AlertFieldValue): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(encodeValue).join(',')}]`;
  return JSON.stringify(value);
}
