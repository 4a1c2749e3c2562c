/** For which kinds of records a condition can be true. */
import type { BoundCheck } from './bind-condition.ts';
import type { BoundCondition } from './compile-condition.ts';
import { RECORD_KINDS } from './fields.ts';

/** Records of the schema's first producers do not say their kind; they are about calls. */
const UNMARKED = 'unmarked';
const ALL: ReadonlySet<string> = new Set([...RECORD_KINDS, UNMARKED]);

/** Going by the schema: which kinds have the fields that are asked for. Empty where none has all. */
export function possibleKinds(condition: BoundCondition): ReadonlySet<string> {
  switch (condition.kind) {
    case 'and':
      return condition.children.map(possibleKinds).reduce((a, b) => intersection(a, b), ALL);
    case 'or':
      return new Set(condition.children.flatMap((child) => [...possibleKinds(child)]));
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

/**
 * Going by the condition alone: the values of mcp.record without which it is false, whatever fields
 * the record has; undefined where it may be true for any.
 */
export function requiredKinds(condition: BoundCondition): ReadonlySet<string> | undefined {
  switch (condition.kind) {
    case 'and': {
      const sets = condition.children.map(requiredKinds).filter((set) => set !== undefined);
      return sets.length === 0 ? undefined : sets.reduce(intersection);
    }
    case 'or': {
      const sets = condition.children.map(requiredKinds);
      return sets.includes(undefined) ? undefined : new Set(sets.flatMap((set) => [...set!]));
    }
    case 'not':
      return undefined;
    case 'check':
      return namedKinds(condition.check);
  }
}

/** The kinds that `mcp.record = …` or `mcp.record in (…)` names. */
function namedKinds({ left, operator, right }: BoundCheck): ReadonlySet<string> | undefined {
  if (left.field.name !== 'mcp.record' || left.transformers.length > 0 || right.kind !== 'values')
    return undefined;
  if (operator !== '=' && operator !== 'in' && operator !== 'intersects') return undefined;
  const values = right.values as readonly string[];
  return values.every((value) => (RECORD_KINDS as readonly string[]).includes(value))
    ? new Set(values)
    : undefined;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((value) => b.has(value)));
}
