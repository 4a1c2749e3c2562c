import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEdge } from '../../src/record/audit-edge.ts';
import {
  decodeEdge,
  decodeHello,
  decodeWelcome,
  encodeEdge,
  encodeHello,
  encodeWelcome,
} from '../../src/record/edge-codec.ts';
import { MAX_LINE_BYTES } from '../../src/record/encode.ts';
import type { CallRecord, SessionRecord } from '../../src/record/record.gen.ts';

const BASE = {
  schema_version: '1' as const,
  timestamp: 1_795_222_660_006_796_517n,
  ktime_ns: 9_007_199_254_740_993n,
  session_id: 's',
  client_process: 'c',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: '',
  boot_id: 'b',
  source: 'wrap' as const,
  observer_mode: 'audit' as const,
};
const SESSION: SessionRecord = { ...BASE, record: 'session', session_event: 'start', server_command: ['x'] };
const CALL: CallRecord = {
  ...BASE,
  record: 'call',
  call_id: 'c1',
  message_type: 'request',
  direction: 'client_to_server',
  outcome: 'ok',
  duration_ms: 1.5,
  started_ktime_ns: 9_007_199_254_740_991n,
};
const AT = 9_007_199_254_740_995n;
const EDGES: AuditEdge[] = [
  { type: 'session_start', atNs: AT, record: SESSION },
  { type: 'session_end', atNs: AT, record: { ...SESSION, session_event: 'end' } },
  {
    type: 'call_begin',
    atNs: AT,
    sessionId: 's',
    callId: 'c1',
    direction: 'server_to_client',
    method: 'tools/call',
    toolName: 'a"b\n',
  },
  { type: 'call_end', atNs: AT, record: CALL },
  { type: 'producer_loss', atNs: AT, sessionId: 's', lostRecords: 3, reason: 'ENOSPC' },
];

describe('edges on a line', () => {
  it.each(EDGES)('$type survives', (edge) => {
    const line = encodeEdge(edge);
    expect(line).not.toContain('\n');
    expect(decodeEdge(line)).toEqual({ ok: true, value: edge });
  });

  it('fit a line', () => {
    const record = { ...SESSION, server_command: new Array<string>(256).fill('"'.repeat(4096)) };
    expect(Buffer.byteLength(encodeEdge({ type: 'session_start', atNs: AT, record }))).toBeLessThanOrEqual(
      MAX_LINE_BYTES,
    );
  });

  it('are refused without a throw when they are anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(decodeEdge(line).ok).toBe(false);
      }),
    );
  });

  it('are refused, by the name of the field, when one field is something else', () => {
    for (const edge of EDGES) {
      const plain = JSON.parse(encodeEdge(edge)) as Record<string, unknown>;
      for (const key of Object.keys(plain)) {
        const decoded = decodeEdge(JSON.stringify({ ...plain, [key]: { not: 'this' } }));
        expect(decoded.ok, `${edge.type} ${key}`).toBe(false);
        if (!decoded.ok) expect(decoded.reason).not.toContain('this');
      }
    }
  });
});

describe('hello and welcome', () => {
  it('survive', () => {
    const hello = { pid: 12, sessionId: 's', clientProcess: 'c', serverName: 'n' };
    expect(decodeHello(encodeHello(hello))).toEqual({ ok: true, value: { t: 'hello', v: 1, ...hello } });
    const welcome = { mode: 'audit' as const, reason: 'no BTF' };
    expect(decodeWelcome(encodeWelcome(welcome))).toEqual({
      ok: true,
      value: { t: 'welcome', v: 1, ...welcome },
    });
  });

  it.each([
    '{}',
    '[]',
    'null',
    '"hello"',
    '{"t":"hello","v":2,"pid":1,"sessionId":"s"}',
    '{"t":"hello","v":1,"pid":-1,"sessionId":"s"}',
    '{"t":"hello","v":1,"pid":5,"sessionId":""}',
    `{"t":"hello","v":1,"pid":5,"sessionId":"${'s'.repeat(200)}"}`,
  ])('%s is no hello', (line) => {
    expect(decodeHello(line).ok).toBe(false);
    expect(decodeWelcome(line).ok).toBe(false);
  });
});
