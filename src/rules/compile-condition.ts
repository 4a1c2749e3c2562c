/** Bound comparisons as functions of the current record. No value makes every comparison false. */
import { sanitizeForTerminal } from '../base/terminal.ts';
import type { BoundCheck, BoundOperand } from './bind-condition.ts';
import { isComparableByLength } from './bind-condition.ts';
import {
  compareBytes,
  decodeBase64,
  isAscii,
  toBytes,
  toLowerAscii,
  toUpperAscii,
  upToNul,
  withoutFinalNuls,
} from './byte-text.ts';
import type { Operator, Transformer } from './condition-ast.ts';
import { compileGlob } from './glob.ts';
import { compilePathPrefixes } from './path-prefix.ts';
import type { FieldValue, RecordView, ScalarValue } from './record-view.ts';

export type Test = () => boolean;
type Read = () => FieldValue | undefined;

/** What a rule's condition is once macros and fields are found. */
export type BoundCondition =
  | { readonly kind: 'and' | 'or'; readonly children: readonly BoundCondition[] }
  | { readonly kind: 'not'; readonly child: BoundCondition }
  /** A macro, which several rules may use: its answer is kept while the record stays. */
  | { readonly kind: 'macro'; readonly child: BoundCondition }
  | { readonly kind: 'check'; readonly check: BoundCheck };

/** Tests that were compiled for this view: macros are shared by the rules that use them. */
export function compileCondition(
  condition: BoundCondition,
  view: RecordView,
  known: Map<BoundCondition, Test>,
): Test {
  let test = known.get(condition);
  if (test === undefined) {
    test = compileNode(condition, view, known);
    known.set(condition, test);
  }
  return test;
}

function compileNode(condition: BoundCondition, view: RecordView, known: Map<BoundCondition, Test>): Test {
  switch (condition.kind) {
    case 'check':
      return compileCheck(condition.check, view);
    case 'macro': {
      const child = compileCondition(condition.child, view, known);
      let number = -1;
      let answer = false;
      return () => {
        if (number !== view.number) {
          number = view.number;
          answer = child();
        }
        return answer;
      };
    }
    case 'not': {
      const child = compileCondition(condition.child, view, known);
      return () => !child();
    }
    case 'and': {
      const children = condition.children.map((child) => compileCondition(child, view, known));
      if (children.length === 2) {
        const [a, b] = children as [Test, Test];
        return () => a() && b();
      }
      return () => {
        for (const child of children) if (!child()) return false;
        return true;
      };
    }
    case 'or': {
      const children = condition.children.map((child) => compileCondition(child, view, known));
      return () => {
        for (const child of children) if (child()) return true;
        return false;
      };
    }
  }
}

/** The operand's value, transformed. */
export function compileOperand(operand: BoundOperand, view: RecordView): Read {
  const { field, transformers } = operand;
  let read: Read = view.reader(field);
  let bytes = false;
  for (const name of transformers) {
    read = compileTransformer(name, read, bytes);
    bytes = name === 'b64' || bytes;
  }
  return read;
}

function compileTransformer(name: Transformer, read: Read, bytes: boolean): Read {
  if (name === 'len') {
    return () => {
      const value = read();
      if (value === undefined) return undefined;
      if (Array.isArray(value)) return value.length;
      return bytes ? upToNul(value as string).length : Buffer.byteLength(value as string);
    };
  }
  const change = TEXT_TRANSFORMERS[name];
  const input = bytes ? withoutFinalNuls : (text: string) => text;
  return () => {
    const value = read();
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return change(input(value as string));
    const changed: string[] = [];
    for (const element of value as readonly string[]) {
      const text = change(input(element));
      if (text === undefined) return undefined;
      changed.push(text);
    }
    return changed;
  };
}

const TEXT_TRANSFORMERS: Readonly<Record<Exclude<Transformer, 'len'>, (text: string) => string | undefined>> =
  {
    tolower: toLowerAscii,
    toupper: toUpperAscii,
    b64: decodeBase64,
    basename: (text) => text.slice(text.lastIndexOf('/') + 1),
  };

/**
 * Equality with texts that no sanitising makes or changes: the values of the record are compared as
 * they stand there. Sanitised text has a backslash, or is what it was.
 */
function compareRaw({ left, operator, right }: BoundCheck, view: RecordView): Test | undefined {
  const { field } = left;
  if (field.key === undefined || field.type !== 'string' || left.transformers.length > 0) return undefined;
  if (right.kind !== 'values') return undefined;
  const literals = right.values as readonly string[];
  if (literals.some((text) => text.includes('\\') || sanitizeForTerminal(text) !== text)) return undefined;
  const { key } = field;
  const set = new Set<unknown>(literals);
  const isSet = operator === 'in' || operator === 'intersects';
  if (!left.list) {
    if (isSet && set.size > 1) return () => set.has(view.raw(key));
    const [literal] = literals;
    return operator === '=' || (isSet && set.size === 1) ? () => view.raw(key) === literal : undefined;
  }
  return operator === 'in' ? () => everyText(view.raw(key), set) : () => someText(view.raw(key), set);
}

/** Elements that are no text are none of the list; without any text it has no value. */
function everyText(list: unknown, set: ReadonlySet<unknown>): boolean {
  if (!Array.isArray(list)) return false;
  let found = false;
  for (const element of list) {
    if (typeof element !== 'string') continue;
    if (!set.has(element)) return false;
    found = true;
  }
  return found;
}

function someText(list: unknown, set: ReadonlySet<unknown>): boolean {
  if (!Array.isArray(list)) return false;
  for (const element of list) if (set.has(element)) return true;
  return false;
}

function compileCheck(check: BoundCheck, view: RecordView): Test {
  const raw = compareRaw(check, view);
  if (raw !== undefined) return raw;
  const read = compileOperand(check.left, view);
  const { right, operator, left } = check;
  if (right.kind === 'none') return () => read() !== undefined;
  if (right.kind === 'operand') return compareWithField(check, read, compileOperand(right.operand, view));
  if (left.list)
    return compareList(read, operator, right.kind === 'values' && !left.endsInNul ? right.values : []);
  if (left.type === 'string') return compareText(check, read as () => string | undefined);
  const values = right.kind === 'values' ? right.values : [];
  return compareScalar(read, operator, values);
}

function compareScalar(read: Read, operator: Operator, values: readonly ScalarValue[]): Test {
  const [value] = values as [ScalarValue];
  switch (operator) {
    case '=':
      return () => read() === value;
    case '!=':
      return () => {
        const own = read();
        return own !== undefined && own !== value;
      };
    case 'in':
    case 'intersects': {
      const set = new Set<unknown>(values);
      return () => set.has(read());
    }
    default: {
      const holds = ORDERS[operator as Order];
      return () => {
        const own = read();
        return own !== undefined && holds(own as number, value as number);
      };
    }
  }
}

type Order = '<' | '<=' | '>' | '>=';

/** JavaScript orders numbers and bigints among each other. */
const ORDERS: Readonly<Record<Order, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** `in`: all elements are in the set; `intersects`: at least one is. */
function compareList(read: Read, operator: Operator, values: readonly ScalarValue[]): Test {
  const set = new Set<ScalarValue>(values);
  if (operator === 'in') return () => everyIn(read(), set);
  return () => someIn(read(), set);
}

function everyIn(list: FieldValue | undefined, set: ReadonlySet<ScalarValue>): boolean {
  if (list === undefined) return false;
  for (const element of list as readonly ScalarValue[]) if (!set.has(element)) return false;
  return true;
}

function someIn(list: FieldValue | undefined, set: ReadonlySet<ScalarValue>): boolean {
  if (list === undefined) return false;
  for (const element of list as readonly ScalarValue[]) if (set.has(element)) return true;
  return false;
}

function compareText({ left, operator, right }: BoundCheck, read: () => string | undefined): Test {
  if (right.kind === 'regex') {
    const { matches } = right;
    if (!left.bytes) return onText(read, matches);
    return onText(read, (bytes) => {
      const text = decodeUtf8(withoutFinalNuls(bytes));
      return text !== undefined && matches(text);
    });
  }
  const literals = (right.kind === 'values' ? (right.values as readonly string[]) : []).map((text) =>
    left.bytes ? toBytes(text) : text,
  );
  if (operator === 'in' || operator === 'intersects') {
    const set = new Set<string | undefined>(literals);
    return left.bytes ? onText(read, (text) => set.has(withoutFinalNuls(text))) : () => set.has(read());
  }
  if (operator === 'pmatch') {
    const matches = compilePathPrefixes(literals, left.bytes);
    return onText(read, left.bytes ? (text) => matches(withoutFinalNuls(text)) : matches);
  }
  const test = textTest(operator, literals[0]!, left.bytes);
  if (left.bytes) return onText(read, (text) => test(upToNul(text)));
  if (operator === '=') {
    const [literal] = literals;
    return () => read() === literal;
  }
  return onText(read, test);
}

function onText(read: () => string | undefined, test: (text: string) => boolean): Test {
  return () => {
    const text = read();
    return text !== undefined && test(text);
  };
}

function textTest(operator: Operator, literal: string, bytes: boolean): (text: string) => boolean {
  switch (operator) {
    case '=':
      return (text) => text === literal;
    case '!=':
      return (text) => text !== literal;
    case 'contains':
      return (text) => text.includes(literal);
    case 'icontains': {
      const folded = toLowerAscii(literal);
      return (text) => toLowerAscii(text).includes(folded);
    }
    case 'startswith':
      return (text) => text.startsWith(literal);
    case 'endswith':
      return (text) => text.endsWith(literal);
    case 'glob':
      return compileGlob(literal, { bytes });
    case 'iglob':
      return compileGlob(literal, { ignoreCase: true, bytes });
    default: {
      const holds = ORDERS[operator as Order];
      return (text) => holds(compareBytes(text, literal), 0);
    }
  }
}

function compareWithField({ left, operator, right }: BoundCheck, readLeft: Read, readRight: Read): Test {
  if (right.kind !== 'operand') return () => false;
  const other = right.operand;
  if (operator === 'in' || operator === 'intersects') {
    if (!isComparableByLength(left, other)) return () => false;
    if (left.list)
      return compareLists(operator, normalize(left, other, readLeft), normalize(other, left, readRight));
  }
  const a = normalize(left, other, readLeft);
  const b = normalize(other, left, readRight);
  if (left.type !== 'string') {
    const holds =
      operator === 'in' || operator === 'intersects' || operator === '='
        ? EQUAL
        : operator === '!='
          ? UNEQUAL
          : ORDERS[operator as Order];
    return () => {
      const own = a();
      const its = b();
      return own !== undefined && its !== undefined && holds(own as number, its as number);
    };
  }
  const name = operator === 'in' || operator === 'intersects' ? '=' : operator;
  // The pattern changes with the record; the last one is kept.
  let lastText: string | undefined;
  let lastTest: ((text: string) => boolean) | undefined;
  return () => {
    const own = a();
    const its = b() as string | undefined;
    if (own === undefined || its === undefined) return false;
    if (lastTest === undefined || lastText !== its) {
      lastText = its;
      lastTest = textTest(name, its, left.bytes || other.bytes);
    }
    return lastTest(own as string);
  };
}

const EQUAL = (a: unknown, b: unknown): boolean => a === b;
const UNEQUAL = (a: unknown, b: unknown): boolean => a !== b;

/** Both sides as byte strings where one of them is. */
function normalize(operand: BoundOperand, other: BoundOperand, read: Read): Read {
  if (operand.type !== 'string' || !(operand.bytes || other.bytes)) return read;
  const change = operand.bytes ? (operand.list ? (text: string) => text : upToNul) : toBytes;
  return () => {
    const value = read();
    if (value === undefined) return undefined;
    return Array.isArray(value) ? (value as readonly string[]).map(change) : change(value as string);
  };
}

function compareLists(operator: 'in' | 'intersects', readLeft: Read, readRight: Read): Test {
  return () => {
    const its = readRight();
    if (its === undefined) return false;
    const set = new Set(its as readonly ScalarValue[]);
    return operator === 'in' ? everyIn(readLeft(), set) : someIn(readLeft(), set);
  };
}

function decodeUtf8(bytes: string): string | undefined {
  if (isAscii(bytes)) return bytes;
  const buffer = Buffer.from(bytes, 'latin1');
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? text : undefined;
}
