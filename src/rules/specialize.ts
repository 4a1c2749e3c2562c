/** Conditions for records of which some fields are known: what these decide is left out. */
import type { BoundCheck } from './bind-condition.ts';
import type { BoundCondition } from './compile-condition.ts';

/** Fields with few values that most conditions compare with one or some of them. */
export type KeyField = 'mcp.record' | 'mcp.effect';

/** Values of key fields; a field that is not in it may have any value, or none. */
export type KnownValues = ReadonlyMap<KeyField, string>;

/** The rest of the condition, or its answer where nothing is left of it. */
export type Specialized = BoundCondition | boolean;

export class Specializer {
  readonly #known: KnownValues;
  /** Macros keep their identity, so that their answer goes on being shared. */
  readonly #macros = new Map<BoundCondition, Specialized>();

  constructor(known: KnownValues) {
    this.#known = known;
  }

  specialize(condition: BoundCondition): Specialized {
    switch (condition.kind) {
      case 'check':
        return this.#check(condition.check) ?? condition;
      case 'macro': {
        const before = this.#macros.get(condition);
        if (before !== undefined) return before;
        const child = this.specialize(condition.child);
        const result =
          typeof child === 'boolean'
            ? child
            : child === condition.child
              ? condition
              : { kind: 'macro' as const, child };
        this.#macros.set(condition, result);
        return result;
      }
      case 'not': {
        const child = this.specialize(condition.child);
        if (typeof child === 'boolean') return !child;
        return child === condition.child ? condition : { kind: 'not', child };
      }
      default: {
        const decided = condition.kind === 'or';
        const children: BoundCondition[] = [];
        for (const child of condition.children) {
          const result = this.specialize(child);
          if (result === decided) return decided;
          if (typeof result !== 'boolean') children.push(result);
        }
        if (children.length === 0) return !decided;
        return children.length === 1 ? children[0]! : { kind: condition.kind, children };
      }
    }
  }

  /** Undefined where the known values do not decide. */
  #check({ left, operator, right }: BoundCheck): boolean | undefined {
    const value = this.#known.get(left.field.name as KeyField);
    if (value === undefined || left.transformers.length > 0) return undefined;
    if (right.kind === 'none') return true;
    if (right.kind !== 'values') return undefined;
    switch (operator) {
      case '=':
      case 'in':
      case 'intersects':
        return right.values.includes(value);
      case '!=':
        return !right.values.includes(value);
      default:
        return undefined;
    }
  }
}
