import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { constants as os } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kernelUnavailableReason } from '../../kernel-available.ts';
import { type KindName, Recorder, type SeenEvent, Workshop } from './observed.ts';

const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
const { EBADF, EEXIST, EFBIG, EISDIR, ENOENT, ENOTDIR } = os.errno;
const AT_REMOVEDIR = 0x200;

describe.skipIf(kernelUnavailableReason() !== undefined)('file events', () => {
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

  /** The scenario's own events below `folder`: without what the dynamic linker does before. */
  async function run(scenario: string, folder: string, stdout: number | 'ignore' = 'ignore') {
    const seen = await recorder.run(workshop.exerciser, [scenario, folder], {
      stdio: ['ignore', stdout, 'inherit'],
    });
    expect(seen.exitCode).toBe(0);
    const isOwn = ({ path }: SeenEvent) => !path.startsWith('/usr/') && !path.startsWith('/etc/ld.so');
    return seen.events.filter((event) => isOwn(event) && !['fork', 'exec', 'exit'].includes(event.kind));
  }

  const below = (folder: string, path: string) => (path.startsWith('/') ? path : join(folder, path));

  it('tells each open with its flags, its real path and its result', async () => {
    const folder = workshop.newFolder();
    const events = await run('opens', folder);
    const expected: [string, number, number][] = [
      ['open.txt', O_CREAT | O_WRONLY | O_TRUNC, 0],
      ['sub/at.txt', O_CREAT | O_RDWR, 0],
      ['at2.txt', O_CREAT | O_WRONLY, 0],
      ['creat.txt', O_CREAT | O_WRONLY | O_TRUNC, 0],
      ['open.txt', O_RDONLY, 0],
      ['missing/new.txt', O_CREAT | O_WRONLY, -ENOENT],
      ['open.txt/x', O_RDONLY, -ENOTDIR],
      ['sub', O_WRONLY, -EISDIR],
      ['…/x', O_RDWR, -EBADF],
    ];
    const opens = events.filter(({ kind }) => kind === 'open');
    expect(opens.map(({ path, flags, result }) => [path, flags, Math.min(result, 0)])).toEqual(
      expected.map(([path, flags, result]) => [
        path.startsWith('…') ? path : join(folder, path),
        flags,
        result,
      ]),
    );
    for (const { result, objectId, pathKnown } of opens) {
      expect(pathKnown).toBe(false);
      if (result >= 0) expect(objectId).toBeGreaterThan(0);
      else expect(objectId).toBe(0);
    }
    expect(opens.at(-1)?.pathCut).toBe(true);
    expect(events.filter(({ kind }) => kind === 'mkdir').map(({ path }) => path)).toEqual([
      join(folder, 'sub'),
    ]);
    expect(events).toHaveLength(opens.length + 1);
  });

  it('tells each write to a file with what it moved, and the path once', async () => {
    const folder = workshop.newFolder();
    const stdout = openSync(join(folder, 'out.txt'), 'w');
    const events = await run('writes', folder, stdout);
    closeSync(stdout);
    const written = (path: string, bytes: number, pathKnown: boolean, result = bytes) => ({
      path: pathKnown ? '' : below(folder, path),
      bytes,
      pathKnown,
      result,
    });
    expect(
      events
        .filter(({ kind }) => kind === 'write')
        .map(({ path, bytes, pathKnown, result }) => ({ path, bytes, pathKnown, result })),
    ).toEqual([
      written('out.txt', 9, false),
      written('out.txt', 5, true),
      ...[1, 2, 5, 3, 5, 7, 6, 4].map((bytes) => written('w.txt', bytes, true)),
      written('w.txt', 0, true), // ftruncate
      written('w.txt', 0, false), // truncate, by name
      written('w.txt', 7, true, -EFBIG),
      written('w.txt', 5, true, -EFBIG),
      written('/memfd:anon', 1, false),
    ]);
    const open = events.find(({ kind, path }) => kind === 'open' && path.endsWith('w.txt'));
    const toFile = events.filter(({ kind, objectId }) => kind === 'write' && objectId === open?.objectId);
    expect(toFile).toHaveLength(11);
    expect(open?.objectId).toBeLessThan(2 ** 48);
  });

  it('tells what happens to names, with absolute paths', async () => {
    const folder = workshop.newFolder();
    const events = await run('names', folder);
    const expected: [KindName, string, string, number, number][] = [
      ['mkdir', 'one', '', 0o750, 0],
      ['mkdir', 'two', '', 0o700, 0],
      ['mkdir', 'one', '', 0o700, -EEXIST],
      ['rename', 'one', 'uno', 0, 0],
      ['rename', 'uno', 'two/one', 0, 0],
      ['rename', 'two/one', 'one', 0, 0],
      ['rename', 'missing', 'other', 0, -ENOENT],
      ['chmod', 'one', '', 0o711, 0],
      ['chmod', '.', '', 0o755, 0],
      ['chmod', 'two', '', 0o701, 0],
      ['chown', 'one', '', 0, 0],
      ['chown', '.', '', 0, 0],
      ['chown', 'two', '', 0, 0],
      ['chown', '.', '', 0, 0],
      ['unlink', 'one', '', AT_REMOVEDIR, 0],
      ['unlink', 'two', '', AT_REMOVEDIR, 0],
      ['open', 'f', '', O_CREAT | O_WRONLY, 4],
      ['unlink', 'f', '', 0, 0],
      ['write', '', '', 0, 4],
      ['unlink', 'f', '', 0, -ENOENT],
      ['unlink', '/proc/nothing', '', 0, -ENOENT],
    ];
    expect(
      events.map(({ kind, path, secondPath, flags, result }) => [kind, path, secondPath, flags, result]),
    ).toEqual(
      expected.map(([kind, path, second, flags, result]) => [
        kind,
        path && below(folder, path),
        second && below(folder, second),
        flags,
        result,
      ]),
    );
  });

  it.skipIf(!existsSync('/dev/shm'))('tells paths across mounts', async () => {
    const folder = mkdtempSync('/dev/shm/kernel-test-');
    const seen = await recorder.run(workshop.exerciser, ['deep', '1', folder]);
    rmSync(folder, { recursive: true });
    expect(seen.events.findLast(({ kind }) => kind === 'open')?.path).toBe(join(folder, 'd/leaf'));
  });

  it('says that the front of a very deep path is missing', async () => {
    const folder = workshop.newFolder();
    const seen = await recorder.run(workshop.exerciser, ['deep', '80', folder]);
    expect(seen.exitCode).toBe(0);
    const open = seen.events.findLast(({ kind }) => kind === 'open');
    expect(open?.pathCut).toBe(true);
    expect(open?.path).toMatch(/^…(\/d){50,80}\/leaf$/);
    const shallow = seen.events.find(({ kind }) => kind === 'mkdir');
    expect(shallow).toMatchObject({ path: join(folder, 'd'), pathCut: false });
  });
});
