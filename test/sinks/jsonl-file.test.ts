import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JsonlFile } from '../../src/sinks/jsonl-file.ts';

let folder: string;
let troubles: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jsonl-'));
  troubles = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const onTrouble = (message: string): void => void troubles.push(message);
const record = (n: number, pad = 0): string => JSON.stringify({ record: 'call', n, pad: 'p'.repeat(pad) });

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; !condition(); i++) {
    if (i > 500) throw new Error(`did not come true: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function numbers(text: string): number[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => {
      try {
        return [(JSON.parse(line) as { n: number }).n];
      } catch {
        return [];
      }
    });
}

describe('JsonlFile', () => {
  it('writes every line in order', async () => {
    const target = join(folder, 'r.jsonl');
    const file = new JsonlFile({ target, onTrouble });
    const expected = Array.from({ length: 5000 }, (_, n) => n);
    for (const n of expected) {
      file.write(record(n));
      if (n % 700 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await file.close();
    expect(numbers(readFileSync(target, 'utf8'))).toEqual(expected);
    expect(file.lost).toBe(0);
    expect(troubles).toEqual([]);
  });

  it('keeps the lines of several writers whole', async () => {
    const target = join(folder, 'r.jsonl');
    const files = Array.from({ length: 4 }, () => new JsonlFile({ target, onTrouble }));
    for (let n = 0; n < 500; n++) {
      for (const file of files) file.write(record(n, 200));
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(files.map((file) => file.close()));
    expect(numbers(readFileSync(target, 'utf8'))).toHaveLength(2000);
  });

  it('appends to what is there', async () => {
    const target = join(folder, 'r.jsonl');
    writeFileSync(target, `${record(0)}\n`);
    const file = new JsonlFile({ target, onTrouble });
    file.write(record(1));
    await file.close();
    expect(numbers(readFileSync(target, 'utf8'))).toEqual([0, 1]);
  });

  it('writes again, whole and on its own line, what a short write cut off', async () => {
    // A named pipe takes 64 KiB and then the rest later: each write but the last is short.
    const target = join(folder, 'pipe');
    execFileSync('mkfifo', [target]);
    const reader = openSync(target, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const file = new JsonlFile({ target, onTrouble });
      const expected = Array.from({ length: 60 }, (_, n) => n);
      for (const n of expected) file.write(record(n, 10_000));
      let text = '';
      const buffer = Buffer.alloc(30_000);
      await until(() => {
        try {
          text += buffer.toString('utf8', 0, readSync(reader, buffer));
        } catch {
          // Nothing there yet.
        }
        return text.includes('"n":59,') && text.endsWith('\n');
      });
      await file.close();
      const lines = text.split('\n');
      const torn = lines.filter((line) => line !== '' && !line.endsWith('}'));
      expect(torn.length).toBeGreaterThan(0);
      expect(numbers(text)).toEqual(expected);
      expect(file.lost).toBe(0);
    } finally {
      closeSync(reader);
    }
  });

  it.each(['records', 'alerts'] as const)(
    'says once that it cannot write %s, and tells the loss in the next line that it can',
    async (what) => {
      const target = join(folder, 'sub');
      writeFileSync(target, 'in the way');
      const inside = join(target, 'r.jsonl');
      const file = new JsonlFile({ target: inside, onTrouble, what, firstRetryMs: 5, maxQueuedBytes: 300 });
      for (let n = 0; n < 20; n++) file.write(record(n));
      await until(() => file.lost > 0);
      const { lost } = file;
      rmSync(target);
      await until(() => {
        try {
          return readFileSync(inside, 'utf8') !== '';
        } catch {
          return false;
        }
      });
      file.write(record(99));
      await file.close();
      const records = readFileSync(inside, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(records).toHaveLength(20 - lost + 1);
      expect(records[0]).toMatchObject({ n: 0, [`lost_${what}`]: lost, lost_reason: 'ENOTDIR' });
      expect(records.slice(1).every((one) => one.lost_reason === undefined)).toBe(true);
      expect(troubles).toEqual([`cannot write ${what} to ${inside} (ENOTDIR)`]);
    },
  );

  it('counts at the end what never could be written', async () => {
    const file = new JsonlFile({ target: '/dev/full', onTrouble });
    for (let n = 0; n < 10; n++) file.write(record(n));
    await file.close();
    expect(file.lost).toBe(10);
    expect(troubles).toEqual(['cannot write records to /dev/full (ENOSPC)']);
    file.write(record(11));
    expect(file.lost).toBe(11);
  });

  it('does not wait for a reader of a named pipe', async () => {
    const target = join(folder, 'pipe');
    execFileSync('mkfifo', [target]);
    const file = new JsonlFile({ target, onTrouble });
    file.write(record(1));
    await file.close();
    expect(file.lost).toBe(1);
    expect(troubles[0]).toContain('ENXIO');
  });
});
