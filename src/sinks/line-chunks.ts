/** Lines that wait to be written, as bytes: strings would live long enough to burden the collector. */

const NEWLINE = 0x0a;
const FIRST_CHUNK_BYTES = 16 << 10;
/** For more than a little at once. */
const CHUNK_BYTES = 256 << 10;
const MAX_SPARE_CHUNKS = 16;
const EFFECT_MARK = '"record":"effect"';

/** Whole lines, each with its newline, in `buffer` from `start` to `end`. */
export interface LineChunk {
  buffer: Buffer;
  start: number;
  end: number;
  lines: number;
}

export class LineChunks {
  #chunks: LineChunk[] = [];
  readonly #spare: Buffer[] = [];
  #bytes = 0;

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    let lines = 0;
    for (const chunk of this.#chunks) lines += chunk.lines;
    return lines;
  }

  /** Adds a line, which `tail` ends, and its newline; false where that would be more than `maxBytes` in all. */
  add(line: string, maxBytes: number, tail?: Buffer): boolean {
    let chunk = this.#chunks.at(-1);
    const rest = (tail?.length ?? 0) + 1;
    // A UTF-16 unit has at most three bytes, so most lines need no exact count.
    let size = line.length * 3 + rest;
    if (this.#bytes + size > maxBytes || chunk === undefined || chunk.end + size > chunk.buffer.length) {
      size = Buffer.byteLength(line) + rest;
      if (this.#bytes + size > maxBytes) return false;
      if (chunk === undefined || chunk.end + size > chunk.buffer.length) chunk = this.#open(size);
    }
    const { buffer, end } = chunk;
    let after = end + buffer.write(line, end);
    if (tail !== undefined) {
      buffer.set(tail, after);
      after += tail.length;
    }
    buffer[after] = NEWLINE;
    chunk.end = after + 1;
    chunk.lines++;
    this.#bytes += chunk.end - end;
    return true;
  }

  /** Takes the oldest chunks off, `maxBytes` or a little more. */
  take(maxBytes: number): LineChunk[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#chunks.length && bytes < maxBytes) {
      const { start, end } = this.#chunks[count++]!;
      bytes += end - start;
    }
    this.#bytes -= bytes;
    return this.#chunks.splice(0, count);
  }

  /** Puts back at the front what was taken, less its first `written` bytes, from the line they end in. */
  putBack(taken: LineChunk[], written: number): void {
    let left = written;
    const rest: LineChunk[] = [];
    for (const chunk of taken) {
      const size = chunk.end - chunk.start;
      if (left >= size) {
        left -= size;
        this.recycle(chunk);
        continue;
      }
      if (left > 0) chunk.start = lineStart(chunk, chunk.start + left);
      left = 0;
      chunk.lines = countLines(chunk);
      this.#bytes += chunk.end - chunk.start;
      rest.push(chunk);
    }
    this.#chunks.unshift(...rest);
  }

  recycle(chunk: LineChunk): void {
    const isUsual = chunk.buffer.length === CHUNK_BYTES;
    if (isUsual && this.#spare.length < MAX_SPARE_CHUNKS) this.#spare.push(chunk.buffer);
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  #open(size: number): LineChunk {
    const usual = this.#chunks.length === 0 ? FIRST_CHUNK_BYTES : CHUNK_BYTES;
    const spare = usual === CHUNK_BYTES && size <= usual ? this.#spare.pop() : undefined;
    const buffer = spare ?? Buffer.allocUnsafeSlow(Math.max(size, usual));
    const chunk = { buffer, start: 0, end: 0, lines: 0 };
    this.#chunks.push(chunk);
    return chunk;
  }
}

/**
 * Adds fields (`"name":value,…`) to the first line of the chunks that is no effect record; false
 * where all are.
 */
export function addFields(chunks: readonly LineChunk[], fields: string): boolean {
  for (const chunk of chunks) {
    const { buffer, start, end } = chunk;
    for (let at = start; at < end; ) {
      const newline = buffer.indexOf(NEWLINE, at);
      if (!buffer.subarray(at, newline).includes(EFFECT_MARK)) {
        const brace = newline - 1;
        const head = buffer.subarray(start, brace);
        chunk.buffer = Buffer.concat([head, Buffer.from(`,${fields}`), buffer.subarray(brace, end)]);
        chunk.start = 0;
        chunk.end = chunk.buffer.length;
        return true;
      }
      at = newline + 1;
    }
  }
  return false;
}

/** Start of the line that the byte at `at` belongs to. */
function lineStart(chunk: LineChunk, at: number): number {
  if (at <= chunk.start) return chunk.start;
  return Math.max(chunk.start, chunk.buffer.lastIndexOf(NEWLINE, at - 1) + 1);
}

function countLines({ buffer, start, end }: LineChunk): number {
  let lines = 0;
  for (let at = start; at < end; at = buffer.indexOf(NEWLINE, at) + 1) lines++;
  return lines;
}
