// Generated from docs/schema/mcp_audit_v1.json by scripts/gen.ts; do not edit.

/** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
export type RecordKind = 'call' | 'effect' | 'session' | 'status';

/** How client and server talk. */
export type Transport = 'stdio' | 'tcp' | 'ws' | 'http' | 'sse';

/** What observed the call. */
export type RecordSource = 'wrap' | 'proxy' | 'emitter' | 'gateway' | 'kernel' | 'agent';

/** What was observed: kernel = calls and effects, audit = calls only, off = nothing. In audit mode every effect field is absent, which means unknown, not none. */
export type ObserverMode = 'kernel' | 'audit' | 'off';

/** Whether the message was a request or a notification. */
export type MessageType = 'request' | 'notification' | 'invalid';

/** Who sent the request or notification. */
export type Direction = 'client_to_server' | 'server_to_client';

/** How the call ended. */
export type Outcome = 'ok' | 'tool_error' | 'error' | 'denied' | 'approval_required' | 'timeout' | 'cancelled' | 'orphaned';

/** How the client authenticated; never the credential. */
export type AuthScheme = 'none' | 'basic' | 'bearer' | 'mtls' | 'other';

/** Whether the effects are all there: full, partial (events were lost or judged without knowing everything), or none (the server has no observed process tree). Absent in audit mode. */
export type Coverage = 'full' | 'partial' | 'none';

/** What happened. */
export type EffectKind = 'exec' | 'fork' | 'exit' | 'connect' | 'bind' | 'send' | 'open_read' | 'open_write' | 'write' | 'unlink' | 'rename' | 'mkdir' | 'chmod' | 'chown';

/** connect, bind, send: family of the address. */
export type AddressFamily = 'ipv4' | 'ipv6' | 'unix' | 'other';

/** Basis on which the effect was joined to a call or to the session. */
export type Attribution = 'descriptor' | 'descendant' | 'argument' | 'exclusive' | 'ambiguous' | 'tail' | 'startup' | 'idle';

/** What the effect does against what the tool declares. */
export type Contradiction = 'read_only_wrote' | 'closed_world_connected' | 'non_destructive_deleted' | 'wrote_outside_arguments' | 'connected_elsewhere';

/** Whether the session started or ended. */
export type SessionEvent = 'start' | 'end';

/** Why the session ended. */
export type EndReason = 'server_exit' | 'client_closed' | 'signal' | 'spawn_failed' | 'agent_stop' | 'connection_lost';

/** What the status is about. */
export type StatusEvent = 'agent_start' | 'agent_stop' | 'mode_change' | 'loss';

/** Gateway: whether the call succeeded. */
export type GatewayStatus = 'ok' | 'fail';

/** What every record has. */
export interface RecordBase {
  /** Version of this schema. */
  schema_version: '1';
  /** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
  record: RecordKind;
  /** When it happened, in unix nanoseconds: a call's and a session's end, an effect's moment. Above 2^53: read it as a 64-bit integer. */
  timestamp: bigint;
  /** Session: one client connected to one server process or connection. Always ours, never the transport's session header. */
  session_id: string;
  /** Process that talks to the server, by name. */
  client_process: string;
  /** Host of the server; "stdio" for a server on standard input and output, empty where the record is about no server. */
  server_host: string;
  /** Port of the server; 0 for stdio. */
  server_port: number;
  /** Whether the bytes between client and server were encrypted. */
  tls: boolean;
  /** JSON-RPC method; empty where the record belongs to no message. */
  method: string;
}

export interface CallRecord extends RecordBase {
  /** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
  record: 'call';
  /** The same moment on CLOCK_MONOTONIC, in nanoseconds since boot; compares with bpf_ktime_get_ns() on the same boot. */
  ktime_ns: bigint;
  /** The kernel's boot id; ktime_ns values compare only within one. */
  boot_id: string;
  /** Name of the host that was observed. */
  host_name?: string | undefined;
  /** How client and server talk. */
  transport?: Transport | undefined;
  /** What observed the call. */
  source: RecordSource;
  /** Name given to the server, or the name of its command. */
  server_name?: string | undefined;
  /** Process id of the server, as the observer sees it. */
  server_pid?: number | undefined;
  /** What was observed: kernel = calls and effects, audit = calls only, off = nothing. In audit mode every effect field is absent, which means unknown, not none. */
  observer_mode: ObserverMode;
  /** Why the mode is not kernel. */
  observer_reason?: string | undefined;
  /** MCP protocol version that the two sides agreed on, or that the message's envelope names. */
  protocol_version?: string | undefined;
  /** Name that the client gave itself in the protocol. */
  client_name?: string | undefined;
  /** Version that the client gave itself in the protocol. */
  client_version?: string | undefined;
  /** Name that the server gave itself in the protocol. */
  server_info_name?: string | undefined;
  /** Version that the server gave itself in the protocol. */
  server_info_version?: string | undefined;
  /** Id of the call, unique in all sessions. */
  call_id: string;
  /** JSON-RPC id of the request; a number is written in decimal. */
  request_id?: string | undefined;
  /** Whether the message was a request or a notification. */
  message_type: MessageType;
  /** Who sent the request or notification. */
  direction: Direction;
  /** Tool that a tools/call names. */
  tool_name?: string | undefined;
  /** How the call ended. */
  outcome: Outcome;
  /** From handing the request's last byte to the server until the response's last byte was read, in milliseconds with microsecond digits; for a coalesced write, from its first to its last. */
  duration_ms: number;
  /** When the request was handed on, on CLOCK_MONOTONIC. */
  started_ktime_ns?: bigint | undefined;
  /** Bytes of the request message without its line end. */
  request_bytes?: number | undefined;
  /** Bytes of the response message without its line end. */
  response_bytes?: number | undefined;
  /** JSON-RPC error code in decimal, or the transport's error. */
  error_code?: string | undefined;
  /** How the client authenticated; never the credential. */
  auth_scheme?: AuthScheme | undefined;
  /** SHA-256 fingerprint of the server's certificate. */
  cert_fingerprint?: string | undefined;
  /** HTTP status of the response. */
  http_status?: number | undefined;
  /** Data set that the call was about, where the emitter told it. */
  dataset_id?: string | undefined;
  /** Authorisation scope of the call, where the emitter told it. */
  scope?: string | undefined;
  /** The tool's readOnlyHint as the server declared it; absent when it declared none. */
  declared_read_only?: boolean | undefined;
  /** The tool's destructiveHint; absent when the server declared none. */
  declared_destructive?: boolean | undefined;
  /** The tool's idempotentHint; absent when the server declared none. */
  declared_idempotent?: boolean | undefined;
  /** The tool's openWorldHint; absent when the server declared none. */
  declared_open_world?: boolean | undefined;
  /** Running count of tools/call requests in the session, this one included. */
  tool_invoke_count?: number | undefined;
  /** Files opened in the call, as the kernel saw or the emitter told; absent when nobody looked. */
  file_access_count?: number | undefined;
  /** Whether the effects are all there: full, partial (events were lost or judged without knowing everything), or none (the server has no observed process tree). Absent in audit mode. */
  coverage?: Coverage | undefined;
  /** Why coverage is not full. */
  coverage_reasons?: string[] | undefined;
  /** Effects attributed to the call. */
  effect_count?: number | undefined;
  /** Programs started. */
  exec_count?: number | undefined;
  /** Processes forked. */
  fork_count?: number | undefined;
  /** Processes that ended. */
  exit_count?: number | undefined;
  /** Connects, failed ones included. */
  connect_count?: number | undefined;
  /** Sockets bound to an address. */
  bind_count?: number | undefined;
  /** Sends to a named destination on an unconnected socket. */
  send_count?: number | undefined;
  /** Files opened for reading only. */
  open_read_count?: number | undefined;
  /** Files opened for writing or created, failed tries included. */
  open_write_count?: number | undefined;
  /** write calls on regular files. */
  write_count?: number | undefined;
  /** Files or folders removed. */
  unlink_count?: number | undefined;
  /** Files or folders renamed. */
  rename_count?: number | undefined;
  /** Folders made. */
  mkdir_count?: number | undefined;
  /** Mode changes. */
  chmod_count?: number | undefined;
  /** Owner changes. */
  chown_count?: number | undefined;
  /** Bytes written to regular files. */
  written_bytes?: number | undefined;
  /** Effects that the kernel refused with an error. */
  failed_count?: number | undefined;
  /** Effects that came after the response, within the tail window, with no other basis. */
  tail_count?: number | undefined;
  /** Effects that may be this call's or another one's in flight; they are not in the other counts. */
  ambiguous_count?: number | undefined;
  /** Programs started: the first of them, in order. */
  exec_paths?: string[] | undefined;
  /** Where it connected or sent to: address:port or a unix path; the first of them, each once. */
  connect_targets?: string[] | undefined;
  /** IP addresses it connected or sent to; the first of them, each once. */
  connect_ips?: string[] | undefined;
  /** Files opened for writing, created or written; the first of them, each once. */
  written_paths?: string[] | undefined;
  /** Files or folders removed or renamed away; the first of them, each once. */
  removed_paths?: string[] | undefined;
  /** Files opened for reading only; the first of them, each once. */
  read_paths?: string[] | undefined;
  /** At least one of the target lists or paths was longer than its bound. */
  targets_truncated?: boolean | undefined;
  /** What the call did against what its tool declares. */
  contradictions?: string[] | undefined;
  /** Records that could not be written or delivered, since the producer or agent started. */
  lost_records?: number | undefined;
  /** Why records or events were lost. */
  lost_reason?: string | undefined;
  /** Gateway: id of the run that the call belongs to. */
  run_id?: string | undefined;
  /** Gateway: internal MCP that served the call. */
  mcp_name?: string | undefined;
  /** Gateway: whether the call succeeded. */
  status?: GatewayStatus | undefined;
  /** Gateway: type of the failure. */
  error_type?: string | undefined;
  /** Gateway: what the Supervisor decided. */
  decision?: string | undefined;
  /** Gateway: approval that the call used or asks for. */
  approval_id?: string | undefined;
}

export interface EffectRecord extends RecordBase {
  /** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
  record: 'effect';
  /** The same moment on CLOCK_MONOTONIC, in nanoseconds since boot; compares with bpf_ktime_get_ns() on the same boot. */
  ktime_ns: bigint;
  /** The kernel's boot id; ktime_ns values compare only within one. */
  boot_id: string;
  /** Name of the host that was observed. */
  host_name?: string | undefined;
  /** How client and server talk. */
  transport?: Transport | undefined;
  /** What observed the call. */
  source?: RecordSource | undefined;
  /** Name given to the server, or the name of its command. */
  server_name?: string | undefined;
  /** Process id of the server, as the observer sees it. */
  server_pid?: number | undefined;
  /** What was observed: kernel = calls and effects, audit = calls only, off = nothing. In audit mode every effect field is absent, which means unknown, not none. */
  observer_mode: ObserverMode;
  /** Why the mode is not kernel. */
  observer_reason?: string | undefined;
  /** MCP protocol version that the two sides agreed on, or that the message's envelope names. */
  protocol_version?: string | undefined;
  /** Id of the call, unique in all sessions. */
  call_id?: string | undefined;
  /** Tool that a tools/call names. */
  tool_name?: string | undefined;
  /** From handing the request's last byte to the server until the response's last byte was read, in milliseconds with microsecond digits; for a coalesced write, from its first to its last. */
  duration_ms?: number | undefined;
  /** The tool's readOnlyHint as the server declared it; absent when it declared none. */
  declared_read_only?: boolean | undefined;
  /** The tool's destructiveHint; absent when the server declared none. */
  declared_destructive?: boolean | undefined;
  /** The tool's idempotentHint; absent when the server declared none. */
  declared_idempotent?: boolean | undefined;
  /** The tool's openWorldHint; absent when the server declared none. */
  declared_open_world?: boolean | undefined;
  /** Whether the effects are all there: full, partial (events were lost or judged without knowing everything), or none (the server has no observed process tree). Absent in audit mode. */
  coverage: Coverage;
  /** Why coverage is not full. */
  coverage_reasons?: string[] | undefined;
  /** What happened. */
  effect: EffectKind;
  /** Absolute path of the file, folder, unix socket or program that it was done to. */
  path?: string | undefined;
  /** rename: absolute path of the new name. */
  new_path?: string | undefined;
  /** connect, bind, send: the address. */
  ip?: string | undefined;
  /** connect, bind, send: the port. */
  port?: number | undefined;
  /** connect, bind, send: family of the address. */
  address_family?: AddressFamily | undefined;
  /** exec: the arguments, secret-looking ones masked. */
  exec_args?: string[] | undefined;
  /** Arguments or a path were longer than the capture bound. */
  truncated?: boolean | undefined;
  /** "ok", or the name of the error, e.g. ECONNREFUSED; exit: "code N" or the name of the signal. */
  result: string;
  /** Number of the error; absent when it went well. */
  errno?: number | undefined;
  /** exit, session end: exit status of the process. */
  exit_code?: number | undefined;
  /** exit, session end: name of the signal that ended the process. */
  exit_signal?: string | undefined;
  /** fork: the new process. */
  child_pid?: number | undefined;
  /** mkdir, chmod: the mode; open_write: the open flags. */
  mode?: number | undefined;
  /** write, send: bytes moved. */
  bytes?: number | undefined;
  /** Kernel events that this one record stands for (coalesced writes). */
  event_count?: number | undefined;
  /** Process that did it. */
  pid: number;
  /** Parent of that process. */
  ppid?: number | undefined;
  /** Thread that did it. */
  tid?: number | undefined;
  /** User id of the process. */
  uid?: number | undefined;
  /** Program that the process runs. */
  exe?: string | undefined;
  /** Name of the thread, as the kernel keeps it. */
  comm?: string | undefined;
  /** Container of the process, where it runs in one. */
  container_id?: string | undefined;
  /** Basis on which the effect was joined to a call or to the session. */
  attribution: Attribution;
  /** Calls that may have caused the effect: 1 when attributed, 0 when none was in flight. */
  candidate_count: number;
  /** ambiguous: the calls that may have caused it; the first of them. */
  candidate_call_ids?: string[] | undefined;
  /** What the effect does against what the tool declares. */
  contradiction?: Contradiction | undefined;
}

export interface SessionRecord extends RecordBase {
  /** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
  record: 'session';
  /** The same moment on CLOCK_MONOTONIC, in nanoseconds since boot; compares with bpf_ktime_get_ns() on the same boot. */
  ktime_ns: bigint;
  /** The kernel's boot id; ktime_ns values compare only within one. */
  boot_id: string;
  /** Name of the host that was observed. */
  host_name?: string | undefined;
  /** How client and server talk. */
  transport?: Transport | undefined;
  /** What observed the call. */
  source: RecordSource;
  /** Name given to the server, or the name of its command. */
  server_name?: string | undefined;
  /** Process id of the server, as the observer sees it. */
  server_pid?: number | undefined;
  /** What was observed: kernel = calls and effects, audit = calls only, off = nothing. In audit mode every effect field is absent, which means unknown, not none. */
  observer_mode?: ObserverMode | undefined;
  /** Why the mode is not kernel. */
  observer_reason?: string | undefined;
  /** MCP protocol version that the two sides agreed on, or that the message's envelope names. */
  protocol_version?: string | undefined;
  /** Name that the client gave itself in the protocol. */
  client_name?: string | undefined;
  /** Version that the client gave itself in the protocol. */
  client_version?: string | undefined;
  /** Name that the server gave itself in the protocol. */
  server_info_name?: string | undefined;
  /** Version that the server gave itself in the protocol. */
  server_info_version?: string | undefined;
  /** From handing the request's last byte to the server until the response's last byte was read, in milliseconds with microsecond digits; for a coalesced write, from its first to its last. */
  duration_ms?: number | undefined;
  /** Bytes of the request message without its line end. */
  request_bytes?: number | undefined;
  /** Bytes of the response message without its line end. */
  response_bytes?: number | undefined;
  /** Running count of tools/call requests in the session, this one included. */
  tool_invoke_count?: number | undefined;
  /** Files opened in the call, as the kernel saw or the emitter told; absent when nobody looked. */
  file_access_count?: number | undefined;
  /** Whether the effects are all there: full, partial (events were lost or judged without knowing everything), or none (the server has no observed process tree). Absent in audit mode. */
  coverage?: Coverage | undefined;
  /** Why coverage is not full. */
  coverage_reasons?: string[] | undefined;
  /** Effects attributed to the call. */
  effect_count?: number | undefined;
  /** Programs started. */
  exec_count?: number | undefined;
  /** Processes forked. */
  fork_count?: number | undefined;
  /** Processes that ended. */
  exit_count?: number | undefined;
  /** Connects, failed ones included. */
  connect_count?: number | undefined;
  /** Sockets bound to an address. */
  bind_count?: number | undefined;
  /** Sends to a named destination on an unconnected socket. */
  send_count?: number | undefined;
  /** Files opened for reading only. */
  open_read_count?: number | undefined;
  /** Files opened for writing or created, failed tries included. */
  open_write_count?: number | undefined;
  /** write calls on regular files. */
  write_count?: number | undefined;
  /** Files or folders removed. */
  unlink_count?: number | undefined;
  /** Files or folders renamed. */
  rename_count?: number | undefined;
  /** Folders made. */
  mkdir_count?: number | undefined;
  /** Mode changes. */
  chmod_count?: number | undefined;
  /** Owner changes. */
  chown_count?: number | undefined;
  /** Bytes written to regular files. */
  written_bytes?: number | undefined;
  /** Effects that the kernel refused with an error. */
  failed_count?: number | undefined;
  /** Effects that came after the response, within the tail window, with no other basis. */
  tail_count?: number | undefined;
  /** Effects that may be this call's or another one's in flight; they are not in the other counts. */
  ambiguous_count?: number | undefined;
  /** Effects in the session while no call was in flight and no other basis held (idle), ends of processes left out. */
  unsolicited_count?: number | undefined;
  /** exit, session end: exit status of the process. */
  exit_code?: number | undefined;
  /** exit, session end: name of the signal that ended the process. */
  exit_signal?: string | undefined;
  /** Whether the session started or ended. */
  session_event: SessionEvent;
  /** Command line of the server, secret-looking arguments masked. */
  server_command?: string[] | undefined;
  /** Calls in the session, notifications included. */
  call_count?: number | undefined;
  /** Calls that did not end with outcome ok. */
  error_count?: number | undefined;
  /** Messages that were relayed but not parsed: longer than the parser's bound, or not JSON-RPC. */
  skipped_messages?: number | undefined;
  /** Bytes of the messages that were not parsed. */
  skipped_bytes?: number | undefined;
  /** Why the session ended. */
  end_reason?: EndReason | undefined;
  /** Records that could not be written or delivered, since the producer or agent started. */
  lost_records?: number | undefined;
  /** Why records or events were lost. */
  lost_reason?: string | undefined;
}

export interface StatusRecord extends RecordBase {
  /** Kind of record: one JSON-RPC call, one effect on the host, one session event, or one status of the observer. */
  record: 'status';
  /** The same moment on CLOCK_MONOTONIC, in nanoseconds since boot; compares with bpf_ktime_get_ns() on the same boot. */
  ktime_ns: bigint;
  /** The kernel's boot id; ktime_ns values compare only within one. */
  boot_id: string;
  /** Name of the host that was observed. */
  host_name?: string | undefined;
  /** How client and server talk. */
  transport?: Transport | undefined;
  /** What observed the call. */
  source?: RecordSource | undefined;
  /** Name given to the server, or the name of its command. */
  server_name?: string | undefined;
  /** Process id of the server, as the observer sees it. */
  server_pid?: number | undefined;
  /** What was observed: kernel = calls and effects, audit = calls only, off = nothing. In audit mode every effect field is absent, which means unknown, not none. */
  observer_mode: ObserverMode;
  /** Why the mode is not kernel. */
  observer_reason?: string | undefined;
  /** What the status is about. */
  status_event: StatusEvent;
  /** Kernel events lost because the ring buffer was full, since the agent started. */
  lost_ring?: number | undefined;
  /** Times the addon's queue was full since the agent started; the events waited in the ring buffer. */
  lost_addon?: number | undefined;
  /** Kernel events lost because batches were not taken in time, since the agent started. */
  lost_js?: number | undefined;
  /** Reads of process memory that failed, since the agent started. */
  lost_faults?: number | undefined;
  /** Records that could not be written or delivered, since the producer or agent started. */
  lost_records?: number | undefined;
  /** Why records or events were lost. */
  lost_reason?: string | undefined;
  /** Version of mcp-observer. */
  agent_version?: string | undefined;
  /** Release of the running kernel. */
  kernel_release?: string | undefined;
}

export type McpRecord = CallRecord | EffectRecord | SessionRecord | StatusRecord;

/** Fields above 2^53: a bigint inside, plain digits on the line. */
export const INT64_FIELDS = [
  'timestamp',
  'ktime_ns',
  'started_ktime_ns',
] as const;

/** Fields that a record of each kind must have. */
export const REQUIRED_FIELDS = {
  call: [
  'schema_version',
  'record',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
  'call_id',
  'message_type',
  'direction',
  'outcome',
  'duration_ms',
  'ktime_ns',
  'boot_id',
  'source',
  'observer_mode',
],
  effect: [
  'schema_version',
  'record',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
  'effect',
  'attribution',
  'candidate_count',
  'pid',
  'result',
  'ktime_ns',
  'boot_id',
  'observer_mode',
  'coverage',
],
  session: [
  'schema_version',
  'record',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
  'session_event',
  'ktime_ns',
  'boot_id',
  'source',
],
  status: [
  'schema_version',
  'record',
  'timestamp',
  'session_id',
  'client_process',
  'server_host',
  'server_port',
  'tls',
  'method',
  'status_event',
  'observer_mode',
  'ktime_ns',
  'boot_id',
],
} as const;
