import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const lockModule = join(import.meta.dirname, '../../scripts/setup/lock.mjs');

/** Appends "in" and "out" round a short wait, inside the lock. */
const WORKER = `
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
const [module, lock, log] = process.argv.slice(1);
const { withLock } = await import(module);
await withLock(lock, () => {}, async () => {
  appendFileSync(log, 'in ');
  await sleep(30);
  appendFileSync(log, 'out ');
});
`;

let folder: string;
let lock: string;
let log: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mcp-observer-lock-'));
  lock = join(folder, 'lock');
  log = join(folder, 'log');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function runWorkers(count: number): Promise<void> {
  const workers = Array.from({ length: count }, () =>
    spawn(process.execPath, ['--input-type=module', '-e', WORKER, lockModule, lock, log], {
      stdio: 'inherit',
    }),
  );
  const codes = await Promise.all(workers.map(async (worker) => (await once(worker, 'exit'))[0] as number));
  expect(codes).toEqual(Array(count).fill(0));
}

describe('set-up lock', () => {
  it.each([
    ['no lock', undefined],
    ['a lock whose holder is gone', '999999999 1'],
    ["a lock whose holder's pid belongs to another process now", `${process.pid} 1`],
  ])('lets one in at a time and is gone afterwards, from %s', async (_, content) => {
    if (content !== undefined) writeFileSync(lock, content);
    await runWorkers(4);
    expect(readFileSync(log, 'utf8')).toBe('in out '.repeat(4));
    expect(existsSync(lock)).toBe(false);
    expect(existsSync(`${lock}.takeover`)).toBe(false);
  });
});
