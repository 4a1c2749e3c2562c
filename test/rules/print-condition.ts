/** Conditions as text: what the parser reads back as the same tree. */
import type { Condition, Literal, Operand, RightSide } from '../../src/rules/condition-ast.ts';

export function printCondition(condition: Condition): string {
  switch (condition.kind) {
    case 'macro':
      return condition.name;
    case 'not':
      return `not ${printGroup(condition.child)}`;
    case 'and':
    case 'or':
      return condition.children.map(printGroup).join(` ${condition.kind} `);
    case 'check': {
      const right = condition.right === undefined ? '' : ` ${printRight(condition.right)}`;
      return `${printOperand(condition.left)} ${condition.operator}${right}`;
    }
  }
}

const printGroup = (condition: Condition): string =>
  condition.kind === 'check' || condition.kind === 'macro'
    ? printCondition(condition)
    : `(${printCondition(condition)})`;

function printOperand({ field, argument, transformers }: Operand): string {
  const name = argument === undefined ? field : `${field}[${argument}]`;
  return transformers.reduceRight((inner, transformer) => `${transformer}(${inner})`, name);
}

function printRight(right: RightSide): string {
  switch (right.kind) {
    case 'literal':
      return printLiteral(right.literal);
    case 'list':
      return `(${right.items.map(printLiteral).join(', ')})`;
    case 'operand':
      return right.operand.transformers.length > 0
        ? printOperand(right.operand)
        : `val(${printOperand(right.operand)})`;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\\': '\\\\',
};

/** Text that no quotes can hold cannot be printed: it would end in a backslash. */
export const isPrintable = (text: string): boolean => !text.endsWith('\\') && !text.includes('\0');

export function printLiteral({ text, quoted }: Literal): string {
  if (!quoted) return text;
  const quote = text.includes('"') ? "'" : '"';
  const escaped = text.replace(/[\b\f\n\r\t\\]/g, (character) => ESCAPES[character]!);
  return `${quote}${escaped.replaceAll(quote, `\\${quote}`)}${quote}`;
}
