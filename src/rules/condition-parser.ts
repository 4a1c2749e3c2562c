/** The condition language of Falco's libraries, token by token as they read it. */
import {
  type Check,
  type Condition,
  type Literal,
  type Operand,
  type Operator,
  type RightSide,
  TRANSFORMERS,
  type Transformer,
} from './condition-ast.ts';

/** Parentheses, `not` and transformers within each other. */
export const MAX_CONDITION_DEPTH = 500;

export class ConditionSyntaxError extends Error {
  /** Offset in the condition. */
  readonly at: number;
  readonly hint: string;

  constructor(message: string, at: number, hint: string) {
    super(message);
    this.at = at;
    this.hint = hint;
  }
}

const BLANK = /[ \t\b\r\n]+/y;
const NOT_BLANK = /not[ \t\n\v\f\r]+/y;
const IDENTIFIER = /[a-zA-Z]+[a-zA-Z0-9_]*/y;
const FIELD_NAME = /[a-zA-Z]+[a-zA-Z0-9_]*(?:\.[a-zA-Z]+[a-zA-Z0-9_]*)+/y;
const FIELD_ARGUMENT = /[^\][\u0022' \t\n\v\f\r]+/y;
const HEX_NUMBER = /0[xX][0-9a-zA-Z]+/y;
const NUMBER = /[+-]?[0-9]+\.?[0-9]*(?:[eE][+-][0-9]+)?/y;
const BARE_STRING = /[^()\u0022' \t\n\v\f\r=,]+/y;
const TRANSFORMER = new RegExp(`(${TRANSFORMERS.join('|')})\\(`, 'y');
/** In the order in which they are tried: the longer of two that start alike comes first. */
const NUMBER_OPERATOR = /<=|<|>=|>/y;
const STRING_OPERATOR =
  /==|=|!=|(?:glob|iglob|contains|icontains|bcontains|startswith|bstartswith|endswith|regex)(?=[ \t\b\r\n])/y;
const LIST_OPERATOR = /intersects|in|pmatch/y;

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  ' ': '\\',
  '\\': '\\',
  '/': '/',
};

/** Throws a {@link ConditionSyntaxError} that says where and what to write instead. */
export function parseCondition(text: string): Condition {
  return new ConditionParser(text).parse();
}

class ConditionParser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Condition {
    if (this.#text.trim() === '') {
      throw new ConditionSyntaxError(
        'the condition is empty',
        0,
        'Write a comparison, e.g. mcp.record = call.',
      );
    }
    const condition = this.#or();
    if (this.#at < this.#text.length) {
      this.#fail(
        `unexpected ${this.#nextWord()}, expected "and" or "or"`,
        'Join comparisons with and / or; put text with blanks or brackets in quotes.',
      );
    }
    return condition;
  }

  #or(): Condition {
    return this.#chain('or', () => this.#and());
  }

  #and(): Condition {
    return this.#chain('and', () => this.#not());
  }

  #chain(word: 'and' | 'or', part: () => Condition): Condition {
    this.#enter();
    this.#blank();
    const at = this.#at;
    const children = [part()];
    this.#blank();
    while (this.#word(word)) {
      if (this.#blank()) children.push(part());
      else if (this.#word('(')) children.push(this.#remainder());
      else
        this.#fail(`expected a blank or "(" after "${word}"`, `Write "${word} " before the next comparison.`);
      this.#blank();
    }
    this.#depth--;
    return children.length > 1 ? { kind: word, children, at } : children[0]!;
  }

  #not(): Condition {
    this.#enter();
    this.#blank();
    const at = this.#at;
    let negated = false;
    while (this.#match(NOT_BLANK) !== undefined) negated = !negated;
    let child: Condition;
    if (this.#word('not(')) {
      negated = !negated;
      child = this.#remainder();
    } else {
      child = this.#check();
    }
    this.#depth--;
    return negated ? { kind: 'not', child, at } : child;
  }

  /** What follows an opening parenthesis. */
  #remainder(): Condition {
    this.#enter();
    const child = this.#or();
    this.#blank();
    if (!this.#word(')')) this.#fail(`expected ")" before ${this.#nextWord()}`, 'Close the parenthesis.');
    this.#depth--;
    return child;
  }

  #check(): Condition {
    this.#blank();
    const at = this.#at;
    if (this.#word('(')) return this.#remainder();
    const left = this.#operand();
    if (left !== undefined) return this.#comparison(left);
    const name = this.#match(IDENTIFIER);
    if (name !== undefined) return { kind: 'macro', name, at };
    return this.#fail(
      `expected a field, a macro or "(" instead of ${this.#nextWord()}`,
      'A comparison starts with a field such as mcp.method.',
    );
  }

  #comparison(left: Operand): Check {
    this.#blank();
    const at = this.#at;
    if (this.#word('exists')) return { kind: 'check', left, operator: 'exists', right: undefined, at };
    let operator = this.#match(NUMBER_OPERATOR);
    if (operator !== undefined) return this.#binary(left, operator, at, this.#number());
    operator = this.#match(STRING_OPERATOR);
    if (operator !== undefined)
      return this.#binary(left, operator === '==' ? '=' : operator, at, this.#string());
    operator = this.#match(LIST_OPERATOR);
    if (operator !== undefined) return this.#binary(left, operator, at, this.#list());
    return this.#fail(
      `expected an operator after ${left.field} instead of ${this.#nextWord()}`,
      'Operators: = != < <= > >= exists in intersects pmatch contains icontains startswith endswith glob iglob regex.',
    );
  }

  #binary(left: Operand, operator: string, at: number, right: RightSide): Check {
    return { kind: 'check', left, operator: operator as Operator, right, at };
  }

  #number(): RightSide {
    const operand = this.#rightOperand();
    if (operand !== undefined) return operand;
    const at = this.#at;
    const text = this.#match(HEX_NUMBER) ?? this.#match(NUMBER);
    if (text !== undefined) return { kind: 'literal', literal: { text, quoted: false, at } };
    return this.#fail(
      `expected a number instead of ${this.#nextWord()}`,
      'After < <= > >= comes a bare number, or val(field) to compare with another field.',
    );
  }

  #string(): RightSide {
    const operand = this.#rightOperand();
    if (operand !== undefined) return operand;
    const literal = this.#literal();
    if (literal !== undefined) return { kind: 'literal', literal };
    return this.#fail(
      `expected a value instead of ${this.#nextWord()}`,
      'Write the value, in quotes where it has blanks or brackets.',
    );
  }

  #list(): RightSide {
    this.#blank();
    const at = this.#at;
    if (!this.#word('(')) {
      const operand = this.#rightOperand();
      if (operand !== undefined) return operand;
      const text = this.#match(IDENTIFIER);
      if (text !== undefined) return { kind: 'list', items: [{ text, quoted: false, at }], at };
      return this.#fail(
        `expected a list instead of ${this.#nextWord()}`,
        'Write the list in parentheses: in (a, b).',
      );
    }
    const items: Literal[] = [];
    this.#blank();
    const first = this.#literal();
    if (first !== undefined) {
      items.push(first);
      this.#blank();
      while (this.#word(',')) {
        this.#blank();
        const next = this.#literal();
        if (next === undefined)
          this.#fail(
            `expected a value instead of ${this.#nextWord()}`,
            'Remove the comma, or add a value after it.',
          );
        else items.push(next);
        this.#blank();
      }
    }
    if (!this.#word(')'))
      this.#fail(
        `expected "," or ")" before ${this.#nextWord()}`,
        'Separate values by commas; quote those with blanks.',
      );
    return { kind: 'list', items, at };
  }

  /** A field, or transformers round one. */
  #operand(): Operand | undefined {
    const at = this.#at;
    const transformers: Transformer[] = [];
    for (;;) {
      const call = this.#match(TRANSFORMER);
      if (call === undefined) break;
      if (transformers.length >= MAX_CONDITION_DEPTH) this.#tooDeep();
      transformers.push(call.slice(0, -1) as Transformer);
      this.#blank();
    }
    const field = this.#match(FIELD_NAME);
    if (field === undefined) {
      if (transformers.length === 0) return undefined;
      return this.#fail(
        `expected a field in ${transformers.at(-1)}(…)`,
        'Transformers take a field: tolower(mcp.path).',
      );
    }
    const argument = this.#argument();
    for (const name of transformers) this.#closeCall(name);
    return { field, argument, transformers, at };
  }

  #rightOperand(): RightSide | undefined {
    this.#blank();
    const at = this.#at;
    if (this.#word('val(')) {
      this.#blank();
      const fieldAt = this.#at;
      const field = this.#match(FIELD_NAME);
      if (field === undefined)
        return this.#fail('expected a field in val(…)', 'Write val(mcp.path), with no transformer in it.');
      const argument = this.#argument();
      this.#closeCall('val');
      return { kind: 'operand', operand: { field, argument, transformers: [], at: fieldAt }, at };
    }
    TRANSFORMER.lastIndex = this.#at;
    if (!TRANSFORMER.test(this.#text)) return undefined;
    const operand = this.#operand();
    return operand && { kind: 'operand', operand, at };
  }

  #closeCall(name: string): void {
    this.#blank();
    if (!this.#word(')'))
      this.#fail(`expected ")" after the field in ${name}(…)`, 'Close the parenthesis of the transformer.');
  }

  #argument(): string | undefined {
    if (!this.#word('[')) return undefined;
    const argument = this.#quoted()?.text ?? this.#match(FIELD_ARGUMENT);
    if (argument === undefined || !this.#word(']'))
      this.#fail('expected an argument and "]"', 'Write field[argument] without blanks.');
    return argument;
  }

  #literal(): Literal | undefined {
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    const at = this.#at;
    const text = this.#match(BARE_STRING);
    return text === undefined ? undefined : { text, quoted: false, at };
  }

  /** A backslash before the closing quote keeps it from closing, also where that backslash is escaped itself. */
  #quoted(): Literal | undefined {
    const at = this.#at;
    const quote = this.#text[at];
    if (quote !== '"' && quote !== "'") return undefined;
    let end = at + 1;
    while (end < this.#text.length && (this.#text[end] !== quote || this.#text[end - 1] === '\\')) end++;
    if (end >= this.#text.length) {
      this.#fail(
        'a quoted text does not end',
        'Add the closing quote; a backslash cannot be the last character before it.',
      );
    }
    this.#at = end + 1;
    return { text: this.#unescape(at + 1, end, quote), quoted: true, at };
  }

  #unescape(start: number, end: number, quote: string): string {
    let text = '';
    for (let i = start; i < end; i++) {
      const character = this.#text[i]!;
      if (character !== '\\') {
        text += character;
        continue;
      }
      const next = this.#text[++i]!;
      const value = next === quote ? quote : ESCAPES[next];
      if (value === undefined || i >= end) {
        this.#at = i - 1;
        this.#fail(
          `\\${next} is no escape`,
          `Known are \\b \\f \\n \\r \\t \\\\ \\/ and \\${quote}; write a backslash as \\\\.`,
        );
      }
      text += value;
    }
    return text;
  }

  #blank(): boolean {
    return this.#match(BLANK) !== undefined;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #nextWord(): string {
    const rest = this.#text.slice(this.#at, this.#at + 200);
    if (rest === '') return 'the end';
    return `"${(/^[^\s]+/.exec(rest)?.[0] ?? rest[0]!).slice(0, 40)}"`;
  }

  #enter(): void {
    if (++this.#depth > MAX_CONDITION_DEPTH * 4) this.#tooDeep();
  }

  #tooDeep(): never {
    return this.#fail('the condition is nested too deeply', 'Move parts of it to macros.');
  }

  #fail(message: string, hint: string): never {
    throw new ConditionSyntaxError(message, this.#at, hint);
  }
}
