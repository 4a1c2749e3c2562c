/**
 * Effect records as lines of JSON, fast: a busy server makes hundreds of thousands a second. What
 * neighbouring effects share — the session and call, the process and verdict — is encoded once, to
 * bytes, and kept for as long as it stays the same; it ends the line. Says the same as
 * `encodeRecord`; a test holds them together.
 */
import type { EffectRecord } from './record.gen.ts';

/** Characters that JSON escapes, and halves of surrogate pairs, which it writes as escapes. */
const NEEDS_ESCAPE = /[\u0000-\u001f"\\\ud800-\udfff]/;

function quote(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}

function optional(name: string, value: string | undefined): string {
  return value === undefined ? '' : `,"${name}":${quote(value)}`;
}

function plain(name: string, value: number | boolean | undefined): string {
  return value === undefined ? '' : `,"${name}":${value}`;
}

function list(name: string, values: string[] | undefined): string {
  return values === undefined ? '' : `,"${name}":${JSON.stringify(values)}`;
}

export class EffectEncoder {
  #last: EffectRecord | undefined;
  #tail: Buffer = Buffer.alloc(0);

  /** What follows the text that {@link encode} returned last, up to the end of the line. */
  get tail(): Buffer {
    return this.#tail;
  }

  /** The line's beginning: what is this record's own. {@link tail} is the rest. */
  encode(record: EffectRecord): string {
    const last = this.#last;
    if (last === undefined || !sameActor(last, record) || !sameSession(last, record)) {
      this.#tail = Buffer.from(`${encodeShared(record)}${encodeActor(record)}}`);
      this.#last = record;
    }
    let line =
      `{"schema_version":"1","record":"effect","timestamp":${record.timestamp}` +
      `,"ktime_ns":${record.ktime_ns},"effect":"${record.effect}"`;
    if (record.path !== undefined) line += `,"path":${quote(record.path)}`;
    if (record.new_path !== undefined) line += optional('new_path', record.new_path);
    if (record.address_family !== undefined) {
      line += `${optional('ip', record.ip)}${plain('port', record.port)},"address_family":"${record.address_family}"`;
    }
    if (record.exec_args !== undefined) line += list('exec_args', record.exec_args);
    if (record.truncated !== undefined) line += plain('truncated', record.truncated);
    line += `,"result":"${record.result}"`;
    if (record.errno !== undefined) line += plain('errno', record.errno);
    if (record.exit_code !== undefined) line += plain('exit_code', record.exit_code);
    if (record.exit_signal !== undefined) line += optional('exit_signal', record.exit_signal);
    if (record.child_pid !== undefined) line += plain('child_pid', record.child_pid);
    if (record.mode !== undefined) line += plain('mode', record.mode);
    if (record.bytes !== undefined) line += plain('bytes', record.bytes);
    if (record.event_count !== undefined) line += plain('event_count', record.event_count);
    if (record.duration_ms !== undefined) line += plain('duration_ms', record.duration_ms);
    if (record.candidate_call_ids !== undefined)
      line += list('candidate_call_ids', record.candidate_call_ids);
    if (record.contradiction !== undefined) line += optional('contradiction', record.contradiction);
    if (record.coverage_reasons !== undefined) line += list('coverage_reasons', record.coverage_reasons);
    return line;
  }
}

function sameSession(a: EffectRecord, b: EffectRecord): boolean {
  return (
    a.call_id === b.call_id &&
    a.session_id === b.session_id &&
    a.method === b.method &&
    a.tool_name === b.tool_name &&
    a.client_process === b.client_process &&
    a.server_host === b.server_host &&
    a.server_port === b.server_port &&
    a.tls === b.tls &&
    a.boot_id === b.boot_id &&
    a.host_name === b.host_name &&
    a.transport === b.transport &&
    a.source === b.source &&
    a.server_name === b.server_name &&
    a.server_pid === b.server_pid &&
    a.observer_mode === b.observer_mode &&
    a.observer_reason === b.observer_reason &&
    a.protocol_version === b.protocol_version &&
    a.declared_read_only === b.declared_read_only &&
    a.declared_destructive === b.declared_destructive &&
    a.declared_idempotent === b.declared_idempotent &&
    a.declared_open_world === b.declared_open_world
  );
}

function encodeShared(r: EffectRecord): string {
  return (
    `,"session_id":${quote(r.session_id)},"client_process":${quote(r.client_process)}` +
    `,"server_host":${quote(r.server_host)},"server_port":${r.server_port},"tls":${r.tls}` +
    `,"method":${quote(r.method)},"boot_id":${quote(r.boot_id)}${optional('host_name', r.host_name)}` +
    optional('transport', r.transport) +
    optional('source', r.source) +
    optional('server_name', r.server_name) +
    plain('server_pid', r.server_pid) +
    optional('observer_mode', r.observer_mode) +
    optional('observer_reason', r.observer_reason) +
    optional('protocol_version', r.protocol_version) +
    optional('call_id', r.call_id) +
    optional('tool_name', r.tool_name) +
    plain('declared_read_only', r.declared_read_only) +
    plain('declared_destructive', r.declared_destructive) +
    plain('declared_idempotent', r.declared_idempotent) +
    plain('declared_open_world', r.declared_open_world)
  );
}

function sameActor(a: EffectRecord, b: EffectRecord): boolean {
  return (
    a.pid === b.pid &&
    a.tid === b.tid &&
    a.attribution === b.attribution &&
    a.candidate_count === b.candidate_count &&
    a.coverage === b.coverage &&
    a.exe === b.exe &&
    a.comm === b.comm &&
    a.ppid === b.ppid &&
    a.uid === b.uid &&
    a.container_id === b.container_id
  );
}

function encodeActor(r: EffectRecord): string {
  return (
    `,"pid":${r.pid}${plain('ppid', r.ppid)}${plain('tid', r.tid)}${plain('uid', r.uid)}` +
    optional('exe', r.exe) +
    optional('comm', r.comm) +
    optional('container_id', r.container_id) +
    `,"attribution":"${r.attribution}","candidate_count":${r.candidate_count},"coverage":"${r.coverage}"`
  );
}
