// Generated from bpf/events.h by scripts/gen-events.ts. Do not edit.

/** What the addon and the BPF object must carry too: the words of `struct mo_layout`. */
export const LAYOUT_WORDS: readonly number[] = [1, 88, 8, 48, 64, 80, 64, 14];

/** `enum mo_event_type`. */
export const EVENT_TYPE = {
  exec: 1,
  fork: 2,
  exit: 3,
  connect: 4,
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

/** `enum mo_mark`: bits of `marks`. */
export const MARK = {
  pathKnown: 1,
  argvCut: 2,
  pathCut: 4,
  textFault: 8,
} as const;

/** `struct mo_event`: its size and the byte offsets of its fields. */
export const EVENT_SIZE = 88;
export const OFFSET = {
  type: 0,
  size: 4,
  ktimeNs: 8,
  pid: 16,
  tid: 20,
  ppid: 24,
  uid: 28,
  treeId: 32,
  marks: 36,
  result: 40,
  flags: 44,
  objectId: 48,
  bytes: 56,
  comm: 64,
  textLength: 80,
} as const;

/** Bounds of texts, in bytes. */
export const BOUND = {
  argvMax: 4096,
  pathMax: 4096,
  addressMax: 128,
  textMax: 16384,
} as const;
