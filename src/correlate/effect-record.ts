/** Builds effect records from kernel events. All of them have one shape, so that they stay fast. */
import { constants } from 'node:os';
import type { KernelEvent, SocketAddress } from '../record/kernel-event.ts';
import type { Contradiction, EffectKind, EffectRecord, SessionRecord } from '../record/record.gen.ts';
import type { Verdict } from './cause.ts';
import type { ObservedProcess } from './process-table.ts';

/** What every record of one observer shares. */
export interface RecordContext {
  readonly bootId: string;
  readonly hostName: string;
  toUnixNs(ktimeNs: bigint): bigint;
}

/** What an effect was done to; only what applies is set. */
export interface EffectTarget {
  path?: string | undefined;
  newPath?: string | undefined;
  address?: SocketAddress | undefined;
  execArgs?: string[] | undefined;
  truncated?: boolean | undefined;
  childPid?: number | undefined;
  mode?: number | undefined;
  bytes?: number | undefined;
}

const SIGNAL_NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(constants.signals)) {
  if (!SIGNAL_NAMES.has(number)) SIGNAL_NAMES.set(number, name);
}

const ERRNO_NAMES = new Map<number, string>();
for (const [name, number] of Object.entries(constants.errno)) {
  // Where two names share a number (EAGAIN and EWOULDBLOCK), the first is the usual one.
  if (!ERRNO_NAMES.has(number)) ERRNO_NAMES.set(number, name);
}

/** Name of an errno, `ECONNREFUSED`; an unknown one is `ERRNO_n`. */
export function errnoName(errno: number): string {
  return ERRNO_NAMES.get(errno) ?? `ERRNO_${errno}`;
}

export function buildEffect(
  event: KernelEvent,
  effect: EffectKind,
  process: ObservedProcess,
  verdict: Verdict,
  session: SessionRecord,
  target: EffectTarget,
  context: RecordContext,
): EffectRecord {
  const { call } = verdict;
  const ktimeNs = event.exactTimeNs;
  const { address } = target;
  const failed = effect !== 'exit' && event.result < 0;
  const record: EffectRecord = {
    schema_version: '1',
    record: 'effect',
    timestamp: context.toUnixNs(ktimeNs),
    ktime_ns: ktimeNs,
    boot_id: context.bootId,
    host_name: context.hostName,
    session_id: call?.sessionId ?? session.session_id,
    client_process: session.client_process,
    server_host: session.server_host,
    server_port: session.server_port,
    tls: session.tls,
    method: call?.method ?? '',
    transport: session.transport,
    source: session.source,
    server_name: session.server_name,
    observer_mode: 'kernel',
    call_id: call?.callId,
    tool_name: call?.toolName,
    declared_read_only: call?.declared.readOnly,
    declared_destructive: call?.declared.destructive,
    declared_idempotent: call?.declared.idempotent,
    declared_open_world: call?.declared.openWorld,
    effect,
    path: target.path,
    new_path: target.newPath,
    ip: address?.ip,
    port: address?.port,
    address_family: address?.family,
    exec_args: target.execArgs,
    truncated: target.truncated,
    result: failed ? errnoName(-event.result) : 'ok',
    errno: failed ? -event.result : undefined,
    exit_code: undefined,
    exit_signal: undefined,
    child_pid: target.childPid,
    mode: target.mode,
    bytes: target.bytes,
    event_count: undefined,
    duration_ms: undefined,
    pid: event.pid,
    ppid: event.ppid,
    tid: event.tid,
    uid: event.uid,
    exe: process.exe === '' ? undefined : process.exe,
    comm: event.comm(),
    attribution: verdict.basis,
    candidate_count: verdict.candidateCount,
    candidate_call_ids: undefined,
    contradiction: undefined,
    coverage: 'full',
    coverage_reasons: undefined,
  };
  if (verdict.basis === 'ambiguous') record.candidate_call_ids = verdict.candidates.map((c) => c.callId);
  if (effect === 'exit') setExitStatus(record, event.result);
  return record;
}

function setExitStatus(record: EffectRecord, waitStatus: number): void {
  const signal = waitStatus & 0x7f;
  if (signal === 0) {
    record.exit_code = (waitStatus >> 8) & 0xff;
    record.result = record.exit_code === 0 ? 'ok' : `code ${record.exit_code}`;
  } else {
    record.exit_signal = SIGNAL_NAMES.get(signal) ?? `SIG${signal}`;
    record.result = record.exit_signal;
  }
}

/** Sets the result of an effect that was not known yet when the record was built. */
export function setResult(record: EffectRecord, result: number): void {
  record.result = result < 0 ? errnoName(-result) : 'ok';
  record.errno = result < 0 ? -result : undefined;
}

const CHANGING: ReadonlySet<EffectKind> = new Set([
  'open_write',
  'write',
  'unlink',
  'rename',
  'mkdir',
  'chmod',
  'chown',
]);

/**
 * What a successful effect does against the declared hints of its call's tool. Only for a call that
 * the effect belongs to for certain; a tail effect may be housekeeping. `madeInCall` says that a
 * removed path was written by the same call, as a temporary file is.
 */
export function contradictionOf(
  record: EffectRecord,
  verdict: Verdict,
  madeInCall: boolean,
): Contradiction | undefined {
  const declared = verdict.call?.declared;
  if (declared === undefined || verdict.basis === 'tail') return undefined;
  const { effect } = record;
  const networked = (effect === 'connect' || effect === 'send') && record.address_family?.startsWith('ip');
  // A refused connect is an attempt to reach out all the same; a refused write changed nothing.
  if (declared.openWorld === false && networked) return 'closed_world_connected';
  if (record.errno !== undefined) return undefined;
  if (declared.readOnly === true && CHANGING.has(effect)) return 'read_only_wrote';
  if (declared.destructive === false && effect === 'unlink' && !madeInCall) return 'non_destructive_deleted';
  return undefined;
}
