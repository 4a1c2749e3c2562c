import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBLEM_KINDS, type ProblemCode } from '../../src/rules/problem.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';

const RULE = (name: string, condition: string, more = '') =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: o\n  priority: NOTICE\n  source: mcp_audit\n${more}`;
const files = (...texts: string[]) => texts.map((text, i) => ({ path: `f${i}.yaml`, text }));
const BASE = {
  schema_version: '1',
  timestamp: 1,
  session_id: 's',
  client_process: 'c',
  server_host: 'stdio',
  server_port: 0,
  tls: false,
  method: 'm',
};
/** Names of the rules that fire on a record with these fields. */
function fired(record: object, ...texts: string[]): string[] {
  const { ruleSet, problems } = loadRuleSet(files(...texts), { strict: false });
  if (ruleSet === undefined) throw new Error(problems.map((problem) => problem.message).join('; '));
  const engine = createRuleEngine(ruleSet, { matching: 'all' });
  return engine.evaluateLine(JSON.stringify({ ...BASE, ...record })).map((alert) => alert.rule);
}

/** What is wrong, where, in which files. */
const FAULTS: readonly (readonly [code: ProblemCode, place: string, ...texts: string[]])[] = [
  ['YAML_INVALID', 'f0.yaml:1:9', '- rule: r: x'],
  ['YAML_INVALID', 'f0.yaml:3:1', '- list: a\n  items: [b\n'],
  ['NOT_A_RULE_FILE', 'f0.yaml:1:1', 'rule: r'],
  ['NOT_A_RULE_FILE', 'f0.yaml:1:3', '- text'],
  ['ITEM_UNKNOWN', 'f0.yaml:1:3', '- rules: r'],
  ['KEY_UNKNOWN', 'f0.yaml:7:3', RULE('r', 'evt.num > 0', '  prioritty: x\n')],
  ['KEY_DUPLICATE', 'f0.yaml:7:3', RULE('r', 'evt.num > 0', '  desc: again\n')],
  [
    'KEY_MISSING',
    'f0.yaml:1:3',
    '- rule: r\n  condition: evt.num > 0\n  output: o\n  priority: info\n  source: mcp_audit\n',
  ],
  ['KEY_MISSING', 'f0.yaml:1:9', '- rule: r\n'],
  ['VALUE_INVALID', 'f0.yaml:3:14', RULE('r', '[a]')],
  ['VALUE_INVALID', 'f0.yaml:7:12', RULE('r', 'evt.num > 0', '  enabled: maybe\n')],
  ['VALUE_INVALID', 'f0.yaml:2:11', '- list: l\n  items: [[a]]\n'],
  ['VALUE_INVALID', 'f0.yaml:2:11', `- list: l\n  items: ["a)b"]\n${RULE('r', 'mcp.path in (l)')}`],
  ['PRIORITY_UNKNOWN', 'f0.yaml:5:13', RULE('r', 'evt.num > 0').replace('NOTICE', 'urgent')],
  ['NAME_INVALID', 'f0.yaml:1:10', '- macro: "a b"\n  condition: evt.num > 0\n'],
  ['NAME_INVALID', 'f0.yaml:1:9', '- list: "a,b"\n  items: []\n'],
  ['SOURCE_UNKNOWN', 'f0.yaml:6:11', RULE('r', 'evt.num > 0').replace('mcp_audit', 'mcp_adit')],
  ['SOURCE_MISSING', 'f0.yaml:1:9', RULE('r', 'mcp.pid > 0').replace('  source: mcp_audit\n', '')],
  ['RULE_DUPLICATE', 'f1.yaml:1:9', RULE('r', 'mcp.pid > 0'), RULE('r', 'mcp.pid > 1')],
  [
    'MACRO_DUPLICATE',
    'f0.yaml:3:10',
    `- macro: m\n  condition: evt.num > 0\n- macro: m\n  condition: evt.num > 1\n${RULE('r', 'm')}`,
  ],
  [
    'LIST_DUPLICATE',
    'f0.yaml:3:9',
    `- list: l\n  items: [a]\n- list: l\n  items: [b]\n${RULE('r', 'mcp.path in (l)')}`,
  ],
  [
    'REDEFINED',
    'f1.yaml:1:9',
    `- list: l\n  items: [a]\n${RULE('r', 'mcp.path in (l)')}`,
    '- list: l\n  items: [b]\n',
  ],
  ['NOTHING_TO_OVERRIDE', 'f0.yaml:1:9', '- list: l\n  items: [a]\n  override: {items: append}\n'],
  ['NOTHING_TO_OVERRIDE', 'f0.yaml:1:9', '- rule: r\n  enabled: false\n'],
  [
    'OVERRIDE_INVALID',
    'f0.yaml:3:25',
    '- macro: m\n  condition: evt.num > 0\n  override: {condition: prepend}\n',
  ],
  ['OVERRIDE_INVALID', 'f0.yaml:2:14', '- rule: r\n  override: {priority: append}\n  priority: info\n'],
  ['OVERRIDE_INVALID', 'f0.yaml:2:14', '- rule: r\n  override: {priority: replace}\n'],
  [
    'OVERRIDE_INVALID',
    'f0.yaml:4:3',
    '- rule: r\n  override: {priority: replace}\n  priority: info\n  desc: d\n',
  ],
  [
    'OVERRIDE_INVALID',
    'f0.yaml:4:13',
    '- list: l\n  items: [a]\n  append: true\n  override: {items: append}\n',
  ],
  [
    'APPEND_DEPRECATED',
    'f0.yaml:5:11',
    `- list: l\n  items: [a]\n- list: l\n  items: [b]\n  append: true\n${RULE('r', 'mcp.path in (l)')}`,
  ],
  ['ENABLED_DEPRECATED', 'f0.yaml:7:9', RULE('r', 'mcp.pid > 0', '- rule: r\n  enabled: false\n')],
  ['EXCEPTION_INVALID', 'f0.yaml:8:7', RULE('r', 'mcp.pid > 0', '  exceptions:\n    - name: e\n')],
  [
    'EXCEPTION_INVALID',
    'f0.yaml:8:54',
    RULE('r', 'mcp.pid > 0', '  exceptions:\n    - {name: e, fields: [mcp.pid, mcp.uid], values: [[1]]}\n'),
  ],
  [
    'EXCEPTION_WITHOUT_VALUES',
    'f0.yaml:11:7',
    RULE(
      'r',
      'mcp.pid > 0',
      '  exceptions:\n    - {name: e, fields: mcp.pid, values: [1]}\n- rule: r\n  exceptions:\n    - name: e\n  override: {exceptions: append}\n',
    ),
  ],
  ['ENGINE_TOO_OLD', 'f0.yaml:1:28', '- required_engine_version: 0.99.0\n'],
  [
    'PLUGIN_TOO_OLD',
    'f0.yaml:3:14',
    '- required_plugin_versions:\n  - name: mcp_audit\n    version: 9.0.0\n',
  ],
  ['PLUGIN_OTHER', 'f0.yaml:2:5', '- required_plugin_versions:\n  - name: json\n    version: 0.7.0\n'],
  ['RULE_SKIPPED', 'f0.yaml:1:9', RULE('r', 'mcp.nothing = 1', '  skip-if-unknown-filter: true\n')],
  ['OTHER_SOURCE', 'f0.yaml:1:9', RULE('r', 'proc.name = a').replace('mcp_audit', 'syscall')],
  ['CONDITION_SYNTAX', 'f0.yaml:3:22', RULE('r', 'mcp.pid = ')],
  ['CONDITION_NEVER_TRUE', 'f0.yaml:3:14', RULE('r', 'mcp.record = call and mcp.effect = exec')],
  ['MACRO_UNDEFINED', 'f0.yaml:3:34', RULE('r', 'mcp.pid > 0 and not is_it')],
  [
    'MACRO_UNDEFINED',
    'f0.yaml:2:14',
    `- macro: a\n  condition: b\n- macro: b\n  condition: evt.num > 0\n${RULE('r', 'a')}`,
  ],
  ['MACRO_UNUSED', 'f0.yaml:1:10', '- macro: m\n  condition: evt.num > 0\n'],
  ['LIST_UNDEFINED', 'f0.yaml:3:32', RULE('r', 'mcp.tool_name in (my_tools)')],
  ['LIST_UNDEFINED', 'f0.yaml:3:31', RULE('r', 'mcp.tool_name in my_tools')],
  [
    'LIST_NESTED',
    'f0.yaml:5:9',
    '- list: a\n  items: [x]\n- list: b\n  items: [a]\n- list: c\n  items: [b]\n' +
      RULE('r', 'mcp.path in (c)'),
  ],
  [
    'LIST_NAME_IN_TEXT',
    'f0.yaml:3:36',
    RULE('r', 'mcp.path contains "of shells only"', '- list: shells\n  items: [sh]\n'),
  ],
  ['LIST_UNUSED', 'f0.yaml:1:9', '- list: l\n  items: [a]\n'],
  ['FIELD_UNKNOWN', 'f0.yaml:3:14', RULE('r', 'mcp.toolname = a')],
  ['FIELD_UNKNOWN', 'f0.yaml:4:5', RULE('r', '>\n    proc.name = a')],
  ['FIELD_NOT_HERE', 'f0.yaml:3:14', RULE('r', 'evt.plugininfo contains a')],
  ['FIELD_ARGUMENT', 'f0.yaml:3:14', RULE('r', 'mcp.exec_paths[0] exists')],
  ['FIELD_AS_TEXT', 'f0.yaml:3:25', RULE('r', 'mcp.path = mcp.new_path')],
  ['TRANSFORMER_INVALID', 'f0.yaml:3:14', RULE('r', 'tolower(mcp.pid) = a')],
  ['OPERATOR_INVALID', 'f0.yaml:3:22', RULE('r', 'mcp.pid contains 5')],
  ['OPERATOR_INVALID', 'f0.yaml:3:29', RULE('r', 'mcp.exec_paths = /bin/sh')],
  ['TYPE_MISMATCH', 'f0.yaml:3:25', RULE('r', 'mcp.path = val(mcp.pid)')],
  ['NUMBER_INVALID', 'f0.yaml:3:24', RULE('r', 'mcp.pid = 0x10')],
  ['NUMBER_INVALID', 'f0.yaml:3:24', RULE('r', 'mcp.pid > 10.5')],
  ['NUMBER_WRAPS', 'f0.yaml:3:24', RULE('r', 'mcp.pid > -1')],
  ['BOOL_INVALID', 'f0.yaml:3:24', RULE('r', 'mcp.tls = 1')],
  ['ADDRESS_INVALID', 'f0.yaml:3:25', RULE('r', 'mcp.ip in (10.0.0.0/8)')],
  ['REGEX_INVALID', 'f0.yaml:3:29', RULE('r', 'mcp.path regex [0-9')],
  ['TEXT_TOO_LONG', 'f0.yaml:3:25', RULE('r', `mcp.path = ${'x'.repeat(256)}`)],
  ['VALUE_NEVER', 'f0.yaml:3:27', RULE('r', 'mcp.effect = execute')],
  ['MATCH_NEVER', 'f0.yaml:3:50', RULE('r', 'tolower(mcp.exec_paths) intersects ("/bin/sh")')],
  [
    'OUTPUT_INVALID',
    'f0.yaml:4:14',
    RULE('r', 'mcp.pid > 0').replace('output: o', 'output: on %mcp.toolname'),
  ],
  ['OUTPUT_INVALID', 'f0.yaml:4:15', RULE('r', 'mcp.pid > 0').replace('output: o', 'output: 100 % sure')],
];

describe('a fault in a rule file', () => {
  it.each(FAULTS.map(([code, place, ...texts]) => ({ code, place, texts })))(
    '$code at $place',
    ({ code, place, texts }) => {
      const { ruleSet, problems } = loadRuleSet(files(...texts));
      const lines = problems.map(
        (problem) => `${problem.code} ${problem.file}:${problem.line}:${problem.column}`,
      );
      expect(lines).toContain(`${code} ${place}`);
      expect(ruleSet === undefined).toBe(problems.some((problem) => problem.severity === 'error'));
      for (const { message, hint } of problems) {
        expect(message).not.toBe('');
        expect(hint).toMatch(/^[A-Z"].*[.?]$/s);
      }
    },
  );

  it('has a case here for each code', () => {
    const covered = new Set<string>(FAULTS.map(([code]) => code));
    const elsewhere = ['FILE_TOO_LARGE', 'CONDITION_TOO_LARGE'];
    expect(
      Object.keys(PROBLEM_KINDS).filter((code) => !covered.has(code) && !elsewhere.includes(code)),
    ).toEqual([]);
  });
});

describe('too much', () => {
  it('of a file is refused', () => {
    expect(codes(`# ${'x'.repeat(5 << 20)}`)).toEqual(['FILE_TOO_LARGE']);
  });

  it('of a list, also by lists in it, is refused', () => {
    const item = 'abcdefgh, ';
    const lists = `- list: a\n  items: [${item.repeat(60_000)}]\n- list: b\n  items: [a, a]\n`;
    expect(codes(lists, RULE('r', 'mcp.path in (b)'))).toContain('CONDITION_TOO_LARGE');
    expect(codes(lists.slice(0, lists.indexOf('- list: b')), RULE('r', 'mcp.path in (a, a)'))).toContain(
      'CONDITION_TOO_LARGE',
    );
  });

  it.each([
    ['parentheses', `${'('.repeat(100_000)}evt.num > 0`],
    ['negations', `${'not '.repeat(100_000)}(evt.num > 0`],
    ['transformers', `${'tolower('.repeat(100_000)}mcp.path`],
  ])('of nested %s is refused', (_, condition) => {
    expect(codes(RULE('r', condition))).toContain('CONDITION_SYNTAX');
  });

  it('of macros in macros takes no time', () => {
    const macros = Array.from(
      { length: 60 },
      (_, i) => `- macro: m${i}\n  condition: ${i === 0 ? 'mcp.pid = 5' : `m${i - 1} and m${i - 1}`}\n`,
    );
    expect(fired({ pid: 5 }, macros.join('') + RULE('r', 'm59'))).toEqual(['r']);
  });

  it('of nested YAML is refused', () => {
    expect(codes('['.repeat(50_000))).toContain('YAML_INVALID');
  });
});

const codes = (...texts: string[]) => loadRuleSet(files(...texts)).problems.map((problem) => problem.code);

describe('later files', () => {
  const first = RULE('r', 'mcp.pid = 1', '  tags: [b, a]\n');

  it.each<[string, string, object, string[]]>([
    [
      'add to a condition',
      '- rule: r\n  condition: or mcp.pid = 2\n  override: {condition: append}\n',
      { pid: 2 },
      ['r'],
    ],
    [
      'add to a condition in the old way',
      '- rule: r\n  condition: or mcp.pid = 2\n  append: true\n',
      { pid: 2 },
      ['r'],
    ],
    [
      'replace a condition',
      '- rule: r\n  condition: mcp.pid = 3\n  override: {condition: replace}\n',
      { pid: 1 },
      [],
    ],
    ['turn a rule off', '- rule: r\n  enabled: false\n  override: {enabled: replace}\n', { pid: 1 }, []],
    ['turn a rule off in the old way', '- rule: r\n  enabled: no\n', { pid: 1 }, []],
    [
      'add an exception',
      '- rule: r\n  exceptions:\n    - {name: e, fields: mcp.tool_name, values: [good]}\n  override: {exceptions: append}\n',
      { pid: 1, tool_name: 'good' },
      [],
    ],
    [
      'leave other cases of an exception',
      '- rule: r\n  exceptions:\n    - {name: e, fields: mcp.tool_name, values: [good]}\n  override: {exceptions: append}\n',
      { pid: 1, tool_name: 'bad' },
      ['r'],
    ],
  ])('%s', (_, second, record, expected) => {
    expect(fired(record, first, second)).toEqual(expected);
  });

  it('change priority, output, description and tags', () => {
    const second =
      '- rule: r\n  priority: critical\n  output: now %mcp.pid\n  desc: more\n  tags: [c, a]\n  override: {priority: replace, output: replace, desc: append, tags: append}\n';
    const rule = loadRuleSet(files(first, second)).ruleSet!.rules[0]!;
    expect(rule).toMatchObject({ priority: 'Critical', description: 'd more', tags: ['a', 'b', 'c'] });
    expect(rule.output[0]).toEqual({ kind: 'text', text: 'now ' });
  });

  it('add to lists and macros of earlier ones', () => {
    const shared = '- list: l\n  items: [a]\n- macro: m\n  condition: mcp.path in (l)\n';
    const more =
      '- list: l\n  items: [b]\n  override: {items: append}\n- macro: m\n  condition: or mcp.path = c\n  override: {condition: append}\n';
    for (const path of ['a', 'b', 'c']) expect(fired({ path }, shared, more, RULE('r', 'm'))).toEqual(['r']);
    expect(fired({ path: 'd' }, shared, more, RULE('r', 'm'))).toEqual([]);
  });
});

describe('exceptions', () => {
  const exceptions = (text: string) => RULE('r', 'mcp.record = call', `  exceptions:\n${text}`);

  it.each<[string, string, object, boolean]>([
    [
      'one field, in',
      '    - {name: e, fields: mcp.tool_name, values: [a, "b c"]}\n',
      { tool_name: 'b c' },
      false,
    ],
    [
      'one field, another value',
      '    - {name: e, fields: mcp.tool_name, values: [a, "b c"]}\n',
      { tool_name: 'd' },
      true,
    ],
    [
      'one field, pmatch',
      '    - {name: e, fields: mcp.path, comps: pmatch, values: [/tmp]}\n',
      { path: '/tmp/x' },
      false,
    ],
    [
      'several fields',
      '    - {name: e, fields: [mcp.tool_name, mcp.server_name], values: [[a, s], [b, t]]}\n',
      { tool_name: 'b', server_name: 't' },
      false,
    ],
    [
      'several fields, across',
      '    - {name: e, fields: [mcp.tool_name, mcp.server_name], values: [[a, s], [b, t]]}\n',
      { tool_name: 'a', server_name: 't' },
      true,
    ],
    [
      'several fields, comparisons',
      '    - {name: e, fields: [mcp.tool_name, mcp.path], comps: [startswith, in], values: [[re, [/a, /b]]]}\n',
      { tool_name: 'read', path: '/b' },
      false,
    ],
    [
      'several fields, one value for a list',
      '    - {name: e, fields: [mcp.tool_name, mcp.path], comps: ["=", pmatch], values: [[read, /a]]}\n',
      { tool_name: 'read', path: '/a/b' },
      false,
    ],
    ['no values', '    - {name: e, fields: mcp.tool_name}\n', { tool_name: 'a' }, true],
    [
      'a list',
      '    - {name: e, fields: mcp.tool_name, values: [good]}\n- list: good\n  items: [a]\n',
      { tool_name: 'a' },
      false,
    ],
  ])('%s', (_, text, record, fires) => {
    expect(fired({ record: 'call', ...record }, exceptions(text))).toEqual(fires ? ['r'] : []);
  });
});

describe('what Falco accepts', () => {
  it('is a warning where that is asked for', () => {
    const text = RULE('r', 'mcp.tool_name in (my_tools)');
    const { ruleSet, problems } = loadRuleSet(files(text), { strict: false });
    expect(ruleSet?.rules).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'LIST_UNDEFINED', severity: 'warning', falco: 'accepts' }]);
  });

  it('and skips where a rule says so is no error', () => {
    expect(
      fired(
        { pid: 1 },
        RULE('r', 'mcp.nothing = 1', '  skip-if-unknown-filter: true\n') + RULE('s', 'mcp.pid = 1'),
      ),
    ).toEqual(['s']);
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    '- rule: r',
    '- macro: m',
    '- list: l',
    '\n',
    '  ',
    'condition: ',
    'items: ',
    '[',
    ']',
    '{',
    '}',
    'mcp.pid',
    ' = ',
    ' in ',
    '(',
    ')',
    '"',
    "'",
    'm',
    'l',
    ',',
    ':',
    '- ',
    '&a ',
    '*a',
    '!!x ',
    '|',
    '>',
    'override',
    'append: true',
    'exceptions: ',
    '\t',
    '#',
    '%',
    '\0',
    'é',
    '\ud800',
  );

  it('is read or refused, with a place in it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const lines = text.split('\n').length;
          for (const problem of loadRuleSet(files(text)).problems) {
            expect(problem.line).toBeGreaterThan(0);
            expect(problem.line).toBeLessThanOrEqual(lines + 1);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('of a condition is read or refused', () => {
    const words = fc.constantFrom(
      'mcp.pid',
      'mcp.path',
      'm',
      'l',
      'and',
      'or',
      'not',
      '(',
      ')',
      '=',
      '<',
      'in',
      'exists',
      'regex',
      'glob',
      'val(',
      'tolower(',
      '5',
      '"a"',
      "'",
      '"',
      ',',
      '\\',
      '[',
      ']',
      'mcp.exec_paths',
      'intersects',
      'pmatch',
      '[[:x:]',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 25 }), fc.boolean(), (parts, isTight) => {
        const condition = parts.join(isTight ? '' : ' ');
        loadRuleSet(
          files(
            `- list: l\n  items: [a, "b c"]\n- macro: m\n  condition: mcp.pid = 1\n${RULE('r', JSON.stringify(condition))}`,
          ),
        );
      }),
      { numRuns: 500 },
    );
  });
});
