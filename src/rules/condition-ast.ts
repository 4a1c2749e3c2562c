/** A condition as a tree. Every `at` is an offset in the text that was parsed. */

export type Operator = (typeof OPERATORS)[number];

export const OPERATORS = [
  'exists',
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'icontains',
  'bcontains',
  'startswith',
  'bstartswith',
  'endswith',
  'glob',
  'iglob',
  'regex',
  'in',
  'intersects',
  'pmatch',
] as const;

/** Operators whose right side is a list. */
export const LIST_OPERATORS: ReadonlySet<string> = new Set(['in', 'intersects', 'pmatch']);

export const TRANSFORMERS = ['tolower', 'toupper', 'b64', 'basename', 'len'] as const;
export type Transformer = (typeof TRANSFORMERS)[number];

/** A field, with what is done to its value: the last transformer of the list first. */
export interface Operand {
  readonly field: string;
  readonly argument: string | undefined;
  /** As written, the outermost first. */
  readonly transformers: readonly Transformer[];
  readonly at: number;
}

export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
}

export type RightSide =
  | { readonly kind: 'literal'; readonly literal: Literal }
  | { readonly kind: 'list'; readonly items: readonly Literal[]; readonly at: number }
  /** A field: `val(…)` or a transformer. */
  | { readonly kind: 'operand'; readonly operand: Operand; readonly at: number };

export interface Check {
  readonly kind: 'check';
  readonly left: Operand;
  readonly operator: Operator;
  /** Absent for `exists`. */
  readonly right: RightSide | undefined;
  readonly at: number;
}

export interface MacroName {
  readonly kind: 'macro';
  readonly name: string;
  readonly at: number;
}

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly children: readonly Condition[]; readonly at: number }
  | { readonly kind: 'not'; readonly child: Condition; readonly at: number }
  | MacroName
  | Check;
