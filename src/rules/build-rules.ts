/** Collected items as rules that can be run: lists and macros put in, fields found, outputs read. */
import { bindCheck } from './bind-condition.ts';
import type { ListEntry, MacroEntry, RuleCollector, RuleEntry } from './collect-rules.ts';
import type { BoundCondition } from './compile-condition.ts';
import type { Condition } from './condition-ast.ts';
import { ConditionSyntaxError, parseCondition } from './condition-parser.ts';
import { withExceptions } from './exceptions.ts';
import { FIELDS, nearestName } from './fields.ts';
import { expandLists, type FlatList, type ListItem, MAX_CONDITION_LENGTH } from './list-expansion.ts';
import { type OutputPiece, parseOutput } from './output-format.ts';
import type { Priority } from './priority.ts';
import type { ProblemCode, ProblemLog, Report } from './problem.ts';
import { possibleKinds } from './record-kinds.ts';
import type { Origin, SourceText } from './source-text.ts';

export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly priority: Priority;
  readonly source: string;
  /** Sorted. */
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly condition: BoundCondition;
  readonly output: readonly OutputPiece[];
}

const MAX_LIST_ITEMS = 100_000;

interface ParsedText {
  readonly condition: Condition;
  readonly text: SourceText;
}

export class RuleBuilder {
  readonly #collected: RuleCollector;
  readonly #problems: ProblemLog;
  readonly #lists: readonly FlatList[];
  readonly #listItems = new Set<Origin>();
  readonly #parsedMacros = new Map<string, ParsedText | undefined>();
  readonly #boundMacros = new Map<string, BoundCondition | undefined>();
  readonly #usedMacros = new Set<string>();

  constructor(collected: RuleCollector, problems: ProblemLog) {
    this.#collected = collected;
    this.#problems = problems;
    this.#lists = this.#flattenLists();
  }

  build(): Rule[] {
    for (const macro of this.#collected.macros.values()) {
      const parsed = this.#parse(macro.condition);
      this.#parsedMacros.set(macro.name, parsed);
    }
    for (const macro of this.#collected.macros.values()) this.#checkNames(macro);
    const rules = [...this.#collected.rules.values()].flatMap((rule) => this.#buildRule(rule) ?? []);
    this.#reportUnused();
    return rules;
  }

  /** A list that an item names is put in; what its items name in turn is not, in Falco. */
  #flattenLists(): FlatList[] {
    const { lists } = this.#collected;
    const flat: FlatList[] = [];
    const used = new Set<string>();
    for (const list of lists.values()) {
      const items: ListItem[] = [];
      for (const item of list.items) {
        const inner = lists.get(item.text);
        if (inner === undefined || inner.index >= list.visibility) {
          items.push(item);
          continue;
        }
        used.add(inner.name);
        this.#reportNested(list, inner);
        items.push(...inner.items);
        if (items.length > MAX_LIST_ITEMS) break;
      }
      if (items.length > MAX_LIST_ITEMS) {
        this.#problems.add(
          'CONDITION_TOO_LARGE',
          list.at,
          `the list ${list.name} has more than ${MAX_LIST_ITEMS} items`,
          'Split it.',
        );
        items.length = MAX_LIST_ITEMS;
      }
      for (const { at } of items) this.#listItems.add(at);
      flat.push({ name: list.name, items, used: false });
    }
    for (const list of flat) list.used = used.has(list.name);
    return flat;
  }

  #reportNested(outer: ListEntry, inner: ListEntry): void {
    const { lists } = this.#collected;
    const nested = inner.items.find(({ text }) => {
      const index = lists.get(text)?.index;
      return index !== undefined && index < outer.index;
    });
    if (nested === undefined) return;
    this.#problems.add(
      'LIST_NESTED',
      outer.at,
      `the list ${outer.name} takes in ${inner.name}, which takes in ${nested.text}: Falco puts in the name ${nested.text} there`,
      `Name ${nested.text} in ${outer.name} too.`,
    );
  }

  #parse(source: SourceText): ParsedText | undefined {
    const { condition: text, inText } = expandLists(source, this.#lists);
    for (const { name, at } of inText) {
      this.#problems.add(
        'LIST_NAME_IN_TEXT',
        at,
        `Falco puts the list ${name} into this quoted text`,
        'Rename the list, or write the text without blanks round the name.',
      );
    }
    if (text.text.length > MAX_CONDITION_LENGTH) {
      this.#problems.add(
        'CONDITION_TOO_LARGE',
        text.originOf(0),
        'the condition with its lists is too long',
        'Split the rule or the lists.',
      );
      return undefined;
    }
    try {
      return { condition: parseCondition(text.text), text };
    } catch (error) {
      if (!(error instanceof ConditionSyntaxError)) throw error;
      this.#problems.add('CONDITION_SYNTAX', text.originOf(error.at), error.message, error.hint);
      return undefined;
    }
  }

  /** Macros see those that were defined before them. */
  #checkNames(macro: MacroEntry): void {
    const parsed = this.#parsedMacros.get(macro.name);
    if (parsed !== undefined)
      for (const { name, at } of macroNames(parsed.condition))
        this.#visibleMacro(name, parsed.text.originOf(at), macro);
  }

  #visibleMacro(name: string, at: Origin, user: MacroEntry | undefined): MacroEntry | undefined {
    const { macros } = this.#collected;
    const macro = macros.get(name);
    if (macro !== undefined && macro !== user && (user === undefined || macro.index < user.visibility)) {
      this.#usedMacros.add(name);
      return macro;
    }
    const near = nearestName(name, macros.keys());
    if (macro !== undefined) {
      this.#problems.add(
        'MACRO_UNDEFINED',
        at,
        `the macro ${name} is not defined before ${user!.name}, which uses it`,
        'Move its definition up.',
      );
    } else {
      const hint =
        near === undefined
          ? 'Define it, or write a comparison: fields have a dot in their name.'
          : `Did you mean ${near}?`;
      this.#problems.add('MACRO_UNDEFINED', at, `no macro ${name} is defined`, hint);
    }
    return undefined;
  }

  #buildRule(rule: RuleEntry): Rule | undefined {
    const parsed = this.#parse(withExceptions(rule.condition, rule.exceptions, this.#problems));
    if (
      parsed !== undefined &&
      rule.skipIfUnknownFilter &&
      this.#asksForUnknownField(parsed.condition, new Set())
    ) {
      const hint = 'Falco passes over it too; remove "skip-if-unknown-filter:" to see which fields.';
      this.#problems.add(
        'RULE_SKIPPED',
        rule.at,
        `the rule ${rule.name} asks for fields that do not exist, and is skipped`,
        hint,
      );
      return undefined;
    }
    const condition =
      parsed &&
      this.#bind(
        parsed,
        undefined,
        new Set(rule.exceptions.flatMap(({ values }) => values.map(({ at }) => at))),
      );
    const output = parseOutput(rule.output.text, this.#reporter(rule.output));
    if (condition === undefined || output === undefined) return undefined;
    if (possibleKinds(condition).size === 0) {
      this.#problems.add(
        'CONDITION_NEVER_TRUE',
        rule.condition.originOf(0),
        `the rule ${rule.name} never fires: no kind of record has all the fields that it asks for`,
        'See the kinds of each field in docs/reference/fields.md.',
      );
    }
    return {
      name: rule.name,
      description: rule.description,
      priority: rule.priority,
      source: rule.source,
      tags: [...rule.tags].sort(),
      enabled: rule.enabled,
      condition,
      output,
    };
  }

  #asksForUnknownField(condition: Condition, seen: Set<string>): boolean {
    switch (condition.kind) {
      case 'macro': {
        const macro = this.#parsedMacros.get(condition.name);
        if (macro === undefined || seen.has(condition.name)) return false;
        seen.add(condition.name);
        return this.#asksForUnknownField(macro.condition, seen);
      }
      case 'not':
        return this.#asksForUnknownField(condition.child, seen);
      case 'check': {
        const { left, right } = condition;
        return !FIELDS.has(left.field) || (right?.kind === 'operand' && !FIELDS.has(right.operand.field));
      }
      default:
        return condition.children.some((child) => this.#asksForUnknownField(child, seen));
    }
  }

  /** Undefined where something was reported. */
  #bind(
    parsed: ParsedText,
    user: MacroEntry | undefined,
    generated: ReadonlySet<Origin>,
  ): BoundCondition | undefined {
    const { text } = parsed;
    const report = this.#reporter(text);
    const isWritten = (at: number): boolean => {
      const origin = text.originOf(at);
      return !this.#listItems.has(origin) && !generated.has(origin);
    };
    const bind = (condition: Condition): BoundCondition | undefined => {
      switch (condition.kind) {
        case 'and':
        case 'or': {
          const children = condition.children.map(bind);
          return children.includes(undefined)
            ? undefined
            : { kind: condition.kind, children: children as BoundCondition[] };
        }
        case 'not': {
          const child = bind(condition.child);
          return child && { kind: 'not', child };
        }
        case 'check': {
          const check = bindCheck(condition, report, isWritten);
          return check && { kind: 'check', check };
        }
        case 'macro': {
          const macro = this.#visibleMacro(condition.name, text.originOf(condition.at), user);
          return macro && this.#bindMacro(macro);
        }
      }
    };
    return bind(parsed.condition);
  }

  #bindMacro(macro: MacroEntry): BoundCondition | undefined {
    if (this.#boundMacros.has(macro.name)) return this.#boundMacros.get(macro.name);
    // A macro that comes back to itself, by way of one that was appended to, finds nothing.
    this.#boundMacros.set(macro.name, undefined);
    const parsed = this.#parsedMacros.get(macro.name);
    const child = parsed && this.#bind(parsed, macro, new Set());
    const bound: BoundCondition | undefined = child && { kind: 'macro', child };
    this.#boundMacros.set(macro.name, bound);
    return bound;
  }

  #reporter(text: SourceText): Report {
    return (code: ProblemCode, at: number, message: string, hint: string) =>
      this.#problems.add(code, text.originOf(at), message, hint);
  }

  #reportUnused(): void {
    const { otherWords } = this.#collected;
    for (const { name, at } of this.#collected.macros.values()) {
      if (this.#usedMacros.has(name) || otherWords.has(name)) continue;
      this.#problems.add(
        'MACRO_UNUSED',
        at,
        `the macro ${name} is not used`,
        'Use it in a rule, or remove it.',
      );
    }
    for (const { name, used } of this.#lists) {
      if (used || otherWords.has(name)) continue;
      this.#problems.add(
        'LIST_UNUSED',
        this.#collected.lists.get(name)!.at,
        `the list ${name} is not used`,
        'Use it in a rule, or remove it.',
      );
    }
  }
}

function macroNames(condition: Condition): { name: string; at: number }[] {
  switch (condition.kind) {
    case 'macro':
      return [condition];
    case 'check':
      return [];
    case 'not':
      return macroNames(condition.child);
    default:
      return condition.children.flatMap(macroNames);
  }
}
