/** Text of a condition or output that still knows where in which file each of its characters stands. */

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** A position in one of the files: `file` counts them, `offset` is in UTF-16 units. */
export interface Origin {
  readonly file: number;
  readonly offset: number;
}

export class SourceText {
  readonly text: string;
  /** One for each character of the text. */
  readonly #origins: readonly Origin[];

  constructor(text: string, origins: readonly Origin[]) {
    this.text = text;
    this.#origins = origins;
  }

  /** Text that all stands for one place. */
  static at(text: string, origin: Origin): SourceText {
    return new SourceText(text, new Array<Origin>(text.length).fill(origin));
  }

  static join(parts: readonly SourceText[]): SourceText {
    return new SourceText(
      parts.map((part) => part.text).join(''),
      parts.flatMap((part) => part.#origins),
    );
  }

  slice(start: number, end = this.text.length): SourceText {
    return new SourceText(this.text.slice(start, end), this.#origins.slice(start, end));
  }

  /** Where the character at this offset stands; past the end, the last one. */
  originOf(offset: number): Origin {
    return this.#origins[Math.min(offset, this.#origins.length - 1)] ?? { file: 0, offset: 0 };
  }
}

/**
 * The text of a YAML scalar with the place of each character in its file. `raw` is the scalar as it
 * stands there, with quotes, folds and indentation, from `start` on.
 */
export function alignScalar(value: string, raw: string, file: number, start: number): SourceText {
  const origins: Origin[] = [];
  let at = 0;
  for (const character of value) {
    const found = findNext(raw, at, character);
    if (found !== undefined) at = found;
    for (let unit = 0; unit < character.length; unit++)
      origins.push({ file, offset: start + Math.min(at, raw.length) });
    if (found !== undefined) at += character.length;
  }
  return new SourceText(value, origins);
}

/** A blank of the value may be a line's end and its indentation, so it is wherever the scan has come to. */
function findNext(raw: string, from: number, character: string): number | undefined {
  if (character === ' ' || character === '\n') {
    if (raw[from] === character) return from;
    const end = raw.indexOf('\n', from);
    return end >= 0 && raw.slice(from, end).trim() === '' ? end : undefined;
  }
  const found = raw.indexOf(character, from);
  return found < 0 ? undefined : found;
}
