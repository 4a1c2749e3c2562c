/** For which kinds of records a condition can be true. */
import type { BoundCheck } from './bind-condition.ts';
import type { BoundCondition } from './compile-condition.ts';
import { RECORD_KINDS } from './fields.ts';

/** Records of the schema's first producers do not say their kind; they are about calls. */
const UNMARKED = 'unmarked';
const ALL: ReadonlySet<string> = new Set([...RECORD_KINDS, UNMARKED]);

/** Going by the schema: which kinds have the fields that are asked for. Empty where none has all. */
export function possibleKinds(condition: BoundCondition): ReadonlySet<string> {
  return kindsOf(condition, new Map());
}

/** A macro is looked at once, however often it is used. */
function kindsOf(
  condition: BoundCondition,
  known: Map<BoundCondition, ReadonlySet<string>>,
): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
      return condition.children
        .map((child) => kindsOf(child, known))
        .reduce((a, b) => intersection(a, b), ALL);
    case 'or':
      return new Set(condition.children.flatMap((child) => [...kindsOf(child, known)]));
    case 'macro':
      return remembered(condition, known, () => kindsOf(condition.child, known));
    case 'not': {
      const { child } = condition;
      const named = child.kind === 'check' ? namedValues(child.check, 'mcp.record') : undefined;
      return named === undefined ? ALL : new Set([...ALL].filter((kind) => !named.has(kind)));
    }
    case 'check': {
      const { field } = condition.check.left;
      const named = namedValues(condition.check, 'mcp.record');
      if (named !== undefined) return named;
      const kinds: ReadonlySet<string> = new Set(field.kinds);
      const own = field.name !== 'mcp.record' && kinds.has('call') ? new Set([...kinds, UNMARKED]) : kinds;
      const { right } = condition.check;
      return right.kind === 'operand'
        ? intersection(own, new Set([...right.operand.field.kinds, UNMARKED]))
        : own;
    }
  }
}

/** Fields with few values that most conditions compare with one or some of them. */
export const KEY_FIELDS = ['mcp.record', 'mcp.effect'] as const;
export type KeyField = (typeof KEY_FIELDS)[number];

/** These values, or all others and no value too. */
export interface ValueSet {
  readonly values: ReadonlySet<unknown>;
  readonly isComplement: boolean;
}

const EVERYTHING: ValueSet = { values: new Set(), isComplement: true };

export function hasValue({ values, isComplement }: ValueSet, value: unknown): boolean {
  return values.has(value) !== isComplement;
}

/**
 * Going by the condition alone: the values of this field with which it can be true, whatever else
 * the record has.
 */
export function possibleValues(condition: BoundCondition, name: KeyField): ValueSet {
  return valuesOf(condition, name, new Map());
}

function valuesOf(condition: BoundCondition, name: KeyField, known: Map<BoundCondition, ValueSet>): ValueSet {
  switch (condition.kind) {
    case 'and':
      return condition.children.map((child) => valuesOf(child, name, known)).reduce(both);
    case 'or':
      return complement(
        condition.children.map((child) => complement(valuesOf(child, name, known))).reduce(both),
      );
    case 'macro':
      return remembered(condition, known, () => valuesOf(condition.child, name, known));
    case 'not': {
      // Only where the child is true for all the values that it is possible for.
      const { child } = condition;
      const named = child.kind === 'check' ? namedValues(child.check, name) : undefined;
      return named === undefined ? EVERYTHING : { values: named, isComplement: true };
    }
    case 'check': {
      const named = namedValues(condition.check, name);
      return named === undefined ? EVERYTHING : { values: named, isComplement: false };
    }
  }
}

function remembered<T>(condition: BoundCondition, known: Map<BoundCondition, T>, find: () => T): T {
  const before = known.get(condition);
  if (before !== undefined) return before;
  const result = find();
  known.set(condition, result);
  return result;
}

const complement = ({ values, isComplement }: ValueSet): ValueSet => ({
  values,
  isComplement: !isComplement,
});

function both(a: ValueSet, b: ValueSet): ValueSet {
  if (!a.isComplement)
    return { values: new Set([...a.values].filter((value) => hasValue(b, value))), isComplement: false };
  if (!b.isComplement) return both(b, a);
  return { values: new Set([...a.values, ...b.values]), isComplement: true };
}

/** The values of the field that an equality names; only such that the schema knows. */
function namedValues({ left, operator, right }: BoundCheck, name: KeyField): ReadonlySet<string> | undefined {
  if (left.field.name !== name || left.transformers.length > 0 || right.kind !== 'values') return undefined;
  if (operator !== '=' && operator !== 'in' && operator !== 'intersects') return undefined;
  const values = right.values as readonly string[];
  return values.every((value) => left.field.values?.includes(value)) ? new Set(values) : undefined;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((value) => b.has(value)));
}
