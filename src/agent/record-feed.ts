/**
 * Every record that is written, line by line, for whoever connects to a unix socket: the Falco
 * plugin, or a person with `nc -U`. A reader gets what comes after it has connected. One that does
 * not keep up loses whole records, and the agent never waits for it.
 */
import type { Socket } from 'node:net';
import type { Logger } from '../base/log.ts';
import type { BatchConsumer, LineBatch } from '../sinks/line-batches.ts';
import { LossNotice } from './loss-notice.ts';
import { UnixListener } from './unix-listener.ts';

export interface RecordFeedOptions {
  readonly path: string;
  readonly log: Logger;
  /** Readers of these users are let in. */
  readonly allowedUids: readonly number[];
  /**
   * Told when a reader begins to lose records, and again with the rest when it has caught up or
   * is gone.
   */
  readonly onLoss: (records: number) => void;
  /** Bytes that wait for one reader at most. */
  readonly maxQueuedBytes?: number;
  readonly closeTimeoutMs?: number;
}

const MAX_READERS = 16;
const DEFAULT_MAX_QUEUED_BYTES = 8 << 20;
const DEFAULT_CLOSE_TIMEOUT_MS = 1_000;

export class RecordFeed implements BatchConsumer {
  readonly #options: RecordFeedOptions;
  readonly #listener: UnixListener;
  readonly #readers = new Set<FeedReader>();
  #lost = 0;
  #lossIsLogged = false;

  constructor(options: RecordFeedOptions) {
    this.#options = options;
    this.#listener = new UnixListener({
      path: options.path,
      role: 'reader',
      maxConnections: MAX_READERS,
      allowedUids: options.allowedUids,
      log: options.log,
      onConnection: (socket, peer) => {
        options.log.info('reader connected', { reader: peer?.pid });
        this.#addReader(socket);
      },
    });
  }

  get isWanted(): boolean {
    return this.#readers.size > 0;
  }

  /** Records that readers lost so far, each reader's counted by itself. */
  get lost(): number {
    return this.#lost;
  }

  /** @throws ObserverError AGENT_ALREADY_RUNNING, SOCKET_UNAVAILABLE */
  listen(): Promise<void> {
    return this.#listener.listen();
  }

  take(batch: LineBatch): void {
    for (const reader of this.#readers) reader.take(batch);
  }

  /** Gives readers what waits for them, for a second at most. */
  async close(): Promise<void> {
    const timer = setTimeout(() => {
      for (const reader of this.#readers) reader.destroy();
    }, this.#options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS);
    for (const reader of this.#readers) reader.end();
    await this.#listener.close();
    clearTimeout(timer);
  }

  #addReader(socket: Socket): void {
    const reader = new FeedReader(
      socket,
      this.#options.maxQueuedBytes ?? DEFAULT_MAX_QUEUED_BYTES,
      (records) => this.#onLoss(records),
    );
    this.#readers.add(reader);
    socket.once('close', () => this.#readers.delete(reader));
  }

  #onLoss(records: number): void {
    this.#lost += records;
    if (!this.#lossIsLogged) {
      this.#lossIsLogged = true;
      this.#options.log.warn('a reader of the feed does not keep up and loses records', {
        feed: this.#options.path,
      });
    }
    this.#options.onLoss(records);
  }
}

/** One reader: a queue of shared batches, of which one at a time is with its socket. */
class FeedReader {
  readonly #socket: Socket;
  readonly #maxQueuedBytes: number;
  readonly #loss: LossNotice;
  #queue: LineBatch[] = [];
  /** With the socket, and not yet taken by the kernel. */
  #sending: LineBatch | undefined;
  #queuedBytes = 0;
  #isEnding = false;

  constructor(socket: Socket, maxQueuedBytes: number, onLoss: (records: number) => void) {
    this.#socket = socket;
    this.#maxQueuedBytes = maxQueuedBytes;
    this.#loss = new LossNotice(onLoss);
    // A reader has nothing to say; what it sends is read so that its end is noticed.
    socket.resume();
    socket.on('error', () => {});
    socket.once('close', () => this.#onClose());
  }

  take(batch: LineBatch): void {
    if (this.#isEnding) return;
    if (this.#queuedBytes + batch.bytes.length > this.#maxQueuedBytes) {
      this.#loss.lose(batch.lines);
      return;
    }
    this.#queue.push(batch);
    this.#queuedBytes += batch.bytes.length;
    this.#send();
  }

  /** Closes the connection when everything is sent. */
  end(): void {
    this.#isEnding = true;
    this.#send();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #send(): void {
    if (this.#sending !== undefined || this.#socket.destroyed) return;
    const batch = this.#queue.shift();
    if (batch === undefined) {
      this.#loss.end();
      if (this.#isEnding) this.#socket.destroySoon();
      return;
    }
    this.#sending = batch;
    this.#socket.write(batch.bytes, (error) => {
      if (error) return;
      this.#sending = undefined;
      this.#queuedBytes -= batch.bytes.length;
      this.#send();
    });
  }

  #onClose(): void {
    const waiting = this.#sending === undefined ? this.#queue : [this.#sending, ...this.#queue];
    // What waited for a reader that left was not lost to anybody, unless the agent cut it off.
    if (this.#isEnding) for (const { lines } of waiting) this.#loss.lose(lines);
    this.#queue = [];
    this.#loss.end();
  }
}
