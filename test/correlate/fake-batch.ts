/** Kernel batches made of plain objects, for tests of the join. */
import {
  type KernelBatch,
  KernelEventKind,
  type LossWindow,
  type SocketAddress,
} from '../../src/record/kernel-event.ts';

export interface FakeEvent {
  kind: keyof typeof KernelEventKind;
  atMs: number;
  pid?: number;
  ppid?: number;
  treeId?: number;
  result?: number;
  objectId?: number;
  flags?: number;
  bytes?: number;
  pathKnown?: boolean;
  path?: string;
  secondPath?: string;
  argv?: string[];
  address?: SocketAddress;
}

export function fakeBatch(events: FakeEvent[], loss?: LossWindow): KernelBatch {
  let at = -1;
  const now = (): FakeEvent => events[at]!;
  const times = events.map((event) => event.atMs * 1e6);
  return {
    byteLength: events.length * 100,
    eventCount: events.length,
    firstTimeNs: Math.min(...times),
    lastTimeNs: Math.max(...times),
    loss,
    next: () => ++at < events.length,
    rewind: () => {
      at = -1;
    },
    get kind() {
      return KernelEventKind[now().kind];
    },
    get timeNs() {
      return now().atMs * 1e6;
    },
    get exactTimeNs() {
      return BigInt(Math.round(now().atMs * 1e6));
    },
    get pid() {
      return now().pid ?? 100;
    },
    get tid() {
      return now().pid ?? 100;
    },
    get ppid() {
      return now().ppid ?? 1;
    },
    uid: 0,
    get treeId() {
      return now().treeId ?? 1;
    },
    get result() {
      return now().result ?? 0;
    },
    get objectId() {
      return now().objectId ?? 0;
    },
    get flags() {
      return now().flags ?? 0;
    },
    get bytes() {
      return now().bytes ?? 0;
    },
    get pathKnown() {
      return now().pathKnown ?? false;
    },
    argvCut: false,
    pathCut: false,
    comm: () => 'fake',
    path: () => now().path ?? '',
    secondPath: () => now().secondPath ?? '',
    argv: () => now().argv ?? [],
    address: () => now().address ?? { family: 'other' },
  };
}
