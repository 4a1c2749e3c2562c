import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeBounded, encodeRecord, MAX_LINE_BYTES } from '../../src/record/encode.ts';
import type { CallRecord, SessionRecord } from '../../src/record/record.gen.ts';

const CALL: CallRecord = {
  call_id: 'c.1',
  boot_id: 'b',
  record: 'call',
  schema_version: '1',
  timestamp: 1_795_222_660_006_796_517n,
  ktime_ns: 2_625_136_962_751n,
  started_ktime_ns: 2_625_136_962_750n,
  session_id: 's',
  client_process: 'c',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: 'tools/call',
  message_type: 'request',
  direction: 'client_to_server',
  outcome: 'ok',
  duration_ms: 0.001,
  source: 'wrap',
  observer_mode: 'audit',
  error_code: undefined,
};

describe('encodeRecord', () => {
  it('writes what every record has first, and leaves out what is undefined', () => {
    const line = encodeRecord(CALL);
    expect(line.startsWith('{"schema_version":"1","record":"call","timestamp":1795222660006796517,')).toBe(
      true,
    );
    expect(line).not.toContain('error_code');
    expect(line).not.toContain('\n');
  });

  it('keeps every digit of 64-bit fields, and every text, over the line and back', () => {
    const uint64 = fc.bigInt({ min: 0n, max: 2n ** 63n - 1n });
    fc.assert(
      fc.property(
        uint64,
        uint64,
        fc.string({ unit: 'grapheme' }),
        fc.array(fc.string()),
        (a, b, text, list) => {
          const record = { ...CALL, timestamp: a, ktime_ns: b, tool_name: text, exec_paths: list };
          const { error_code: _, ...expected } = record;
          expect(decodeRecord(encodeRecord(record))).toEqual(expected);
        },
      ),
    );
  });

  it('turns only the fields of the record itself into bigints', () => {
    const line = encodeRecord({ ...CALL, extra: { timestamp: 5 } } as CallRecord);
    expect(decodeRecord(line)).toMatchObject({ timestamp: CALL.timestamp, extra: { timestamp: 5 } });
  });
});

describe('encodeBounded', () => {
  it('halves the longest list until the record fits a line, and says so', () => {
    const session: SessionRecord = {
      ...(CALL as unknown as SessionRecord),
      record: 'session',
      session_event: 'start',
      server_command: new Array<string>(256).fill('é'.repeat(4096)),
    };
    const line = encodeBounded(session);
    expect(Buffer.byteLength(line)).toBeLessThanOrEqual(MAX_LINE_BYTES);
    const decoded = decodeRecord(line) as SessionRecord & { truncated: boolean };
    expect(decoded.truncated).toBe(true);
    expect(decoded.server_command!.length).toBeGreaterThan(0);
    const calls = encodeBounded({ ...CALL, written_paths: new Array<string>(64).fill('x'.repeat(4000)) });
    expect(decodeRecord(calls)).toMatchObject({ targets_truncated: true });
  });

  it('leaves alone what fits', () => {
    expect(encodeBounded(CALL)).toBe(encodeRecord(CALL));
  });
});
