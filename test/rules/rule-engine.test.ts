import { describe, expect, it } from 'vitest';
import { encodeAlert } from '../../src/rules/alert.ts';
import { createRuleEngine, type RuleEngineOptions } from '../../src/rules/rule-engine.ts';
import { loadRuleSet } from '../../src/rules/rule-set.ts';

const rule = (name: string, condition: string, output = 'o', priority = 'warning', more = '') =>
  `- rule: ${name}\n  desc: d\n  condition: ${condition}\n  output: ${JSON.stringify(output)}\n  priority: ${priority}\n  source: mcp_audit\n${more}`;

function engineOf(text: string, options: RuleEngineOptions = {}) {
  const { ruleSet, problems } = loadRuleSet([{ path: 'r.yaml', text }], { strict: false });
  if (ruleSet === undefined) throw new Error(problems.map((problem) => problem.message).join('; '));
  return createRuleEngine(ruleSet, { hostname: 'here', ...options });
}

const BASE =
  '"schema_version":"1","session_id":"s","client_process":"c","server_host":"stdio","server_port":0,"tls":false,"method":"tools/call"';
const line = (more: string) => `{${BASE},"timestamp":1763700000123456789,${more}}`;

describe('an alert', () => {
  it("is JSON in Falco's shape, with keys in order and all digits", () => {
    const output =
      'Tool %mcp.tool_name ran %mcp.exec_paths at %evt.rawtime (%mcp.ip, %mcp.path, %tolower(mcp.method))';
    const engine = engineOf(rule('r', 'mcp.record = effect', output, 'info', '  tags: [z, mcp, a]\n'), {
      isoTime: true,
    });
    const [alert] = engine.evaluateLine(
      line(
        '"record":"effect","tool_name":"run\\nit","exec_paths":["/bin/sh","/bin/ls"],"ip":"2001:DB8::1","bytes":18446744073709551615',
      ),
    );
    expect(encodeAlert(alert!)).toBe(
      '{"hostname":"here",' +
        '"output":"2025-11-21T04:40:00.123456789+0000: Informational Tool run\\\\nit ran (/bin/sh,/bin/ls) at 1763700000123456789 (2001:db8::1, <NA>, tools/call)",' +
        '"output_fields":{"evt.rawtime":1763700000123456789,"evt.time.iso8601":1763700000123456789,"mcp.exec_paths":["/bin/sh","/bin/ls"],"mcp.ip":"2001:db8::1","mcp.method":"tools/call","mcp.path":null,"mcp.tool_name":"run\\\\nit"},' +
        '"priority":"Informational","rule":"r","source":"mcp_audit","tags":["a","mcp","z"],"time":"2025-11-21T04:40:00.123456789Z"}',
    );
  });

  it('has the local time of day without that option', () => {
    const [alert] = engineOf(rule('r', 'evt.num > 0')).evaluateLine(line('"pid":1'));
    expect(alert!.output).toMatch(/^\d\d:40:00\.123456789: Warning o$/);
    expect([...alert!.outputFields.keys()]).toEqual(['evt.time']);
  });

  it('of long lists is cut in the text and whole in the fields', () => {
    const [alert] = engineOf(rule('r', 'evt.num > 0', '%mcp.exec_args')).evaluateLine(
      line(`"exec_args":["${'x'.repeat(3000)}"]`),
    );
    expect(alert!.output.length).toBe('04:40:00.123456789: Warning '.length + 1023);
    expect(alert!.outputFields.get('mcp.exec_args')).toEqual(['x'.repeat(3000)]);
  });
});

describe('rules that fire on one record', () => {
  const text =
    rule('b', 'mcp.pid = 5') +
    rule('a', 'mcp.pid exists', 'o', 'critical') +
    rule('off', 'mcp.pid = 5', 'o', 'alert', '  enabled: false\n');
  const names = (options: RuleEngineOptions) =>
    engineOf(text, options)
      .evaluateLine(line('"pid":5'))
      .map((alert) => alert.rule);

  it('make one alert, of the first one', () => expect(names({})).toEqual(['b']));
  it('make one alert each where that is asked for', () =>
    expect(names({ matching: 'all' })).toEqual(['b', 'a']));
  it('are those that are urgent enough', () => expect(names({ minimumPriority: 'Error' })).toEqual(['a']));
});

describe('the choice of rules by kind and effect', () => {
  const text = [
    rule('call', 'mcp.record = call'),
    rule('either', 'mcp.record in (call, effect)'),
    rule('no effect', 'not mcp.record = effect'),
    rule('exec', 'mcp.record = effect and mcp.effect = exec'),
    rule('exec or pid', 'mcp.effect = exec or mcp.pid = 5'),
    rule('not exec', 'mcp.record = effect and not mcp.effect in (exec, fork)'),
    rule('odd', 'mcp.record = "ca\\\\nll" or mcp.record startswith x'),
    rule(
      'by macro',
      'is_exec',
      'o',
      'info',
      '- macro: is_exec\n  condition: mcp.effect = exec and mcp.record = effect\n',
    ),
  ].join('');

  it.each<[string, string[]]>([
    ['"record":"call"', ['call', 'either', 'no effect']],
    ['"record":"effect","effect":"exec"', ['either', 'exec', 'exec or pid', 'by macro']],
    ['"record":"effect","effect":"exec","pid":5', ['either', 'exec', 'exec or pid', 'by macro']],
    ['"record":"effect","effect":"fork"', ['either']],
    ['"record":"effect","effect":"other"', ['either', 'not exec']],
    ['"record":"effect","pid":5', ['either', 'exec or pid', 'not exec']],
    ['"record":"status","effect":"exec"', ['no effect', 'exec or pid']],
    ['"pid":5', ['no effect', 'exec or pid']],
    ['"record":5', ['no effect']],
    ['"record":"xyz"', ['no effect', 'odd']],
    ['"record":"ca\\nll"', ['no effect', 'odd']],
    ['"record":["call"]', ['no effect']],
  ])('changes nothing: %s', (more, expected) => {
    expect(
      engineOf(text, { matching: 'all' })
        .evaluateLine(line(more))
        .map((alert) => alert.rule),
    ).toEqual(expected);
  });
});

describe('lines that are no records', () => {
  const any = () => engineOf(rule('r', 'evt.num > 0'));

  it.each<[string, string | Uint8Array, 'too_long' | 'broken_json' | 'missing_field']>([
    ['cut', line('"pid":5').slice(0, -1), 'broken_json'],
    ['of blanks', ' ', 'broken_json'],
    ['of something else', '[]', 'broken_json'],
    ['with half a pair', line('"path":"\\ud800"'), 'broken_json'],
    ['with half a pair deep in it', line('"x":[{"y":"\\udc00"}]'), 'broken_json'],
    ['not in UTF-8', Buffer.from(line('"path":"é"'), 'latin1'), 'broken_json'],
    ['without a time', `{${BASE}}`, 'missing_field'],
    ['with a time that is none', `{${BASE},"timestamp":"5"}`, 'missing_field'],
    ['with a port below 0', line('"server_port":-1'), 'missing_field'],
    ['with a time beyond 64 bits', `{${BASE},"timestamp":18446744073709551616}`, 'missing_field'],
    ['too long', line(`"path":"${'x'.repeat(70_000)}"`), 'too_long'],
  ])('%s are counted', (_, text, reason) => {
    const engine = any();
    expect(engine.evaluateLine(text)).toEqual([]);
    expect(engine.counts).toEqual({
      records: 0,
      alerts: 0,
      skipped: { too_long: 0, broken_json: 0, missing_field: 0, [reason]: 1 },
    });
  });

  it.each([
    ['a carriage return at the end', `${line('"pid":5')}\r`],
    ['a whole pair', line('"path":"\\ud83d\\ude00"')],
    ['a backslash before u', line('"path":"\\\\ud800"')],
    ['a field twice, the last one good', line('"tls":5,"tls":true')],
    ['another version', line('"schema_version":"2"')],
  ])('are not those with %s', (_, text) => {
    expect(any().evaluateLine(text)).toHaveLength(1);
  });

  it('may be empty, which counts for nothing', () => {
    const engine = any();
    for (const text of ['', '\r']) expect(engine.evaluateLine(text)).toEqual([]);
    expect(engine.counts.skipped).toEqual({ too_long: 0, broken_json: 0, missing_field: 0 });
  });
});

describe('values', () => {
  it.each<[condition: string, more: string, fires: boolean]>([
    ['mcp.bytes = 9007199254740993', '"bytes":9007199254740993', true],
    ['mcp.bytes = 9007199254740992', '"bytes":9007199254740993', false],
    ['mcp.bytes < 18446744073709551615', '"bytes":18446744073709551614', true],
    ['mcp.bytes exists', '"bytes":-1', false],
    ['mcp.bytes != 5', '"pid":1', false],
    ['not mcp.bytes = 5', '"pid":1', true],
    ['mcp.duration_ms = 12', '"duration_ms":12.987', true],
    ['mcp.pid = 5', '"pid":"5"', false],
    ['mcp.pid = 6', '"pid":5,"pid":6', true],
    ['mcp.path = "a\\\\nb"', '"path":"a\\nb"', true],
    ['mcp.path exists', '"path":null', false],
    ['mcp.path = ""', '"path":""', true],
    ['mcp.exec_paths exists', '"exec_paths":[]', false],
    ['mcp.exec_paths in (a, b)', '"exec_paths":["a",5,"b"]', true],
    ['mcp.exec_paths in (a)', '"exec_paths":["a","b"]', false],
    ['mcp.exec_paths intersects (b, c)', '"exec_paths":["a","b"]', true],
    ['mcp.connect_ips intersects (::1)', '"connect_ips":["x","0:0:0:0:0:0:0:1"]', true],
    ['mcp.ip = 10.1.2.3', '"ip":"::ffff:10.1.2.3"', false],
    ['evt.source = mcp_audit', '"pid":1', true],
    ['evt.rawtime = 1763700000123456789', '"pid":1', true],
    ['evt.hostname = here', '"pid":1', true],
  ])('%s on %s: %s', (condition, more, fires) => {
    expect(engineOf(rule('r', condition)).evaluateLine(line(more))).toHaveLength(fires ? 1 : 0);
  });

  it('of one record are not those of the next', () => {
    const engine = engineOf(
      rule('r', 'm', 'o', 'info', '- macro: m\n  condition: mcp.pid = 5 and mcp.ip = 1.2.3.4\n'),
    );
    const counts = [
      '"pid":5,"ip":"1.2.3.4"',
      '"pid":6,"ip":"1.2.3.4"',
      '"pid":5',
      '"ip":"1.2.3.4","pid":5',
    ].map((more) => engine.evaluateLine(line(more)).length);
    expect(counts).toEqual([1, 0, 0, 1]);
  });
});
