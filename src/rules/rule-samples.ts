/** Samples of rules: records on which a rule has to fire, and records on which it has to be silent. */
import { isMap, LineCounter, type Node, parseDocument, type YAMLMap } from 'yaml';
import { ObserverError } from '../base/errors.ts';
import { createRuleEngine } from './rule-engine.ts';
import type { RuleSet, RuleSource } from './rule-set.ts';

export interface Sample {
  readonly file: string;
  /** Where the record stands in the file, from 1. */
  readonly line: number;
  readonly rule: string;
  readonly expected: 'fires' | 'silent';
  /** As a line of JSON. */
  readonly record: string;
}

export interface SampleResult extends Sample {
  readonly passed: boolean;
  /** Why it did not pass. */
  readonly reason: string | undefined;
  /** All rules that fired. */
  readonly fired: readonly string[];
}

const KEYS = ['rule', 'fires', 'silent'] as const;
const MAX_SAMPLES = 10_000;

/** Throws SAMPLES_INVALID, with file and line. */
export function readSamples({ path, text }: RuleSource): Sample[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, intAsBigInt: true, prettyErrors: false });
  const lineOf = (node: unknown): number => lines.linePos((node as Node | null)?.range?.[0] ?? 0).line || 1;
  const fail = (message: string, line: number): never => {
    throw new ObserverError('SAMPLES_INVALID', `${path}:${line}: ${message}`);
  };
  const [fault] = document.errors;
  if (fault !== undefined) fail(fault.message, lines.linePos(fault.pos[0]).line);
  const top = document.contents;
  if (!isMap(top)) return fail('samples have to be a mapping', 1);
  for (const { key } of (top as YAMLMap<Node>).items) {
    if (!(KEYS as readonly string[]).includes(String(key)))
      fail(`${String(key)} is no key of samples; keys: ${KEYS.join(', ')}`, lineOf(key));
  }
  const rule = top.get('rule');
  if (typeof rule !== 'string' || rule === '') return fail('"rule:" has to name the rule', 1);
  return (['fires', 'silent'] as const).flatMap((expected) => {
    const node = top.get(expected, true) as unknown as Node | undefined;
    if (node === undefined) return fail(`"${expected}:" is missing`, 1);
    const records = 'items' in node && !isMap(node) ? (node.items as unknown[]) : [node];
    if (records.length === 0 || records.length > MAX_SAMPLES)
      fail(`"${expected}:" needs from 1 to ${MAX_SAMPLES} records`, lineOf(node));
    return records.map((record): Sample => {
      const value = (record as Node).toJS(document) as unknown;
      const line = lineOf(record);
      if (
        typeof value !== 'string' &&
        (typeof value !== 'object' || value === null || Array.isArray(value))
      ) {
        fail('a record has to be a mapping or a text of JSON', line);
      }
      return {
        file: path,
        line,
        rule,
        expected,
        record: typeof value === 'string' ? value.trim() : toJson(value),
      };
    });
  });
}

/** JSON with all digits of large integers. */
function toJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(toJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`);
  return `{${entries.join(',')}}`;
}

/** Runs all rules over each sample, also those that are not enabled. */
export function runSamples(ruleSet: RuleSet, samples: readonly Sample[]): SampleResult[] {
  const known = new Set(ruleSet.rules.map((rule) => rule.name));
  const engine = createRuleEngine(
    { rules: ruleSet.rules.map((rule) => ({ ...rule, enabled: true })) },
    { matching: 'all' },
  );
  return samples.map((sample) => {
    const skippedBefore = skippedCount(engine.counts.skipped);
    const fired = engine.evaluateLine(sample.record).map((alert) => alert.rule);
    let reason: string | undefined;
    if (!known.has(sample.rule)) reason = 'no rule has this name';
    else if (skippedCount(engine.counts.skipped) > skippedBefore) reason = 'the record would be skipped';
    else if (fired.includes(sample.rule) !== (sample.expected === 'fires')) {
      reason = sample.expected === 'fires' ? 'the rule did not fire' : 'the rule fired';
    }
    return { ...sample, passed: reason === undefined, reason, fired };
  });
}

function skippedCount(skipped: Readonly<Record<string, number>>): number {
  return Object.values(skipped).reduce((sum, count) => sum + count, 0);
}
