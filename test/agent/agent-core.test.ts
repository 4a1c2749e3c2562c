import { describe, expect, it, vi } from 'vitest';
import { AgentCore } from '../../src/agent/agent-core.ts';
import { createClock } from '../../src/base/clock.ts';
import { ObserverError } from '../../src/base/errors.ts';
import type { KernelBatch, KernelLoss, KernelObserver } from '../../src/record/kernel-event.ts';
import type { McpRecord, StatusRecord } from '../../src/record/record.gen.ts';
import { validateRecord } from '../../src/record/validate.ts';

interface FakeKernel extends KernelObserver {
  lost: number;
  closed: number;
  tracked: [treeId: number, pid: number][];
}

function createFakeKernel(): FakeKernel {
  return {
    lost: 0,
    closed: 0,
    tracked: [],
    spawnTracked: (_treeId, spawn) => spawn(),
    trackPid(treeId, pid) {
      this.tracked.push([treeId, pid]);
    },
    untrack() {},
    drain() {},
    loss(): KernelLoss {
      return { ringFull: this.lost, addonQueueFull: 2, jsQueueFull: 0, readFaults: 3 };
    },
    close() {
      this.closed++;
    },
  };
}

function start(openKernel: ((onBatch: (batch: KernelBatch) => void) => KernelObserver) | undefined) {
  const records: McpRecord[] = [];
  let closed = 0;
  const core = new AgentCore({
    clock: createClock(),
    version: '0.0.0',
    openKernel,
    auditReason: openKernel === undefined ? 'not wanted' : undefined,
    outlet: {
      write: (record) => records.push(record),
      close: async () => void closed++,
    },
  });
  const statuses = (): StatusRecord[] => records.filter((record) => record.record === 'status');
  return { core, records, statuses, closedCount: () => closed };
}

describe('mode', () => {
  it('is audit with the given reason where no kernel is asked for', () => {
    const { core, statuses } = start(undefined);
    expect([core.mode, core.reason]).toEqual(['audit', 'not wanted']);
    expect(statuses()[0]).toMatchObject({ observer_mode: 'audit', observer_reason: 'not wanted' });
  });

  it('is audit where the kernel refuses, with the first line of the reason, cut', () => {
    const { core, statuses } = start(() => {
      throw new ObserverError('KERNEL_LOAD_FAILED', `refused ${'x'.repeat(2000)}\nlog of the verifier`);
    });
    expect(core.mode).toBe('audit');
    expect(core.reason).toMatch(/^refused x{248}$/);
    expect(validateRecord(statuses()[0])).toEqual({ ok: true });
  });

  it('is kernel where it opens', () => {
    expect(start(createFakeKernel).core.mode).toBe('kernel');
  });
});

describe('status', () => {
  it('says at the end what was lost, by stage, and closes once', async () => {
    const kernel = createFakeKernel();
    const { core, statuses, closedCount } = start(() => kernel);
    kernel.lost = 7;
    await core.stop();
    await core.stop();
    expect(statuses().map((status) => status.status_event)).toEqual(['agent_start', 'agent_stop']);
    expect(statuses().at(-1)).toMatchObject({ lost_ring: 7, lost_addon: 2, lost_js: 0, lost_faults: 3 });
    expect([kernel.closed, closedCount()]).toEqual([1, 1]);
  });

  it('adds up what the producers lost, and says so at once', () => {
    const { core, statuses } = start(createFakeKernel);
    const tree = core.openTree();
    for (const lostRecords of [3, 4]) {
      tree.edges.push({ type: 'producer_loss', atNs: 1n, sessionId: 's', lostRecords, reason: 'queue_full' });
    }
    expect(statuses().map((status) => [status.status_event, status.lost_records])).toEqual([
      ['agent_start', undefined],
      ['loss', 3],
      ['loss', 7],
    ]);
  });
});

describe('loss beside the records', () => {
  it('is told once a second at most, with what was lost until then, and at the end', async () => {
    const { core, statuses } = start(undefined);
    core.noteLoss(5, 'feed_reader_slow');
    core.noteLoss(1, 'feed_reader_slow');
    expect(statuses()).toHaveLength(1);
    await vi.waitUntil(() => statuses().length === 2);
    core.noteLoss(10, 'rules_behind');
    core.noteLoss(20, 'rules_behind');
    await core.stop();
    expect(
      statuses().map((status) => [status.status_event, status.lost_records, status.lost_reason]),
    ).toEqual([
      ['agent_start', undefined, undefined],
      ['loss', 6, 'feed_reader_slow'],
      ['agent_stop', 36, 'rules_behind'],
    ]);
    expect(validateRecord(statuses()[1])).toEqual({ ok: true });
  });
});

describe('a server that runs already', () => {
  it('is tracked, with its tree', () => {
    const kernel = createFakeKernel();
    const { core } = start(() => kernel);
    const tree = core.openTree();
    core.observeRunning(tree.treeId, process.pid);
    expect(kernel.tracked).toEqual([[tree.treeId, process.pid]]);
  });
});
