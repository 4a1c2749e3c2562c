/** Counts and bounded target lists of the effects of one call or one session. */
import type { CallRecord, EffectKind, SessionRecord } from '../record/record.gen.ts';

/** Targets kept of each list; what comes after is counted but not named. */
export const MAX_TARGETS = 16;
const MAX_TARGET_LENGTH = 1024;

export class EffectTotals {
  effectCount = 0;
  failedCount = 0;
  writtenBytes = 0;
  readonly counts: Record<EffectKind, number> = {
    exec: 0,
    fork: 0,
    exit: 0,
    connect: 0,
    bind: 0,
    send: 0,
    open_read: 0,
    open_write: 0,
    write: 0,
    unlink: 0,
    rename: 0,
    mkdir: 0,
    chmod: 0,
    chown: 0,
  };
  readonly execPaths: string[] = [];
  readonly connectTargets: string[] = [];
  readonly connectIps: string[] = [];
  readonly writtenPaths: string[] = [];
  readonly removedPaths: string[] = [];
  readonly readPaths: string[] = [];
  truncated = false;

  count(kind: EffectKind, failed: boolean): void {
    this.effectCount++;
    this.counts[kind]++;
    if (failed) this.failedCount++;
  }

  /** Adds a target to one of the lists, once each, up to the bound. */
  addTarget(list: string[], target: string, distinct = true): void {
    const text = target.length > MAX_TARGET_LENGTH ? target.slice(0, MAX_TARGET_LENGTH) : target;
    if (text.length < target.length) this.truncated = true;
    if (distinct && list.includes(text)) return;
    if (list.length >= MAX_TARGETS) this.truncated = true;
    else list.push(text);
  }

  /** Writes the counts into a record: every one, zero included, for zero means "seen none". */
  fillCounts(record: CallRecord | SessionRecord): void {
    const { counts } = this;
    record.effect_count = this.effectCount;
    record.exec_count = counts.exec;
    record.fork_count = counts.fork;
    record.exit_count = counts.exit;
    record.connect_count = counts.connect;
    record.bind_count = counts.bind;
    record.send_count = counts.send;
    record.open_read_count = counts.open_read;
    record.open_write_count = counts.open_write;
    record.write_count = counts.write;
    record.unlink_count = counts.unlink;
    record.rename_count = counts.rename;
    record.mkdir_count = counts.mkdir;
    record.chmod_count = counts.chmod;
    record.chown_count = counts.chown;
    record.written_bytes = this.writtenBytes;
    record.failed_count = this.failedCount;
    record.file_access_count = counts.open_read + counts.open_write;
  }

  fillTargets(record: CallRecord): void {
    if (this.execPaths.length > 0) record.exec_paths = this.execPaths;
    if (this.connectTargets.length > 0) record.connect_targets = this.connectTargets;
    if (this.connectIps.length > 0) record.connect_ips = this.connectIps;
    if (this.writtenPaths.length > 0) record.written_paths = this.writtenPaths;
    if (this.removedPaths.length > 0) record.removed_paths = this.removedPaths;
    if (this.readPaths.length > 0) record.read_paths = this.readPaths;
    if (this.truncated) record.targets_truncated = true;
  }
}
