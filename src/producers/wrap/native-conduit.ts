/**
 * Moves the bytes on a thread of its own, so that a message does not wait for JavaScript. What went by
 * is read here afterwards, from two batches of memory that take turns (native/addon/relay.h).
 */
import type { ClientFds, Conduit, ObserveBytes } from './conduit.ts';
import { loadRelayAddon, type RelayHandle } from './relay-addon.ts';
import type { ServerProcess, ServerStdio } from './spawn-server.ts';

const STDERR = 2;
/** The thread waits for us when a batch is full. */
const BATCH_BYTES = 256 * 1024;
/** A piece: way and size as 32 bits each, the moment as 64, then the bytes, padded to eight. */
const HEADER_BYTES = 16;
const WAY_IS_TO_CLIENT = 1;
const WAY_IS_OVER = 2;
const WAY_IS_OVER_BY_ITSELF = 4;

interface Batch {
  readonly memory: ArrayBuffer;
  readonly bytes: Buffer;
  readonly words: Uint32Array;
  readonly longs: BigUint64Array;
}

/** Undefined where the addon is missing, or does not know the client's kind of streams. */
export function openNativeConduit({ input, output }: ClientFds): Conduit | undefined {
  const addon = loadRelayAddon();
  if (addon === undefined) return undefined;
  try {
    // The server writes to our stderr as well, and expects it to block.
    return new NativeConduit(new addon.RelayHandle(input, output, output !== STDERR));
  } catch {
    return undefined;
  }
}

class NativeConduit implements Conduit {
  readonly serverStdio: ServerStdio;
  readonly #handle: RelayHandle;
  readonly #batches: readonly [Batch, Batch] = [createBatch(), createBatch()];
  readonly #ended = Promise.withResolvers<void>();
  #next: 0 | 1 = 0;
  #observe: ObserveBytes = () => {};
  #waysLeft = 2;
  #clientClosed = false;

  constructor(handle: RelayHandle) {
    this.#handle = handle;
    this.serverStdio = [handle.serverInput, handle.serverOutput];
  }

  get clientClosed(): boolean {
    return this.#clientClosed;
  }

  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** The thread says that a way is over when all was written. */
  get flushed(): Promise<void> {
    return this.#ended.promise;
  }

  start(_server: ServerProcess, observe: ObserveBytes): void {
    this.#observe = observe;
    const [first, second] = this.#batches;
    this.#handle.start(first.memory, second.memory, () => this.sync());
  }

  abandon(): void {
    this.#handle.close();
  }

  sync(): void {
    if (this.#waysLeft === 0) return;
    const used = this.#handle.take();
    const batch = this.#batches[this.#next];
    this.#next = this.#next === 0 ? 1 : 0;
    for (let at = 0; at < used; ) {
      const way = batch.words[at >> 2]!;
      const size = batch.words[(at >> 2) + 1]!;
      const start = at + HEADER_BYTES;
      if ((way & WAY_IS_OVER) !== 0) this.#wayIsOver(way);
      else {
        this.#observe(
          (way & WAY_IS_TO_CLIENT) === 0 ? 'client_to_server' : 'server_to_client',
          batch.bytes.subarray(start, start + size),
          batch.longs[(at >> 3) + 1]!,
        );
      }
      at = start + ((size + 7) & ~7);
    }
  }

  stopToServer(): void {
    this.#handle.stopToServer();
  }

  giveUpWhenIdle(idleMs: number): void {
    this.#handle.giveUpWhenIdle(idleMs);
  }

  stopToClient(): void {
    this.#handle.stopToClient();
  }

  #wayIsOver(way: number): void {
    if ((way & WAY_IS_TO_CLIENT) === 0) this.#clientClosed = (way & WAY_IS_OVER_BY_ITSELF) !== 0;
    if (--this.#waysLeft > 0) return;
    this.#handle.close();
    this.#ended.resolve();
  }
}

function createBatch(): Batch {
  const memory = new ArrayBuffer(BATCH_BYTES);
  return {
    memory,
    bytes: Buffer.from(memory),
    words: new Uint32Array(memory),
    longs: new BigUint64Array(memory),
  };
}
