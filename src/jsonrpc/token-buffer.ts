/** Collects one JSON string or number that is to be kept, whatever pieces it arrives in. */

/** More of one value is not kept: it is cut, and its length marks it as cut. */
export const TOKEN_LIMIT_BYTES = 4096;

export class TokenBuffer {
  readonly #kept = Buffer.allocUnsafeSlow(TOKEN_LIMIT_BYTES);
  /** Length so far, also beyond what is kept. */
  #length = 0;
  escaped = false;

  start(): void {
    this.#length = 0;
    this.escaped = false;
  }

  append(chunk: Buffer, start: number, end: number): void {
    const free = TOKEN_LIMIT_BYTES - this.#length;
    if (free > 0) chunk.copy(this.#kept, this.#length, start, Math.min(end, start + free));
    this.#length += end - start;
  }

  /** The text whose last piece is `chunk[start..end)`, escapes undone. */
  finish(chunk: Buffer, start: number, end: number): string {
    const length = this.#length + end - start;
    let text: string;
    if (this.#length === 0) {
      text = chunk.toString('utf8', start, Math.min(end, start + TOKEN_LIMIT_BYTES));
    } else {
      this.append(chunk, start, end);
      text = this.#kept.toString('utf8', 0, Math.min(length, TOKEN_LIMIT_BYTES));
    }
    if (this.escaped) text = undoEscapes(text);
    return length > TOKEN_LIMIT_BYTES ? `${text}…(${length} bytes)` : text;
  }

  /** Whether the token whose last piece is `chunk[start..end)` is `key`; for tokens without escapes. */
  equals(key: Uint8Array, chunk: Buffer, start: number, end: number): boolean {
    const before = this.#length;
    if (before + end - start !== key.length) return false;
    for (let i = 0; i < before; i++) if (this.#kept[i] !== key[i]) return false;
    for (let i = start, k = before; i < end; i++, k++) if (chunk[i] !== key[k]) return false;
    return true;
  }
}

/** `text` has only whole escapes, or a broken one at its cut end. */
function undoEscapes(text: string): string {
  for (let cut = 0; cut <= 6; cut++) {
    try {
      return JSON.parse(`"${text.slice(0, text.length - cut)}"`) as string;
    } catch {
      // Cut inside an escape: drop one more character of it.
    }
  }
  return text;
}
