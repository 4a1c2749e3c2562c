/** Records as a busy host writes them, a kilobyte each, in a file. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { encodeRecord } from '../../src/record/encode.ts';
import type { CallRecord, EffectRecord } from '../../src/record/record.gen.ts';

const TOOLS = ['read_file', 'write_file', 'search_files', 'list_directory', 'fetch', 'run_query'];
const RECORD_BYTES = 1024;
const CHUNK_LINES = 1_000;
const START_NS = 1_700_000_000_000_000_000n;

/** What calls and effects share; `fill` makes up the length. */
function shared(i: number, fill: string) {
  return {
    schema_version: '1',
    timestamp: START_NS + BigInt(i) * 1_000_003n,
    ktime_ns: 5_000_000_000n + BigInt(i) * 1_000_003n,
    session_id: (0xfe476c5f7fn + BigInt(i >> 8)).toString(16).padStart(26, '0'),
    client_process: 'claude',
    server_host: 'stdio',
    server_port: 0,
    tls: false,
    method: 'tools/call',
    boot_id: 'c8f0cdf1-2d4b-466e-a7a2-dab329bc5ce3',
    host_name: 'build-07',
    transport: 'stdio',
    source: 'wrap',
    server_name: 'server-filesystem',
    server_pid: 4711,
    observer_mode: 'kernel',
    call_id: `${(0xfe476c5f7fn + BigInt(i >> 8)).toString(16).padStart(26, '0')}.4ed3f3a8.${i}`,
    request_id: String(i & 255),
    tool_name: TOOLS[i % TOOLS.length]!,
    client_name: 'claude-code',
    server_info_name: `secure-filesystem-server${fill}`,
    coverage: 'full',
  } as const;
}

function call(i: number, fill: string): CallRecord {
  return {
    ...shared(i, fill),
    record: 'call',
    message_type: 'request',
    direction: 'client_to_server',
    outcome: i % 50 === 0 ? 'tool_error' : 'ok',
    duration_ms: (i % 977) / 8,
    request_bytes: 180 + (i % 700),
    response_bytes: 900 + (i % 9_000),
    tool_invoke_count: i & 63,
    effect_count: 3,
    connect_count: 0,
    open_read_count: 1,
    open_write_count: 1,
    write_count: 1,
    unlink_count: 0,
    written_bytes: i % 40_000,
    read_paths: [`/srv/site/content/page-${i % 5_000}.md`],
    written_paths: [`/srv/site/build/page-${i % 5_000}.html`],
  };
}

function effect(i: number, fill: string): EffectRecord {
  return {
    ...shared(i, fill),
    record: 'effect',
    effect: i % 3 === 0 ? 'open_read' : 'open_write',
    path: `/srv/site/content/section-${i % 97}/page-${i % 5_000}.md`,
    result: 'ok',
    pid: 4711,
    ppid: 4700,
    tid: 4711,
    uid: 1000,
    exe: '/usr/bin/node',
    comm: 'node',
    attribution: 'exclusive',
    candidate_count: 1,
  };
}

function line(i: number): string {
  const make = (fill: string) => encodeRecord(i % 2 === 0 ? call(i, fill) : effect(i, fill));
  const missing = RECORD_BYTES - make('').length - 1;
  return `${make('-'.repeat(Math.max(0, missing)))}\n`;
}

/** Writes `count` records; half are calls, half effects, and no shipped rule fires on any. */
export function writeRecords(path: string, count: number): void {
  const fd = openSync(path, 'w');
  try {
    for (let at = 0; at < count; at += CHUNK_LINES) {
      const lines = Array.from({ length: Math.min(CHUNK_LINES, count - at) }, (_, i) => line(at + i));
      writeSync(fd, lines.join(''));
    }
  } finally {
    closeSync(fd);
  }
}
