import { describe, expect, it } from 'vitest';
import { RingBatch } from '../../../src/producers/kernel/decode.ts';
import { EVENT_SIZE, EVENT_TYPE, MARK, OFFSET } from '../../../src/producers/kernel/layout.gen.ts';
import { KernelEventKind } from '../../../src/record/kernel-event.ts';

interface Fields {
  readonly type: number;
  readonly ktimeNs?: bigint;
  readonly pid?: number;
  readonly tid?: number;
  readonly ppid?: number;
  readonly uid?: number;
  readonly treeId?: number;
  readonly marks?: number;
  readonly result?: number;
  readonly flags?: number;
  readonly objectId?: bigint;
  readonly bytes?: bigint;
  readonly comm?: string;
  readonly texts?: readonly (string | Buffer)[];
}

const DISCARDED = 0x4000_0000;

/** One record as the kernel lays it out, with its ring header and padding. */
function record(fields: Fields, headerBits = 0): Buffer {
  const texts = (fields.texts ?? []).map((text) => Buffer.from(text));
  const size = EVENT_SIZE + texts.reduce((sum, text) => sum + text.length, 0);
  const record = Buffer.alloc(8 + Math.ceil(size / 8) * 8);
  record.writeUInt32LE((size | headerBits) >>> 0, 0);
  const event = record.subarray(8);
  event.writeUInt32LE(fields.type, OFFSET.type);
  event.writeUInt32LE(size, OFFSET.size);
  event.writeBigUInt64LE(fields.ktimeNs ?? 1n, OFFSET.ktimeNs);
  for (const name of ['pid', 'tid', 'ppid', 'uid', 'treeId', 'marks', 'flags'] as const) {
    event.writeUInt32LE(fields[name] ?? 0, OFFSET[name]);
  }
  event.writeInt32LE(fields.result ?? 0, OFFSET.result);
  event.writeBigUInt64LE(fields.objectId ?? 0n, OFFSET.objectId);
  event.writeBigUInt64LE(fields.bytes ?? 0n, OFFSET.bytes);
  event.write(fields.comm ?? '', OFFSET.comm);
  let at = EVENT_SIZE;
  for (const [i, text] of texts.entries()) {
    event.writeUInt16LE(text.length, OFFSET.textLength + 2 * i);
    at += text.copy(event, at);
  }
  return record;
}

function batchOf(
  records: readonly Buffer[],
  loss = { lostEvents: 0, lostFromNs: 0, lostToNs: 0 },
): RingBatch {
  const bytes = Buffer.concat(records);
  const buffer = new ArrayBuffer(bytes.length);
  bytes.copy(Buffer.from(buffer));
  return new RingBatch({ buffer, eventCount: records.length, ...loss });
}

function only(fields: Fields): RingBatch {
  const batch = batchOf([record(fields)]);
  expect(batch.next()).toBe(true);
  return batch;
}

const { exec, fork, open, write, rename, unlink, connect } = EVENT_TYPE;

describe('RingBatch', () => {
  it('has the kinds of the kernel side', () => {
    expect({ ...EVENT_TYPE }).toEqual({ ...KernelEventKind });
  });

  it('reads numbers up to their bounds', () => {
    const fields = {
      type: write,
      pid: 1,
      tid: 4_000_000_000,
      ppid: 3,
      uid: 0xffff_fffe,
      treeId: 0x8000_0001,
    };
    const wide = { ktimeNs: 0xffff_ffff_ffff_ffffn, objectId: 0xffff_ffff_fff8n, bytes: 2n ** 40n + 1n };
    const event = only({ ...fields, ...wide, flags: 0xffff_ffff, result: -110 });
    expect(event).toMatchObject({ kind: write, pid: 1, tid: 4_000_000_000, ppid: 3, uid: 0xffff_fffe });
    expect(event).toMatchObject({ treeId: 0x8000_0001, flags: 0xffff_ffff, result: -110 });
    expect(event).toMatchObject({ exactTimeNs: 0xffff_ffff_ffff_ffffn, timeNs: 2 ** 64 });
    expect(event).toMatchObject({ objectId: 0xffff_ffff_fff8, bytes: 2 ** 40 + 1 });
    expect(only({ type: write, result: 0x7fff_f000 }).result).toBe(0x7fff_f000);
  });

  it.each([
    ['sh', 'sh'],
    ['', ''],
    ['fifteen-letters', 'fifteen-letters'],
    ['ünï', 'ünï'],
  ])('reads comm %j', (comm, expected) => {
    expect(only({ type: fork, comm, pid: 0xffff_ffff }).comm()).toBe(expected);
  });

  it('walks over records of every length, and past discarded ones', () => {
    const lengths = [0, 1, 3, 4, 5, 7, 8, 9, 4095];
    const records = lengths.map((length, i) =>
      record({ type: unlink, pid: i, texts: ['/'.padEnd(length, 'x')] }),
    );
    const batch = batchOf([record({ type: fork }, DISCARDED), ...records, record({ type: fork }, DISCARDED)]);
    for (let pass = 0; pass < 2; pass++) {
      const pids: number[] = [];
      while (batch.next()) pids.push(batch.pid);
      expect(pids).toEqual(lengths.map((_, i) => i));
      expect(batch.next()).toBe(false);
      batch.rewind();
    }
  });

  it('finds the earliest and the latest time whatever the order', () => {
    const times = [500n, 100n, 900n, 300n];
    const batch = batchOf(times.map((ktimeNs) => record({ type: fork, ktimeNs })));
    expect([batch.firstTimeNs, batch.lastTimeNs]).toEqual([100, 900]);
    expect(batch.next() && batch.timeNs).toBe(500);
  });

  it('can carry a loss and no event', () => {
    const batch = batchOf([], { lostEvents: 3, lostFromNs: 10, lostToNs: 20 });
    expect(batch.loss).toEqual({ fromNs: 10, toNs: 20, lostEvents: 3 });
    expect([batch.next(), batch.firstTimeNs, batch.lastTimeNs]).toEqual([false, 10, 20]);
    expect(batchOf([record({ type: fork })]).loss).toBeUndefined();
  });

  it.each<[string, Fields, string]>([
    ['a walk', { type: open, texts: ['', 'c\0b\0a\0'] }, '/a/b/c'],
    ['the root', { type: open, texts: ['', ''] }, '/'],
    ['a name under a folder', { type: unlink, texts: ['x/y', 'b\0a\0'] }, '/a/b/x/y'],
    ['an absolute name', { type: unlink, texts: ['/x//y/./z/../', ''] }, '/x/y'],
    [
      'an absolute name in another root',
      { type: unlink, texts: ['/etc/x', 'root\0srv\0'] },
      '/srv/root/etc/x',
    ],
    ['a name that leaves the root', { type: unlink, texts: ['../../x', 'a\0'] }, '/x'],
    ['an empty name', { type: unlink, texts: ['', 'b\0a\0'] }, '/a/b'],
    ['a cut walk', { type: open, marks: MARK.pathCut, texts: ['', 'c\0b\0'] }, '…/b/c'],
    ['a cut walk with a name', { type: unlink, marks: MARK.pathCut, texts: ['x', 'b\0'] }, '…/b/x'],
    ['a name without a folder', { type: open, marks: MARK.pathCut, texts: ['x', ''] }, '…/x'],
    ['a known path', { type: write, marks: MARK.pathKnown }, ''],
    ['a name that could not be read', { type: unlink, marks: MARK.textFault }, ''],
    ['bytes that are no UTF-8', { type: open, texts: ['', Buffer.from([0xff, 0x61, 0])] }, '/\ufffda'],
    ['a program', { type: exec, texts: ['ls\0', 'ls\0bin\0'] }, '/bin/ls'],
    ['an address', { type: connect, texts: [Buffer.from([2, 0, 0, 80, 1, 2, 3, 4])] }, ''],
  ])('reads the path: %s', (_, fields, expected) => {
    expect(only(fields).path()).toBe(expected);
  });

  it('reads both paths of a rename', () => {
    const event = only({ type: rename, texts: ['one', 'b\0a\0', '/two', ''] });
    expect([event.path(), event.secondPath()]).toEqual(['/a/b/one', '/two']);
    expect(only({ type: unlink, texts: ['one', 'b\0a\0'] }).secondPath()).toBe('');
  });

  it.each<[string, string[]]>([
    ['ls\0-l\0', ['ls', '-l']],
    ['sh\0-c\0\0', ['sh', '-c', '']],
    ['cut\0in the mid', ['cut', 'in the mid']],
    ['', []],
  ])('reads argv %j', (text, expected) => {
    expect(only({ type: exec, texts: [text, 'ls\0'] }).argv()).toEqual(expected);
  });

  it('tells marks, and addresses only where there are some', () => {
    const event = only({ type: exec, marks: MARK.argvCut | MARK.pathCut });
    expect(event).toMatchObject({ argvCut: true, pathCut: true, pathKnown: false });
    expect(event.address()).toEqual({ family: 'other' });
    expect(only({ type: fork }).argv()).toEqual([]);
  });
});
