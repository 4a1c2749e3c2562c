/**
 * Lines as shared batches of bytes, for consumers beside the file: encoded once, however many
 * readers take them. A consumer that cannot keep up drops whole batches on its own account, so that
 * nothing here waits.
 */
import { LineChunks } from './line-chunks.ts';
import type { LineSink } from './line-sink.ts';

/** Whole lines, each with its newline. The bytes are shared: nobody may change them. */
export interface LineBatch {
  readonly bytes: Buffer;
  readonly lines: number;
}

export interface BatchConsumer {
  /** Whether anybody would take a batch now; lines are not even encoded where nobody does. */
  readonly isWanted: boolean;
  /** Lines that did not reach somebody who wanted them, so far. */
  readonly lost: number;
  /** Never throws and never blocks. */
  take(batch: LineBatch): void;
  /** Resolves when what was taken is delivered, or given up. */
  close(): Promise<void>;
}

const MAX_BATCH_BYTES = 256 << 10;

export class LineBatches implements LineSink {
  readonly #consumers: readonly BatchConsumer[];
  readonly #chunks = new LineChunks();
  #isScheduled = false;
  #isClosed = false;

  constructor(consumers: readonly BatchConsumer[]) {
    this.#consumers = consumers;
  }

  get lost(): number {
    let lost = 0;
    for (const consumer of this.#consumers) lost += consumer.lost;
    return lost;
  }

  write(line: string, tail?: Buffer): void {
    if (this.#isClosed || !this.#consumers.some((consumer) => consumer.isWanted)) return;
    this.#chunks.add(line, Number.POSITIVE_INFINITY, tail);
    if (this.#chunks.bytes >= MAX_BATCH_BYTES) this.#flush();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.#flush();
      });
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#flush();
    await Promise.all(this.#consumers.map((consumer) => consumer.close()));
  }

  #flush(): void {
    for (const { buffer, start, end, lines } of this.#chunks.take(Number.POSITIVE_INFINITY)) {
      const batch = { bytes: buffer.subarray(start, end), lines };
      for (const consumer of this.#consumers) if (consumer.isWanted) consumer.take(batch);
    }
  }
}

/** One sink that writes to both; what `lost` counts are the first one's losses. */
export function teeLines(first: LineSink, second: LineSink): LineSink {
  return {
    get lost() {
      return first.lost;
    },
    write(line, tail) {
      first.write(line, tail);
      second.write(line, tail);
    },
    close: async () => {
      await Promise.all([first.close(), second.close()]);
    },
  };
}
