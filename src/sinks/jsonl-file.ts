/**
 * Appends JSON lines to a file. Whole lines go out in one O_APPEND write a batch, so that lines of
 * several writers do not mix. What can't be written waits within a bound; what is beyond it is
 * counted, and the next record that can be written carries the count.
 */
import { close, closeSync, constants, mkdirSync, openSync, writev, writevSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../base/errors.ts';
import { addFields, type LineChunk, LineChunks } from './line-chunks.ts';
import type { LineSink } from './line-sink.ts';

export interface JsonlFileOptions {
  /** A path, or a descriptor that is open for writing and stays open. */
  readonly target: string | number;
  /** Told once, in words for a person, when lines can't be written. */
  readonly onTrouble: (message: string) => void;
  /** What the lines are, in messages and in the field that counts lost ones; `records` by default. */
  readonly what?: 'records' | 'alerts';
  /** Bytes that wait at most. */
  readonly maxQueuedBytes?: number;
  readonly firstRetryMs?: number;
  /** How long {@link JsonlFile.close} waits for a write that does not return. */
  readonly closeTimeoutMs?: number;
}

const NEWLINE = 0x0a;
const DEFAULT_MAX_QUEUED_BYTES = 16 << 20;
/** Much at once: between two writes a busy event loop may see thousands of calls. */
const MAX_BATCH_BYTES = 4 << 20;
const DEFAULT_FIRST_RETRY_MS = 250;
const MAX_RETRY_MS = 5000;
const FULL_PIPE_RETRY_MS = 10;
const DEFAULT_CLOSE_TIMEOUT_MS = 2000;

export class JsonlFile implements LineSink {
  readonly #target: string | number;
  readonly #onTrouble: (message: string) => void;
  readonly #what: string;
  readonly #maxQueuedBytes: number;
  readonly #firstRetryMs: number;
  readonly #closeTimeoutMs: number;
  #fd: number | undefined;
  readonly #queue = new LineChunks();
  #isScheduled = false;
  #isWriting = false;
  #isClosing = false;
  /** The target takes nothing any more, and never will. */
  #isDead = false;
  #retryTimer: NodeJS.Timeout | undefined;
  #retryMs: number;
  /** The file ends in a part of a line. */
  #isTorn = false;
  #lost = 0;
  #lostTold = 0;
  #lostReason = '';
  #isTroubleTold = false;
  #onIdle: (() => void) | undefined;

  constructor(options: JsonlFileOptions) {
    this.#target = options.target;
    this.#onTrouble = options.onTrouble;
    this.#what = options.what ?? 'records';
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    this.#firstRetryMs = options.firstRetryMs ?? DEFAULT_FIRST_RETRY_MS;
    this.#retryMs = this.#firstRetryMs;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS;
    this.#open();
  }

  get lost(): number {
    return this.#lost;
  }

  write(line: string, tail?: Buffer): void {
    const taken = !this.#isDead && !this.#isClosing && this.#queue.add(line, this.#maxQueuedBytes, tail);
    if (!taken) {
      this.#lose(1, this.#lostReason || 'queue_full');
      return;
    }
    this.#schedule();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    if (this.#isWriting || this.#queue.bytes > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onIdle = resolve;
      const timer = setTimeout(resolve, this.#closeTimeoutMs);
      this.#flush();
      await promise;
      clearTimeout(timer);
    }
    this.#lose(this.#queue.lines, this.#lostReason || 'timeout');
    this.#queue.clear();
    this.#isDead = true;
    if (this.#fd !== undefined && typeof this.#target === 'string') close(this.#fd, () => {});
    this.#fd = undefined;
  }

  /** For a process that ends without {@link close}: writes what waits, if it can be written at once. */
  flushSync(): void {
    if (this.#isWriting || this.#fd === undefined || this.#queue.bytes === 0) return;
    try {
      writevSync(this.#fd, this.#slices(this.#queue.take(Number.POSITIVE_INFINITY)));
    } catch {
      // The process ends: nobody is left to tell.
    }
  }

  #open(): void {
    if (typeof this.#target === 'number') {
      this.#fd = this.#target;
      return;
    }
    try {
      this.#fd = openAppend(this.#target);
    } catch (error) {
      this.#trouble(error);
    }
  }

  #schedule(): void {
    if (this.#isScheduled || this.#isWriting || this.#retryTimer !== undefined) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#isWriting || this.#isDead || this.#retryTimer !== undefined) return;
    if (this.#queue.bytes === 0) {
      this.#onIdle?.();
      return;
    }
    if (this.#fd === undefined) this.#open();
    if (this.#fd === undefined) return;
    const chunks = this.#queue.take(MAX_BATCH_BYTES);
    if (this.#lost > this.#lostTold && addFields(chunks, this.#describeLoss())) this.#lostTold = this.#lost;
    const slices = this.#slices(chunks);
    const size = byteLength(slices);
    this.#isWriting = true;
    writev(this.#fd, slices, (error, written) => {
      this.#isWriting = false;
      const bytes = error === null ? written : 0;
      if (bytes === size) {
        for (const chunk of chunks) this.#queue.recycle(chunk);
        this.#isTorn = false;
        this.#retryMs = this.#firstRetryMs;
      } else {
        // What was cut off is written again as a whole, on a line of its own.
        const startedTorn = this.#isTorn;
        if (bytes > 0) this.#isTorn = byteAt(slices, bytes - 1) !== NEWLINE;
        this.#queue.putBack(chunks, startedTorn && bytes > 0 ? bytes - 1 : bytes);
      }
      if (error !== null) this.#trouble(error);
      else this.#flush();
    });
  }

  #slices(chunks: readonly LineChunk[]): Buffer[] {
    const slices = chunks.map(({ buffer, start, end }) => buffer.subarray(start, end));
    return this.#isTorn ? [Buffer.from('\n'), ...slices] : slices;
  }

  #describeLoss(): string {
    return `"lost_${this.#what}":${this.#lost},"lost_reason":${JSON.stringify(this.#lostReason)}`;
  }

  #lose(lines: number, reason: string): void {
    if (lines === 0) return;
    this.#lost += lines;
    this.#lostReason = reason;
  }

  #trouble(error: unknown): void {
    const code = systemErrorCode(error) ?? 'unknown error';
    if (code === 'EAGAIN') {
      this.#retryIn(FULL_PIPE_RETRY_MS);
      return;
    }
    this.#lostReason = code;
    if (!this.#isTroubleTold) {
      this.#isTroubleTold = true;
      const where = typeof this.#target === 'string' ? this.#target : 'standard output';
      this.#onTrouble(`cannot write ${this.#what} to ${where} (${code})`);
    }
    if (typeof this.#target === 'number' && (code === 'EPIPE' || code === 'EBADF')) {
      this.#isDead = true;
      this.#lose(this.#queue.lines, code);
      this.#queue.clear();
    }
    if (this.#isClosing || this.#isDead) {
      this.#onIdle?.();
      return;
    }
    if (typeof this.#target === 'string' && this.#fd !== undefined && code !== 'ENOSPC') {
      closeSync(this.#fd);
      this.#fd = undefined;
    }
    this.#retryIn(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  #retryIn(delayMs: number): void {
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = undefined;
      this.#flush();
    }, delayMs);
    if (!this.#isClosing) this.#retryTimer.unref();
  }
}

/** The parent folder is made when it is missing; a new file can be read by its owner only. */
function openAppend(path: string): number {
  // O_NONBLOCK: a named pipe that nobody reads is an error, not a wait.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;
  try {
    return openSync(path, flags, 0o600);
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, flags, 0o600);
  }
}

function byteLength(slices: readonly Buffer[]): number {
  let bytes = 0;
  for (const slice of slices) bytes += slice.length;
  return bytes;
}

function byteAt(slices: readonly Buffer[], position: number): number | undefined {
  let at = position;
  for (const slice of slices) {
    if (at < slice.length) return slice[at];
    at -= slice.length;
  }
  return undefined;
}
