/**
 * Regular expressions as Falco's libraries compile them: RE2 in POSIX mode, matched against the whole
 * text. They are put into the syntax of RE2's port to JavaScript, which takes linear time too.
 */
import { RE2JS } from 're2js';

export class RegexError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

const INSTEAD: Readonly<Record<string, string>> = {
  d: '[0-9]',
  D: '[^0-9]',
  w: '[0-9A-Za-z_]',
  W: '[^0-9A-Za-z_]',
  s: '[[:space:]]',
  S: '[^[:space:]]',
};

/** A test whether the whole text matches. Throws a {@link RegexError}. */
export function compilePosixRegex(pattern: string): (text: string) => boolean {
  const translated = new PosixTranslator(pattern).translate();
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(translated);
  } catch (error) {
    throw new RegexError(
      `the regular expression does not compile: ${(error as Error).message.split('\n')[0]}`,
      'Falco reads POSIX expressions (egrep), with RE2.',
    );
  }
  return (text) => compiled.testExact(text);
}

/** Refuses what POSIX mode does not know and makes groups of what it reads differently. */
class PosixTranslator {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  translate(): string {
    const out: string[] = [];
    /** Index in `out` of what a repetition would repeat; groups within each other. */
    const groups: number[] = [];
    let atom = -1;
    let repeated = false;
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at]!;
      const repetition = this.#repetition();
      if (repetition !== undefined) {
        if (atom < 0)
          throw new RegexError(
            `nothing before ${repetition} to repeat`,
            'Groups of the form (?…) are unknown to POSIX expressions; write \\ before a literal sign.',
          );
        // x*? repeats (x*) here, and is no lazy x*.
        if (repeated) out.splice(atom, out.length - atom, `(?:${out.slice(atom).join('')})`);
        out.push(repetition);
        repeated = true;
        continue;
      }
      repeated = false;
      if (character === '(') {
        groups.push(out.length);
        out.push('(');
        this.#at++;
        atom = -1;
        continue;
      }
      if (character === ')') {
        out.push(')');
        this.#at++;
        atom = groups.pop() ?? -1;
        continue;
      }
      if (character === '|') {
        out.push('|');
        this.#at++;
        atom = -1;
        continue;
      }
      atom = out.length;
      out.push(character === '\\' ? this.#escape() : character === '[' ? this.#bracket() : this.#take());
    }
    return out.join('');
  }

  #take(): string {
    const code = this.#pattern.codePointAt(this.#at)!;
    const character = String.fromCodePoint(code);
    this.#at += character.length;
    return character;
  }

  #repetition(): string | undefined {
    const found = /^(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})/.exec(this.#pattern.slice(this.#at, this.#at + 24))?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #escape(): string {
    const next = this.#pattern[this.#at + 1];
    if (next !== undefined && /[A-Za-z]/.test(next) && !'afnrtvx'.includes(next)) {
      const instead = INSTEAD[next];
      throw new RegexError(
        `\\${next} is unknown to POSIX expressions`,
        instead === undefined
          ? 'Falco reads POSIX expressions (egrep), with RE2.'
          : `Write ${instead} instead.`,
      );
    }
    const length =
      /^\\x\{[0-9A-Fa-f]*\}|^\\x..|^\\[0-7]{1,3}/.exec(this.#pattern.slice(this.#at, this.#at + 16))?.[0]
        .length ?? 2;
    const written = this.#pattern.slice(this.#at, this.#at + length);
    this.#at += length;
    return written;
  }

  #bracket(): string {
    const start = this.#at++;
    if (this.#pattern[this.#at] === '^') this.#at++;
    let isFirst = true;
    while (this.#at < this.#pattern.length) {
      const character = this.#pattern[this.#at]!;
      if (character === ']' && !isFirst) {
        this.#at++;
        return this.#pattern.slice(start, this.#at);
      }
      isFirst = false;
      const named = /^\[:[^\]]*:\]/.exec(this.#pattern.slice(this.#at, this.#at + 32))?.[0];
      if (named !== undefined) this.#at += named.length;
      else if (character === '\\') this.#escape();
      else this.#at++;
    }
    throw new RegexError('a [ in the regular expression does not end', 'Close it with ], or write \\[.');
  }
}
