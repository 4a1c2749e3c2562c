/** What is wrong with rule files: one table of codes, and the log that they are collected in. */
import type { Origin, Place } from './source-text.ts';

export type Severity = 'error' | 'warning' | 'note';

interface ProblemKind {
  readonly severity: Severity;
  /** What Falco does with it: silence is why some of these are errors here. */
  readonly falco: 'rejects' | 'accepts';
}

export const PROBLEM_KINDS = {
  FILE_TOO_LARGE: { severity: 'error', falco: 'accepts' },
  YAML_INVALID: { severity: 'error', falco: 'rejects' },
  NOT_A_RULE_FILE: { severity: 'error', falco: 'rejects' },
  ITEM_UNKNOWN: { severity: 'error', falco: 'accepts' },
  KEY_UNKNOWN: { severity: 'error', falco: 'accepts' },
  KEY_DUPLICATE: { severity: 'error', falco: 'accepts' },
  KEY_MISSING: { severity: 'error', falco: 'rejects' },
  VALUE_INVALID: { severity: 'error', falco: 'rejects' },
  PRIORITY_UNKNOWN: { severity: 'error', falco: 'rejects' },
  NAME_INVALID: { severity: 'error', falco: 'rejects' },
  SOURCE_UNKNOWN: { severity: 'error', falco: 'accepts' },
  SOURCE_MISSING: { severity: 'error', falco: 'accepts' },
  RULE_DUPLICATE: { severity: 'error', falco: 'accepts' },
  MACRO_DUPLICATE: { severity: 'error', falco: 'accepts' },
  LIST_DUPLICATE: { severity: 'error', falco: 'accepts' },
  REDEFINED: { severity: 'warning', falco: 'accepts' },
  NOTHING_TO_OVERRIDE: { severity: 'error', falco: 'rejects' },
  OVERRIDE_INVALID: { severity: 'error', falco: 'rejects' },
  APPEND_DEPRECATED: { severity: 'warning', falco: 'accepts' },
  ENABLED_DEPRECATED: { severity: 'warning', falco: 'accepts' },
  EXCEPTION_INVALID: { severity: 'error', falco: 'rejects' },
  EXCEPTION_WITHOUT_VALUES: { severity: 'warning', falco: 'accepts' },
  ENGINE_TOO_OLD: { severity: 'error', falco: 'rejects' },
  PLUGIN_TOO_OLD: { severity: 'error', falco: 'rejects' },
  PLUGIN_OTHER: { severity: 'warning', falco: 'accepts' },
  RULE_SKIPPED: { severity: 'warning', falco: 'accepts' },
  OTHER_SOURCE: { severity: 'note', falco: 'accepts' },
  CONDITION_SYNTAX: { severity: 'error', falco: 'rejects' },
  CONDITION_TOO_LARGE: { severity: 'error', falco: 'accepts' },
  CONDITION_NEVER_TRUE: { severity: 'error', falco: 'accepts' },
  MACRO_UNDEFINED: { severity: 'error', falco: 'rejects' },
  MACRO_UNUSED: { severity: 'warning', falco: 'accepts' },
  LIST_UNDEFINED: { severity: 'error', falco: 'accepts' },
  LIST_NESTED: { severity: 'error', falco: 'accepts' },
  LIST_NAME_IN_TEXT: { severity: 'error', falco: 'accepts' },
  LIST_UNUSED: { severity: 'warning', falco: 'accepts' },
  FIELD_UNKNOWN: { severity: 'error', falco: 'rejects' },
  FIELD_NOT_HERE: { severity: 'error', falco: 'accepts' },
  FIELD_ARGUMENT: { severity: 'error', falco: 'rejects' },
  FIELD_AS_TEXT: { severity: 'error', falco: 'accepts' },
  TRANSFORMER_INVALID: { severity: 'error', falco: 'rejects' },
  OPERATOR_INVALID: { severity: 'error', falco: 'rejects' },
  TYPE_MISMATCH: { severity: 'error', falco: 'rejects' },
  NUMBER_INVALID: { severity: 'error', falco: 'rejects' },
  NUMBER_WRAPS: { severity: 'error', falco: 'accepts' },
  BOOL_INVALID: { severity: 'error', falco: 'rejects' },
  ADDRESS_INVALID: { severity: 'error', falco: 'rejects' },
  // Falco logs the fault, takes the rule, and never matches.
  REGEX_INVALID: { severity: 'error', falco: 'accepts' },
  TEXT_TOO_LONG: { severity: 'error', falco: 'rejects' },
  VALUE_NEVER: { severity: 'error', falco: 'accepts' },
  MATCH_NEVER: { severity: 'error', falco: 'accepts' },
  OUTPUT_INVALID: { severity: 'error', falco: 'rejects' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

export interface RuleProblem extends Place {
  readonly severity: Severity;
  readonly code: ProblemCode;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly falco: 'rejects' | 'accepts';
}

/** Reports a problem at an offset of the text at hand. */
export type Report = (code: ProblemCode, at: number, message: string, hint: string) => void;

/** No file brings more; the last one says that there were more. */
const MAX_PROBLEMS = 1000;

export class ProblemLog {
  readonly #problems = new Map<string, RuleProblem>();
  readonly #placeOf: (origin: Origin) => Place;
  readonly #strict: boolean;

  /** Not strict: what Falco accepts is a warning. */
  constructor(placeOf: (origin: Origin) => Place, strict: boolean) {
    this.#placeOf = placeOf;
    this.#strict = strict;
  }

  add(code: ProblemCode, origin: Origin, message: string, hint: string): void {
    const { severity, falco } = PROBLEM_KINDS[code];
    const place = this.#placeOf(origin);
    // A macro is judged again in each rule that uses it.
    const identity = `${code} ${place.file}:${place.line}:${place.column} ${message}`;
    if (this.#problems.has(identity) || this.#problems.size >= MAX_PROBLEMS) return;
    const lenient = severity === 'error' && falco === 'accepts' && !this.#strict;
    this.#problems.set(identity, {
      severity: lenient ? 'warning' : severity,
      code,
      message,
      hint,
      falco,
      ...place,
    });
  }

  get hasErrors(): boolean {
    return this.all().some((problem) => problem.severity === 'error');
  }

  /** In the order of files and lines. */
  all(): RuleProblem[] {
    return [...this.#problems.values()];
  }
}
