import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { openKernelObserver } from '../../../src/producers/kernel/observer.ts';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { ended, Recorder, until } from './observed.ts';

const OBSERVER = join(import.meta.dirname, '../../../src/producers/kernel/observer.ts');

/** What of BPF a process holds: its file descriptors' names. */
function bpfDescriptors(pid: number | 'self'): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/${pid}/fd/${fd}`);
      return /bpf/.test(target) ? [target] : [];
    } catch {
      return [];
    }
  });
}

function programIds(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fdinfo`).flatMap((fd) => {
    try {
      const info = readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8');
      return /^prog_id:\s*(\d+)$/m.exec(info)?.[1] ?? [];
    } catch {
      return [];
    }
  });
}

function programExists(id: string): boolean {
  try {
    execFileSync('/usr/sbin/bpftool', ['prog', 'show', 'id', id], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(kernelUnavailableReason() !== undefined)('lifecycle', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  it('close() leaves nothing in the kernel and can be called twice', async () => {
    const before = bpfDescriptors('self');
    const recorder = new Recorder();
    await recorder.run('/bin/true', []);
    expect(bpfDescriptors('self').filter((name) => name.includes('link'))).not.toEqual([]);
    const loss = recorder.observer.loss();
    recorder.close();
    recorder.close();
    expect(bpfDescriptors('self')).toEqual(before);
    expect(recorder.observer.loss()).toEqual(loss);
    expect(() => recorder.observer.drain()).toThrow('closed');
  });

  it('holds no link before the first tree', () => {
    const recorder = new Recorder();
    expect(bpfDescriptors('self').filter((name) => name.includes('link'))).toEqual([]);
    recorder.close();
  });

  it('several observers in one process see their own trees only', async () => {
    const [one, two] = [new Recorder(), new Recorder()];
    const seen = await Promise.all([one.run('/bin/true', ['one']), two.run('/bin/true', ['two'])]);
    expect(seen.map(({ events }) => events.find(({ kind }) => kind === 'exec')?.argv[1])).toEqual([
      'one',
      'two',
    ]);
    expect(new Set(one.events.map(({ pid }) => pid))).toEqual(new Set([process.pid, seen[0]!.pid]));
    one.close();
    two.close();
  });

  /** A process that observes and then waits; its own descriptors are not inherited by what it starts. */
  async function observingProcess(script: string): Promise<ChildProcess> {
    const source = `import { openKernelObserver } from ${JSON.stringify(OBSERVER)};
      import { spawn } from 'node:child_process';
      const observer = openKernelObserver({ ringBytes: 65536, onBatch() {} });
      ${script}`;
    const args = ['--expose-gc', '--input-type=module-typescript', '--no-warnings', '-e', source];
    const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    await until(() => output.includes('ready') || child.exitCode !== null, 'the observing process');
    expect(output).toContain('ready');
    return child;
  }

  it('a killed process leaves nothing in the kernel', async () => {
    const child = await observingProcess(`
      const sleeper = observer.spawnTracked(1, () => spawn('/bin/sleep', ['1']));
      console.log('ready');
      setInterval(() => sleeper, 1000);`);
    const ids = programIds(child.pid!);
    expect(ids.length).toBeGreaterThan(20);
    expect(programExists(ids[0]!)).toBe(true);
    child.kill('SIGKILL');
    await ended(child);
    await until(() => !ids.some(programExists), 'the programs’ end');
  });

  it('goes on when nobody holds it', async () => {
    const child = await observingProcess(`
      globalThis.gc();
      console.log('ready');
      setInterval(() => globalThis.gc(), 10);`);
    await until(() => bpfDescriptors(child.pid!).length > 20, 'the observer');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(bpfDescriptors(child.pid!).length).toBeGreaterThan(20);
  });

  it('children inherit no BPF descriptor', async () => {
    const recorder = new Recorder();
    const [child] = recorder.start('/bin/sleep', ['5']);
    children.push(child);
    expect(bpfDescriptors(child.pid!)).toEqual([]);
    recorder.close();
  });

  it('does not keep a process alive, closed or not', async () => {
    const child = await observingProcess(`
      observer.spawnTracked(1, () => spawn('/bin/true', { stdio: 'ignore' })).unref();
      console.log('ready');`);
    expect(await ended(child)).toBe(0);
  });

  it('works in a worker thread and ends with it', async () => {
    const before = bpfDescriptors('self');
    const source = `
      const { parentPort } = require('node:worker_threads');
      const { spawn } = require('node:child_process');
      import(${JSON.stringify(OBSERVER)}).then(({ openKernelObserver }) => {
        let events = 0;
        const observer = openKernelObserver({ ringBytes: 65536, onBatch: (batch) => { events += batch.eventCount; } });
        const child = observer.spawnTracked(1, () => spawn('/bin/true', { stdio: 'ignore' }));
        child.on('close', () => { observer.drain(); parentPort.postMessage(events); setInterval(() => {}, 1000); });
      });`;
    const worker = new Worker(source, { eval: true });
    const events = await new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    expect(events).toBeGreaterThan(2);
    await worker.terminate();
    await until(() => bpfDescriptors('self').length === before.length, 'the worker’s descriptors');
  });

  it.each([0, 1000, 65_535, 65_537, 2 ** 31])('refuses a ring of %j bytes', (ringBytes) => {
    expect(() => openKernelObserver({ ringBytes, onBatch: () => {} })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });

  it.skipIf(process.getuid?.() !== 0)('says that the privilege is missing', async () => {
    const source = `import { openKernelObserver } from ${JSON.stringify(OBSERVER)};
      try { openKernelObserver({ onBatch() {} }); } catch (error) { console.log(error.name, error.code); }`;
    const args = ['--input-type=module-typescript', '--no-warnings', '-e', source];
    const child = spawn(process.execPath, args, {
      uid: 65534,
      gid: 65534,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
    });
    await ended(child);
    expect(output.trim()).toBe('ObserverError KERNEL_NO_PRIVILEGE');
  });

  it('hands an error of onBatch to onError and goes on', async () => {
    const errors: unknown[] = [];
    let batches = 0;
    const observer = openKernelObserver({
      ringBytes: 65_536,
      onBatch: () => {
        batches++;
        throw new Error(`batch ${batches}`);
      },
      onError: (error) => errors.push(error),
    });
    await ended(observer.spawnTracked(1, () => spawn('/bin/true', { stdio: 'ignore' })));
    await until(() => errors.length > 0, 'an error');
    const seen = errors.length;
    await ended(observer.spawnTracked(2, () => spawn('/bin/true', { stdio: 'ignore' })));
    await until(() => errors.length > seen, 'another error');
    observer.close();
    expect(errors.length).toBe(batches);
  });
});
