/**
 * Reads a chunk of the ring buffer in place. One cursor object a batch, no object an event: numbers
 * come from a Uint32Array over the chunk, strings are made when asked for.
 */
import type { KernelBatch, LossWindow, SocketAddress } from '../../record/kernel-event.ts';
import { KernelEventKind } from '../../record/kernel-event.ts';
import { maskSecrets } from '../../record/mask-secrets.ts';
import type { NativeChunk } from './addon.ts';
import { basePath, namedPath } from './event-path.ts';
import { EVENT_SIZE, MARK, OFFSET } from './layout.gen.ts';
import { parseSocketAddress } from './socket-address.ts';

/** A record in the ring: a word with length and flags, a word for the kernel, the event, padding. */
const RING_HEADER_WORDS = 2;
const RING_DISCARD_BIT = 0x4000_0000;
const RING_LENGTH_MASK = 0x3fff_ffff;

const TWO_32 = 0x1_0000_0000;

/** Offsets as indexes into a Uint32Array. */
const TYPE = OFFSET.type >> 2;
const KTIME = OFFSET.ktimeNs >> 2;
const PID = OFFSET.pid >> 2;
const TID = OFFSET.tid >> 2;
const PPID = OFFSET.ppid >> 2;
const UID = OFFSET.uid >> 2;
const TREE_ID = OFFSET.treeId >> 2;
const MARKS = OFFSET.marks >> 2;
const RESULT = OFFSET.result >> 2;
const FLAGS = OFFSET.flags >> 2;
const OBJECT_ID = OFFSET.objectId >> 2;
const BYTES = OFFSET.bytes >> 2;
const COMM = OFFSET.comm >> 2;
const TEXT_LENGTH = OFFSET.textLength >> 2;

const COMM_BYTES = OFFSET.textLength - OFFSET.comm;

/** Texts of an event, in the order of `text_length`. */
const NAME = 0;
const BASE = 1;
const SECOND_NAME = 2;

function lossOf(chunk: NativeChunk): LossWindow | undefined {
  if (chunk.lostEvents === 0) return undefined;
  return { fromNs: chunk.lostFromNs, toNs: chunk.lostToNs, lostEvents: chunk.lostEvents };
}

/** {@link KernelBatch} over a chunk, whose buffer it owns. */
export class RingBatch implements KernelBatch {
  readonly byteLength: number;
  readonly eventCount: number;
  readonly loss: LossWindow | undefined;
  readonly #words: Uint32Array;
  readonly #bytes: Buffer;
  /** Word index of the current event. */
  #event = 0;
  /** Word index of the next ring header. */
  #next = 0;
  #commA = 0;
  #commB = 0;
  #commC = 0;
  #commD = 0;
  #comm = '';
  #firstTimeNs = -1;
  #lastTimeNs = -1;

  constructor(chunk: NativeChunk) {
    this.byteLength = chunk.buffer.byteLength;
    this.eventCount = chunk.eventCount;
    this.loss = lossOf(chunk);
    this.#words = new Uint32Array(chunk.buffer);
    this.#bytes = Buffer.from(chunk.buffer);
  }

  next(): boolean {
    const words = this.#words;
    let next = this.#next;
    while (next < words.length) {
      const header = words[next]!;
      const event = next + RING_HEADER_WORDS;
      // Records start at multiples of eight bytes.
      next = event + ((((header & RING_LENGTH_MASK) + 7) >>> 3) << 1);
      if ((header & RING_DISCARD_BIT) !== 0) continue;
      this.#event = event;
      this.#next = next;
      return true;
    }
    this.#next = next;
    return false;
  }

  rewind(): void {
    this.#next = 0;
  }

  get firstTimeNs(): number {
    if (this.#firstTimeNs < 0) this.#findTimes();
    return this.#firstTimeNs;
  }

  get lastTimeNs(): number {
    if (this.#lastTimeNs < 0) this.#findTimes();
    return this.#lastTimeNs;
  }

  get kind(): KernelEventKind {
    return this.#words[this.#event + TYPE]! as KernelEventKind;
  }

  get timeNs(): number {
    return this.#wide(KTIME);
  }

  get exactTimeNs(): bigint {
    const at = this.#event + KTIME;
    return (BigInt(this.#words[at + 1]!) << 32n) | BigInt(this.#words[at]!);
  }

  get pid(): number {
    return this.#words[this.#event + PID]!;
  }

  get tid(): number {
    return this.#words[this.#event + TID]!;
  }

  get ppid(): number {
    return this.#words[this.#event + PPID]!;
  }

  get uid(): number {
    return this.#words[this.#event + UID]!;
  }

  get treeId(): number {
    return this.#words[this.#event + TREE_ID]!;
  }

  get result(): number {
    return this.#words[this.#event + RESULT]! | 0;
  }

  get objectId(): number {
    return this.#wide(OBJECT_ID);
  }

  get flags(): number {
    return this.#words[this.#event + FLAGS]!;
  }

  get bytes(): number {
    return this.#wide(BYTES);
  }

  get pathKnown(): boolean {
    return (this.#marks & MARK.pathKnown) !== 0;
  }

  get argvCut(): boolean {
    return (this.#marks & MARK.argvCut) !== 0;
  }

  get pathCut(): boolean {
    return (this.#marks & MARK.pathCut) !== 0;
  }

  comm(): string {
    const words = this.#words;
    const at = this.#event + COMM;
    const a = words[at]!;
    const b = words[at + 1]!;
    const c = words[at + 2]!;
    const d = words[at + 3]!;
    // Neighbouring events are mostly of one thread.
    if (a !== this.#commA || b !== this.#commB || c !== this.#commC || d !== this.#commD) {
      this.#commA = a;
      this.#commB = b;
      this.#commC = c;
      this.#commD = d;
      const start = at * 4;
      const end = this.#bytes.indexOf(0, start);
      const limit = start + COMM_BYTES;
      this.#comm = this.#bytes.toString('utf8', start, end < 0 ? limit : Math.min(end, limit));
    }
    return this.#comm;
  }

  path(): string {
    switch (this.kind) {
      case KernelEventKind.exec:
        return basePath(this.#text(BASE), this.pathCut);
      case KernelEventKind.open:
      case KernelEventKind.write:
      case KernelEventKind.unlink:
      case KernelEventKind.rename:
      case KernelEventKind.mkdir:
      case KernelEventKind.chmod:
      case KernelEventKind.chown:
        return this.#path(NAME);
      default:
        return '';
    }
  }

  secondPath(): string {
    return this.kind === KernelEventKind.rename ? this.#path(SECOND_NAME) : '';
  }

  argv(): string[] {
    if (this.kind !== KernelEventKind.exec || this.#textLength(NAME) === 0) return [];
    const argv = this.#text(NAME).split('\0');
    // Each argument ends with a NUL; what follows the last is an argument only where it was cut.
    if (argv.at(-1) === '') argv.pop();
    return maskSecrets(argv);
  }

  address(): SocketAddress {
    switch (this.kind) {
      case KernelEventKind.connect:
      case KernelEventKind.connectDone:
      case KernelEventKind.bind:
      case KernelEventKind.send: {
        const start = this.#textStart(NAME);
        return parseSocketAddress(this.#bytes.subarray(start, start + this.#textLength(NAME)));
      }
      default:
        return { family: 'other' };
    }
  }

  get #marks(): number {
    return this.#words[this.#event + MARKS]!;
  }

  #wide(field: number): number {
    const at = this.#event + field;
    return this.#words[at]! + this.#words[at + 1]! * TWO_32;
  }

  /** A name with what it counts from; '' where the event tells no path. */
  #path(text: number): string {
    const marks = this.#marks;
    if ((marks & MARK.pathKnown) !== 0) return '';
    if (this.#textLength(text) === 0) {
      if ((marks & MARK.textFault) !== 0) return '';
      return basePath(this.#text(text + 1), this.pathCut) || '/';
    }
    return namedPath(this.#text(text), this.#text(text + 1), this.pathCut);
  }

  #textLength(text: number): number {
    const pair = this.#words[this.#event + TEXT_LENGTH + (text >> 1)]!;
    return (text & 1) === 0 ? pair & 0xffff : pair >>> 16;
  }

  #textStart(text: number): number {
    let start = this.#event * 4 + EVENT_SIZE;
    for (let before = 0; before < text; before++) start += this.#textLength(before);
    return start;
  }

  #text(text: number): string {
    const start = this.#textStart(text);
    return this.#bytes.toString('utf8', start, start + this.#textLength(text));
  }

  /** Events of different CPUs may be a little out of order, so the ends are not always first and last. */
  #findTimes(): void {
    const words = this.#words;
    let first = Number.POSITIVE_INFINITY;
    let last = 0;
    let at = 0;
    while (at < words.length) {
      const header = words[at]!;
      const event = at + RING_HEADER_WORDS;
      at = event + ((((header & RING_LENGTH_MASK) + 7) >>> 3) << 1);
      if ((header & RING_DISCARD_BIT) !== 0) continue;
      const timeNs = words[event + KTIME]! + words[event + KTIME + 1]! * TWO_32;
      if (timeNs < first) first = timeNs;
      if (timeNs > last) last = timeNs;
    }
    // A batch without events only tells of a loss.
    this.#firstTimeNs = last === 0 ? (this.loss?.fromNs ?? 0) : first;
    this.#lastTimeNs = last === 0 ? (this.loss?.toNs ?? 0) : last;
  }
}
