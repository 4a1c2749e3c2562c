/** Rule files, item by item: what each says, before anything is put together. */

import { nearestName } from './fields.ts';
import type { ProblemLog } from './problem.ts';
import type { Origin, SourceText } from './source-text.ts';
import { entryOf, type YamlMap, type YamlNode, type YamlScalar } from './yaml-tree.ts';

const ITEM_KEYS = {
  rule: [
    'rule',
    'desc',
    'condition',
    'output',
    'priority',
    'source',
    'enabled',
    'tags',
    'exceptions',
    'append',
    'override',
    'warn_evttypes',
    'skip-if-unknown-filter',
    'capture',
    'capture_duration',
    'capture_events',
    'capture_filesize',
  ],
  macro: ['macro', 'condition', 'append', 'override'],
  list: ['list', 'items', 'append', 'override'],
  required_engine_version: ['required_engine_version'],
  required_plugin_versions: ['required_plugin_versions'],
} as const;

export type ItemKind = keyof typeof ITEM_KEYS;

/** The order in which Falco looks at an item's keys. */
const KINDS = [
  'required_engine_version',
  'required_plugin_versions',
  'list',
  'macro',
  'rule',
] as const satisfies readonly ItemKind[];

/** YAML 1.1's words, which Falco's YAML library takes for booleans. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  y: true,
  yes: true,
  true: true,
  on: true,
  n: false,
  no: false,
  false: false,
  off: false,
};

export type OverrideOperation = 'append' | 'replace';

export interface RuleItem {
  readonly kind: ItemKind;
  readonly name: string;
  /** Of the name. */
  readonly at: Origin;
  readonly map: YamlMap;
  /** Key → operation of `override:`; the old `append: true` is an operation on each key that can be appended to. */
  readonly overrides: ReadonlyMap<string, OverrideOperation>;
}

const APPENDABLE: Readonly<Record<string, readonly string[]>> = {
  rule: ['condition', 'output', 'desc', 'tags', 'exceptions'],
  macro: ['condition'],
  list: ['items'],
};
const REPLACEABLE: Readonly<Record<string, readonly string[]>> = {
  rule: [
    ...APPENDABLE.rule!,
    'priority',
    'enabled',
    'warn_evttypes',
    'skip-if-unknown-filter',
    'capture',
    'capture_duration',
    'capture_events',
    'capture_filesize',
  ],
  macro: ['condition'],
  list: ['items'],
};

/** The items of one YAML document. */
export function readItems(document: YamlNode, problems: ProblemLog): RuleItem[] {
  if (document.kind === 'scalar' && document.isNull) return [];
  if (document.kind !== 'list') {
    problems.add(
      'NOT_A_RULE_FILE',
      document.at,
      'a rule file is a list of items',
      'Start each item with "- rule:", "- macro:" or "- list:".',
    );
    return [];
  }
  return document.items.flatMap((node) => readItem(node, problems) ?? []);
}

function readItem(node: YamlNode, problems: ProblemLog): RuleItem | undefined {
  if (node.kind === 'scalar' && node.isNull) return undefined;
  if (node.kind !== 'map') {
    problems.add(
      'NOT_A_RULE_FILE',
      node.at,
      'an item is not a mapping',
      'Write it as "- rule: NAME" with its keys below.',
    );
    return undefined;
  }
  const kind = KINDS.find((key) => entryOf(node, key) !== undefined);
  if (kind === undefined) {
    const keys = node.entries.map((entry) => entry.key).join(', ');
    problems.add(
      'ITEM_UNKNOWN',
      node.at,
      `an item is neither rule, macro nor list: ${keys}`,
      'Falco passes over it; name it with rule:, macro: or list:.',
    );
    return undefined;
  }
  checkKeys(node, kind, problems);
  const value = entryOf(node, kind)!;
  if (kind === 'required_engine_version' || kind === 'required_plugin_versions') {
    return { kind, name: '', at: value.at, map: node, overrides: new Map() };
  }
  const name = readText(node, kind, problems);
  if (name === undefined) return undefined;
  const overrides = readOverrides(node, kind, problems);
  return overrides && { kind, name: name.text, at: name.at, map: node, overrides };
}

function checkKeys(map: YamlMap, kind: ItemKind, problems: ProblemLog): void {
  const known: readonly string[] = ITEM_KEYS[kind];
  const seen = new Set<string>();
  for (const { key, at } of map.entries) {
    if (seen.has(key))
      problems.add(
        'KEY_DUPLICATE',
        at,
        `${key} stands twice`,
        'Falco takes the first one; remove the other.',
      );
    else if (!known.includes(key)) {
      const near = nearestName(key, known);
      problems.add(
        'KEY_UNKNOWN',
        at,
        `${key} is no key of a ${kind}`,
        near === undefined ? `Keys: ${known.join(', ')}.` : `Did you mean ${near}?`,
      );
    }
    seen.add(key);
  }
}

function readOverrides(
  map: YamlMap,
  kind: 'rule' | 'macro' | 'list',
  problems: ProblemLog,
): Map<string, OverrideOperation> | undefined {
  const overrides = new Map<string, OverrideOperation>();
  const append = entryOf(map, 'append');
  const node = entryOf(map, 'override');
  if (append !== undefined) {
    if (readBool(map, 'append', problems) === true) {
      problems.add(
        'APPEND_DEPRECATED',
        append.at,
        '"append: true" is deprecated',
        `Write "override:" with "${APPENDABLE[kind]![0]}: append" below it.`,
      );
      if (node !== undefined) {
        problems.add(
          'OVERRIDE_INVALID',
          node.at,
          '"append: true" and "override:" cannot stand together',
          'Remove "append: true".',
        );
        return undefined;
      }
      const keys = kind === 'rule' ? ['condition', 'exceptions'] : APPENDABLE[kind]!;
      for (const key of keys) if (entryOf(map, key) !== undefined) overrides.set(key, 'append');
      if (overrides.size === 0) {
        problems.add(
          'OVERRIDE_INVALID',
          append.at,
          'there is nothing to append',
          'Add a condition or exceptions.',
        );
        return undefined;
      }
      return overrides;
    }
  }
  if (node === undefined) return overrides;
  if (node.kind !== 'map' || node.entries.length === 0) {
    problems.add(
      'OVERRIDE_INVALID',
      node.at,
      '"override:" says for no key what to do',
      'Write e.g. "condition: append" below it.',
    );
    return undefined;
  }
  for (const { key, at, value } of node.entries) {
    const operation = value.kind === 'scalar' ? value.text : '';
    const allowed =
      operation === 'append' ? APPENDABLE[kind]! : operation === 'replace' ? REPLACEABLE[kind]! : [];
    if (operation !== 'append' && operation !== 'replace') {
      problems.add('OVERRIDE_INVALID', value.at, `"${operation}" is no override`, 'Write append or replace.');
      return undefined;
    }
    if (!allowed.includes(key)) {
      const hint =
        operation === 'append' && REPLACEABLE[kind]!.includes(key)
          ? 'Write replace.'
          : `Keys: ${allowed.join(', ')}.`;
      problems.add(
        'OVERRIDE_INVALID',
        at,
        `${key} of a ${kind} cannot be overridden with ${operation}`,
        hint,
      );
      return undefined;
    }
    if (entryOf(map, key) === undefined) {
      problems.add(
        'OVERRIDE_INVALID',
        at,
        `"override:" names ${key}, which is not there`,
        `Add ${key}, or remove it below "override:".`,
      );
      return undefined;
    }
    overrides.set(key, operation);
  }
  if (kind === 'rule') {
    for (const { key, at } of map.entries) {
      if (REPLACEABLE.rule!.includes(key) && !overrides.has(key)) {
        problems.add(
          'OVERRIDE_INVALID',
          at,
          `"override:" does not say what to do with ${key}`,
          `Add "${key}: replace" below "override:", or remove ${key}.`,
        );
        return undefined;
      }
    }
  }
  return overrides;
}

/** A scalar that is not empty; reports and gives undefined where there is none. */
export function readText(map: YamlMap, key: string, problems: ProblemLog): YamlScalar | undefined {
  const value = entryOf(map, key);
  if (value === undefined) {
    problems.add('KEY_MISSING', map.at, `${key} is missing`, `Add "${key}:".`);
    return undefined;
  }
  if (value.kind !== 'scalar' || value.isNull || value.text === '') {
    problems.add(
      'VALUE_INVALID',
      value.at,
      `${key} has to be a text that is not empty`,
      `Write it after "${key}:".`,
    );
    return undefined;
  }
  return value;
}

export function readSource(map: YamlMap, key: string, problems: ProblemLog): SourceText | undefined {
  return readText(map, key, problems)?.source();
}

/** Undefined where the key is absent or was reported. */
export function readBool(map: YamlMap, key: string, problems: ProblemLog): boolean | undefined {
  const value = entryOf(map, key);
  if (value === undefined) return undefined;
  const { text } = value.kind === 'scalar' ? value : { text: '' };
  const isWritten =
    text === text.toLowerCase() ||
    text === text.toUpperCase() ||
    text === text[0]?.toUpperCase() + text.slice(1).toLowerCase();
  const known =
    isWritten && Object.hasOwn(BOOLEANS, text.toLowerCase()) ? BOOLEANS[text.toLowerCase()] : undefined;
  if (known === undefined)
    problems.add('VALUE_INVALID', value.at, `${key} is neither true nor false`, 'Write true or false.');
  return known;
}

/** Scalars of a sequence; undefined where it is none. */
export function readTexts(map: YamlMap, key: string, problems: ProblemLog): YamlScalar[] | undefined {
  const value = entryOf(map, key);
  if (value === undefined) {
    problems.add('KEY_MISSING', map.at, `${key} is missing`, `Add "${key}: [...]".`);
    return undefined;
  }
  if (value.kind !== 'list') {
    problems.add('VALUE_INVALID', value.at, `${key} has to be a list`, `Write "${key}: [a, b]".`);
    return undefined;
  }
  const texts: YamlScalar[] = [];
  for (const item of value.items) {
    if (item.kind !== 'scalar' || item.isNull) {
      problems.add(
        'VALUE_INVALID',
        item.at,
        `an element of ${key} is no text`,
        'Write plain values; quote null and ~.',
      );
      return undefined;
    }
    texts.push(item);
  }
  return texts;
}
