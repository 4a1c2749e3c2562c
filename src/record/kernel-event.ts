/**
 * What the kernel observer hands to the correlator. These are types only: the decoder implements
 * them in `producers/kernel`, the join reads them in `correlate`, and neither imports the other.
 */

/** Kinds of kernel event; the numbers are the wire values of `bpf/events.h` and are append-only. */
export const KernelEventKind = {
  exec: 1,
  fork: 2,
  exit: 3,
  connect: 4,
  /**
   * How a TCP connect ended, matched to it by `objectId`. It comes before the `connect` where the
   * call itself waited for the end, and on loopback: the state changes inside the system call.
   */
  connectDone: 5,
  bind: 6,
  send: 7,
  open: 8,
  write: 9,
  unlink: 10,
  rename: 11,
  mkdir: 12,
  chmod: 13,
  chown: 14,
} as const;
export type KernelEventKind = (typeof KernelEventKind)[keyof typeof KernelEventKind];

/** A socket address as the traced process gave it. */
export interface SocketAddress {
  readonly family: 'ipv4' | 'ipv6' | 'unix' | 'other';
  /** Text form of the IP address; absent for unix and other families. */
  readonly ip?: string;
  /** Port in host byte order; absent for unix and other families. */
  readonly port?: number;
  /** Path of a unix socket; an abstract name starts with `@`. */
  readonly path?: string;
}

/**
 * One kernel event, read in place: every getter reads the batch's buffer at the cursor, so a value
 * is valid only until the next call of {@link KernelBatch.next}. Strings are decoded when asked for.
 */
export interface KernelEvent {
  readonly kind: KernelEventKind;
  /** CLOCK_MONOTONIC in nanoseconds as a double: for comparing, not for writing. */
  readonly timeNs: number;
  /** CLOCK_MONOTONIC in nanoseconds, exact. */
  readonly exactTimeNs: bigint;
  readonly pid: number;
  readonly tid: number;
  readonly ppid: number;
  readonly uid: number;
  /** The id under which the process tree was registered. */
  readonly treeId: number;
  /**
   * System calls: the return value, ≥ 0 or −errno. `connectDone`: 0 or −errno. `fork`: the child's
   * pid. `exit`: the wait status (`code << 8 | signal`).
   */
  readonly result: number;
  /**
   * Identity of the open file description (open, write) or socket (connect, connectDone, bind,
   * send); 0 where there is none. Below 2^53, stable while the object is open.
   */
  readonly objectId: number;
  /** `open`: open(2) flags. `unlink`: unlinkat(2) flags. `chmod`, `mkdir`: mode. Sockets: type (1 stream, 2 datagram). Others: 0. */
  readonly flags: number;
  /** write, send: bytes that the call moved, or tried to move where it failed; 0: the length was set. */
  readonly bytes: number;
  /** `write`: true where the path was already told by an earlier event with the same `objectId`. */
  readonly pathKnown: boolean;
  /** `exec`: argv was longer than the capture bound and is cut. */
  readonly argvCut: boolean;
  /** `exec`, paths: a path was longer or deeper than the capture bound and is cut at its front. */
  readonly pathCut: boolean;
  /** comm of the thread (≤ 15 bytes). */
  comm(): string;
  /**
   * Absolute, lexically normalised path: the file, the executable, or the first path operand. Starts
   * with `…` where its front is missing; '' where the kind has none or it is known or unreadable.
   */
  path(): string;
  /** `rename`: absolute path of the new name; otherwise ''. */
  secondPath(): string;
  /** `exec`: the arguments, secret-looking ones masked. */
  argv(): string[];
  /** connect, bind, send: where to. */
  address(): SocketAddress;
}

/** Counters of what could not be delivered, all monotone since the observer was opened. */
export interface KernelLoss {
  /** Events that the kernel could not put in the ring buffer. */
  readonly ringFull: number;
  /** Times the addon's queue was full, so that events waited in the ring buffer. */
  readonly addonQueueFull: number;
  /** Events dropped because JavaScript did not take batches in time. */
  readonly jsQueueFull: number;
  /** Reads of process memory that failed, so that a field is missing. */
  readonly readFaults: number;
}

/** A window of monotonic time in which events were lost. */
export interface LossWindow {
  readonly fromNs: number;
  readonly toNs: number;
  readonly lostEvents: number;
}

/** A drained piece of the ring buffer and a cursor over it. Starts before the first event. */
export interface KernelBatch extends KernelEvent {
  readonly byteLength: number;
  /** Number of events in the batch, known without decoding it. */
  readonly eventCount: number;
  /** Times of the batch's first and last event in its order (see {@link KernelEvent.timeNs}). */
  readonly firstTimeNs: number;
  readonly lastTimeNs: number;
  /** Events that were lost since the batch before this one, if any. */
  readonly loss: LossWindow | undefined;
  /** Moves to the next event; false at the end. */
  next(): boolean;
  /** Back before the first event. */
  rewind(): void;
}

/** What the agent asks of a kernel observer. */
export interface KernelObserver {
  /** Starts `spawn` so that every process that this thread forks inside it is a root of tree `treeId`. */
  spawnTracked<T>(treeId: number, spawn: () => T): T;
  /**
   * Registers a running process as a member of tree `treeId`; what it forks from now on belongs to
   * the tree. With `descendants` (the default), its descendants of today do too.
   */
  trackPid(treeId: number, pid: number, options?: { readonly descendants?: boolean }): void;
  /** Forgets the tree; its processes are no longer observed. */
  untrack(treeId: number): void;
  /** Takes everything out of the ring buffer now and hands it to `onBatch` before it returns. */
  drain(): void;
  loss(): KernelLoss;
  /** Detaches everything. Idempotent. */
  close(): void;
}
