/** Runs rules over records, one line at a time. */
import { isUtf8 } from 'node:buffer';
import type { Alert } from './alert.ts';
import type { Rule } from './build-rules.ts';
import { FIELDS } from './fields.ts';
import { compileOutput, type RenderedOutput } from './output-format.ts';
import { isAtLeast, type Priority } from './priority.ts';
import { RecordView, type SkipReason } from './record-view.ts';
import { RuleIndex } from './rule-index.ts';
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

export function createRuleEngine(ruleSet: RuleSet, options: RuleEngineOptions = {}): RuleEngine {
  return new Engine(ruleSet, options);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

class Engine implements RuleEngine {
  readonly #view: RecordView;
  readonly #onlyFirst: boolean;
  readonly #timeForm: 'evt.time' | 'evt.time.iso8601';
  readonly #maxBytes: number;
  readonly #index: RuleIndex;
  readonly #renderers = new Map<Rule, () => RenderedOutput>();
  readonly #skipped: Record<SkipReason, number> = { too_long: 0, broken_json: 0, missing_field: 0 };
  #alerts = 0;

  constructor(ruleSet: RuleSet, options: RuleEngineOptions) {
    this.#view = new RecordView(options.hostname === undefined ? {} : { hostname: options.hostname });
    this.#onlyFirst = (options.matching ?? 'first') === 'first';
    this.#timeForm = options.isoTime ? 'evt.time.iso8601' : 'evt.time';
    this.#maxBytes = options.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
    const minimum = options.minimumPriority ?? 'Debug';
    const rules = ruleSet.rules.filter((rule) => rule.enabled && isAtLeast(rule.priority, minimum));
    const time = FIELDS.get(this.#timeForm)!;
    for (const rule of rules) this.#renderers.set(rule, compileOutput(rule.output, this.#view, time));
    this.#index = new RuleIndex(rules, this.#view);
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
    for (const { rule, test } of this.#index.candidates()) {
      if (!test()) continue;
      alerts ??= [];
      alerts.push(this.#alert(rule));
      if (this.#onlyFirst) break;
    }
    if (alerts === undefined) return NONE;
    this.#alerts += alerts.length;
    return alerts;
  }

  /** Undefined where the line was skipped. */
  #textOf(line: Uint8Array | string): string | undefined {
    const bytes = typeof line === 'string' ? Buffer.from(line, 'utf8') : asBuffer(line);
    const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    if (end > this.#maxBytes) {
      this.#skipped.too_long++;
      return undefined;
    }
    const text = bytes.toString('utf8', 0, end);
    // What is not UTF-8 leaves a replacement character, which few texts have: all others are not read twice.
    const isText = typeof line === 'string' ? line.isWellFormed() : !text.includes('\ufffd') || isUtf8(bytes);
    if (!isText) {
      this.#skipped.broken_json++;
      return undefined;
    }
    return text;
  }

  #alert(rule: Rule): Alert {
    const { times, timeNs, hostname } = this.#view;
    const { message, fields } = this.#renderers.get(rule)!();
    return {
      rule: rule.name,
      priority: rule.priority,
      source: rule.source,
      tags: rule.tags,
      hostname,
      time: times.iso(timeNs),
      timeNs,
      output: `${times.text(timeNs, this.#timeForm)}: ${rule.priority} ${message}`,
      outputFields: fields,
    };
  }
}
