import { describe, expect, it } from 'vitest';
import { compareAlerts } from '../../scripts/falco/compare-alerts.ts';

/** As Falco 0.44 writes an alert with json_output: keys by name, times in the zone of the host in the text. */
const FALCO =
  '{"hostname":"falco-host","output":"01:00:00.000000000: Warning MCP server at a host that is not allowed (host=a.example port=443)","output_fields":{"evt.time":1767225600000000123,"mcp.connect_ips":["192.0.2.1","2001:db8::1"],"mcp.request_bytes":18446744073709551615,"mcp.tls":false,"mcp.tool_name":null},"priority":"Warning","rule":"MCP Unapproved Endpoint Access","source":"mcp_audit","tags":["T1071","mcp","mcp_baseline"],"time":"2026-01-01T00:00:00.000000123Z"}';
/** The same alert in another order, with the text of another zone. */
const OURS =
  '{"hostname":"other","output":"00:00:00.000000000: Warning MCP server at a host","output_fields":{"mcp.tool_name":null,"mcp.tls":false,"mcp.request_bytes":18446744073709551615,"mcp.connect_ips":["192.0.2.1","2001:db8::1"],"evt.time":1767225600000000123},"priority":"Warning","rule":"MCP Unapproved Endpoint Access","source":"mcp_audit","tags":["mcp","T1071","mcp_baseline"],"time":"2026-01-01T00:00:00.000000123Z"}';

const file = (...lines: string[]) => lines.map((line) => `${line}\n`).join('');

describe('the alerts of Falco and of rules eval', () => {
  it('are the same whatever the order of keys and tags, the host and the zone of the text', () => {
    expect(compareAlerts(file(FALCO, FALCO), file(OURS, OURS))).toEqual([]);
  });

  it.each([
    ['rule', ['MCP Unapproved Endpoint Access', 'MCP Insecure TLS']],
    ['priority', ['"Warning"', '"Notice"']],
    ['source', ['mcp_audit', 'syscall']],
    ['time', ['000000123Z', '000000124Z']],
    ['tags', ['"mcp_baseline"', '"mcp_host"']],
    ['output_fields.evt.time', [':1767225600000000123', ':1767225600000000124']],
    ['output_fields.mcp.request_bytes', ['18446744073709551615', '18446744073709551614']],
    ['output_fields.mcp.connect_ips', ['"192.0.2.1","2001:db8::1"', '"2001:db8::1","192.0.2.1"']],
    ['output_fields.mcp.tls', ['false', '"false"']],
    ['output_fields.mcp.tool_name', ['"mcp.tool_name":null', '"mcp.tool_name":""']],
  ] as const)('differ in %s', (key, [from, to]) => {
    expect(OURS).toContain(from);
    const differences = compareAlerts(file(FALCO), file(OURS.replace(from, to)));
    expect(differences).toHaveLength(1);
    expect(differences[0]).toMatch(new RegExp(`: ${key.replaceAll('.', '\\.')}: Falco .+, rules eval .+$`));
  });

  it('differ in a field that only one has', () => {
    expect(compareAlerts(file(FALCO), file(OURS.replace('"mcp.tls":false,', '')))).toEqual([
      'alert 1 (MCP Unapproved Endpoint Access): output_fields.mcp.tls: Falco false, rules eval undefined',
    ]);
  });

  it('differ in number', () => {
    expect(compareAlerts(file(FALCO, FALCO), file(OURS))).toEqual([
      'alert 2: only from Falco: MCP Unapproved Endpoint Access',
    ]);
    expect(compareAlerts('', file(OURS))).toEqual([
      'alert 1: only from rules eval: MCP Unapproved Endpoint Access',
    ]);
  });

  it.each([
    ['text', '01:00:00.000000000: Warning MCP server at a host'],
    ['another object', '{"rule":"a"}'],
    ['half an alert', FALCO.slice(0, 100)],
  ])('cannot be told from %s', (_, line) => {
    expect(() => compareAlerts(file(FALCO, line), file(OURS))).toThrow(
      'Falco, line 2: no alert as JSON; Falco needs json_output',
    );
  });
});
