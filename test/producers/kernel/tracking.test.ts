import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { ended, Recorder, until, Workshop } from './observed.ts';

/** The exerciser's `obedient` scenario: a parent and a child that write a byte each when asked. */
class Obedient {
  readonly child: ChildProcess;
  #answers = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout!.on('data', (chunk) => {
      this.#answers += chunk;
    });
  }

  get ready(): Promise<void> {
    return until(() => this.#answers.includes('ready'), 'the child’s readiness');
  }

  async write(): Promise<void> {
    this.#answers = '';
    this.child.stdin!.write('\n');
    await until(() => this.#answers.includes('done'), 'the child’s answer');
  }

  async end(): Promise<void> {
    this.child.stdin!.end();
    await ended(this.child);
  }
}

describe.skipIf(kernelUnavailableReason() !== undefined)('tracking', () => {
  let workshop: Workshop;
  let recorder: Recorder;
  beforeEach(() => {
    workshop = new Workshop();
    recorder = new Recorder({ detachAfterMs: 300 });
  });
  afterEach(() => {
    recorder.close();
    workshop.close();
  });

  async function obedient(): Promise<[Obedient, string]> {
    const path = join(workshop.newFolder(), 'obedient.txt');
    const child = workshop.keep(
      spawn(workshop.exerciser, ['obedient', path], { stdio: ['pipe', 'pipe', 'ignore'] }),
    );
    const server = new Obedient(child);
    await server.ready;
    return [server, path];
  }

  it('enters a running process with the children that it has', async () => {
    const [server, path] = await obedient();
    recorder.observer.trackPid(9, server.child.pid!);
    expect(recorder.observer.stats().trackedProcesses).toBe(2);
    await server.write();
    const writes = recorder.of(9).filter(({ kind }) => kind === 'write');
    // Parent and child share one open file; its path is told once.
    expect(writes.map((event) => event.path)).toEqual([path, '']);
    expect(writes.map(({ pid }) => pid === server.child.pid)).toEqual([true, false]);
    expect(writes[1]).toMatchObject({
      pathKnown: true,
      objectId: writes[0]!.objectId,
      ppid: server.child.pid,
    });
    await server.end();
    expect(recorder.observer.stats().trackedProcesses).toBe(0);
    expect(recorder.of(9).filter(({ kind }) => kind === 'exit')).toHaveLength(2);
  });

  it('forgets a tree when asked, with all its processes', async () => {
    const [server] = await obedient();
    recorder.observer.trackPid(1, server.child.pid!);
    await server.write();
    const before = recorder.of(1).length;
    expect(before).toBeGreaterThan(0);
    recorder.observer.untrack(1);
    expect(recorder.observer.stats().trackedProcesses).toBe(0);
    await server.write();
    await server.end();
    expect(recorder.of(1)).toHaveLength(before);
  });

  it('does not keep a process that has ended already', async () => {
    const child = spawn('/bin/true');
    await ended(child);
    recorder.observer.trackPid(1, child.pid!);
    expect(recorder.observer.stats().trackedProcesses).toBe(0);
  });

  it('gives a spawn inside a spawn its own tree', async () => {
    const { observer } = recorder;
    const start = () => spawn('/bin/true');
    const children = observer.spawnTracked(1, () => [start(), observer.spawnTracked(2, start), start()]);
    await Promise.all(children.map(ended));
    await until(() => [1, 2].every((id) => recorder.of(id).some(({ kind }) => kind === 'exit')), 'exits');
    const roots = (treeId: number) =>
      recorder
        .of(treeId)
        .filter(({ kind }) => kind === 'fork')
        .map(({ result }) => result);
    expect(roots(1)).toEqual([children[0]!.pid, children[2]!.pid]);
    expect(roots(2)).toEqual([children[1]!.pid]);
  });

  it('closes the gate when the spawn throws', async () => {
    expect(() =>
      recorder.observer.spawnTracked(1, () => {
        throw new Error('no');
      }),
    ).toThrow('no');
    await ended(spawn('/bin/true'));
    expect(recorder.of(1)).toEqual([]);
  });

  it('attaches with the first tree and detaches some time after the last', async () => {
    const { observer } = recorder;
    expect(observer.stats()).toMatchObject({ attached: false, attachCount: 0 });
    await recorder.run('/bin/true', []);
    expect(observer.stats()).toMatchObject({ attached: true, attachCount: 1 });
    await recorder.run('/bin/true', []);
    expect(observer.stats()).toMatchObject({ attached: true, attachCount: 1 });
    await until(() => !observer.stats().attached, 'the hooks’ end');
    const seen = await recorder.run('/bin/true', []);
    expect(seen.events.some(({ kind }) => kind === 'exec')).toBe(true);
    expect(observer.stats()).toMatchObject({ attached: true, attachCount: 2 });
  });

  it('hands events out by itself while something is tracked', async () => {
    const [child] = recorder.start('/bin/true', []);
    await ended(child);
    await until(() => recorder.events.some(({ kind }) => kind === 'exit'), 'a batch');
  });
});
