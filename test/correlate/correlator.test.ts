import { describe, expect, it } from 'vitest';
import { createScene } from './scene.ts';

const WRITE_FLAGS = 0o1 | 0o100;

describe('attribution by basis', () => {
  it('exclusive: one call in flight', () => {
    const s = createScene();
    s.begin('a', 10);
    s.kernel([{ kind: 'mkdir', atMs: 11, path: '/d' }]);
    s.end('a', 12);
    s.correlator.flush();
    expect(s.effects()).toMatchObject([
      { attribution: 'exclusive', call_id: 'a', candidate_count: 1, path: '/d' },
    ]);
    expect(s.calls()).toMatchObject([{ mkdir_count: 1, effect_count: 1, coverage: 'full' }]);
  });

  it('ambiguous: several in flight, candidates named, no call credited', () => {
    const s = createScene();
    s.begin('a', 10);
    s.begin('b', 11);
    s.kernel([{ kind: 'unlink', atMs: 12, path: '/x' }]);
    s.end('a', 13);
    s.end('b', 14);
    s.correlator.flush();
    const [effect] = s.effects();
    expect(effect).toMatchObject({
      attribution: 'ambiguous',
      candidate_count: 2,
      candidate_call_ids: ['a', 'b'],
    });
    expect(effect?.call_id).toBeUndefined();
    expect(s.calls()).toMatchObject([
      { unlink_count: 0, ambiguous_count: 1 },
      { unlink_count: 0, ambiguous_count: 1 },
    ]);
  });

  it('descendant: a daemon stays with the call that forked it, inside a later call too', () => {
    const s = createScene();
    s.begin('a', 10);
    s.kernel([
      { kind: 'fork', atMs: 11, result: 200 },
      { kind: 'fork', atMs: 12, pid: 200, ppid: 100, result: 201 },
      { kind: 'exit', atMs: 13, pid: 200, ppid: 100 },
    ]);
    s.end('a', 14);
    s.begin('b', 2000);
    s.kernel([
      { kind: 'open', atMs: 2001, pid: 201, ppid: 1, path: '/late', flags: WRITE_FLAGS, objectId: 7 },
    ]);
    s.end('b', 2002);
    s.correlator.flush();
    const late = s.effects().find((e) => e.path === '/late');
    expect(late).toMatchObject({ attribution: 'descendant', call_id: 'a' });
    expect(s.calls().find((c) => c.call_id === 'b')).toMatchObject({ effect_count: 0 });
  });

  it('a process forked while two were in flight is never exclusive to a third call', () => {
    const s = createScene();
    s.begin('a', 10);
    s.begin('b', 10.5);
    s.kernel([{ kind: 'fork', atMs: 11, result: 200 }]);
    s.end('a', 12);
    s.end('b', 13);
    s.begin('c', 20);
    s.kernel([{ kind: 'mkdir', atMs: 21, pid: 200, ppid: 100, path: '/d' }]);
    s.end('c', 22);
    s.correlator.flush();
    expect(s.effects().at(-1)).toMatchObject({ attribution: 'ambiguous', candidate_call_ids: ['a', 'b'] });
  });

  it('descriptor: a write after the response, inside the next call, stays with the opener', () => {
    const s = createScene();
    s.begin('a', 10);
    s.kernel([{ kind: 'open', atMs: 11, path: '/f', flags: WRITE_FLAGS, objectId: 9 }]);
    s.end('a', 12);
    s.begin('b', 13);
    s.kernel([{ kind: 'write', atMs: 14, objectId: 9, pathKnown: true, bytes: 5, result: 5 }]);
    s.end('b', 15);
    s.correlator.flush();
    expect(s.effects().find((e) => e.effect === 'write')).toMatchObject({
      attribution: 'descriptor',
      call_id: 'a',
      path: '/f',
      bytes: 5,
    });
    expect(s.calls()).toMatchObject([
      { call_id: 'a', write_count: 1, written_bytes: 5, written_paths: ['/f'] },
      { call_id: 'b', write_count: 0 },
    ]);
  });

  it('an identity that stands for another file now does not carry the old call over', () => {
    const s = createScene();
    s.begin('a', 10);
    s.kernel([{ kind: 'open', atMs: 11, path: '/old', flags: WRITE_FLAGS, objectId: 9 }]);
    s.end('a', 12);
    s.begin('b', 13);
    s.kernel([{ kind: 'write', atMs: 14, objectId: 9, path: '/new', bytes: 1, result: 1 }]);
    s.end('b', 15);
    s.correlator.flush();
    expect(s.effects().at(-1)).toMatchObject({ attribution: 'exclusive', call_id: 'b', path: '/new' });
  });

  it.each([
    { atMs: 5, basis: 'startup', call: undefined },
    { atMs: 30, basis: 'tail', call: 'a' },
    { atMs: 269, basis: 'tail', call: 'a' },
    { atMs: 271, basis: 'idle', call: undefined },
  ])('nothing in flight at $atMs ms: $basis', ({ atMs, basis, call }) => {
    const s = createScene();
    s.begin('a', 10);
    s.end('a', 20);
    s.kernel([{ kind: 'mkdir', atMs, path: '/d' }]);
    s.correlator.flush();
    expect(s.effects()[0]?.attribution).toBe(basis);
    expect(s.effects()[0]?.call_id).toBe(call);
  });

  it('a process forked in the tail is ambiguous, not exclusive, inside the next call', () => {
    const s = createScene();
    s.begin('a', 10);
    s.end('a', 20);
    s.kernel([{ kind: 'fork', atMs: 21, result: 200 }]);
    s.begin('b', 22);
    s.kernel([{ kind: 'mkdir', atMs: 23, pid: 200, ppid: 100, path: '/d' }]);
    s.end('b', 24);
    s.correlator.flush();
    expect(s.effects().at(-1)).toMatchObject({ attribution: 'ambiguous', candidate_call_ids: ['a', 'b'] });
  });
});

describe('time', () => {
  it('an edge that comes after the event, within the reorder window, still counts', () => {
    const s = createScene();
    s.kernel([{ kind: 'mkdir', atMs: 11, path: '/d' }]);
    s.advance(150);
    expect(s.effects()).toEqual([]);
    s.begin('a', 10);
    s.end('a', 12);
    s.advance(220);
    expect(s.effects()).toMatchObject([{ attribution: 'exclusive', call_id: 'a' }]);
  });

  it('edges out of order give the calls in flight at each moment', () => {
    const s = createScene();
    s.begin('b', 20);
    s.begin('a', 10);
    s.end('b', 40);
    s.end('a', 30);
    s.kernel([
      { kind: 'mkdir', atMs: 15, path: '/a' },
      { kind: 'mkdir', atMs: 25, path: '/ab' },
      { kind: 'mkdir', atMs: 35, path: '/b' },
    ]);
    s.correlator.flush();
    expect(s.effects().map((e) => [e.path, e.call_id])).toEqual([
      ['/a', 'a'],
      ['/ab', undefined],
      ['/b', 'b'],
    ]);
  });

  it('a call is written once its tail is over, with what the tail brought', () => {
    const s = createScene();
    s.begin('a', 10);
    s.end('a', 20);
    s.kernel([{ kind: 'mkdir', atMs: 100, path: '/d' }]);
    s.advance(460);
    expect(s.calls()).toEqual([]);
    s.advance(480);
    expect(s.calls()).toMatchObject([{ call_id: 'a', mkdir_count: 1, tail_count: 1 }]);
  });
});

describe('writes', () => {
  it('a loop of writes in one call is one effect; other processes and calls have their own', () => {
    const s = createScene();
    const write = { kind: 'write', objectId: 9, pathKnown: true, bytes: 10, result: 10 } as const;
    s.begin('a', 10);
    s.kernel([
      { kind: 'open', atMs: 11, path: '/f', flags: WRITE_FLAGS, objectId: 9 },
      { kind: 'fork', atMs: 11.5, result: 200 },
      ...Array.from({ length: 50 }, (_, i) => ({ ...write, atMs: 12 + i / 100 })),
      { ...write, atMs: 13, pid: 200, ppid: 100 },
    ]);
    s.end('a', 20);
    s.correlator.flush();
    const writes = s.effects().filter((e) => e.effect === 'write');
    expect(writes).toMatchObject([
      { pid: 100, event_count: 50, bytes: 500, duration_ms: 0.49 },
      { pid: 200, event_count: 1, bytes: 10 },
    ]);
    expect(s.calls()[0]).toMatchObject({ write_count: 51, written_bytes: 510 });
  });
});

describe('connects', () => {
  const address = { family: 'ipv4', ip: '127.0.0.1', port: 9 } as const;
  const connect = { kind: 'connect', objectId: 5, address, result: -115 } as const;
  it.each([
    { title: 'result at once', events: [{ ...connect, atMs: 11, result: -111 }], result: 'ECONNREFUSED' },
    {
      title: 'result after',
      events: [
        { ...connect, atMs: 11 },
        { kind: 'connectDone', atMs: 12, objectId: 5, result: -111 } as const,
      ],
      result: 'ECONNREFUSED',
    },
    {
      title: 'result inside the call',
      events: [
        { kind: 'connectDone', atMs: 10.9, objectId: 5, result: 0 } as const,
        { ...connect, atMs: 11 },
      ],
      result: 'ok',
    },
    { title: 'no result', events: [{ ...connect, atMs: 11 }], result: 'EINPROGRESS' },
  ])('$title: $result', ({ events, result }) => {
    const s = createScene();
    s.begin('a', 10);
    s.kernel(events);
    s.end('a', 20);
    s.correlator.flush();
    expect(s.effects()).toMatchObject([
      { effect: 'connect', result, ip: '127.0.0.1', port: 9, call_id: 'a' },
    ]);
    expect(s.calls()[0]).toMatchObject({ connect_count: 1, connect_targets: ['127.0.0.1:9'] });
  });
});

describe('declared against actual', () => {
  const open = { kind: 'open', atMs: 11, path: '/f', flags: WRITE_FLAGS, objectId: 9 } as const;
  const ip = { family: 'ipv4', ip: '10.0.0.1', port: 80 } as const;
  it.each([
    { declared: { readOnly: true }, event: open, contradiction: 'read_only_wrote' },
    { declared: { readOnly: false }, event: open, contradiction: undefined },
    { declared: {}, event: open, contradiction: undefined },
    { declared: { readOnly: true }, event: { ...open, result: -13 }, contradiction: undefined },
    {
      declared: { openWorld: false },
      event: { kind: 'connect', atMs: 11, objectId: 3, address: ip, result: -111 } as const,
      contradiction: 'closed_world_connected',
    },
    {
      declared: { openWorld: false },
      event: { kind: 'connect', atMs: 11, objectId: 3, address: { family: 'unix', path: '/run/x' } } as const,
      contradiction: undefined,
    },
    {
      declared: { destructive: false },
      event: { kind: 'unlink', atMs: 11, path: '/f' } as const,
      contradiction: 'non_destructive_deleted',
    },
  ])('$declared and $event.kind ($event.result): $contradiction', ({ declared, event, contradiction }) => {
    const s = createScene();
    s.begin('a', 10, declared);
    s.kernel([event]);
    s.end('a', 12);
    s.correlator.flush();
    expect(s.effects()[0]?.contradiction).toBe(contradiction);
    expect(s.calls()[0]?.contradictions).toEqual(contradiction && [contradiction]);
  });

  it('removing a file that the call made itself destroys nothing', () => {
    const s = createScene();
    s.begin('a', 10, { destructive: false });
    s.kernel([open, { kind: 'unlink', atMs: 12, path: '/f' }]);
    s.end('a', 13);
    s.correlator.flush();
    expect(s.effects().at(-1)?.contradiction).toBeUndefined();
  });
});

describe('coverage', () => {
  it('a loss makes the calls of its window partial, and only those', () => {
    const s = createScene();
    s.begin('a', 1000);
    s.end('a', 1010);
    s.begin('b', 3000);
    s.kernel([{ kind: 'mkdir', atMs: 3001, path: '/d' }], { fromNs: 3000.5e6, toNs: 3001e6, lostEvents: 3 });
    s.end('b', 3010);
    s.begin('c', 5000);
    s.end('c', 5010);
    s.correlator.flush();
    expect(s.calls()).toMatchObject([
      { call_id: 'a', coverage: 'full' },
      { call_id: 'b', coverage: 'partial', coverage_reasons: ['ring_full'] },
      { call_id: 'c', coverage: 'full' },
    ]);
    expect(s.effects()).toMatchObject([{ coverage: 'partial' }]);
  });

  it('a call that was over before the tree was observed has no coverage; one in flight has some', () => {
    const s = createScene({ observedSinceMs: 100 });
    s.begin('a', 10);
    s.end('a', 50);
    s.begin('b', 60);
    s.end('b', 110);
    s.correlator.flush();
    expect(s.calls()).toMatchObject([
      { call_id: 'a', coverage: 'none', coverage_reasons: ['agent_was_away'] },
      { call_id: 'b', coverage: 'partial', coverage_reasons: ['agent_was_away'] },
    ]);
  });

  it('a process that joins the tree later was not observed before; one that is known changes nothing', () => {
    const s = createScene();
    s.begin('a', 10);
    s.end('a', 50);
    s.correlator.addProcesses(1, [{ pid: 100, ppid: 1, exe: '' }], 100_000_000n);
    s.begin('b', 60);
    s.end('b', 70);
    s.advance(600);
    s.correlator.addProcesses(1, [{ pid: 300, ppid: 1, exe: '' }], 700_000_000n);
    s.begin('c', 650);
    s.end('c', 800);
    s.correlator.flush();
    expect(s.calls().map((call) => [call.call_id, call.coverage])).toEqual([
      ['a', 'full'],
      ['b', 'full'],
      ['c', 'partial'],
    ]);
  });

  it('a call that becomes known after its first moments were judged is partial', () => {
    const s = createScene();
    s.advance(5000);
    s.begin('a', 4700);
    s.end('a', 4900);
    s.correlator.flush();
    expect(s.calls()).toMatchObject([{ coverage: 'partial', coverage_reasons: ['late_edges'] }]);
  });

  it('judging early, because too much is held, is said', () => {
    const s = createScene({ maxHeldBytes: 150 });
    s.begin('a', 10);
    s.kernel([{ kind: 'mkdir', atMs: 11, path: '/1' }]);
    s.kernel([{ kind: 'mkdir', atMs: 12, path: '/2' }]);
    s.end('a', 20);
    s.correlator.flush();
    expect(s.correlator.judgedEarly).toBe(1);
    expect(s.calls()).toMatchObject([
      { mkdir_count: 2, coverage: 'partial', coverage_reasons: ['judged_early'] },
    ]);
  });
});

describe('session', () => {
  it('ends with totals after its calls, and the tree is gone with its last process', () => {
    const s = createScene();
    s.begin('a', 10);
    s.end('a', 20);
    s.kernel([
      { kind: 'mkdir', atMs: 11, path: '/d' },
      { kind: 'mkdir', atMs: 590, path: '/d2' },
      { kind: 'exit', atMs: 600, pid: 100, result: 3 << 8 },
    ]);
    s.endSession(601);
    s.advance(2000);
    expect(s.effects().at(-1)).toMatchObject({ effect: 'exit', exit_code: 3, attribution: 'idle' });
    expect(s.records.at(-1)).toMatchObject({ session_event: 'end', mkdir_count: 2, unsolicited_count: 1 });
    expect(s.gone).toEqual([1]);
    expect(s.correlator.busy).toBe(false);
  });

  it('a producer that is gone leaves orphaned calls and a lost session, each with a record', () => {
    const s = createScene();
    s.begin('a', 10);
    s.correlator.loseSession('s', 50_000_000n);
    s.correlator.flush();
    expect(s.calls()).toMatchObject([{ call_id: 'a', outcome: 'orphaned', duration_ms: 40 }]);
    expect(s.sessions().at(-1)).toMatchObject({ session_event: 'end', end_reason: 'connection_lost' });
  });
});
