import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StatusRecord } from '../../src/record/record.gen.ts';
import { kernelUnavailableReason } from '../kernel-available.ts';
import {
  callsOf,
  DEMO_SERVER,
  effectsOf,
  OBSERVER,
  readRecords,
  startClient,
  temporaryFolder,
} from './harness.ts';

const reason = kernelUnavailableReason();
const FOLDERS = 60_000;

describe.skipIf(reason !== undefined)('kernel: loss is honest', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeEach(() => {
    // In memory, where making a folder is fast enough to flood a small ring.
    folder = temporaryFolder('/dev/shm');
  });
  afterEach(() => folder.remove());

  it('with a ring of 64 KiB, counted + delivered = caused, and the calls of that window are partial', async () => {
    const out = join(folder.path, 'records.jsonl');
    const client = await startClient([
      process.execPath,
      OBSERVER,
      'trace',
      '--ring-kib',
      '64',
      '--out',
      out,
      '--',
      ...DEMO_SERVER,
    ]);
    await client.callTool('sleep', { delay_ms: 1 });
    await sleep(300);
    await client.callTool('burst', { folder: folder.path, count: FOLDERS });
    await sleep(300);
    await client.callTool('summarize', { path: join(folder.path, 'after.txt') });
    expect(await client.close()).toBe(0);
    const records = readRecords(out);

    const statuses = records.filter((record): record is StatusRecord => record.record === 'status');
    const lost = statuses.at(-1)?.lost_ring ?? 0;
    const burst = callsOf(records).find((call) => call.tool_name === 'burst')!;
    expect(lost).toBeGreaterThan(0);
    expect(burst.mkdir_count! + burst.unlink_count! + lost).toBe(2 * FOLDERS);
    expect(statuses.some((status) => status.status_event === 'loss' && status.lost_ring! > 0)).toBe(true);

    expect(callsOf(records).map((call) => [call.tool_name ?? call.method, call.coverage])).toEqual([
      ['initialize', 'full'],
      ['tools/list', 'full'],
      ['sleep', 'full'],
      ['burst', 'partial'],
      ['summarize', 'full'],
    ]);
    expect(burst.coverage_reasons).toEqual(['ring_full']);
    const made = effectsOf(records).filter((effect) => effect.effect === 'mkdir');
    expect(made).toHaveLength(burst.mkdir_count!);
    expect(made.at(-1)?.coverage).toBe('partial');
    const end = records.find((record) => record.record === 'session' && record.session_event === 'end');
    expect(end).toMatchObject({ coverage: 'partial', coverage_reasons: ['ring_full'] });
  });
});
