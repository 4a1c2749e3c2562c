/** Runs rules over records, one line at a time. */
import { isUtf8 } from 'node:buffer';
import type { Alert } from './alert.ts';
import type { Rule } from './build-rules.ts';
import { type BoundCondition, compileCondition, type Test } from './compile-condition.ts';
import { compileOutput, type RenderedOutput, toSigned } from './output-format.ts';
import { isAtLeast, type Priority } from './priority.ts';
import { RecordView, type SkipReason } from './record-view.ts';
import type { RuleSet } from './rule-set.ts';

export interface RuleEngineOptions {
  /** `first`: the first rule that fires on a record makes the only alert, as in Falco by default. */
  readonly matching?: 'first' | 'all';
  /** Rules that are less urgent do not run. */
  readonly minimumPriority?: Priority;
  /** Name of the host in alerts (default: this one's). */
  readonly hostname?: string;
  /** Times in the text of alerts as ISO 8601 in UTC, and not as local time of day. */
  readonly isoTime?: boolean;
  /** Bytes of a line, its end not counted, beyond which it is skipped (default: 65,536). */
  readonly maxRecordBytes?: number;
}

export interface EngineCounts {
  /** Records that rules ran over. */
  readonly records: number;
  readonly alerts: number;
  readonly skipped: Readonly<Record<SkipReason, number>>;
}

export interface RuleEngine {
  /** Alerts of one record, given without its line end. Empty lines and skipped ones have none. */
  evaluateLine(line: Uint8Array | string): readonly Alert[];
  readonly counts: EngineCounts;
}

/** The limit of the Falco plugin too. */
export const DEFAULT_MAX_RECORD_BYTES = 65_536;
const CARRIAGE_RETURN = 0x0d;
const NONE: readonly Alert[] = [];

interface LiveRule {
  readonly rule: Rule;
  readonly test: Test;
  readonly render: () => RenderedOutput;
}

export function createRuleEngine(ruleSet: RuleSet, options: RuleEngineOptions = {}): RuleEngine {
  return new Engine(ruleSet, options);
}

class Engine implements RuleEngine {
  readonly #view: RecordView;
  readonly #onlyFirst: boolean;
  readonly #isoTime: boolean;
  readonly #maxBytes: number;
  /** Rules by what `mcp.record` is, each list in the order of definition. */
  readonly #byKind = new Map<unknown, readonly LiveRule[]>();
  readonly #ofAnyKind: readonly LiveRule[];
  readonly #skipped: Record<SkipReason, number> = { too_long: 0, broken_json: 0, missing_field: 0 };
  #alerts = 0;

  constructor(ruleSet: RuleSet, options: RuleEngineOptions) {
    this.#view = new RecordView(options.hostname === undefined ? {} : { hostname: options.hostname });
    this.#onlyFirst = (options.matching ?? 'first') === 'first';
    this.#isoTime = options.isoTime ?? false;
    this.#maxBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    const minimum = options.minimumPriority ?? 'Debug';
    const known = new Map<BoundCondition, Test>();
    const live = ruleSet.rules
      .filter((rule) => rule.enabled && isAtLeast(rule.priority, minimum))
      .map((rule) => ({
        rule,
        test: compileCondition(rule.condition, this.#view, known),
        render: compileOutput(rule.output, this.#view),
      }));
    const kinds = new Set(live.flatMap(({ rule }) => [...(rule.kinds ?? [])]));
    for (const kind of kinds)
      this.#byKind.set(
        kind,
        live.filter(({ rule }) => rule.kinds?.has(kind) ?? true),
      );
    this.#ofAnyKind = live.filter(({ rule }) => rule.kinds === undefined);
  }

  get counts(): EngineCounts {
    return { records: this.#view.number, alerts: this.#alerts, skipped: { ...this.#skipped } };
  }

  evaluateLine(line: Uint8Array | string): readonly Alert[] {
    const text = this.#textOf(line);
    if (text === undefined || text === '') return NONE;
    const reason = this.#view.load(text);
    if (reason !== undefined) {
      this.#skipped[reason]++;
      return NONE;
    }
    let alerts: Alert[] | undefined;
    for (const live of this.#byKind.get(this.#view.kind) ?? this.#ofAnyKind) {
      if (!live.test()) continue;
      alerts ??= [];
      alerts.push(this.#alert(live));
      if (this.#onlyFirst) break;
    }
    if (alerts === undefined) return NONE;
    this.#alerts += alerts.length;
    return alerts;
  }

  /** Undefined where the line was skipped. */
  #textOf(line: Uint8Array | string): string | undefined {
    const bytes = typeof line === 'string' ? Buffer.from(line, 'utf8') : line;
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (end > this.#maxBytes) {
      this.#skipped.too_long++;
      return undefined;
    }
    const record = end === bytes.length ? bytes : bytes.subarray(0, end);
    const isText = typeof line === 'string' ? line.isWellFormed() : isUtf8(record);
    if (!isText) {
      this.#skipped.broken_json++;
      return undefined;
    }
    return Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString('utf8');
  }

  #alert({ rule, render }: LiveRule): Alert {
    const { time } = this.#view;
    const form = this.#isoTime ? 'evt.time.iso8601' : 'evt.time';
    const { message, fields } = render();
    const named = [...fields, [form, toSigned(time.ns)] as const].sort(([a], [b]) =>
      a < b ? -1 : a > b ? 1 : 0,
    );
    return {
      rule: rule.name,
      priority: rule.priority,
      source: rule.source,
      tags: rule.tags,
      hostname: this.#view.hostname,
      time: time.iso(),
      timeNs: time.ns,
      output: `${time.text(form)}: ${rule.priority} ${message}`,
      outputFields: new Map(named),
    };
  }
}
