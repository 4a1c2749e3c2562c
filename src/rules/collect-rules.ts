/** Items of all files put together in their order: later ones add to earlier ones or replace them. */
import { appendExceptions, type RuleException, readExceptions } from './exceptions.ts';
import { nearestName, RULE_SOURCE } from './fields.ts';
import type { ListItem } from './list-expansion.ts';
import { PRIORITIES, type Priority, parsePriority } from './priority.ts';
import type { ProblemLog } from './problem.ts';
import { checkRequirements } from './requirements.ts';
import { type RuleItem, readBool, readSource, readText, readTexts } from './rule-file.ts';
import { type Origin, SourceText } from './source-text.ts';
import { entryOf, type YamlNode } from './yaml-tree.ts';

interface Entry {
  readonly name: string;
  /** Of its first definition. */
  readonly index: number;
  /** Of the last item about it: it sees what was defined before. */
  visibility: number;
  at: Origin;
}

export interface ListEntry extends Entry {
  items: ListItem[];
}

export interface MacroEntry extends Entry {
  condition: SourceText;
}

export interface RuleEntry extends Entry {
  condition: SourceText;
  output: SourceText;
  description: string;
  priority: Priority;
  source: string;
  tags: Set<string>;
  enabled: boolean;
  exceptions: RuleException[];
  skipIfUnknownFilter: boolean;
}

const SYSCALL = 'syscall';
/** Sources that Falco's own plugins bring; rules for them are none of our business. */
const OTHER_SOURCES = new Set([
  SYSCALL,
  'k8s_audit',
  'aws_cloudtrail',
  'okta',
  'github',
  'gcp_auditlog',
  'journald',
  'kafka',
  'keycloak',
  'nomad',
  'salesforce',
  'box',
  'gitlab',
  'collector',
  'dummy',
  'dummy_c',
]);

const LIST_NAME = /^[^()"' \t\n\v\f\r=,]+$/;
const MACRO_NAME = /^[a-zA-Z]+[a-zA-Z0-9_]*$/;
const BLANK = ' ';

export class RuleCollector {
  readonly lists = new Map<string, ListEntry>();
  readonly macros = new Map<string, MacroEntry>();
  readonly rules = new Map<string, RuleEntry>();
  /** Names of rules of other sources. */
  readonly others = new Set<string>();
  /** Words in their conditions and exceptions, which may name macros and lists. */
  readonly otherWords = new Set<string>();
  readonly #problems: ProblemLog;
  #index = 0;

  constructor(problems: ProblemLog) {
    this.#problems = problems;
  }

  add(item: RuleItem): void {
    switch (item.kind) {
      case 'required_engine_version':
      case 'required_plugin_versions':
        checkRequirements(item, this.#problems);
        break;
      case 'list':
        this.#addList(item);
        break;
      case 'macro':
        this.#addMacro(item);
        break;
      case 'rule':
        this.#addRule(item);
        break;
    }
  }

  #addList({ name, at, map, overrides }: RuleItem): void {
    if (!LIST_NAME.test(name)) {
      this.#problems.add('NAME_INVALID', at, `"${name}" cannot name a list`, 'Use letters, digits, _ and -.');
      return;
    }
    const texts = readTexts(map, 'items', this.#problems);
    if (texts === undefined) return;
    const items = texts.map((text) => ({ text: text.text, at: text.at }));
    for (const item of items) this.#checkItem(item);
    const before = this.lists.get(name);
    if (overrides.get('items') === 'append') {
      if (before === undefined) {
        this.#nothingToOverride('list', name, at);
        return;
      }
      before.items.push(...items);
      before.visibility = this.#index++;
      return;
    }
    if (before !== undefined && overrides.size === 0) this.#redefined('list', name, at, before.at);
    this.lists.set(name, { name, index: before?.index ?? this.#index, visibility: this.#index++, at, items });
  }

  /** Items are put into conditions as text, so they have to be a single value there. */
  #checkItem({ text, at }: ListItem): void {
    const isQuoted = /^"(?:[^"\\]|\\.)*"$|^'(?:[^'\\]|\\.)*'$/s.test(text);
    const breaks = text === '' || (text.includes(' ') ? text.includes('"') : !LIST_NAME.test(text));
    if (isQuoted || !breaks) return;
    this.#problems.add(
      'VALUE_INVALID',
      at,
      `"${text}" would not be one value in a condition`,
      `Write it with quotes inside quotes: '"${text.replaceAll('"', '\\"')}"'.`,
    );
  }

  #addMacro({ name, at, map, overrides }: RuleItem): void {
    if (!MACRO_NAME.test(name)) {
      this.#problems.add(
        'NAME_INVALID',
        at,
        `"${name}" cannot name a macro`,
        'Use letters, digits and _, a letter first.',
      );
      return;
    }
    const condition = readSource(map, 'condition', this.#problems);
    if (condition === undefined) return;
    const before = this.macros.get(name);
    if (overrides.get('condition') === 'append') {
      if (before === undefined) {
        this.#nothingToOverride('macro', name, at);
        return;
      }
      before.condition = appended(before.condition, condition);
      before.visibility = this.#index++;
      return;
    }
    if (before !== undefined && overrides.size === 0) this.#redefined('macro', name, at, before.at);
    this.macros.set(name, {
      name,
      index: before?.index ?? this.#index,
      visibility: this.#index++,
      at,
      condition,
    });
  }

  #addRule(item: RuleItem): void {
    const { name, at, map, overrides } = item;
    const before = this.rules.get(name);
    if (overrides.size > 0) {
      if (before !== undefined) this.#overrideRule(item, before);
      else if (this.others.has(name)) this.#noteWords(map);
      else this.#nothingToOverride('rule', name, at);
      return;
    }
    const defines = ['condition', 'output', 'desc', 'priority'].some(
      (key) => entryOf(map, key) !== undefined,
    );
    if (defines) this.#defineRule(item, before);
    else this.#enableRule(item, before);
  }

  /** `- rule: NAME` with nothing but `enabled:` turns an earlier rule on or off. */
  #enableRule({ name, at, map }: RuleItem, before: RuleEntry | undefined): void {
    if (entryOf(map, 'enabled') === undefined) {
      this.#problems.add(
        'KEY_MISSING',
        at,
        `the rule ${name} has neither a condition nor "enabled:"`,
        'Add condition, output, desc and priority.',
      );
      return;
    }
    const enabled = readBool(map, 'enabled', this.#problems);
    if (before === undefined) {
      if (!this.others.has(name)) this.#nothingToOverride('rule', name, at);
      return;
    }
    this.#problems.add(
      'ENABLED_DEPRECATED',
      at,
      '"enabled:" alone is deprecated',
      'Add "override:" with "enabled: replace" below it.',
    );
    before.enabled = enabled ?? before.enabled;
  }

  #defineRule({ name, at, map }: RuleItem, before: RuleEntry | undefined): void {
    const problems = this.#problems;
    const source = this.#sourceOf(name, at, map);
    if (source === undefined) return;
    if (source !== RULE_SOURCE) {
      this.others.add(name);
      this.#noteWords(map);
      problems.add(
        'OTHER_SOURCE',
        at,
        `the rule ${name} is for the source ${source}`,
        'It is left alone here; Falco runs it where that source is.',
      );
      return;
    }
    const condition = readSource(map, 'condition', problems);
    const output = readSource(map, 'output', problems);
    const description = readText(map, 'desc', problems)?.text;
    const priority = this.#priorityOf(map);
    const enabled = readBool(map, 'enabled', problems) ?? true;
    const skipIfUnknownFilter = readBool(map, 'skip-if-unknown-filter', problems) ?? false;
    readBool(map, 'warn_evttypes', problems);
    const tags = entryOf(map, 'tags') === undefined ? [] : readTexts(map, 'tags', problems);
    const exceptions = readExceptions(map, false, problems);
    if (
      condition === undefined ||
      output === undefined ||
      description === undefined ||
      priority === undefined ||
      tags === undefined
    )
      return;
    if (before !== undefined) {
      problems.add(
        'RULE_DUPLICATE',
        at,
        `the rule ${name} is defined twice; this one replaces the first without a word`,
        'Give it another name, or say what changes with "override:".',
      );
    }
    this.rules.set(name, {
      name,
      index: before?.index ?? this.#index,
      visibility: this.#index++,
      at,
      condition,
      output: trimmed(output),
      description,
      priority,
      source,
      tags: new Set(tags.map((tag) => tag.text)),
      enabled,
      exceptions,
      skipIfUnknownFilter,
    });
  }

  #noteWords(node: YamlNode): void {
    if (node.kind === 'scalar') {
      for (const word of node.text.split(/[\s(),="']+/)) this.otherWords.add(word);
    } else {
      const children = node.kind === 'list' ? node.items : node.entries.map((entry) => entry.value);
      for (const child of children) this.#noteWords(child);
    }
  }

  #sourceOf(name: string, at: Origin, map: RuleItem['map']): string | undefined {
    const node = entryOf(map, 'source');
    if (node === undefined) {
      const condition = entryOf(map, 'condition');
      if (condition?.kind === 'scalar' && /\bmcp\.[a-z]/.test(condition.text)) {
        this.#problems.add(
          'SOURCE_MISSING',
          at,
          `the rule ${name} has no source, so it is a rule for ${SYSCALL} events`,
          `Add "source: ${RULE_SOURCE}".`,
        );
        return undefined;
      }
      return SYSCALL;
    }
    const source = readText(map, 'source', this.#problems)?.text;
    if (source === undefined || source === RULE_SOURCE || OTHER_SOURCES.has(source)) return source;
    const near = nearestName(source, [RULE_SOURCE, ...OTHER_SOURCES]);
    this.#problems.add(
      'SOURCE_UNKNOWN',
      node.at,
      `${source} is no known source, so Falco never runs the rule`,
      near === undefined ? `Records have the source ${RULE_SOURCE}.` : `Did you mean ${near}?`,
    );
    return undefined;
  }

  #priorityOf(map: RuleItem['map']): Priority | undefined {
    const text = readText(map, 'priority', this.#problems);
    if (text === undefined) return undefined;
    const priority = parsePriority(text.text);
    if (priority === undefined) {
      this.#problems.add(
        'PRIORITY_UNKNOWN',
        text.at,
        `${text.text} is no priority`,
        `Priorities: ${PRIORITIES.join(', ')}.`,
      );
    }
    return priority;
  }

  #overrideRule({ map, overrides }: RuleItem, rule: RuleEntry): void {
    const problems = this.#problems;
    for (const [key, operation] of overrides) {
      const isAppend = operation === 'append';
      switch (key) {
        case 'condition': {
          const text = readSource(map, key, problems);
          if (text !== undefined) rule.condition = isAppend ? appended(rule.condition, text) : text;
          break;
        }
        case 'output': {
          const text = readSource(map, key, problems);
          if (text !== undefined) rule.output = isAppend ? appended(rule.output, text) : text;
          break;
        }
        case 'desc': {
          const text = readText(map, key, problems)?.text;
          if (text !== undefined) rule.description = isAppend ? `${rule.description} ${text}` : text;
          break;
        }
        case 'tags': {
          const tags = readTexts(map, key, problems)?.map((tag) => tag.text) ?? [];
          rule.tags = new Set([...(isAppend ? rule.tags : []), ...tags]);
          break;
        }
        case 'exceptions': {
          const exceptions = readExceptions(map, isAppend, problems);
          if (isAppend) appendExceptions(rule.exceptions, exceptions, problems);
          else rule.exceptions = exceptions;
          break;
        }
        case 'priority':
          rule.priority = this.#priorityOf(map) ?? rule.priority;
          break;
        case 'enabled':
          rule.enabled = readBool(map, key, problems) ?? rule.enabled;
          break;
        case 'skip-if-unknown-filter':
          rule.skipIfUnknownFilter = readBool(map, key, problems) ?? rule.skipIfUnknownFilter;
          break;
      }
    }
    rule.visibility = this.#index++;
  }

  #redefined(kind: 'list' | 'macro', name: string, at: Origin, before: Origin): void {
    const key = kind === 'list' ? 'items' : 'condition';
    const hint = `Say so with "override:" and "${key}: replace" (or append) below it.`;
    if (at.file === before.file) {
      const code = kind === 'list' ? 'LIST_DUPLICATE' : 'MACRO_DUPLICATE';
      this.#problems.add(
        code,
        at,
        `the ${kind} ${name} is defined twice; this one replaces the first without a word`,
        hint,
      );
    } else {
      this.#problems.add('REDEFINED', at, `the ${kind} ${name} replaces that of an earlier file`, hint);
    }
  }

  #nothingToOverride(kind: string, name: string, at: Origin): void {
    this.#problems.add(
      'NOTHING_TO_OVERRIDE',
      at,
      `no ${kind} ${name} was defined before`,
      'Check the name and the order of the files.',
    );
  }
}

function appended(before: SourceText, added: SourceText): SourceText {
  return SourceText.join([before, SourceText.at(BLANK, added.originOf(0)), added]);
}

function trimmed(source: SourceText): SourceText {
  const start = source.text.length - source.text.trimStart().length;
  return source.slice(start, start + source.text.trim().length);
}
