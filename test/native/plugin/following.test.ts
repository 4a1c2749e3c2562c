import {
  appendFileSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Capture, type CaptureOptions, ids, lines, provideBuild, temporaryFolder } from './harness.ts';

/** Longer than the plugin waits for a writer that may still have a rotated file open. */
const QUIET_MS = 400;
/** Some polls. */
const POLLS_MS = 150;

/** "a.jsonl" becomes "a.jsonl.1", that "a.jsonl.2" and so on. */
function shift(path: string): void {
  let last = 0;
  while (existsSync(`${path}.${last + 1}`)) last++;
  for (; last > 0; last--) renameSync(`${path}.${last}`, `${path}.${last + 1}`);
  renameSync(path, `${path}.1`);
}

describe.each([await provideBuild('release'), await provideBuild('sanitized')])(
  'a followed file, $name',
  (build) => {
    const follow = (path: string, options: Partial<CaptureOptions> = {}) =>
      new Capture(build, { open: `${path}?follow=true`, ...options });
    const newFile = () => join(temporaryFolder(), 'records.jsonl');

    /** Waits for so many events, and for what should not come; then all of them must be there. */
    async function expectIds(capture: Capture, count: number) {
      await capture.waitForEvents(count);
      await sleep(POLLS_MS);
      expect(capture.values).toEqual(ids(0, count));
      const summary = await capture.stop();
      expect(summary).toMatchObject({ ending: 'stopped', error: '', events: count });
      return summary;
    }

    it('gives what is there and what comes', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 300));
      const capture = follow(path);
      await capture.waitForEvents(300);
      appendFileSync(path, lines(300, 5));
      await expectIds(capture, 305);
    });

    it('waits for the end of a half line, however it is cut', async () => {
      const path = newFile();
      const text = lines(0, 3);
      writeFileSync(path, '');
      const capture = follow(path, { config: { poll_ms: 1 } });
      for (let at = 0; at < text.length; at += 97) {
        appendFileSync(path, text.slice(at, at + 97));
        await sleep(15);
      }
      const summary = await expectIds(capture, 3);
      expect(summary.metrics).toMatchObject({ bytes: text.length, skipped_broken_json: 0 });
    });

    it('goes over a rotation by renaming', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 10));
      const capture = follow(path);
      await capture.waitForEvents(10);
      appendFileSync(path, lines(10, 10));
      shift(path);
      writeFileSync(path, lines(20, 10));
      const summary = await expectIds(capture, 30);
      expect(summary.metrics).toMatchObject({ rotations: 1, truncations: 0 });
    });

    it('reads what a writer adds to a rotated file before what is in the new one', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 10));
      const capture = follow(path);
      await capture.waitForEvents(10);
      shift(path);
      writeFileSync(path, lines(15, 5));
      appendFileSync(`${path}.1`, lines(10, 5));
      await expectIds(capture, 20);
    });

    it('waits for the rest of a half line in a rotated file', async () => {
      const path = newFile();
      const [half, rest] = [lines(5, 1).slice(0, 60), lines(5, 1).slice(60)];
      writeFileSync(path, lines(0, 5) + half);
      const capture = follow(path);
      await capture.waitForEvents(5);
      shift(path);
      writeFileSync(path, lines(6, 5));
      await sleep(QUIET_MS);
      expect(capture.values).toHaveLength(5);
      appendFileSync(`${path}.1`, rest);
      const summary = await expectIds(capture, 11);
      expect(summary.metrics.skipped_broken_json).toBe(0);
    });

    it('loses nothing of a writer that never noticed the rotation', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 5));
      const capture = follow(path);
      await capture.waitForEvents(5);
      const late = openSync(path, 'a');
      shift(path);
      writeFileSync(path, lines(5, 5));
      await capture.waitForEvents(10);
      writeSync(late, lines(10, 5));
      closeSync(late);
      await expectIds(capture, 15);
    });

    it('finds all files of several rotations between two looks', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 10));
      const capture = follow(path);
      await capture.waitForEvents(10);
      capture.child.kill('SIGSTOP');
      appendFileSync(path, lines(10, 10));
      for (let file = 2; file < 8; file++) {
        shift(path);
        writeFileSync(path, lines(file * 10, 10));
      }
      capture.child.kill('SIGCONT');
      const summary = await expectIds(capture, 80);
      expect(summary.metrics.rotations).toBe(6);
    });

    it.each([
      ['behind the name', (path: string, day: number) => `${path}-202601${10 + day}`],
      [
        'before the extension',
        (path: string, day: number) => path.replace('.jsonl', `-2026-01-${10 + day}.jsonl`),
      ],
    ])('finds files with a date %s', async (_, dated) => {
      const path = newFile();
      writeFileSync(path.replace('.jsonl', '-other.jsonl'), lines(900, 5));
      writeFileSync(path, lines(0, 10));
      const capture = follow(path);
      await capture.waitForEvents(10);
      capture.child.kill('SIGSTOP');
      for (let day = 1; day < 5; day++) {
        renameSync(path, dated(path, day));
        writeFileSync(path, lines(day * 10, 10));
      }
      capture.child.kill('SIGCONT');
      await expectIds(capture, 50);
    });

    it('goes on with the oldest that is left when its file was removed', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 10));
      const capture = follow(path);
      await capture.waitForEvents(10);
      capture.child.kill('SIGSTOP');
      appendFileSync(path, lines(10, 5));
      shift(path);
      // An older one that was there before: it is not to be read.
      writeFileSync(`${path}.3`, lines(900, 5));
      utimesSync(`${path}.3`, 1, 1);
      rmSync(`${path}.1`);
      writeFileSync(path, lines(15, 5));
      shift(path);
      writeFileSync(path, lines(20, 5));
      capture.child.kill('SIGCONT');
      await expectIds(capture, 25);
    });

    it('begins again when the file is truncated', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 20));
      const capture = follow(path);
      await capture.waitForEvents(20);
      truncateSync(path);
      await sleep(POLLS_MS);
      appendFileSync(path, lines(20, 5));
      const summary = await expectIds(capture, 25);
      expect(summary.metrics).toMatchObject({ truncations: 1, rotations: 0 });
    });

    it('notices a truncation also when the file is longer again', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 5));
      const capture = follow(path);
      await capture.waitForEvents(5);
      capture.child.kill('SIGSTOP');
      truncateSync(path);
      appendFileSync(path, lines(5, 50));
      capture.child.kill('SIGCONT');
      const summary = await expectIds(capture, 55);
      expect(summary.metrics.truncations).toBe(1);
    });

    it('reads what was not read yet of a truncated file in its copy', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 5));
      const capture = follow(path);
      await capture.waitForEvents(5);
      capture.child.kill('SIGSTOP');
      appendFileSync(path, lines(5, 20));
      copyFileSync(path, `${path}.1`);
      truncateSync(path);
      appendFileSync(path, lines(25, 5));
      capture.child.kill('SIGCONT');
      const summary = await expectIds(capture, 30);
      expect(summary.metrics).toMatchObject({ truncations: 1, skipped_broken_json: 0 });
    });

    it('waits for a file that is not there yet, and for one that comes back', async () => {
      const path = newFile();
      const capture = follow(path);
      await sleep(POLLS_MS);
      writeFileSync(path, lines(0, 5));
      await capture.waitForEvents(5);
      rmSync(path);
      await sleep(QUIET_MS);
      writeFileSync(path, lines(5, 5));
      await expectIds(capture, 10);
    });

    it('begins at the end where it is told to, with a whole line', async () => {
      const path = newFile();
      writeFileSync(path, lines(900, 20) + lines(920, 1).slice(0, 50));
      const capture = new Capture(build, { open: `${path}?follow=true&from=end` });
      await sleep(POLLS_MS * 2);
      appendFileSync(path, lines(920, 1).slice(50) + lines(0, 3));
      const summary = await expectIds(capture, 3);
      expect(summary.metrics.skipped_broken_json).toBe(0);
    });

    it('neither blocks nor spins where nothing is new', async () => {
      const path = newFile();
      writeFileSync(path, lines(0, 1));
      const capture = follow(path);
      await sleep(2500);
      const summary = await expectIds(capture, 1);
      expect(summary.timeouts).toBeGreaterThan(10);
      // Bounds for a busy machine; the aims are 30 ms a call and 2 %.
      expect(summary.longestCallMs).toBeLessThan(1000);
      if (build.name === 'release') expect(summary.cpuMs / summary.wallMs).toBeLessThan(0.1);
    });
  },
);

describe.each([await provideBuild('release'), await provideBuild('sanitized')])(
  'a followed folder, $name',
  (build) => {
    const follow = (folder: string) => new Capture(build, { open: `${folder}?follow=true` });
    const sorted = (capture: Capture) => capture.values.flat().sort();
    const expected = (count: number) => ids(0, count).flat().sort();

    it('reads its files in the order of their names, then what comes', async () => {
      const folder = temporaryFolder();
      writeFileSync(join(folder, 'b.jsonl'), lines(10, 10));
      writeFileSync(join(folder, 'c.jsonl'), lines(20, 2000));
      writeFileSync(join(folder, 'a.jsonl'), lines(0, 10));
      writeFileSync(join(folder, 'a.txt'), lines(900, 10));
      mkdirSync(join(folder, 'd.jsonl'));
      const capture = follow(folder);
      await capture.waitForEvents(2020);
      expect(capture.values).toEqual(ids(0, 2020));
      writeFileSync(join(folder, 'aa.jsonl'), lines(2020, 10));
      await capture.waitForEvents(2030);
      appendFileSync(join(folder, 'b.jsonl'), lines(2030, 10));
      await capture.waitForEvents(2040);
      await sleep(POLLS_MS);
      expect(capture.values).toEqual(ids(0, 2040));
      await capture.stop();
    });

    it.each([
      ['another kind of name', (path: string) => `${path}.1`],
      ['a name that is read too', (path: string) => path.replace('.jsonl', '.1.jsonl')],
    ])('reads a file once when it is rotated to %s', async (_, renamed) => {
      const folder = temporaryFolder();
      const path = join(folder, 'a.jsonl');
      writeFileSync(path, lines(0, 10));
      const capture = follow(folder);
      await capture.waitForEvents(10);
      appendFileSync(path, lines(10, 5));
      renameSync(path, renamed(path));
      writeFileSync(path, lines(15, 10));
      await capture.waitForEvents(25);
      await sleep(800);
      expect(sorted(capture)).toEqual(expected(25));
      const summary = await capture.stop();
      expect(summary.metrics.rotations).toBe(1);
    });

    it('lives with files that are removed and come again', async () => {
      const folder = temporaryFolder();
      const path = join(folder, 'a.jsonl');
      writeFileSync(path, lines(0, 10));
      const capture = follow(folder);
      await capture.waitForEvents(10);
      rmSync(path);
      await sleep(QUIET_MS);
      writeFileSync(path, lines(10, 10));
      await capture.waitForEvents(20);
      await sleep(POLLS_MS);
      expect(sorted(capture)).toEqual(expected(20));
      await capture.stop();
    });
  },
);

describe('a million records over twenty rotations', async () => {
  const build = await provideBuild('release');
  it('come once each, in order', { timeout: 300_000 }, async () => {
    const path = join(temporaryFolder(), 'records.jsonl');
    const [perFile, perWrite] = [50_000, 500];
    writeFileSync(path, '');
    const capture = new Capture(build, { open: `${path}?follow=true`, fields: ['call_id'] });
    for (let first = 0; first < 1_000_000; first += perWrite) {
      if (first > 0 && first % perFile === 0) shift(path);
      // In two pieces, cut anywhere.
      const text = lines(first, perWrite);
      const cut = (first * 7919) % text.length;
      appendFileSync(path, text.slice(0, cut));
      appendFileSync(path, text.slice(cut));
      if (first % 5000 === 0) await sleep(1);
    }
    expect(readdirSync(join(path, '..'))).toHaveLength(20);
    await capture.waitForEvents(1_000_000, 120_000);
    await sleep(POLLS_MS);
    const summary = await capture.stop();
    expect(summary).toMatchObject({
      events: 1_000_000,
      metrics: { rotations: 19, truncations: 0, skipped_broken_json: 0 },
    });
    const wrong = capture.lines.findIndex((line, i) => line !== `["c.${i}"]`);
    expect(wrong).toBe(-1);
  });
});
