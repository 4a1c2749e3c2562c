/**
 * Edges as lines of JSON, for the way from a producer to the agent's socket. Decoding checks what it
 * is given, since the socket's other end is another process; it never throws.
 */
import type { AuditEdge } from './audit-edge.ts';
import { encodeBounded, MAX_LINE_BYTES, parseInt64 } from './encode.ts';
import type { CallRecord, SessionRecord } from './record.gen.ts';

export const EDGE_PROTOCOL_VERSION = 1;

/** First line of a producer on the agent's socket. */
export interface Hello {
  readonly t: 'hello';
  readonly v: number;
  /** Process id as the producer sees it; the agent trusts the socket's peer credentials. */
  readonly pid: number;
  readonly sessionId: string;
  readonly clientProcess?: string;
  readonly serverName?: string;
  /** The server's process where it runs already: the producer has come back after a lost connection. */
  readonly serverPid?: number;
}

/** The agent's answer. The producer spawns its server after it. */
export interface Welcome {
  readonly t: 'welcome';
  readonly v: number;
  readonly mode: 'kernel' | 'audit';
  readonly reason?: string;
}

export type Decoded<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

/** Room on the line for what stands round the record. */
const ENVELOPE_BYTES = 128;

/** One line without its newline. */
export function encodeEdge(edge: AuditEdge): string {
  const head = `{"type":"${edge.type}","atNs":${edge.atNs}`;
  switch (edge.type) {
    case 'session_start':
    case 'call_end':
    case 'session_end':
      return `${head},"record":${encodeBounded(edge.record, MAX_LINE_BYTES - ENVELOPE_BYTES)}}`;
    case 'call_begin': {
      const { sessionId, callId, direction, method, toolName, declared } = edge;
      const rest = { sessionId, callId, direction, method: cut(method), toolName: cut(toolName), declared };
      return `${head},${JSON.stringify(rest).slice(1)}`;
    }
    default: {
      const { sessionId, lostRecords, reason } = edge;
      return `${head},${JSON.stringify({ sessionId, lostRecords, reason: cut(reason) }).slice(1)}`;
    }
  }
}

export function encodeHello(hello: Omit<Hello, 't' | 'v'>): string {
  return JSON.stringify({ t: 'hello', v: EDGE_PROTOCOL_VERSION, ...hello });
}

export function encodeWelcome({ mode, reason }: Omit<Welcome, 't' | 'v'>): string {
  return JSON.stringify({ t: 'welcome', v: EDGE_PROTOCOL_VERSION, mode, reason: cut(reason) });
}

/** `reason` names what is wrong, never a value. */
export function decodeEdge(line: string): Decoded<AuditEdge> {
  const parsed = parse(line);
  if (!parsed.ok) return parsed;
  const edge = parsed.value;
  if (typeof edge.atNs !== 'bigint') return wrong('atNs is no 64-bit integer');
  switch (edge.type) {
    case 'session_start':
    case 'session_end':
      return withRecord(edge, 'session');
    case 'call_end':
      return withRecord(edge, 'call');
    case 'call_begin':
      if (!isText(edge.sessionId, 128)) return wrong('sessionId');
      if (!isText(edge.callId, 192)) return wrong('callId');
      if (edge.direction !== 'client_to_server' && edge.direction !== 'server_to_client') {
        return wrong('direction');
      }
      if (!isText(edge.method, MAX_TEXT, 0)) return wrong('method');
      if (edge.toolName !== undefined && !isText(edge.toolName, MAX_TEXT, 0)) return wrong('toolName');
      if (!isHints(edge.declared)) return wrong('declared');
      return { ok: true, value: edge as unknown as AuditEdge };
    case 'producer_loss':
      if (!isText(edge.sessionId, 128)) return wrong('sessionId');
      if (!Number.isSafeInteger(edge.lostRecords) || (edge.lostRecords as number) < 0) {
        return wrong('lostRecords');
      }
      if (!isText(edge.reason, MAX_TEXT, 0)) return wrong('reason');
      return { ok: true, value: edge as unknown as AuditEdge };
    default:
      return wrong('type');
  }
}

export function decodeHello(line: string): Decoded<Hello> {
  const parsed = parse(line);
  if (!parsed.ok) return parsed;
  const hello = parsed.value;
  if (hello.t !== 'hello') return wrong('t');
  if (hello.v !== EDGE_PROTOCOL_VERSION) return wrong('v');
  if (!Number.isSafeInteger(hello.pid) || (hello.pid as number) <= 0) return wrong('pid');
  if (!isText(hello.sessionId, 128)) return wrong('sessionId');
  if (hello.clientProcess !== undefined && !isText(hello.clientProcess, 256, 0)) {
    return wrong('clientProcess');
  }
  if (hello.serverName !== undefined && !isText(hello.serverName, 256, 0)) return wrong('serverName');
  const { serverPid } = hello;
  if (serverPid !== undefined && !(Number.isSafeInteger(serverPid) && (serverPid as number) > 1)) {
    return wrong('serverPid');
  }
  return { ok: true, value: hello as unknown as Hello };
}

export function decodeWelcome(line: string): Decoded<Welcome> {
  const parsed = parse(line);
  if (!parsed.ok) return parsed;
  const welcome = parsed.value;
  if (welcome.t !== 'welcome') return wrong('t');
  if (welcome.v !== EDGE_PROTOCOL_VERSION) return wrong('v');
  if (welcome.mode !== 'kernel' && welcome.mode !== 'audit') return wrong('mode');
  if (welcome.reason !== undefined && !isText(welcome.reason, 1024, 0)) return wrong('reason');
  return { ok: true, value: welcome as unknown as Welcome };
}

const MAX_TEXT = 512;

function parse(line: string): Decoded<Record<string, unknown>> {
  if (line.length > MAX_LINE_BYTES) return wrong('the line is too long');
  try {
    const value = parseInt64(line, (root) => [root, root.record], ['atNs']);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('no object');
    return { ok: true, value: value as Record<string, unknown> };
  } catch {
    return wrong('no JSON');
  }
}

/** What every record must have; the rest is for whoever checks records against the schema. */
function withRecord(edge: Record<string, unknown>, kind: 'call' | 'session'): Decoded<AuditEdge> {
  if (typeof edge.record !== 'object' || edge.record === null) return wrong('record');
  const record = edge.record as Partial<Record<keyof CallRecord | keyof SessionRecord, unknown>>;
  if (record.record !== kind) return wrong('record.record');
  if (record.schema_version !== '1') return wrong('record.schema_version');
  if (typeof record.timestamp !== 'bigint') return wrong('record.timestamp');
  if (typeof record.ktime_ns !== 'bigint') return wrong('record.ktime_ns');
  if (!isText(record.session_id, 128)) return wrong('record.session_id');
  if (!isText(record.client_process, 256, 0)) return wrong('record.client_process');
  if (!isText(record.server_host, 256, 0)) return wrong('record.server_host');
  if (!Number.isInteger(record.server_port)) return wrong('record.server_port');
  if (typeof record.tls !== 'boolean') return wrong('record.tls');
  if (!isText(record.method, 256, 0)) return wrong('record.method');
  if (!isText(record.boot_id, 64, 0)) return wrong('record.boot_id');
  if (!isText(record.source, 16)) return wrong('record.source');
  if (kind === 'session') {
    if (record.session_event !== 'start' && record.session_event !== 'end') {
      return wrong('record.session_event');
    }
    return { ok: true, value: edge as unknown as AuditEdge };
  }
  if (!isText(record.call_id, 192)) return wrong('record.call_id');
  if (!isText(record.outcome, 32)) return wrong('record.outcome');
  if (!isText(record.message_type, 16)) return wrong('record.message_type');
  if (!isText(record.observer_mode, 16)) return wrong('record.observer_mode');
  if (typeof record.duration_ms !== 'number' || record.duration_ms < 0) return wrong('record.duration_ms');
  if (record.direction !== 'client_to_server' && record.direction !== 'server_to_client') {
    return wrong('record.direction');
  }
  if (record.started_ktime_ns !== undefined && typeof record.started_ktime_ns !== 'bigint') {
    return wrong('record.started_ktime_ns');
  }
  return { ok: true, value: edge as unknown as AuditEdge };
}

function isText(value: unknown, maxLength: number, minLength = 1): value is string {
  return typeof value === 'string' && value.length >= minLength && value.length <= maxLength;
}

const HINTS = ['readOnly', 'destructive', 'idempotent', 'openWorld'];

function isHints(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([name, hint]) => HINTS.includes(name) && typeof hint === 'boolean');
}

function wrong(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

function cut<T extends string | undefined>(text: T): T {
  return (text === undefined ? undefined : text.slice(0, 256)) as T;
}
