import { describe, expect, it } from 'vitest';
import { REQUIRED_FIELDS } from '../../src/record/record.gen.ts';
import { validateRecord } from '../../src/record/validate.ts';

const common = {
  schema_version: '1',
  timestamp: 1_700_000_000_000_000_001n,
  session_id: 's',
  client_process: 'client',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: '',
  ktime_ns: 5n,
  boot_id: 'b',
  source: 'wrap',
  observer_mode: 'kernel',
};

const samples = {
  call: {
    ...common,
    record: 'call',
    call_id: 'c',
    message_type: 'request',
    direction: 'client_to_server',
    outcome: 'ok',
    duration_ms: 1.5,
  },
  effect: {
    ...common,
    record: 'effect',
    effect: 'exec',
    attribution: 'exclusive',
    candidate_count: 1,
    pid: 1,
    result: 'ok',
    coverage: 'full',
  },
  session: { ...common, record: 'session', session_event: 'start' },
  status: { ...common, record: 'status', status_event: 'agent_start' },
};

function errorsOf(value: unknown): string[] {
  const validation = validateRecord(value);
  return validation.ok ? [] : validation.errors;
}

describe.each(Object.entries(samples))('a %s record', (kind, sample) => {
  it('is valid with its required fields', () => {
    expect(errorsOf(sample)).toEqual([]);
  });

  it.each(REQUIRED_FIELDS[kind as keyof typeof samples])('is not without %s', (name) => {
    const errors = errorsOf({ ...sample, [name]: undefined });
    expect(errors.join()).toContain(name);
  });
});

describe('validateRecord', () => {
  const call = samples.call;

  it.each([
    ['an unknown field', { future_field: { nested: true } }],
    ['an optional field that is undefined', { http_status: undefined }],
    ['a 64-bit field as JSON.parse reads it', { timestamp: Number(call.timestamp) }],
    ['the largest 64-bit number', { ktime_ns: 2n ** 64n - 1n }],
    ['a text of as many characters as allowed, two units each', { method: '🙂'.repeat(256) }],
    ['an empty list', { exec_paths: [] }],
  ])('accepts %s', (_, change) => {
    expect(errorsOf({ ...call, ...change })).toEqual([]);
  });

  it.each([
    ['a negative time', { timestamp: -1n }, 'timestamp'],
    ['a time beyond 64 bits', { ktime_ns: 2n ** 64n }, 'ktime_ns'],
    ['a time with a fraction', { started_ktime_ns: 1.5 }, 'started_ktime_ns'],
    ['a time as text', { timestamp: '5' }, 'timestamp'],
    ['a bigint where a number belongs', { request_bytes: 5n }, 'request_bytes'],
    ['a value outside the enumeration', { outcome: 'hunter2' }, 'outcome'],
    ['a text that is too long', { method: 'x'.repeat(257) }, 'method'],
    ['a port that is none', { server_port: 65_536 }, 'server_port'],
    ['a list with a wrong element', { exec_paths: ['/bin/sh', 1] }, 'exec_paths.1'],
    ['another schema version', { schema_version: '2' }, 'schema_version'],
  ])('refuses %s and names the field', (_, change, field) => {
    const errors = errorsOf({ ...call, ...change });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(new RegExp(`^${field}: must `));
    expect(errors[0]).not.toContain('hunter2');
  });

  it.each([[undefined], [null], ['text'], [[]]])('refuses %j', (value) => {
    expect(errorsOf(value)).toEqual(['record: must be object']);
  });

  it('bounds the number of errors', () => {
    expect(errorsOf({ ...call, exec_args: Array(200).fill(1) }).length).toBeLessThanOrEqual(16);
  });
});
