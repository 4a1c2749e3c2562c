import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Condition } from '../../src/rules/condition-ast.ts';
import { ConditionSyntaxError, parseCondition } from '../../src/rules/condition-parser.ts';
import { printCondition } from './print-condition.ts';
import { conditions } from './random-conditions.ts';

/** Everything in parentheses, so that what belongs together shows. */
function grouped(condition: Condition): string {
  switch (condition.kind) {
    case 'macro':
      return condition.name;
    case 'check':
      return printCondition(condition);
    case 'not':
      return `(not ${grouped(condition.child)})`;
    default:
      return `(${condition.children.map(grouped).join(` ${condition.kind} `)})`;
  }
}

describe('a condition', () => {
  it.each([
    ['a or b and c', '(a or (b and c))'],
    ['a and b or c', '((a and b) or c)'],
    ['(a or b) and c', '((a or b) and c)'],
    ['not a and b', '((not a) and b)'],
    ['not a or b', '((not a) or b)'],
    ['not (a and b)', '(not (a and b))'],
    ['not not a', 'a'],
    ['not not not a', '(not a)'],
    ['not(a)', '(not a)'],
    ['a and(b)or(c)', '((a and b) or c)'],
    ['a\n  and\tb', '(a and b)'],
    ['((a))', 'a'],
    ['a and b and c', '(a and b and c)'],
    ['mcp.pid=5 and mcp.pid>4', '(mcp.pid = 5 and mcp.pid > 4)'],
    ['mcp.pid == 5', 'mcp.pid = 5'],
    ['mcp.path in (a,"b c",\'d\')', 'mcp.path in (a, "b c", "d")'],
    ['mcp.path in ()', 'mcp.path in ()'],
    ['mcp.path in names', 'mcp.path in (names)'],
    ['mcp.path exists', 'mcp.path exists'],
    ['len( mcp.path ) >= 3', 'len(mcp.path) >= 3'],
    ['tolower(basename(mcp.path)) = sh', 'tolower(basename(mcp.path)) = sh'],
    ['mcp.path = val(mcp.new_path)', 'mcp.path = val(mcp.new_path)'],
    ['mcp.path = toupper(mcp.new_path)', 'mcp.path = toupper(mcp.new_path)'],
    ['mcp.path = "a\\"b"', "mcp.path = 'a\"b'"],
    ['mcp.path = "tab\\t"', 'mcp.path = "tab\\t"'],
    ['notable', 'notable'],
    ['android or nothing', '(android or nothing)'],
  ])('%s', (text, expected) => {
    expect(grouped(parseCondition(text))).toBe(expected);
  });

  it.each<[string, number]>([
    ['', 0],
    ['mcp.pid', 7],
    ['mcp.pid = ', 10],
    ['mcp.pid > a', 10],
    ['mcp.pid = 5 5', 12],
    ['mcp.pid is 5', 8],
    ['(a', 2],
    ['a)', 1],
    ['a and', 5],
    ['a andb', 5],
    ['mcp.path in (a b)', 15],
    ['mcp.path in (a, )', 16],
    ['mcp.path = "a', 11],
    ['mcp.path = "a\\q"', 13],
    ["mcp.path = 'a\\\"'", 13],
    ['tolower(5) = a', 8],
    ['tolower(mcp.path = a', 17],
    ['mcp.path[ = a', 9],
    ['= 5', 0],
  ])('%s is wrong at %i', (text, at) => {
    let error: unknown;
    try {
      parseCondition(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ConditionSyntaxError);
    expect((error as ConditionSyntaxError).at).toBe(at);
  });

  it('is printed as it is read', () => {
    fc.assert(
      fc.property(conditions(), (condition) => {
        const text = printCondition(condition);
        const again = parseCondition(text);
        expect(printCondition(again)).toBe(text);
        expect(grouped(again)).toBe(grouped(condition));
      }),
      { numRuns: 500 },
    );
  });

  it('of any text is read or refused at a place in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        try {
          parseCondition(text);
        } catch (error) {
          if (!(error instanceof ConditionSyntaxError)) throw error;
          expect(error.at).toBeLessThanOrEqual(text.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
