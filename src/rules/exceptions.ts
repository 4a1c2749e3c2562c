/** Exceptions of rules, which become part of the condition: `(condition) and not (exceptions)`. */
import { LIST_OPERATORS, OPERATORS } from './condition-ast.ts';
import { FIELDS } from './fields.ts';
import { quoteItem } from './list-expansion.ts';
import type { ProblemLog } from './problem.ts';
import { type Origin, SourceText } from './source-text.ts';
import { entryOf, type YamlMap, type YamlNode, type YamlScalar } from './yaml-tree.ts';

export interface RuleException {
  readonly name: string;
  readonly at: Origin;
  /** One field, or several that are compared together. */
  readonly fields: YamlNode | undefined;
  readonly comps: YamlNode | undefined;
  readonly values: readonly YamlNode[];
}

const KEYS = ['name', 'fields', 'comps', 'values'];

/** The exceptions below a rule; what makes no sense is reported and left out. */
export function readExceptions(map: YamlMap, isAppend: boolean, problems: ProblemLog): RuleException[] {
  const node = entryOf(map, 'exceptions');
  if (node === undefined || (node.kind === 'scalar' && node.isNull)) return [];
  if (node.kind !== 'list') {
    problems.add('EXCEPTION_INVALID', node.at, 'exceptions have to be a list', 'Write "- name: …" below it.');
    return [];
  }
  const exceptions: RuleException[] = [];
  for (const item of node.items) {
    const name = item.kind === 'map' ? entryOf(item, 'name') : undefined;
    if (item.kind !== 'map' || name?.kind !== 'scalar' || name.text === '') {
      problems.add('EXCEPTION_INVALID', item.at, 'an exception has no name', 'Start it with "- name: …".');
      continue;
    }
    for (const { key, at } of item.entries) {
      if (!KEYS.includes(key))
        problems.add('KEY_UNKNOWN', at, `${key} is no key of an exception`, `Keys: ${KEYS.join(', ')}.`);
    }
    if (exceptions.some((other) => other.name === name.text)) {
      problems.add(
        'EXCEPTION_INVALID',
        item.at,
        `the exception ${name.text} stands twice`,
        'Put their values together.',
      );
      continue;
    }
    const values = entryOf(item, 'values');
    if (values !== undefined && values.kind !== 'list') {
      problems.add(
        'EXCEPTION_INVALID',
        values.at,
        'values of an exception have to be a list',
        'Write "values: [[a, b]]", or "[a, b]" for one field.',
      );
      continue;
    }
    const fields = entryOf(item, 'fields');
    if (fields === undefined && !isAppend) {
      problems.add(
        'EXCEPTION_INVALID',
        item.at,
        `the exception ${name.text} has no fields`,
        'Add "fields:".',
      );
      continue;
    }
    if (values === undefined && isAppend) {
      problems.add(
        'EXCEPTION_WITHOUT_VALUES',
        item.at,
        `the exception ${name.text} adds no values`,
        'Add "values:".',
      );
    }
    exceptions.push({
      name: name.text,
      at: item.at,
      fields,
      comps: entryOf(item, 'comps'),
      values: values?.items ?? [],
    });
  }
  return exceptions;
}

/** Adds exceptions to those that a rule has: values to those of the same name, the others as they are. */
export function appendExceptions(
  to: RuleException[],
  added: readonly RuleException[],
  problems: ProblemLog,
): void {
  for (const exception of added) {
    const index = to.findIndex((other) => other.name === exception.name);
    const before = to[index];
    if (before === undefined) {
      if (exception.fields === undefined || exception.values.length === 0) {
        problems.add(
          'EXCEPTION_INVALID',
          exception.at,
          `the new exception ${exception.name} needs fields and values`,
          'Add both.',
        );
      } else {
        to.push(exception);
      }
    } else if (exception.fields !== undefined || exception.comps !== undefined) {
      problems.add(
        'EXCEPTION_INVALID',
        exception.at,
        `only values can be added to the exception ${exception.name}`,
        'Remove fields and comps.',
      );
    } else {
      to[index] = { ...before, values: [...before.values, ...exception.values] };
    }
  }
}

/** The condition with its exceptions; they have been read without problems. */
export function withExceptions(
  condition: SourceText,
  exceptions: readonly RuleException[],
  problems: ProblemLog,
): SourceText {
  if (exceptions.length === 0) return condition;
  const start = condition.originOf(0);
  const parts = [SourceText.at('(', start), condition, SourceText.at(')', start)];
  for (const exception of exceptions) {
    const built =
      exception.fields?.kind === 'list' ? severalFields(exception, problems) : oneField(exception, problems);
    if (built !== undefined) parts.push(SourceText.at(' and not ', exception.at), built);
  }
  return SourceText.join(parts);
}

const DEFAULT_COMPARISON = '=';

function oneField(exception: RuleException, problems: ProblemLog): SourceText | undefined {
  const field = textOf(exception.fields);
  const comparison = exception.comps === undefined ? 'in' : textOf(exception.comps);
  if (field === undefined || !checkField(field, problems)) return undefined;
  if (comparison === undefined || !LIST_OPERATORS.has(comparison.toString())) {
    const at = exception.comps?.at ?? exception.at;
    problems.add(
      'EXCEPTION_INVALID',
      at,
      'one field is compared with in, pmatch or intersects',
      'Write fields and comps as lists for other comparisons.',
    );
    return undefined;
  }
  const values: SourceText[] = [];
  for (const value of exception.values) {
    const text = textOf(value);
    if (text === undefined) {
      problems.add(
        'EXCEPTION_INVALID',
        value.at,
        'values for one field are no lists',
        'Write "values: [a, b]", or "fields: [FIELD]" for lists.',
      );
      return undefined;
    }
    values.push(SourceText.at(`${values.length === 0 ? '' : ', '}${quoteItem(text.toString())}`, value.at));
  }
  if (values.length === 0) return undefined;
  const { at } = exception;
  return SourceText.join([
    SourceText.at(`(${field} ${comparison} (`, at),
    ...values,
    SourceText.at('))', at),
  ]);
}

function severalFields(exception: RuleException, problems: ProblemLog): SourceText | undefined {
  const { at } = exception;
  const fields = textsOf(exception.fields);
  const comparisons =
    exception.comps === undefined
      ? fields?.map(() => DEFAULT_COMPARISON)
      : textsOf(exception.comps)?.map(String);
  if (fields === undefined || comparisons?.length !== fields.length) {
    problems.add(
      'EXCEPTION_INVALID',
      at,
      'fields and comps have to be lists of one length',
      'Give one comparison for each field.',
    );
    return undefined;
  }
  if (!fields.every((field) => checkField(field, problems))) return undefined;
  const unknown = comparisons.find(
    (comparison) => comparison !== '==' && !(OPERATORS as readonly string[]).includes(comparison),
  );
  if (unknown !== undefined) {
    problems.add(
      'EXCEPTION_INVALID',
      exception.comps?.at ?? at,
      `${unknown} is no comparison`,
      `Comparisons: ${OPERATORS.join(', ')}.`,
    );
    return undefined;
  }
  const alternatives: SourceText[] = [];
  for (const value of exception.values) {
    if (value.kind !== 'list' || value.items.length !== fields.length) {
      problems.add(
        'EXCEPTION_INVALID',
        value.at,
        `an element of values has to be a list of ${fields.length}, one for each field`,
        'Write "- [a, b]".',
      );
      return undefined;
    }
    const parts = [SourceText.at(alternatives.length === 0 ? '(' : ' or (', value.at)];
    for (const [i, field] of fields.entries()) {
      const item = value.items[i]!;
      parts.push(
        SourceText.at(
          `${i === 0 ? '' : ' and '} ${field} ${comparisons[i]} ${valueText(item, comparisons[i]!)}`,
          item.at,
        ),
      );
    }
    parts.push(SourceText.at(')', value.at));
    alternatives.push(SourceText.join(parts));
  }
  if (alternatives.length === 0) return undefined;
  return SourceText.join([SourceText.at('(', at), ...alternatives, SourceText.at(')', at)]);
}

function valueText(item: YamlNode, comparison: string): string {
  if (item.kind === 'list') {
    return `(${item.items.map((element) => quoteItem(element.kind === 'scalar' ? element.text : '')).join(', ')})`;
  }
  const text = item.kind === 'scalar' ? item.text : '';
  if (LIST_OPERATORS.has(comparison)) return text.startsWith('(') ? text : `(${text})`;
  return quoteItem(text);
}

function checkField(field: { text: string; at: Origin }, problems: ProblemLog): boolean {
  if (FIELDS.has(field.text)) return true;
  problems.add(
    'FIELD_UNKNOWN',
    field.at,
    `${field.text} is no field`,
    'The fields are in docs/reference/fields.md.',
  );
  return false;
}

class Text {
  readonly text: string;
  readonly at: Origin;

  constructor({ text, at }: YamlScalar) {
    this.text = text;
    this.at = at;
  }

  toString(): string {
    return this.text;
  }
}

function textOf(node: YamlNode | undefined): Text | undefined {
  return node?.kind === 'scalar' && !node.isNull && node.text !== '' ? new Text(node) : undefined;
}

function textsOf(node: YamlNode | undefined): Text[] | undefined {
  if (node?.kind !== 'list') return undefined;
  const texts = node.items.map(textOf);
  return texts.includes(undefined) ? undefined : (texts as Text[]);
}
