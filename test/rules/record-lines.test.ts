import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { followFile, LineCutter, readFile } from '../../src/rules/record-lines.ts';
import { until } from '../e2e/harness.ts';

describe('the cutter', () => {
  it('gives the same lines however the bytes come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', 'd'.repeat(30)), { maxLength: 30 }),
        fc.array(fc.nat(40), { maxLength: 20 }),
        (parts, cuts) => {
          const text = parts.join('');
          const lines: string[] = [];
          const cutter = new LineCutter(20, (line) => lines.push(line.toString()));
          let start = 0;
          for (const cut of [...cuts.toSorted((a, b) => a - b), text.length]) {
            const end = Math.max(start, Math.min(cut, text.length));
            cutter.push(Buffer.from(text.slice(start, end)));
            start = end;
          }
          cutter.end();
          const expected = text.split('\n');
          if (expected.at(-1) === '') expected.pop();
          const isCut = (line: string) => line.length > 21;
          expect(lines.filter((line) => line !== '').map((line) => (isCut(line) ? 'long' : line))).toEqual(
            expected.filter((line) => line !== '').map((line) => (isCut(line) ? 'long' : line)),
          );
          for (const line of lines)
            expect(line.length).toBeLessThanOrEqual(Math.max(22, ...expected.map((each) => each.length)));
        },
      ),
    );
  });

  it('holds no more of a line than its bound', () => {
    const lines: number[] = [];
    const cutter = new LineCutter(10, (line) => lines.push(line.length));
    for (let i = 0; i < 100; i++) cutter.push(Buffer.from('x'.repeat(50)));
    cutter.push(Buffer.from('\nab\n'));
    expect(lines).toEqual([12, 2]);
  });
});

describe('a file', () => {
  let folder: string;
  let path: string;
  let lines: string[];
  let stop: AbortController;

  const options = () => ({
    cutter: new LineCutter(1000, (line) => lines.push(line.toString())),
    afterBlock: () => undefined,
    signal: stop.signal,
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mcp-observer-test-'));
    path = join(folder, 'records.jsonl');
    lines = [];
    stop = new AbortController();
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is read to its end, which needs no line end', async () => {
    writeFileSync(path, 'a\n\nb');
    await readFile(path, options());
    expect(lines).toEqual(['a', '', 'b']);
  });

  it('that is not there is an error of the system', async () => {
    await expect(readFile(path, options())).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is followed through growth, half lines, rotation and truncation', async () => {
    writeFileSync(path, '1\n2');
    const following = followFile(path, options());
    await until('1 lines', () => lines.length === 1);
    appendFileSync(path, 'b\n');
    await until('2 lines', () => lines.length === 2);
    // The writer ends its line in the file that is renamed by then.
    appendFileSync(path, '3');
    renameSync(path, `${path}.1`);
    writeFileSync(path, '4\n');
    appendFileSync(`${path}.1`, 'b\n');
    await until('4 lines', () => lines.length === 4);
    copyFileSync(path, `${path}.2`);
    truncateSync(path, 0);
    await new Promise((resolve) => setTimeout(resolve, 250));
    appendFileSync(path, '5\n');
    await until('5 lines', () => lines.length === 5);
    stop.abort();
    await following;
    expect(lines).toEqual(['1', '2b', '3b', '4', '5']);
  });
});
