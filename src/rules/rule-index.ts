/** Rules that can fire on a record, by its kind and effect, with what these decide left out. */
import type { Rule } from './build-rules.ts';
import { type BoundCondition, compileCondition, type Test } from './compile-condition.ts';
import { FIELDS } from './fields.ts';
import type { RecordView } from './record-view.ts';
import { type KeyField, Specializer } from './specialize.ts';

export interface Candidate {
  readonly rule: Rule;
  readonly test: Test;
}

const valuesOf = (name: KeyField): ReadonlySet<unknown> => new Set(FIELDS.get(name)?.values ?? []);
const KINDS = valuesOf('mcp.record');
const EFFECTS = valuesOf('mcp.effect');
const ALWAYS: Test = () => true;

export class RuleIndex {
  readonly #rules: readonly Rule[];
  readonly #view: RecordView;
  /** Comparisons that are compiled; they are shared by all candidates. */
  readonly #compiled = new Map<BoundCondition, Test>();
  /** Kind → effect → candidates; undefined stands for every value that the schema does not know. */
  readonly #found = new Map<unknown, Map<unknown, readonly Candidate[]>>();

  constructor(rules: readonly Rule[], view: RecordView) {
    this.#rules = rules;
    this.#view = view;
  }

  /** Of the current record, in the order of definition. */
  candidates(): readonly Candidate[] {
    const kind = this.#view.raw('record');
    const effect = this.#view.raw('effect');
    return (
      this.#found.get(kind)?.get(effect) ??
      this.#find(KINDS.has(kind) ? kind : undefined, EFFECTS.has(effect) ? effect : undefined)
    );
  }

  #find(kind: unknown, effect: unknown): readonly Candidate[] {
    let ofKind = this.#found.get(kind);
    if (ofKind === undefined) {
      ofKind = new Map();
      this.#found.set(kind, ofKind);
    }
    let candidates = ofKind.get(effect);
    if (candidates === undefined) {
      candidates = this.#select(kind, effect);
      ofKind.set(effect, candidates);
    }
    return candidates;
  }

  #select(kind: unknown, effect: unknown): Candidate[] {
    const known = new Map<KeyField, string>();
    if (typeof kind === 'string') known.set('mcp.record', kind);
    if (typeof effect === 'string') known.set('mcp.effect', effect);
    const specializer = new Specializer(known);
    return this.#rules.flatMap((rule): Candidate[] => {
      const condition = specializer.specialize(rule.condition);
      if (condition === false) return [];
      const test = condition === true ? ALWAYS : compileCondition(condition, this.#view, this.#compiled);
      return [{ rule, test }];
    });
  }
}
