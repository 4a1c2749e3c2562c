import { spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { constants as os } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { ended, Recorder, type SeenEvent, until, Workshop } from './observed.ts';

describe.skipIf(kernelUnavailableReason() !== undefined)('process events', () => {
  let workshop: Workshop;
  let recorder: Recorder;
  beforeAll(() => {
    workshop = new Workshop();
    recorder = new Recorder();
  });
  afterAll(() => {
    recorder.close();
    workshop.close();
  });

  const only = (events: readonly SeenEvent[], kind: string) => events.filter((event) => event.kind === kind);

  it('tells the root’s fork, exec and exit with who did it and when', async () => {
    const before = Number(process.hrtime.bigint());
    const seen = await recorder.run('/bin/sh', ['-c', 'exit 3']);
    const after = Number(process.hrtime.bigint());
    const [fork, exec, exit] = ['fork', 'exec', 'exit'].map((kind) => only(seen.events, kind)[0]!);
    expect(fork).toMatchObject({ pid: process.pid, result: seen.pid });
    expect(exec).toMatchObject({ pid: seen.pid, tid: seen.pid, ppid: process.pid, uid: process.getuid!() });
    expect(exec!.argv).toEqual(['/bin/sh', '-c', 'exit 3']);
    expect(exec!.path).toMatch(/^\/usr\/bin\/|^\/bin\//);
    expect(exec!.comm).toBe('sh');
    expect(exit).toMatchObject({ pid: seen.pid, result: 3 << 8, ppid: process.pid });
    const times = seen.events.map(({ timeNs }) => timeNs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(before);
    expect(times.at(-1)).toBeLessThan(after);
  });

  it('tells the interpreter of a script and the script in its arguments', async () => {
    const script = join(workshop.newFolder(), 'script');
    writeFileSync(script, '#!/bin/sh -e\nexit 0\n');
    chmodSync(script, 0o755);
    const seen = await recorder.run(script, ['one', '', 'two words', 'ünï']);
    const [exec] = only(seen.events, 'exec');
    expect(exec!.argv).toEqual(['/bin/sh', '-e', script, 'one', '', 'two words', 'ünï']);
    expect(exec!.argvCut).toBe(false);
  });

  it('only tells execs that succeeded', async () => {
    const seen = await recorder.run('/bin/sh', [
      '-c',
      'PATH=/nowhere:/nowhere2; no-such-program; exec /nowhere/x',
    ]);
    expect(only(seen.events, 'exec')).toHaveLength(1);
  });

  it('cuts a very long argv and says so', async () => {
    const seen = await recorder.run(
      '/bin/echo',
      Array.from({ length: 1000 }, (_, i) => `argument-${i}`),
    );
    const [exec] = only(seen.events, 'exec');
    expect(exec!.argvCut).toBe(true);
    expect(exec!.argv.slice(0, 3)).toEqual(['/bin/echo', 'argument-0', 'argument-1']);
    expect(Buffer.byteLength(exec!.argv.join('\0'))).toBeGreaterThan(4000);
  });

  it('masks secrets in argv', async () => {
    const seen = await recorder.run('/bin/echo', ['--token', 'hunter2', 'plain']);
    expect(only(seen.events, 'exec')[0]!.argv).toEqual(['/bin/echo', '--token', '***', 'plain']);
  });

  it('tells one exit a process with its wait status, and no threads', async () => {
    const seen = await recorder.run(workshop.exerciser, ['ends']);
    const forks = only(seen.events, 'fork');
    expect(forks).toHaveLength(5);
    expect(only(seen.events, 'exit').map(({ pid, result }) => [pid, result])).toEqual([
      ...[42 << 8, os.signals.SIGTERM, 5 << 8, 6 << 8].map((status, i) => [forks[i + 1]!.result, status]),
      [seen.pid, 0],
    ]);
  });

  it('follows a grandchild that outlives its parents', async () => {
    const path = join(workshop.newFolder(), 'daemon.txt');
    const [child, treeId] = recorder.start(workshop.exerciser, ['daemonise', path]);
    await ended(child);
    const opened = () => recorder.of(treeId).find((event) => event.path === path);
    await until(() => only(recorder.of(treeId), 'exit').length === 3, 'the end of the daemon');
    const forks = only(recorder.of(treeId), 'fork');
    expect(opened()).toMatchObject({ kind: 'open', pid: forks.at(-1)!.result });
    expect(only(recorder.of(treeId), 'write')).toMatchObject([{ bytes: 6, objectId: opened()!.objectId }]);
  });

  it.skipIf(process.getuid?.() !== 0)('tells the user of the moment and what it was refused', async () => {
    const path = join(workshop.newFolder(), 'private');
    writeFileSync(path, '', { mode: 0o600 });
    chmodSync(workshop.folder, 0o711);
    const seen = await recorder.run(workshop.exerciser, ['as-user', '65534', path]);
    expect(seen.exitCode).toBe(0);
    // The folder of the file is closed to the user, too.
    expect(only(seen.events, 'open').at(-1)).toMatchObject({ path, uid: 65534, result: -os.errno.EACCES });
    expect(only(seen.events, 'exec')[0]).toMatchObject({ uid: 0 });
  });

  it('counts 32-bit system calls instead of misreading them', async () => {
    const before = recorder.observer.stats().compatSyscalls;
    const seen = await recorder.run(workshop.exerciser, ['compat']);
    expect(seen.exitCode).toBe(0);
    expect(recorder.observer.stats().compatSyscalls).toBe(before + 1);
    expect(only(seen.events, 'write')).toEqual([]);
  });

  it('counts the rings of io_uring, which it does not see through', async (context) => {
    const before = recorder.observer.stats().ioUringSetups;
    const seen = await recorder.run(workshop.exerciser, ['io-uring']);
    if (seen.exitCode === 97) return context.skip('io_uring is switched off here');
    expect(seen.exitCode).toBe(0);
    expect(recorder.observer.stats().ioUringSetups).toBe(before + 1);
  });

  it('tells nothing of processes that are not tracked', async () => {
    const [tracked, treeId] = recorder.start('/bin/sleep', ['10']);
    workshop.keep(tracked);
    const folder = workshop.newFolder();
    const untracked = spawn(workshop.exerciser, ['names', folder], { stdio: 'ignore' });
    expect(await ended(untracked)).toBe(0);
    tracked.kill();
    await ended(tracked);
    const pids = new Set(recorder.of(treeId).map(({ pid }) => pid));
    expect(pids).toEqual(new Set([process.pid, tracked.pid]));
    expect(recorder.events.filter(({ path }) => path.startsWith(folder))).toEqual([]);
    expect(recorder.events.filter(({ pid }) => pid === untracked.pid)).toEqual([]);
  });

  it('keeps trees apart that start at the same time', async () => {
    const trees = await Promise.all(
      [1, 2, 3, 4].map((i) => recorder.run('/bin/sh', ['-c', `/bin/echo ${i}`])),
    );
    for (const [i, seen] of trees.entries()) {
      expect(only(seen.events, 'exec').map(({ argv }) => argv.at(-1))).toEqual([
        `/bin/echo ${i + 1}`,
        `${i + 1}`,
      ]);
    }
  });
});
