/** The record of a call whose end nobody will tell, made of what its begin told. */
import type { CallRecord, SessionRecord } from '../record/record.gen.ts';
import type { RecordContext } from './effect-record.ts';
import type { TrackedCall } from './tracked-call.ts';

export function orphanRecord(
  call: TrackedCall,
  start: SessionRecord,
  atNs: bigint,
  context: RecordContext,
): CallRecord {
  return {
    schema_version: '1',
    record: 'call',
    timestamp: context.toUnixNs(atNs),
    ktime_ns: atNs,
    boot_id: start.boot_id,
    host_name: start.host_name,
    session_id: call.sessionId,
    client_process: start.client_process,
    server_host: start.server_host,
    server_port: start.server_port,
    tls: start.tls,
    method: call.method,
    transport: start.transport,
    source: start.source,
    server_name: start.server_name,
    observer_mode: 'kernel',
    call_id: call.callId,
    message_type: 'request',
    direction: 'client_to_server',
    tool_name: call.toolName,
    outcome: 'orphaned',
    duration_ms: Math.max(0, Math.round((Number(atNs) - call.beginNs) / 1e3) / 1e3),
    started_ktime_ns: call.begunNs,
    error_code: 'connection_lost',
  };
}
