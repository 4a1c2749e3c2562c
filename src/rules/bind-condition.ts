/** Comparisons with their fields, types and constants found, or the reasons why they make no sense. */
import {
  type Check,
  LIST_OPERATORS,
  type Literal,
  type Operand,
  type Operator,
  type Transformer,
} from './condition-ast.ts';
import { describeType, FIELDS, type Field, type FieldType, nearestName } from './fields.ts';
import { parseIpAddress } from './ip-address.ts';
import { compilePosixRegex, RegexError } from './posix-regex.ts';
import type { Report } from './problem.ts';
import { type ScalarValue, toInteger } from './record-view.ts';

export interface BoundOperand {
  readonly field: Field;
  /** In the order in which they are applied. */
  readonly transformers: readonly Transformer[];
  readonly type: FieldType;
  readonly list: boolean;
  /** Its strings are byte strings. */
  readonly bytes: boolean;
  /** A transformer made the text, and the hosts count its closing NUL where they compare by length. */
  readonly endsInNul: boolean;
}

export type BoundRight =
  | { readonly kind: 'none' }
  | { readonly kind: 'values'; readonly values: readonly ScalarValue[] }
  | { readonly kind: 'operand'; readonly operand: BoundOperand }
  | { readonly kind: 'regex'; readonly matches: (text: string) => boolean };

export interface BoundCheck {
  readonly left: BoundOperand;
  readonly operator: Operator;
  readonly right: BoundRight;
}

const STRING_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  'exists',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'icontains',
  'startswith',
  'endswith',
  'glob',
  'iglob',
  'regex',
  'in',
  'intersects',
  'pmatch',
]);
const NUMBER_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  'exists',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'intersects',
]);
const EQUALITY_OPERATORS: ReadonlySet<Operator> = new Set<Operator>([
  'exists',
  '=',
  '!=',
  'in',
  'intersects',
]);
const LIST_FIELD_OPERATORS: ReadonlySet<Operator> = new Set<Operator>(['exists', 'in', 'intersects']);

function operatorsOf({ type, list }: BoundOperand): ReadonlySet<Operator> {
  if (list) return LIST_FIELD_OPERATORS;
  if (type === 'string') return STRING_OPERATORS;
  return type === 'bool' || type === 'ipaddr' ? EQUALITY_OPERATORS : NUMBER_OPERATORS;
}

/**
 * Undefined where a problem was reported. `isWritten` tells whether the text at an offset stands in the
 * condition itself, and did not come there from a list or an exception.
 */
export function bindCheck(
  check: Check,
  report: Report,
  isWritten: (at: number) => boolean = () => true,
): BoundCheck | undefined {
  const left = bindOperand(check.left, report);
  if (left === undefined) return undefined;
  const allowed = operatorsOf(left);
  if (!allowed.has(check.operator)) {
    report(
      'OPERATOR_INVALID',
      check.at,
      `${check.operator} does not work on ${left.field.name}, which is a ${describeType(left)}`,
      `It takes ${[...allowed].join(', ')}.`,
    );
    return undefined;
  }
  const right = bindRight(check, left, report);
  if (right?.kind === 'values') checkTexts(check, left, report, isWritten);
  return right && { left, operator: check.operator, right };
}

export function bindOperand(operand: Operand, report: Report): BoundOperand | undefined {
  const field = findField(operand.field, operand.at, report);
  if (field === undefined) return undefined;
  if (operand.argument !== undefined) {
    report(
      'FIELD_ARGUMENT',
      operand.at,
      `${field.name} takes no argument`,
      `Write ${field.name} without brackets.`,
    );
    return undefined;
  }
  let type: FieldType = field.type;
  let list: boolean = field.list;
  let bytes = false;
  let endsInNul = false;
  const transformers = operand.transformers.toReversed();
  for (const name of transformers) {
    if (name === 'len' ? !list && type !== 'string' : type !== 'string') {
      report(
        'TRANSFORMER_INVALID',
        operand.at,
        `${name}(…) does not work on ${field.name}, which is a ${describeType({ type, list })} there`,
        name === 'len' ? 'It takes text and lists.' : 'It takes text.',
      );
      return undefined;
    }
    if (name === 'len') {
      type = 'uint64';
      list = false;
    }
    bytes = name === 'b64' || (bytes && name !== 'len');
    endsInNul = name !== 'len';
  }
  return { field, transformers, type, list, bytes, endsInNul };
}

export function findField(name: string, at: number, report: Report): Field | undefined {
  const field = FIELDS.get(name);
  if (field !== undefined) return field;
  if (name === 'evt.plugininfo') {
    report(
      'FIELD_NOT_HERE',
      at,
      `${name} is text that only the Falco plugin makes`,
      'Name the fields that you want instead.',
    );
    return undefined;
  }
  const near = nearestName(name, FIELDS.keys());
  const ofOther =
    /^(proc|fd|container|k8s|user|group|thread|ka|ct|jevt|json|fs|syslog)\./.test(name) ||
    name.startsWith('evt.');
  report(
    'FIELD_UNKNOWN',
    at,
    ofOther ? `${name} is no field of records; rules for other sources have it` : `${name} is no field`,
    near === undefined ? 'The fields are in docs/reference/fields.md.' : `Did you mean ${near}?`,
  );
  return undefined;
}

function bindRight(check: Check, left: BoundOperand, report: Report): BoundRight | undefined {
  const { right, operator } = check;
  if (right === undefined) return { kind: 'none' };
  if (right.kind === 'operand') {
    const operand = bindOperand(right.operand, report);
    return operand && bindFieldOnTheRight(check, left, operand, right.at, report);
  }
  const literals = right.kind === 'list' ? right.items : [right.literal];
  if (operator === 'regex') return bindRegex(literals[0]!, report);
  const values = literals.map((literal) => parseValue(literal, left.type, report));
  if (values.some((value) => value === undefined)) return undefined;
  return { kind: 'values', values: values as ScalarValue[] };
}

function bindFieldOnTheRight(
  check: Check,
  left: BoundOperand,
  right: BoundOperand,
  at: number,
  report: Report,
): BoundRight | undefined {
  const { operator } = check;
  if (operator === 'pmatch' || operator === 'regex') {
    report(
      'OPERATOR_INVALID',
      at,
      `${operator} takes no field on its right side`,
      'Write the values, or compare with = or in.',
    );
    return undefined;
  }
  if (left.type !== right.type || left.list !== right.list) {
    report(
      'TYPE_MISMATCH',
      at,
      `${left.field.name} is a ${describeType(left)} and ${right.field.name} a ${describeType(right)}`,
      'Compare fields of one type.',
    );
    return undefined;
  }
  if ((operator === 'in' || operator === 'intersects') && !isComparableByLength(left, right)) {
    report(
      'MATCH_NEVER',
      at,
      `${operator} never matches what ${right.endsInNul ? 'a transformer on its right' : 'a transformer on a list'} makes`,
      left.list ? 'Compare the lists as they are, or both transformed.' : 'Compare with = instead.',
    );
  }
  return { kind: 'operand', operand: right };
}

/** Whether `in` and `intersects`, which the hosts do by length and bytes, can find anything equal. */
export function isComparableByLength(left: BoundOperand, right: BoundOperand): boolean {
  return left.list ? left.endsInNul === right.endsInNul : !right.endsInNul;
}

function bindRegex({ text, at }: Literal, report: Report): BoundRight | undefined {
  if (isTooLong(text, at, report)) return undefined;
  try {
    return { kind: 'regex', matches: compilePosixRegex(text) };
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    report('REGEX_INVALID', at, error.message, error.hint);
    return { kind: 'regex', matches: () => false };
  }
}

const MAX_TEXT_BYTES = 255;

function isTooLong(text: string, at: number, report: Report): boolean {
  if (text.length * 3 <= MAX_TEXT_BYTES || Buffer.byteLength(text) <= MAX_TEXT_BYTES) return false;
  report(
    'TEXT_TOO_LONG',
    at,
    `a text is longer than ${MAX_TEXT_BYTES} bytes`,
    'Falco takes no longer ones; compare a part of it.',
  );
  return true;
}

function parseValue(literal: Literal, type: FieldType, report: Report): ScalarValue | undefined {
  const { text, at } = literal;
  switch (type) {
    case 'string':
      return isTooLong(text, at, report) ? undefined : text;
    case 'bool':
      if (text === 'true' || text === 'false') return text === 'true';
      report(
        'BOOL_INVALID',
        at,
        `"${text}" is neither true nor false`,
        'Write true or false, in small letters.',
      );
      return undefined;
    case 'ipaddr':
      return parseAddress(text, at, report);
    default:
      return parseInteger(text, at, report);
  }
}

function parseAddress(text: string, at: number, report: Report): string | undefined {
  const bytes = parseIpAddress(text);
  // The hosts take everything with a dot for IPv4.
  if (bytes !== undefined && (bytes.length === 4 || !text.includes('.'))) return bytes;
  const hint = text.includes('/')
    ? 'Falco compares address fields with single addresses only; list them, or compare text fields such as mcp.connect_targets.'
    : bytes === undefined
      ? 'Write an address such as 192.0.2.1 or 2001:db8::1; names are not looked up.'
      : 'Write the last 32 bits in hexadecimal: ::ffff:c000:201.';
  report('ADDRESS_INVALID', at, `"${text}" is no IP address`, hint);
  return undefined;
}

const MAX_UINT64 = (1n << 64n) - 1n;

/** As strtoull reads decimal numbers: a minus sign wraps round, too much is the most. */
function parseInteger(text: string, at: number, report: Report): ScalarValue | undefined {
  const found = /^[ \t\n\v\f\r]*([+-]?)([0-9]+)$/.exec(text);
  if (found === null) {
    report(
      'NUMBER_INVALID',
      at,
      `"${text}" is no whole number`,
      'Write it in decimal digits, without fraction, exponent or unit.',
    );
    return undefined;
  }
  const digits = BigInt(found[2]!);
  const clamped = digits > MAX_UINT64 ? MAX_UINT64 : digits;
  const isNegative = found[1] === '-' && clamped !== 0n;
  if (isNegative || digits > MAX_UINT64) {
    report(
      'NUMBER_WRAPS',
      at,
      `${text.trim()} is not from 0 to ${MAX_UINT64}, so Falco reads another number`,
      'Fields hold unsigned 64-bit numbers.',
    );
  }
  return toInteger(isNegative && digits <= MAX_UINT64 ? BigInt.asUintN(64, -clamped) : clamped);
}

/** What Falco takes as text without a word. */
function checkTexts(
  check: Check,
  left: BoundOperand,
  report: Report,
  isWritten: (at: number) => boolean,
): void {
  if (left.type !== 'string' || check.right === undefined || check.right.kind === 'operand') return;
  const literals = check.right.kind === 'list' ? check.right.items : [check.right.literal];
  for (const literal of literals) {
    const { text, at } = literal;
    if (left.list && left.endsInNul) {
      report(
        'MATCH_NEVER',
        at,
        'a list that went through a transformer equals no text',
        'Compare the list as it is.',
      );
    } else if (!literal.quoted && FIELDS.has(text)) {
      const hint = `Write val(${text}) for the field, or put the text in quotes.`;
      report('FIELD_AS_TEXT', at, `${text} stands here for the text "${text}", and not for the field`, hint);
    } else if (isNever(check.operator, left, text)) {
      const near = nearestName(text, left.field.values ?? []);
      const values = `Values: ${left.field.values?.join(', ')}.`;
      report(
        'VALUE_NEVER',
        at,
        `${left.field.name} is never "${text}", and no list has that name`,
        near === undefined ? values : `Did you mean ${near}?`,
      );
    } else if (
      LIST_OPERATORS.has(check.operator) &&
      isWritten(at) &&
      looksLikeListName(literal, left, literals.length)
    ) {
      report(
        'LIST_UNDEFINED',
        at,
        `no list ${text} is defined, so it stands for the text "${text}"`,
        `Define the list, or write "${text}" in quotes.`,
      );
    }
  }
}

function isNever(operator: Operator, { field, transformers }: BoundOperand, text: string): boolean {
  const isEquality = operator === '=' || operator === '!=' || operator === 'in' || operator === 'intersects';
  return (
    isEquality && transformers.length === 0 && field.values !== undefined && !field.values.includes(text)
  );
}

/** A bare word alone in its list, or one with an underscore, where the field's values are not known. */
function looksLikeListName({ text, quoted }: Literal, { field }: BoundOperand, count: number): boolean {
  if (quoted || field.values !== undefined || !/^[A-Za-z][A-Za-z0-9_-]*$/.test(text)) return false;
  return count === 1 || text.includes('_');
}
