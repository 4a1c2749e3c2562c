/**
 * Appends JSON lines to a file. Whole lines go out in one O_APPEND write a batch, so that lines of
 * several writers do not mix. What can't be written waits within a bound; what is beyond it is
 * counted, and the next record that can be written carries the count.
 */
import { close, closeSync, constants, mkdirSync, openSync, write, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemErrorCode } from '../base/errors.ts';
import type { LineSink } from './line-sink.ts';

export interface JsonlFileOptions {
  /** A path, or a descriptor that is open for writing and stays open. */
  readonly target: string | number;
  /** Told once, in words for a person, when lines can't be written. */
  readonly onTrouble: (message: string) => void;
  /** Bytes that wait at most. */
  readonly maxQueuedBytes?: number;
  readonly firstRetryMs?: number;
  /** How long {@link JsonlFile.close} waits for a write that does not return. */
  readonly closeTimeoutMs?: number;
}

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
  readonly #maxQueuedBytes: number;
  readonly #firstRetryMs: number;
  readonly #closeTimeoutMs: number;
  #fd: number | undefined;
  #queue: string[] = [];
  #queuedBytes = 0;
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
    this.#maxQueuedBytes = options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES;
    this.#firstRetryMs = options.firstRetryMs ?? DEFAULT_FIRST_RETRY_MS;
    this.#retryMs = this.#firstRetryMs;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS;
    this.#open();
  }

  get lost(): number {
    return this.#lost;
  }

  write(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#isDead || this.#isClosing || this.#queuedBytes + bytes > this.#maxQueuedBytes) {
      this.#lose(1, this.#lostReason || 'queue_full');
      return;
    }
    this.#queue.push(line);
    this.#queuedBytes += bytes;
    this.#schedule();
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
    if (this.#isWriting || this.#queue.length > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#onIdle = resolve;
      const timer = setTimeout(resolve, this.#closeTimeoutMs);
      this.#flush();
      await promise;
      clearTimeout(timer);
    }
    this.#lose(this.#queue.length, this.#lostReason || 'timeout');
    this.#queue = [];
    this.#isDead = true;
    if (this.#fd !== undefined && typeof this.#target === 'string') close(this.#fd, () => {});
    this.#fd = undefined;
  }

  /** For a process that ends without {@link close}: writes what waits, if it can be written at once. */
  flushSync(): void {
    if (this.#isWriting || this.#fd === undefined || this.#queue.length === 0) return;
    const batch = Buffer.from(`${this.#isTorn ? '\n' : ''}${this.#queue.join('\n')}\n`);
    this.#queue = [];
    try {
      writeSync(this.#fd, batch);
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
    if (this.#queue.length === 0) {
      this.#onIdle?.();
      return;
    }
    if (this.#fd === undefined) this.#open();
    if (this.#fd === undefined) return;
    const lines = this.#takeBatch();
    const lostToTell = this.#lost > this.#lostTold ? this.#lost : 0;
    const told = lostToTell > 0 ? tellLoss(lines, lostToTell, this.#lostReason) : undefined;
    const batch = Buffer.from(`${this.#isTorn ? '\n' : ''}${(told ?? lines).join('\n')}\n`);
    this.#isWriting = true;
    write(this.#fd, batch, 0, batch.length, null, (error, written) => {
      this.#isWriting = false;
      const bytes = error === null ? written : 0;
      if (bytes === batch.length) {
        this.#isTorn = false;
        this.#retryMs = this.#firstRetryMs;
        if (told !== undefined) this.#lostTold = lostToTell;
      } else {
        // What was cut off is written again as a whole, on a line of its own.
        const wholeLines = countWholeLines(batch, bytes, this.#isTorn);
        this.#putBack(lines.slice(wholeLines));
        if (told !== undefined && wholeLines > 0 && lines[0] !== told[0]) this.#lostTold = lostToTell;
        if (bytes > 0) this.#isTorn = batch[bytes - 1] !== 0x0a;
      }
      if (error !== null) this.#trouble(error);
      else this.#flush();
    });
  }

  #takeBatch(): string[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && bytes < MAX_BATCH_BYTES) bytes += this.#queue[count++]!.length;
    const lines = this.#queue.splice(0, count);
    this.#queuedBytes -= byteLength(lines);
    return lines;
  }

  #putBack(lines: string[]): void {
    this.#queue = [...lines, ...this.#queue];
    this.#queuedBytes += byteLength(lines);
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
      this.#onTrouble(`cannot write records to ${where} (${code})`);
    }
    if (typeof this.#target === 'number' && (code === 'EPIPE' || code === 'EBADF')) {
      this.#isDead = true;
      this.#lose(this.#queue.length, code);
      this.#queue = [];
      this.#queuedBytes = 0;
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

/** The lines with the loss in the first one that may carry it; undefined when none may. */
function tellLoss(lines: readonly string[], lost: number, reason: string): string[] | undefined {
  const at = lines.findIndex((line) => !line.includes('"record":"effect"'));
  if (at < 0) return undefined;
  const line = lines[at]!;
  const loss = `"lost_records":${lost},"lost_reason":${JSON.stringify(reason)}}`;
  const told = [...lines];
  told[at] = `${line.slice(0, -1)},${loss}`;
  return told;
}

function countWholeLines(batch: Buffer, written: number, startsWithNewline: boolean): number {
  let count = 0;
  for (let at = batch.indexOf(0x0a); at >= 0 && at < written; at = batch.indexOf(0x0a, at + 1)) count++;
  return startsWithNewline && count > 0 ? count - 1 : count;
}

function byteLength(lines: readonly string[]): number {
  let bytes = 0;
  for (const line of lines) bytes += Buffer.byteLength(line) + 1;
  return bytes;
}
