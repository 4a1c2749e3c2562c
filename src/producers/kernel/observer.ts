/** Opens the kernel observer: loads the programs and hands out what they report. */
import { existsSync } from 'node:fs';
import { ObserverError } from '../../base/errors.ts';
import type { KernelBatch, KernelLoss, KernelObserver } from '../../record/kernel-event.ts';
import {
  BPF_OBJECT_PATH,
  loadAddon,
  type NativeChunk,
  type NativeHandle,
  type NativeStats,
  withObserverErrors,
} from './addon.ts';
import { RingBatch } from './decode.ts';
import { descendantsOf } from './descendants.ts';

export interface KernelObserverOptions {
  /** Takes each batch; it owns the batch's memory and may keep it. */
  readonly onBatch: (batch: KernelBatch) => void;
  /** Takes what `onBatch` throws; without it, the first error is thrown once all batches are handed out. */
  readonly onError?: (error: unknown) => void;
  /** Size of the ring buffer that all CPUs share: a power of two, at least 64 KiB. Default 8 MiB. */
  readonly ringBytes?: number;
  /** How much may wait between ring and JavaScript before events stay in the ring. Default 32 MiB. */
  readonly queueBytes?: number;
  /** How long the hooks stay attached after the last tracked process has ended. Default 5 s. */
  readonly detachAfterMs?: number;
}

/** A {@link KernelObserver} that can also be asked how it is. */
export interface OpenKernelObserver extends KernelObserver {
  stats(): NativeStats;
}

const MIN_RING_BYTES = 64 * 1024;
const MAX_RING_BYTES = 1024 * 1024 * 1024;
const BTF_PATH = '/sys/kernel/btf/vmlinux';

function checkRingBytes(ringBytes: number): void {
  const isPowerOfTwo = Number.isInteger(Math.log2(ringBytes));
  if (isPowerOfTwo && ringBytes >= MIN_RING_BYTES && ringBytes <= MAX_RING_BYTES) return;
  throw new ObserverError('CONFIG_INVALID', `the ring's size must be a power of two of at least 64 KiB`);
}

/**
 * Throws {@link ObserverError}: KERNEL_NO_ADDON, KERNEL_NO_BTF, KERNEL_NO_PRIVILEGE,
 * KERNEL_LOAD_FAILED, KERNEL_LAYOUT_MISMATCH, CONFIG_INVALID.
 */
export function openKernelObserver(options: KernelObserverOptions): OpenKernelObserver {
  const ringBytes = options.ringBytes ?? 8 * 1024 * 1024;
  checkRingBytes(ringBytes);
  const addon = loadAddon();
  if (!existsSync(BPF_OBJECT_PATH)) {
    throw new ObserverError('KERNEL_NO_ADDON', `${BPF_OBJECT_PATH} is not built`);
  }
  if (!existsSync(BTF_PATH)) throw new ObserverError('KERNEL_NO_BTF', `${BTF_PATH} does not exist`);

  const deliver = (chunks: readonly NativeChunk[]) => deliverAll(chunks, options);
  const handle = withObserverErrors(
    () =>
      new addon.KernelHandle(
        BPF_OBJECT_PATH,
        ringBytes,
        options.queueBytes ?? 32 * 1024 * 1024,
        options.detachAfterMs ?? 5_000,
        deliver,
      ),
  );
  return new NativeObserver(handle, deliver);
}

/** An observer is open until it is closed, also where only `onBatch` is left to hold it. */
const openHandles = new Set<NativeHandle>();

/** Hands out every chunk, also after one that `onBatch` threw at. */
function deliverAll(chunks: readonly NativeChunk[], { onBatch, onError }: KernelObserverOptions): void {
  const errors: unknown[] = [];
  for (const chunk of chunks) {
    try {
      onBatch(new RingBatch(chunk));
    } catch (error) {
      if (onError) onError(error);
      else errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

class NativeObserver implements OpenKernelObserver {
  readonly #handle: NativeHandle;
  readonly #deliver: (chunks: readonly NativeChunk[]) => void;
  /** The tree whose gate is open: a spawn inside a spawn has its own and then gives it back. */
  #gate: number | undefined;
  #lastStats: NativeStats | undefined;

  constructor(handle: NativeHandle, deliver: (chunks: readonly NativeChunk[]) => void) {
    this.#handle = handle;
    this.#deliver = deliver;
    openHandles.add(handle);
  }

  spawnTracked<T>(treeId: number, spawn: () => T): T {
    const outer = this.#gate;
    withObserverErrors(() => this.#handle.openGate(treeId));
    this.#gate = treeId;
    try {
      return spawn();
    } finally {
      this.#gate = outer;
      if (outer === undefined) this.#handle.closeGate();
      else this.#handle.openGate(outer);
    }
  }

  trackPid(treeId: number, pid: number): void {
    withObserverErrors(() => this.#handle.track(pid, treeId, false));
    // From here on the kernel enters what tracked processes fork. Children forked before are found
    // by looking until a look finds none that was not entered.
    for (let foundNew = true; foundNew; ) {
      foundNew = false;
      for (const child of descendantsOf(pid)) {
        if (withObserverErrors(() => this.#handle.track(child, treeId, true))) foundNew = true;
      }
    }
  }

  untrack(treeId: number): void {
    this.#handle.untrack(treeId);
  }

  drain(): void {
    this.#deliver(withObserverErrors(() => this.#handle.takeAll()));
  }

  loss(): KernelLoss {
    const { ringFull, addonQueueFull, readFaults } = this.stats();
    // Nothing is dropped on the way to JavaScript: what it does not take waits in the ring.
    return { ringFull, addonQueueFull, jsQueueFull: 0, readFaults };
  }

  /** After `close`: as it was then. */
  stats(): NativeStats {
    return this.#lastStats ?? this.#handle.stats();
  }

  close(): void {
    if (this.#lastStats) return;
    this.#lastStats = { ...this.#handle.stats(), attached: false, trackedProcesses: 0, queuedBytes: 0 };
    this.#handle.close();
    openHandles.delete(this.#handle);
  }
}
