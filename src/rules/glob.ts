/**
 * Shell patterns as fnmatch(3) reads them in the C locale without flags: `*` and `?` take slashes and
 * leading dots too, and what is matched are bytes.
 */
import { toBytes } from './byte-text.ts';

type Piece =
  | { readonly kind: 'star' }
  | { readonly kind: 'one'; readonly matches: (code: number) => boolean };

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** Added to codes that are compared without folding their case. */
const AS_IT_IS = 0x100;
const ALL_BYTES = Array.from({ length: 256 }, (_, code) => code);

export interface GlobOptions {
  /** Of A to Z. */
  readonly ignoreCase?: boolean;
  /** The texts that are matched are byte strings; the pattern is one in any case where it is ASCII. */
  readonly bytes?: boolean;
}

/** A test for one pattern, linear in pattern times text. */
export function compileGlob(
  pattern: string,
  { ignoreCase = false, bytes = false }: GlobOptions = {},
): (text: string) => boolean {
  const simple = ignoreCase ? undefined : starsOnly(pattern);
  if (simple !== undefined) return simple;
  const pieces = new GlobReader(bytes ? pattern : toBytes(pattern), ignoreCase).read();
  if (pieces === undefined) return () => false;
  return bytes ? (text) => matchPieces(pieces, text) : (text) => matchPieces(pieces, toBytes(text));
}

/** Where only stars are special, their texts are looked for one after the other, and not byte by byte. */
function starsOnly(pattern: string): ((text: string) => boolean) | undefined {
  if (/[?[\\]/.test(pattern)) return undefined;
  const parts = pattern.split('*');
  if (parts.length === 1) return (text) => text === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  const shortest = first.length + last.length;
  return (text) => {
    if (text.length < shortest || !text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

function matchPieces(pieces: readonly Piece[], text: string): boolean {
  let piece = 0;
  let at = 0;
  let starPiece = -1;
  let starAt = 0;
  while (at < text.length) {
    const current = pieces[piece];
    if (current?.kind === 'star') {
      starPiece = piece++;
      starAt = at;
    } else if (current?.matches(text.charCodeAt(at))) {
      piece++;
      at++;
    } else if (starPiece >= 0) {
      piece = starPiece + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (pieces[piece]?.kind === 'star') piece++;
  return piece === pieces.length;
}

class GlobReader {
  readonly #pattern: string;
  readonly #ignoreCase: boolean;
  #at = 0;

  constructor(pattern: string, ignoreCase: boolean) {
    this.#pattern = pattern;
    this.#ignoreCase = ignoreCase;
  }

  /** Undefined where the pattern matches nothing at all. */
  read(): Piece[] | undefined {
    const pieces: Piece[] = [];
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at]!;
      if (character === '*') {
        this.#at++;
        if (pieces.at(-1)?.kind !== 'star') pieces.push({ kind: 'star' });
      } else if (character === '?') {
        this.#at++;
        pieces.push({ kind: 'one', matches: () => true });
      } else if (character === '[') {
        pieces.push({ kind: 'one', matches: this.#bracket() ?? this.#literal() });
      } else if (character === '\\') {
        this.#at++;
        if (this.#at >= this.#pattern.length) return undefined;
        pieces.push({ kind: 'one', matches: this.#literal() });
      } else {
        pieces.push({ kind: 'one', matches: this.#literal() });
      }
    }
    return pieces;
  }

  #fold(code: number): number {
    return this.#ignoreCase && code >= 65 && code <= 90 ? code + 32 : code;
  }

  #literal(): (code: number) => boolean {
    const expected = this.#fold(this.#pattern.charCodeAt(this.#at++));
    return (code) => this.#fold(code) === expected;
  }

  /** What `[…]` takes; undefined, with nothing read, where the bracket does not end. */
  #bracket(): ((code: number) => boolean) | undefined {
    const start = this.#at++;
    const first = this.#pattern[this.#at];
    const negated = first === '!' || first === '^';
    if (negated) this.#at++;
    const taken = new Set<number>();
    /** What was taken before a class that does not exist, at which the C library gives up. */
    let takenBefore: Set<number> | undefined;
    let isFirst = true;
    for (;;) {
      const character = this.#pattern[this.#at];
      if (character === undefined) {
        this.#at = start;
        return undefined;
      }
      if (character === ']' && !isFirst) break;
      isFirst = false;
      const named = this.#namedClass();
      if (named !== undefined) {
        if (named.length === 0) takenBefore ??= new Set(taken);
        // Classes see the letter as it is, also where case is ignored.
        for (const code of named) taken.add(AS_IT_IS + code);
        continue;
      }
      const low = this.#member();
      if (low === undefined) {
        this.#at = start;
        return undefined;
      }
      let high = low;
      if (
        this.#pattern[this.#at] === '-' &&
        this.#pattern[this.#at + 1] !== ']' &&
        this.#at + 1 < this.#pattern.length
      ) {
        this.#at++;
        const end = this.#member();
        if (end === undefined) {
          this.#at = start;
          return undefined;
        }
        high = end;
      }
      for (let code = low; code <= high; code++) taken.add(code);
    }
    this.#at++;
    const isIn = (set: Set<number>, code: number) => set.has(this.#fold(code)) || set.has(AS_IT_IS + code);
    if (takenBefore !== undefined) return (code) => !negated && isIn(takenBefore, code);
    return (code) => isIn(taken, code) !== negated;
  }

  /** The members of `[:name:]`, none where there is no such class; undefined where no class stands here. */
  #namedClass(): number[] | undefined {
    const found = /^\[:([a-z]*):\]/.exec(this.#pattern.slice(this.#at, this.#at + 32));
    if (found === null) return undefined;
    this.#at += found[0].length;
    const members = CLASSES[found[1]!];
    if (members === undefined) return [];
    return ALL_BYTES.filter((code) => members.test(String.fromCharCode(code)));
  }

  #member(): number | undefined {
    const special = /^\[([.=])(.)\1\]/s.exec(this.#pattern.slice(this.#at, this.#at + 5));
    if (special !== null) {
      this.#at += special[0].length;
      return this.#fold(special[2]!.charCodeAt(0));
    }
    if (this.#pattern[this.#at] === '\\') this.#at++;
    if (this.#at >= this.#pattern.length) return undefined;
    return this.#fold(this.#pattern.charCodeAt(this.#at++));
  }
}
