/**
 * Reads newline-delimited JSON as it streams by, in whatever pieces it arrives, and keeps of each
 * message only its head. A message is never held as a whole, so its length has no limit. Lines that
 * are not JSON, or not UTF-8 where JSON asks for text, are counted and stepped over.
 */
import { MessageHead, PRESENT } from './message-head.ts';
import { NODES, type PathNode, ROOT } from './message-paths.ts';
import { TokenBuffer } from './token-buffer.ts';

export interface LineListener {
  /** One message, alone on its line or in a batch. `head` is valid only during the call. */
  message(head: MessageHead): void;
  /** A line, or an element of a batch, that was not read. */
  skipped(bytes: number): void;
}

/** Nesting deeper than this is not followed: the line is skipped. */
const MAX_DEPTH = 1 << 20;
/** Messages of one batch that are kept until the line is complete; the rest is skipped. */
const MAX_BATCH = 16_384;
/** A line that is kept whole on request (see {@link LineScanner.keepLine}) is kept up to this. */
export const MAX_KEPT_LINE_BYTES = 4 << 20;

const State = {
  start: 0,
  value: 1,
  valueOrEnd: 2,
  keyOrEnd: 3,
  key: 4,
  colon: 5,
  after: 6,
  done: 7,
  string: 8,
  escape: 9,
  hex: 10,
  literal: 11,
  minus: 12,
  zero: 13,
  integer: 14,
  dot: 15,
  fraction: 16,
  exponentMark: 17,
  exponentSign: 18,
  exponent: 19,
  bad: 20,
} as const;
type State = (typeof State)[keyof typeof State];

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** Containers nested less deep than this may hold a kept value. */
const NODE_DEPTH = 8;
const NO_NODE = -1;
const BATCH = -2;

export class LineScanner {
  /** Set: lines are kept whole from their start on, for {@link lineText}. */
  keepLine = false;

  readonly #listener: LineListener;
  #state: State = State.start;
  #depth = 0;
  /** Kind of the container at each depth: 1 object, 0 array. */
  #kinds = new Uint8Array(64);
  /** Path node of the container at each depth, or NO_NODE or BATCH. */
  readonly #containers = new Int8Array(NODE_DEPTH);
  /** Path node of the value that comes next. */
  #valueNode = 0;
  #isKey = false;
  #capturing = false;
  readonly #token = new TokenBuffer();
  #literal: Buffer = NULL;
  /** Position in the literal, or hex digits still to come. */
  #step = 0;

  #head = new MessageHead();
  readonly #batch: MessageHead[] = [];
  #isBatch = false;
  #elementStart = 0;

  /** Bytes of the line before the chunk at hand. */
  #lineBase = 0;
  #lastByte = 0;
  #keeping = false;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #lineText: (() => string) | undefined;

  constructor(listener: LineListener) {
    this.#listener = listener;
  }

  /** During {@link LineListener.message}: the whole line, if it was kept and is not too long. */
  lineText(): string | undefined {
    return this.#lineText?.();
  }

  /** Nothing of `chunk` is held afterwards. */
  push(chunk: Buffer): void {
    const n = chunk.length;
    let i = 0;
    let state = this.#state;
    /** Where the kept token goes on in this chunk. */
    let mark = 0;
    /** Where the line at hand starts in this chunk; negative by what came before. */
    let lineStart = -this.#lineBase;

    while (i < n) {
      const c = chunk[i]!;
      switch (state) {
        case State.string: {
          let at = i;
          let b = c;
          while (b !== 0x22 && b !== 0x5c && b >= 0x20) {
            if (++at === n) break;
            b = chunk[at]!;
          }
          i = at;
          if (at === n) break;
          if (b === 0x22) {
            if (this.#isKey) {
              if (this.#capturing) this.#endKey(chunk, mark, i);
              state = State.colon;
            } else {
              if (this.#capturing) this.#endString(chunk, mark, i);
              state = this.#valueDone(i + 1 - lineStart);
            }
            this.#capturing = false;
            i++;
          } else if (b === 0x5c) {
            this.#token.escaped = true;
            state = State.escape;
            i++;
          } else state = State.bad;
          break;
        }
        case State.escape:
          if (c === 0x75) {
            this.#step = 4;
            state = State.hex;
          } else if (isEscape(c)) state = State.string;
          else {
            state = State.bad;
            break;
          }
          i++;
          break;
        case State.hex:
          if (!isHex(c)) {
            state = State.bad;
            break;
          }
          if (--this.#step === 0) state = State.string;
          i++;
          break;
        case State.start:
          if (c === 0x20 || c === 0x09 || c === 0x0d) i++;
          else if (c === 0x0a) {
            i++;
            lineStart = i;
          } else {
            this.#beginLine();
            state = State.value;
          }
          break;
        case State.valueOrEnd:
        case State.value:
          if (c === 0x20 || c === 0x09 || c === 0x0d) {
            i++;
            break;
          }
          if (c === 0x5d && state === State.valueOrEnd) {
            state = this.#close(0, i + 1 - lineStart);
            i++;
            break;
          }
          state = this.#beginValue(c, i - lineStart);
          if (state === State.string || (state >= State.minus && state <= State.integer)) {
            mark = state === State.string ? i + 1 : i;
          }
          if (state !== State.bad) i++;
          break;
        case State.keyOrEnd:
        case State.key:
          if (c === 0x22) {
            this.#isKey = true;
            this.#valueNode = NO_NODE;
            const depth = this.#depth;
            this.#capturing = depth < NODE_DEPTH && this.#containers[depth]! >= 0;
            if (this.#capturing) this.#token.start();
            mark = i + 1;
            state = State.string;
            i++;
          } else if (c === 0x20 || c === 0x09 || c === 0x0d) i++;
          else if (c === 0x7d && state === State.keyOrEnd) {
            state = this.#close(1, i + 1 - lineStart);
            i++;
          } else state = State.bad;
          break;
        case State.colon:
          if (c === 0x3a) {
            state = State.value;
            i++;
          } else if (c === 0x20 || c === 0x09 || c === 0x0d) i++;
          else state = State.bad;
          break;
        case State.after:
          if (c === 0x2c) {
            if (this.#kinds[this.#depth] === 1) state = State.key;
            else {
              this.#valueNode = this.#isBatch && this.#depth === 1 ? 0 : NO_NODE;
              state = State.value;
            }
            i++;
          } else if (c === 0x7d || c === 0x5d) {
            state = this.#close(c === 0x7d ? 1 : 0, i + 1 - lineStart);
            i++;
          } else if (c === 0x20 || c === 0x09 || c === 0x0d) i++;
          else state = State.bad;
          break;
        case State.literal:
          if (c !== this.#literal[this.#step]) {
            state = State.bad;
            break;
          }
          i++;
          if (++this.#step === this.#literal.length) {
            this.#endLiteral();
            state = this.#valueDone(i - lineStart);
          }
          break;
        case State.done:
          if (c === 0x0a) {
            this.#endLine(true, chunk, lineStart, i);
            state = State.start;
            i++;
            lineStart = i;
          } else if (c === 0x20 || c === 0x09 || c === 0x0d) i++;
          else state = State.bad;
          break;
        case State.bad: {
          const at = chunk.indexOf(0x0a, i);
          this.#capturing = false;
          if (at < 0) {
            i = n;
            break;
          }
          this.#endLine(false, chunk, lineStart, at);
          state = State.start;
          i = at + 1;
          lineStart = i;
          break;
        }
        default: {
          const next = nextInNumber(state, c);
          if (next === NUMBER_ENDS) {
            if (this.#capturing) this.#endNumber(chunk, mark, i);
            this.#capturing = false;
            state = this.#valueDone(i - lineStart);
          } else {
            state = next;
            if (next !== State.bad) i++;
          }
        }
      }
    }

    this.#state = state;
    if (this.#capturing) this.#token.append(chunk, mark, n);
    this.#lineBase = n - lineStart;
    if (n > 0) this.#lastByte = chunk[n - 1]!;
    if (this.#lineBase > 0) this.#keep(chunk, Math.max(0, lineStart));
  }

  /** The stream is over: what stands after the last newline is a line as well. */
  end(): void {
    if (this.#lineBase === 0) return;
    this.push(NEWLINE);
  }

  #beginLine(): void {
    this.#depth = 0;
    this.#isBatch = false;
    this.#batch.length = 0;
    this.#valueNode = 0;
    this.#keeping = this.keepLine;
    this.#head.reset();
  }

  #keep(chunk: Buffer, from: number): void {
    if (!this.#keeping) return;
    this.#keptBytes += chunk.length - from;
    if (this.#keptBytes > MAX_KEPT_LINE_BYTES) {
      this.#keeping = false;
      this.#kept = [];
    } else this.#kept.push(Buffer.from(chunk.subarray(from)));
  }

  #beginValue(c: number, at: number): State {
    const index = this.#valueNode;
    if (index === 0 && this.#depth === (this.#isBatch ? 1 : 0)) this.#elementStart = at;
    let node: PathNode | undefined;
    if (index >= 0) {
      node = NODES[index]!;
      const bit = 1 << index;
      if ((this.#head.seen & bit) !== 0) for (const below of node.below) this.#head.values[below] = undefined;
      this.#head.seen |= bit;
      this.#head.values[index] = PRESENT;
    }
    this.#capturing = false;
    this.#isKey = false;
    switch (c) {
      case 0x7b: // {
        if (index === 0) this.#head.isObject = true;
        return this.#open(1, node === undefined || node.leaf ? NO_NODE : index);
      case 0x5b: // [
        if (this.#depth === 0) {
          this.#isBatch = true;
          this.#valueNode = 0;
          return this.#open(0, BATCH);
        }
        this.#valueNode = NO_NODE;
        return this.#open(0, NO_NODE);
      case 0x22:
        this.#capture(node);
        return State.string;
      case 0x74:
        return this.#beginLiteral(TRUE);
      case 0x66:
        return this.#beginLiteral(FALSE);
      case 0x6e:
        return this.#beginLiteral(NULL);
      case 0x2d:
        this.#capture(node);
        return State.minus;
      case 0x30:
        this.#capture(node);
        return State.zero;
      default:
        if (c < 0x31 || c > 0x39) return State.bad;
        this.#capture(node);
        return State.integer;
    }
  }

  #capture(node: PathNode | undefined): void {
    if (node?.leaf !== true) return;
    this.#capturing = true;
    this.#token.start();
  }

  #beginLiteral(literal: Buffer): State {
    this.#literal = literal;
    this.#step = 1;
    return State.literal;
  }

  #open(kind: 0 | 1, node: number): State {
    const depth = this.#depth + 1;
    if (depth > MAX_DEPTH) return State.bad;
    if (depth >= this.#kinds.length) {
      const larger = new Uint8Array(this.#kinds.length * 4);
      larger.set(this.#kinds);
      this.#kinds = larger;
    }
    this.#depth = depth;
    this.#kinds[depth] = kind;
    if (depth < NODE_DEPTH) this.#containers[depth] = node;
    return kind === 1 ? State.keyOrEnd : State.valueOrEnd;
  }

  #close(kind: 0 | 1, at: number): State {
    if (this.#kinds[this.#depth] !== kind) return State.bad;
    this.#depth--;
    return this.#valueDone(at);
  }

  /** A value has ended before byte `at` of the line. */
  #valueDone(at: number): State {
    if (this.#depth === 0) return State.done;
    if (this.#isBatch && this.#depth === 1) {
      this.#head.bytes = at - this.#elementStart;
      if (this.#batch.length < MAX_BATCH) {
        this.#batch.push(this.#head);
        this.#head = new MessageHead();
      } else this.#head.reset();
    }
    return State.after;
  }

  #endKey(chunk: Buffer, start: number, end: number): void {
    const { children } = NODES[this.#containers[this.#depth]!]!;
    if (this.#token.escaped) {
      const key = this.#token.finish(chunk, start, end);
      for (const child of children) if (child.key === key) this.#valueNode = child.index;
      return;
    }
    for (const child of children) {
      if (this.#token.equals(child.keyBytes, chunk, start, end)) {
        this.#valueNode = child.index;
        return;
      }
    }
  }

  #endString(chunk: Buffer, start: number, end: number): void {
    this.#head.values[this.#valueNode] = this.#token.finish(chunk, start, end);
  }

  #endNumber(chunk: Buffer, start: number, end: number): void {
    const digits = this.#token.finish(chunk, start, end);
    this.#head.values[this.#valueNode] = Number(digits);
    if (this.#valueNode === ID_INDEX) this.#head.idDigits = digits;
  }

  #endLiteral(): void {
    if (this.#valueNode < 0) return;
    this.#head.values[this.#valueNode] = this.#literal === NULL ? null : this.#literal === TRUE;
  }

  /** The line ends before `end`, where `end` may be 0 when its newline starts a chunk. */
  #endLine(valid: boolean, chunk: Buffer, lineStart: number, end: number): void {
    const last = end > 0 ? chunk[end - 1] : this.#lastByte;
    const bytes = end - lineStart - (last === 0x0d ? 1 : 0);
    if (!valid) this.#listener.skipped(bytes);
    else {
      if (this.#keeping) {
        const kept = this.#kept;
        const tail = chunk.subarray(Math.max(0, lineStart), end);
        if (this.#keptBytes + tail.length <= MAX_KEPT_LINE_BYTES) {
          this.#lineText = () => (kept.length === 0 ? tail : Buffer.concat([...kept, tail])).toString('utf8');
        }
      }
      if (this.#isBatch) this.#endBatch(bytes);
      else {
        this.#head.bytes = bytes;
        this.#listener.message(this.#head);
      }
    }
    this.#lineText = undefined;
    this.#kept = [];
    this.#keptBytes = 0;
    this.#keeping = false;
  }

  #endBatch(lineBytes: number): void {
    let rest = lineBytes;
    for (const head of this.#batch) {
      rest -= head.bytes;
      this.#listener.message(head);
    }
    const full = this.#batch.length === MAX_BATCH;
    if (this.#batch.length === 0 || full) this.#listener.skipped(Math.max(0, rest));
    this.#batch.length = 0;
  }
}

const NEWLINE = Buffer.from('\n');
const ID_INDEX = ROOT.children.find(({ key }) => key === 'id')!.index;
const NUMBER_ENDS = -1;

/** State after `c` inside a number; NUMBER_ENDS where `c` is no longer part of it. */
function nextInNumber(state: State, c: number): State | typeof NUMBER_ENDS {
  const digit = c >= 0x30 && c <= 0x39;
  switch (state) {
    case State.minus:
      return c === 0x30 ? State.zero : digit ? State.integer : State.bad;
    case State.zero:
    case State.integer:
      if (digit) return state === State.integer ? State.integer : State.bad;
      if (c === 0x2e) return State.dot;
      return c === 0x65 || c === 0x45 ? State.exponentMark : NUMBER_ENDS;
    case State.dot:
      return digit ? State.fraction : State.bad;
    case State.fraction:
      if (digit) return State.fraction;
      return c === 0x65 || c === 0x45 ? State.exponentMark : NUMBER_ENDS;
    case State.exponentMark:
      if (c === 0x2b || c === 0x2d) return State.exponentSign;
      return digit ? State.exponent : State.bad;
    case State.exponentSign:
      return digit ? State.exponent : State.bad;
    default:
      return digit ? State.exponent : NUMBER_ENDS;
  }
}

function isEscape(c: number): boolean {
  // " \ / b f n r t
  return (
    c === 0x22 ||
    c === 0x5c ||
    c === 0x2f ||
    c === 0x62 ||
    c === 0x66 ||
    c === 0x6e ||
    c === 0x72 ||
    c === 0x74
  );
}

function isHex(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
}
