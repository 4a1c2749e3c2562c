/** Finds the native addon and the BPF object, and says what the addon offers. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ERROR_KINDS, type ErrorCode, ObserverError } from '../../base/errors.ts';
import { LAYOUT_WORDS } from './layout.gen.ts';

/** A piece of the ring buffer: its records with their ring headers. */
export interface NativeChunk {
  readonly buffer: ArrayBuffer;
  readonly eventCount: number;
  /** Events lost since the chunk before; the window is meaningless where this is 0. */
  readonly lostEvents: number;
  readonly lostFromNs: number;
  readonly lostToNs: number;
}

export interface ProgramProbe {
  readonly name: string;
  readonly ok: boolean;
  /** End of the kernel's answer. */
  readonly error?: string;
}

/** Counters since the observer was opened, and its state now. */
export interface NativeStats {
  readonly events: number;
  readonly ringFull: number;
  readonly readFaults: number;
  /** 32-bit system calls of tracked processes, which are not observed; a lower bound. */
  readonly compatSyscalls: number;
  /** io_uring instances of tracked processes: what goes through them is not observed. */
  readonly ioUringSetups: number;
  /** Children that the table of tracked processes had no room for. */
  readonly untrackedForks: number;
  readonly addonQueueFull: number;
  readonly queuedBytes: number;
  readonly attachCount: number;
  readonly trackedProcesses: number;
  readonly attached: boolean;
  /** Programs that this kernel refused and the observer does without. */
  readonly refusedPrograms: readonly ProgramProbe[];
}

export interface NativeHandle {
  openGate(treeId: number): void;
  closeGate(): void;
  track(pid: number, treeId: number, onlyNew: boolean): boolean;
  untrack(treeId: number): void;
  takeAll(): NativeChunk[];
  stats(): NativeStats;
  close(): void;
}

export interface NativeAddon {
  readonly KernelHandle: new (
    objectPath: string,
    ringBytes: number,
    queueBytes: number,
    detachAfterMs: number,
    onChunks: (chunks: NativeChunk[]) => void,
  ) => NativeHandle;
  /** The words of `struct mo_layout` that the addon was built with. */
  readonly layout: readonly number[];
  probe(objectPath: string): ProgramProbe[];
  peerCredentials(fd: number): PeerCredentials;
}

/** Who is at the other end of a unix socket, as the kernel noted it when the socket was connected. */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** The same from src/ and from dist/. */
const packageRoot = join(import.meta.dirname, '../../..');
export const ADDON_PATH = join(packageRoot, 'build/Release/mcp_observer.node');
export const BPF_OBJECT_PATH = join(packageRoot, 'build/bpf/mcp_observer.bpf.o');

/** Throws KERNEL_LAYOUT_MISMATCH where the decoder's layout is not the addon's. */
export function checkLayout(words: readonly number[]): void {
  const same = words.length === LAYOUT_WORDS.length && words.every((word, i) => word === LAYOUT_WORDS[i]);
  if (same) return;
  throw new ObserverError(
    'KERNEL_LAYOUT_MISMATCH',
    `the addon's event layout [${words}] is not the decoder's [${LAYOUT_WORDS}]`,
  );
}

/** Throws KERNEL_NO_ADDON where it isn't built or can't be loaded, KERNEL_LAYOUT_MISMATCH. */
export function loadAddon(): NativeAddon {
  if (!existsSync(ADDON_PATH)) throw new ObserverError('KERNEL_NO_ADDON', `${ADDON_PATH} is not built`);
  let addon: NativeAddon;
  try {
    addon = createRequire(import.meta.url)(ADDON_PATH);
  } catch (cause) {
    throw new ObserverError('KERNEL_NO_ADDON', `${ADDON_PATH} can't be loaded: ${messageOf(cause)}`, {
      cause,
    });
  }
  checkLayout(addon.layout);
  return addon;
}

/** {@link PeerCredentials} of a connected unix socket. Throws KERNEL_NO_ADDON. */
export function peerCredentials(fd: number): PeerCredentials {
  return withObserverErrors(() => loadAddon().peerCredentials(fd));
}

/** Runs `body`; errors that the addon threw with one of our codes become {@link ObserverError}. */
export function withObserverErrors<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    if (cause instanceof ObserverError) throw cause;
    const code = (cause as { code?: unknown } | null)?.code;
    if (typeof code !== 'string' || !Object.hasOwn(ERROR_KINDS, code)) throw cause;
    throw new ObserverError(code as ErrorCode, messageOf(cause), { cause });
  }
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
