import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/base/clock.ts';
import { SessionAudit, type SessionAuditOptions } from '../../src/jsonrpc/session-audit.ts';
import type { AuditEdge } from '../../src/record/audit-edge.ts';
import { encodeRecord } from '../../src/record/encode.ts';
import type { CallRecord, Direction, SessionRecord } from '../../src/record/record.gen.ts';
import { validateRecord } from '../../src/record/validate.ts';

const CLOCK: Clock = { nowNs: () => 0n, toUnixNs: (ns) => ns + 1_000_000_000_000n, bootId: 'boot' };
const MS = 1_000_000n;

/** A session whose messages are objects; every message comes one millisecond after the one before. */
function session(options: Partial<SessionAuditOptions> = {}) {
  const edges: AuditEdge[] = [];
  const audit = new SessionAudit({
    identity: {
      sessionId: 's1',
      clientProcess: 'client',
      serverName: 'server',
      source: 'wrap',
      transport: 'stdio',
      serverHost: 'stdio',
      serverPort: 0,
      tls: false,
    },
    clock: CLOCK,
    edges: { push: (edge) => void edges.push(edge), close: async () => {} },
    observer: () => ({ mode: 'audit', reason: 'test' }),
    ...options,
  });
  let nowNs = 100n * MS;
  const send = (direction: Direction, message: unknown): void => {
    nowNs += MS;
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    audit.feed(direction, Buffer.from(`${text}\n`), nowNs);
  };
  audit.start(nowNs, { pid: 42, command: ['server', '--flag'] });
  return {
    audit,
    edges,
    client: (message: unknown) => send('client_to_server', message),
    server: (message: unknown) => send('server_to_client', message),
    after: (ms: number) => {
      nowNs += BigInt(ms) * MS;
      audit.expire(nowNs);
    },
    finish: () => audit.finish(nowNs + MS, { reason: 'server_exit', exitCode: 0 }),
    calls: (): CallRecord[] => edges.flatMap((edge) => (edge.type === 'call_end' ? [edge.record] : [])),
    begins: () => edges.filter((edge) => edge.type === 'call_begin'),
    end: (): SessionRecord => edges.flatMap((edge) => (edge.type === 'session_end' ? [edge.record] : []))[0]!,
  };
}

const call = (id: unknown, name = 'tool') => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } });
const ok = (id: unknown, result: unknown = {}) => ({ jsonrpc: '2.0', id, result });

describe('SessionAudit', () => {
  it('tells when a call began and ended, with what it knows of it', () => {
    const s = session();
    s.client(call(7, 'read_file'));
    s.server(ok(7, { content: [] }));
    expect(s.begins()).toEqual([
      {
        type: 'call_begin',
        atNs: 101n * MS,
        sessionId: 's1',
        callId: expect.stringMatching(/^s1\.[0-9a-f]{8}\.1$/) as string,
        direction: 'client_to_server',
        method: 'tools/call',
        toolName: 'read_file',
      },
    ]);
    expect(s.calls()[0]).toMatchObject({
      call_id: (s.begins()[0] as { callId: string }).callId,
      request_id: '7',
      message_type: 'request',
      outcome: 'ok',
      duration_ms: 1,
      started_ktime_ns: 101n * MS,
      ktime_ns: 102n * MS,
      timestamp: 1_000_102_000_000n,
      request_bytes: JSON.stringify(call(7, 'read_file')).length,
      response_bytes: JSON.stringify(ok(7, { content: [] })).length,
      tool_invoke_count: 1,
      server_pid: 42,
    });
  });

  it('writes records that match the schema', () => {
    const s = session();
    s.client({ id: 0, method: 'initialize', params: { clientInfo: { name: 'c', version: '1' } } });
    s.server(ok(0, { protocolVersion: '2025-11-25', serverInfo: { name: 'v', version: '2' } }));
    s.client({ method: 'notifications/initialized' });
    s.client(call('x'));
    s.server({ id: 'x', error: { code: -32602, message: 'secret' } });
    s.client({ id: null, method: 'odd' });
    s.finish();
    const records = s.edges.flatMap((edge) => ('record' in edge ? [edge.record] : []));
    expect(records).toHaveLength(6);
    for (const record of records) {
      expect(validateRecord(JSON.parse(encodeRecord(record)))).toEqual({ ok: true });
      expect(encodeRecord(record)).not.toContain('secret');
    }
  });

  it.each([
    ['a result', ok(1), { outcome: 'ok', error_code: undefined }],
    ['an error', { id: 1, error: { code: -32601 } }, { outcome: 'error', error_code: '-32601' }],
    ['a tool error', ok(1, { isError: true }), { outcome: 'tool_error' }],
    ['isError false', ok(1, { isError: false }), { outcome: 'ok' }],
    ['isError at another place', ok(1, { structuredContent: { isError: true } }), { outcome: 'ok' }],
  ])('judges %s', (_, answer, outcome) => {
    const s = session();
    s.client(call(1));
    s.server(answer);
    expect(s.calls()[0]).toMatchObject(outcome);
  });

  it('keeps string and number ids, and the two directions, apart', () => {
    const s = session();
    s.client(call(1, 'number'));
    s.client(call('1', 'string'));
    s.server({ id: 1, method: 'sampling/createMessage' });
    s.server(ok('1'));
    s.client(ok(1));
    s.server(ok(1));
    expect(s.calls().map(({ tool_name, method, direction }) => [direction, tool_name ?? method])).toEqual([
      ['client_to_server', 'string'],
      ['server_to_client', 'sampling/createMessage'],
      ['client_to_server', 'number'],
    ]);
    expect(s.audit.totals.unknownResponses).toBe(0);
  });

  it('takes 1 and 1.0 for one id', () => {
    const s = session();
    s.client('{"id":1.0,"method":"ping"}');
    s.server('{"id":1,"result":{}}');
    expect(s.calls()[0]).toMatchObject({ outcome: 'ok', request_id: '1' });
  });

  it('pairs an id that comes again, also while it is in flight', () => {
    const s = session();
    s.client(call(1, 'a'));
    s.client(call(1, 'b'));
    s.server(ok(1));
    s.server(ok(1));
    s.client(call(1, 'c'));
    s.server(ok(1));
    expect(s.calls().map(({ tool_name }) => tool_name)).toEqual(['a', 'b', 'c']);
    expect(s.audit.duplicateIds).toBe(1);
  });

  it('reads batches both ways', () => {
    const s = session();
    s.client([call(1, 'a'), { method: 'notifications/x' }, call(2, 'b'), 5]);
    s.server([ok(2), ok(1)]);
    expect(
      s.calls().map(({ tool_name, message_type, outcome }) => [tool_name, message_type, outcome]),
    ).toEqual([
      [undefined, 'notification', 'ok'],
      ['b', 'request', 'ok'],
      ['a', 'request', 'ok'],
    ]);
    expect(s.audit.totals).toMatchObject({ skippedMessages: 1, skippedBytes: 1 });
  });

  it('ends a cancelled call after a grace, unless it is answered before', () => {
    const s = session({ cancelGraceMs: 100 });
    s.client(call(1, 'a'));
    s.client(call(2, 'b'));
    s.client({ method: 'notifications/cancelled', params: { requestId: 1 } });
    s.client({ method: 'notifications/cancelled', params: { requestId: 2 } });
    s.client({ method: 'notifications/cancelled', params: { requestId: 3 } });
    s.server(ok(2));
    s.after(200);
    const tools = s.calls().filter(({ tool_name }) => tool_name !== undefined);
    expect(tools.map(({ tool_name, outcome }) => [tool_name, outcome])).toEqual([
      ['b', 'ok'],
      ['a', 'cancelled'],
    ]);
    // It lasted until it was cancelled.
    expect(tools[1]!.duration_ms).toBe(2);
    expect(s.audit.nextExpiryNs).toBeUndefined();
  });

  it('does not let one side cancel what the other asked for', () => {
    const s = session({ cancelGraceMs: 0 });
    s.client(call(1));
    s.server({ method: 'notifications/cancelled', params: { requestId: 1 } });
    s.after(10);
    expect(s.audit.inFlight).toBe(1);
  });

  it('gives up what is in flight at the end', () => {
    const s = session();
    s.client(call(1));
    s.client(call(2));
    s.client({ method: 'notifications/cancelled', params: { requestId: 2 } });
    s.finish();
    expect(s.calls().map(({ outcome }) => outcome)).toEqual(['ok', 'orphaned', 'cancelled']);
    expect(s.end()).toMatchObject({ call_count: 3, error_count: 2, end_reason: 'server_exit', exit_code: 0 });
  });

  it('forgets the oldest when too many are in flight', () => {
    const s = session({ maxInFlight: 3 });
    for (let id = 1; id <= 5; id++) s.client(call(id));
    expect(s.calls().map(({ request_id, outcome }) => [request_id, outcome])).toEqual([
      ['1', 'orphaned'],
      ['2', 'orphaned'],
    ]);
    expect(s.audit.totals.evicted).toBe(2);
    expect(s.audit.inFlight).toBe(3);
  });

  it('bounds how many calls share one id', () => {
    const s = session();
    for (let i = 0; i < 200; i++) s.client(call('same', `t${i}`));
    expect(s.audit.inFlight).toBe(64);
    s.server(ok('same'));
    expect(s.calls().at(-1)).toMatchObject({ tool_name: 't136', outcome: 'ok' });
  });

  it('counts what it cannot read', () => {
    const s = session();
    s.server('Listening on port 80');
    s.server('{"neither":1}');
    s.server(ok(99));
    s.server('[]');
    s.finish();
    expect(s.calls()).toEqual([]);
    expect(s.audit.totals.unknownResponses).toBe(1);
    expect(s.end()).toMatchObject({ skipped_messages: 3, skipped_bytes: 20 + 13 + 2 });
  });

  it('records a request whose id nobody can answer as invalid', () => {
    const s = session();
    s.client('{"id":null,"method":"tools/call","params":{"name":"x"}}');
    expect(s.calls()[0]).toMatchObject({ message_type: 'invalid', outcome: 'orphaned', tool_name: 'x' });
    expect(s.begins()).toEqual([]);
  });

  describe('declared annotations', () => {
    const tool = (name: string, annotations?: object) => ({ name, inputSchema: {}, annotations });
    const used = (s: ReturnType<typeof session>, name: string) => {
      s.client(call(900, name));
      s.server(ok(900));
      const { declared_read_only, declared_destructive, declared_idempotent, declared_open_world } = s
        .calls()
        .at(-1)!;
      return [declared_read_only, declared_destructive, declared_idempotent, declared_open_world];
    };

    it('are learned from all pages of tools/list', () => {
      const s = session();
      s.client({ id: 1, method: 'tools/list' });
      s.server(ok(1, { tools: [tool('a', { readOnlyHint: true, openWorldHint: false })], nextCursor: 'n' }));
      s.client({ id: 2, method: 'tools/list', params: { cursor: 'n' } });
      s.server(ok(2, { tools: [tool('b', { destructiveHint: true, idempotentHint: 'no' }), tool('c')] }));
      expect(used(s, 'a')).toEqual([true, undefined, undefined, false]);
      expect(used(s, 'b')).toEqual([undefined, true, undefined, undefined]);
      expect(used(s, 'c')).toEqual([undefined, undefined, undefined, undefined]);
    });

    it('change when the client lists again, not before', () => {
      const s = session();
      s.client({ id: 1, method: 'tools/list' });
      s.server(ok(1, { tools: [tool('a', { readOnlyHint: true })] }));
      s.server({ method: 'notifications/tools/list_changed' });
      expect(used(s, 'a')[0]).toBe(true);
      s.client({ id: 2, method: 'tools/list' });
      s.server(ok(2, { tools: [tool('b')] }));
      expect(used(s, 'a')[0]).toBeUndefined();
    });

    it('are not taken from an answer to something else', () => {
      const s = session();
      s.client({ id: 1, method: 'resources/list' });
      s.server(ok(1, { tools: [tool('a', { readOnlyHint: true })] }));
      expect(used(s, 'a')[0]).toBeUndefined();
    });

    it('are read from a batch and from a line in pieces', () => {
      const s = session();
      s.client({ id: 1, method: 'tools/list' });
      const line = Buffer.from(
        `${JSON.stringify([ok(5), ok(1, { tools: [tool('a', { readOnlyHint: true })] })])}\n`,
      );
      for (const byte of line) s.audit.feed('server_to_client', Buffer.from([byte]), 200n * MS);
      expect(used(s, 'a')[0]).toBe(true);
    });
  });

  it('knows both sides and the protocol from initialize', () => {
    const s = session();
    s.client({
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2099-01-01', clientInfo: { name: 'claude', version: '9' } },
    });
    s.server(ok(0, { protocolVersion: '2025-11-25', serverInfo: { name: 'files', version: '1' } }));
    s.client(call(1));
    s.server(ok(1));
    const known = {
      protocol_version: '2025-11-25',
      client_name: 'claude',
      client_version: '9',
      server_info_name: 'files',
      server_info_version: '1',
    };
    expect(s.calls()).toMatchObject([known, known]);
  });

  it('knows them from the envelope where there is no initialize', () => {
    const s = session();
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'c', version: '3' },
    };
    s.client({ id: 1, method: 'tools/call', params: { name: 't', _meta } });
    s.server(ok(1));
    expect(s.calls()[0]).toMatchObject({
      protocol_version: '2026-07-28',
      client_name: 'c',
      client_version: '3',
    });
  });

  it('cuts long text to what the schema allows and keeps it well-formed', () => {
    const s = session();
    const long = `${'a'.repeat(255)}😀${'b'.repeat(100)}`;
    s.client(call(long, long));
    s.server(ok(long));
    const record = s.calls()[0]!;
    expect(record.outcome).toBe('ok');
    expect(validateRecord(JSON.parse(encodeRecord(record)))).toEqual({ ok: true });
    expect(record.tool_name!.isWellFormed()).toBe(true);
  });
});
