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
      const named = child.kind === 'check' ? namedKinds(child.check) : undefined;
      return named === undefined ? ALL : new Set([...ALL].filter((kind) => !named.has(kind)));
    }
    case 'check': {
      const { field } = condition.check.left;
      const named = namedKinds(condition.check);
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

function remembered<T>(condition: BoundCondition, known: Map<BoundCondition, T>, find: () => T): T {
  const before = known.get(condition);
  if (before !== undefined) return before;
  const result = find();
  known.set(condition, result);
  return result;
}

/** The kinds that an equality with mcp.record names; only such that the schema knows. */
function namedKinds({ left, operator, right }: BoundCheck): ReadonlySet<string> | undefined {
  if (left.field.name !== 'mcp.record' || left.transformers.length > 0 || right.kind !== 'values')
    return undefined;
  if (operator !== '=' && operator !== 'in' && operator !== 'intersects') return undefined;
  const values = right.values as readonly string[];
  return values.every((value) => left.field.values?.includes(value)) ? new Set(values) : undefined;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((value) => b.has(value)));
}
