import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type KernelObserverOptions, openKernelObserver } from '../../../src/producers/kernel/observer.ts';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { ended, Recorder, Workshop } from './observed.ts';

const RING_BYTES = 64 * 1024;

describe.skipIf(kernelUnavailableReason() !== undefined)('loss', () => {
  let workshop: Workshop;
  const recorders: Recorder[] = [];
  beforeAll(() => {
    workshop = new Workshop();
  });
  afterEach(() => {
    for (const recorder of recorders.splice(0)) recorder.close();
  });
  afterAll(() => workshop.close());

  const open = (options: Partial<KernelObserverOptions>) => {
    const recorder = new Recorder(options);
    recorders.push(recorder);
    return recorder;
  };
  const lostIn = ({ losses }: Recorder) => losses.reduce((sum, { lostEvents }) => sum + lostEvents, 0);

  it('counts every event that did not fit, and says when', async () => {
    const recorder = open({ ringBytes: RING_BYTES });
    const before = Number(process.hrtime.bigint());
    const [child, treeId] = recorder.start(workshop.exerciser, [
      'flood',
      '200000',
      join(workshop.newFolder(), 'f'),
    ]);
    expect(await ended(child)).toBe(0);
    const delivered = recorder.of(treeId);
    const after = Number(process.hrtime.bigint());

    // A run with room for everything says what this one caused.
    const complete = open({ ringBytes: 64 * 1024 * 1024 });
    const all = await complete.run(workshop.exerciser, ['flood', '200000', join(workshop.newFolder(), 'f')]);
    expect(complete.losses).toEqual([]);
    expect(all.events.filter(({ kind }) => kind === 'write')).toHaveLength(200_000);

    const { ringFull } = recorder.observer.loss();
    expect(ringFull).toBeGreaterThan(0);
    expect(delivered.length + ringFull).toBe(all.events.length);
    expect(lostIn(recorder)).toBe(ringFull);
    for (const { fromNs, toNs } of recorder.losses) {
      expect(fromNs).toBeGreaterThan(before);
      expect(toNs).toBeGreaterThanOrEqual(fromNs);
      expect(toNs).toBeLessThan(after);
    }
  });

  it('tells a path again when the event that told it was lost', async () => {
    const recorder = open({ ringBytes: RING_BYTES });
    const path = join(workshop.newFolder(), 'f');
    const [child, treeId] = recorder.start('/bin/sh', [
      '-c',
      // Loses much, then leaves the ring time to empty.
      `"$0" flood 100000 "$1"; exec 3> "$1"; "$0" flood 100000 "$1.other"; sleep 0.1; echo last >&3`,
      workshop.exerciser,
      path,
    ]);
    await ended(child);
    const last = recorder.of(treeId).findLast(({ kind }) => kind === 'write')!;
    const told = recorder
      .of(treeId)
      .some(({ path: told, objectId }) => told === path && objectId === last.objectId);
    expect(last.bytes).toBe(5);
    expect(told).toBe(true);
  });

  it('hands out all batches although onBatch throws', () => {
    let events = 0;
    const observer = openKernelObserver({
      ringBytes: 16 * 1024 * 1024,
      queueBytes: 1,
      onBatch: (batch) => {
        events += batch.eventCount;
        throw new Error(`after ${events}`);
      },
    });
    const path = join(workshop.newFolder(), 'f');
    observer.spawnTracked(1, () => spawnSync(workshop.exerciser, ['flood', '30000', path]));
    expect(() => observer.drain()).toThrow('after');
    expect(events).toBeGreaterThan(30_000);
    observer.close();
  });

  it('leaves events in the ring while JavaScript is busy, and loses none', async () => {
    const recorder = open({ ringBytes: 16 * 1024 * 1024, queueBytes: RING_BYTES });
    const path = join(workshop.newFolder(), 'f');
    // spawnSync blocks this thread while the child writes.
    const child = recorder.observer.spawnTracked(500, () =>
      spawnSync(workshop.exerciser, ['flood', '50000', path]),
    );
    expect(child.status).toBe(0);
    expect(recorder.events).toEqual([]);
    expect(recorder.of(500).filter(({ kind }) => kind === 'write')).toHaveLength(50_000);
    expect(recorder.observer.loss()).toMatchObject({ ringFull: 0, jsQueueFull: 0 });
    expect(recorder.observer.loss().addonQueueFull).toBeGreaterThan(0);
  });
});
