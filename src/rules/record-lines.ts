/** Lines of a file, of standard input, or of a file that goes on growing and is rotated. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const NEWLINE = 0x0a;
const READ_BYTES = 256 << 10;
const POLL_MS = 100;
/** Looks at a renamed file that found nothing new, before the next file is opened. */
const LAST_LOOKS = 3;

/** Cuts bytes into lines. A line beyond the bound is handed on cut, one byte longer than the bound. */
export class LineCutter {
  readonly #maxBytes: number;
  readonly #onLine: (line: Buffer) => void;
  #held: Buffer[] = [];
  #heldBytes = 0;

  /** @param maxBytes of a line, its end not counted. */
  constructor(maxBytes: number, onLine: (line: Buffer) => void) {
    // A carriage return may still be taken off.
    this.#maxBytes = maxBytes + 1;
    this.#onLine = onLine;
  }

  /** The line that is handed on is only good until the bytes change. */
  push(bytes: Buffer): void {
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      if (this.#heldBytes === 0) {
        this.#onLine(bytes.subarray(start, end));
      } else {
        this.#hold(bytes.subarray(start, end));
        this.end();
      }
      start = end + 1;
    }
    if (start < bytes.length) this.#hold(bytes.subarray(start));
  }

  /** Hands on what has no line end. */
  end(): void {
    if (this.#heldBytes === 0) return;
    const line = this.#held.length === 1 ? this.#held[0]! : Buffer.concat(this.#held);
    this.drop();
    this.#onLine(line);
  }

  /** Forgets what has no line end. */
  drop(): void {
    this.#held = [];
    this.#heldBytes = 0;
  }

  #hold(bytes: Buffer): void {
    const room = this.#maxBytes + 1 - this.#heldBytes;
    if (room <= 0 || bytes.length === 0) return;
    // The buffer that was read into is used again.
    this.#held.push(Buffer.from(bytes.subarray(0, room)));
    this.#heldBytes += Math.min(bytes.length, room);
  }
}

export interface ReadOptions {
  readonly cutter: LineCutter;
  /** Called between blocks; a promise makes the reading wait. */
  readonly afterBlock: () => Promise<void> | undefined;
  readonly signal?: AbortSignal;
}

/** Reads a stream to its end. The last line needs no line end. */
export async function readStream(
  stream: AsyncIterable<Buffer>,
  { cutter, afterBlock, signal }: ReadOptions,
): Promise<void> {
  for await (const block of stream) {
    cutter.push(block);
    await afterBlock();
    if (signal?.aborted) return;
  }
  cutter.end();
}

/** Reads a file to its end. The last line needs no line end. Throws the system's error. */
export async function readFile(path: string, options: ReadOptions): Promise<void> {
  const file = new OpenFile(path);
  try {
    await file.readOn(options);
    options.cutter.end();
  } finally {
    file.close();
  }
}

/**
 * Reads a file, and what is added to it, until the signal. A file that was renamed is read to its end
 * before the new one of its name; one that became shorter is read from its start.
 */
export async function followFile(
  path: string,
  options: ReadOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const { signal, cutter } = options;
  let file = new OpenFile(path);
  let looks = 0;
  try {
    while (!signal.aborted) {
      if (await file.readOn(options)) looks = 0;
      if (file.wasTruncated()) {
        cutter.drop();
        file.rewind();
        continue;
      }
      if (!file.isStillAt(path) && ++looks > LAST_LOOKS) {
        const next = OpenFile.tryOpen(path);
        if (next !== undefined) {
          file.close();
          file = next;
          cutter.end();
          looks = 0;
          continue;
        }
      }
      await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  } finally {
    file.close();
  }
}

class OpenFile {
  readonly #fd: number;
  readonly #inode: bigint;
  readonly #device: bigint;
  /** Pipes and terminals have no positions. */
  readonly #isRegular: boolean;
  readonly #buffer = Buffer.allocUnsafe(READ_BYTES);
  #position = 0;

  constructor(path: string) {
    this.#fd = openSync(path, 'r');
    const stat = fstatSync(this.#fd, { bigint: true });
    this.#inode = stat.ino;
    this.#device = stat.dev;
    this.#isRegular = stat.isFile();
  }

  static tryOpen(path: string): OpenFile | undefined {
    try {
      return new OpenFile(path);
    } catch {
      return undefined;
    }
  }

  /** Reads to the present end; says whether there was anything. */
  async readOn({ cutter, afterBlock, signal }: ReadOptions): Promise<boolean> {
    let found = false;
    while (!signal?.aborted) {
      const length = readSync(this.#fd, this.#buffer, 0, READ_BYTES, this.#isRegular ? this.#position : null);
      if (length === 0) break;
      found = true;
      this.#position += length;
      cutter.push(this.#buffer.subarray(0, length));
      await afterBlock();
    }
    return found;
  }

  wasTruncated(): boolean {
    return this.#isRegular && fstatSync(this.#fd).size < this.#position;
  }

  rewind(): void {
    this.#position = 0;
  }

  isStillAt(path: string): boolean {
    try {
      const { ino, dev } = statSync(path, { bigint: true });
      return ino === this.#inode && dev === this.#device;
    } catch {
      return false;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}
