import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readValues } from '../../src/rules/values.ts';
import { addressesOf, hostTest } from '../../src/rules/values-host.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'values-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function file(text: string, name = 'values.yaml'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function problemsOf(text: string): string {
  try {
    readValues([file(text)]);
  } catch (error) {
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    return (error as Error).message.replaceAll(`${folder}/`, '');
  }
  return '';
}

describe('a values file', () => {
  it('is read key by key', () => {
    const path = file('allowlist:\n  hosts: [a.example, "::1"]\nthresholds:\n  tool_invoke_warn: 5\n');
    expect(readValues([path])).toEqual({
      'allowlist.hosts': ['a.example', '::1'],
      'thresholds.tool_invoke_warn': 5,
    });
  });

  it('may be empty', () => {
    expect(readValues([file('# nothing yet\n')])).toEqual({});
  });

  it('is laid over by a later one: keys replace keys, lists replace lists', () => {
    const base = file(
      'thresholds: {tool_invoke_warn: 5, request_bytes_warn: 7}\nallowlist: {hosts: [a, b]}\n',
    );
    const overlay = file('thresholds: {tool_invoke_warn: 6}\nallowlist: {hosts: [c]}\n', 'values.prod.yaml');
    expect(readValues([base, overlay])).toEqual({
      'allowlist.hosts': ['c'],
      'thresholds.request_bytes_warn': 7,
      'thresholds.tool_invoke_warn': 6,
    });
  });

  it.each([
    [
      'an unknown key',
      'allowlist:\n  host: [a]\n',
      'values.yaml:2:3: unknown key "allowlist.host"; known here: hosts',
    ],
    [
      'an unknown section',
      'allow: 1\n',
      'values.yaml:1:1: unknown key "allow"; known here: allowlist, connect,',
    ],
    ['a key of every object', 'constructor: 1\n', 'unknown key "constructor"'],
    ['a key in the wrong place', 'thresholds:\n  hosts: []\n', 'unknown key "thresholds.hosts"'],
    ['a dotted key', 'allowlist.hosts: [a]\n', 'values.yaml:1:1: unknown key "allowlist.hosts"'],
    ['no value', 'allowlist:\n  hosts:\n', 'values.yaml:2:3: "allowlist.hosts" has no value'],
    ['a text for a list', 'allowlist:\n  hosts: a\n', 'values.yaml:2:10: "allowlist.hosts" must be a list'],
    ['a list for a section', 'allowlist: [a]\n', 'values.yaml:1:12: "allowlist" must be a map'],
    ['a list for the file', '- a\n', 'values.yaml:1:1: the file must be a map'],
    ['a map for a value', 'allowlist:\n  hosts:\n    - {a: b}\n', '"allowlist.hosts[0]" must be a host name'],
    ['a number for a host', 'allowlist:\n  hosts: [12]\n', '"allowlist.hosts[0]": 12 must be a host name'],
    ['a negative threshold', 'thresholds: {tool_invoke_warn: -1}\n', '-1 must be a whole number of calls'],
    ['a fraction', 'thresholds: {request_bytes_warn: 1.5}\n', '1.5 must be a whole number of bytes'],
    [
      'a threshold with a unit',
      'thresholds: {request_bytes_warn: 10MiB}\n',
      '"10MiB" must be a whole number',
    ],
    ['a word for a flag', 'connect: {enforce: yes}\n', '"yes" must be true or false'],
    [
      'a key that stands twice',
      'connect: {enforce: true}\nconnect: {}\n',
      'values.yaml:2:1: Map keys must be unique',
    ],
    ['broken YAML', 'allowlist: [a\n', 'values.yaml:2:1: '],
    ['a relative path', 'paths: {protected: [etc]}\n', '"etc" must begin with /'],
    ['a path with a way up', 'paths: {protected: [/etc/../x]}\n', 'has an empty part, "." or ".."'],
    ['a path with a blank', 'paths: {protected: ["/a b"]}\n', 'blanks, quotes'],
    [
      'a part of a path that is a pattern',
      'paths: {protected: ["/home/a*"]}\n',
      'a star stands for one whole part',
    ],
    [
      'a star where files are named',
      'paths: {homes: [/a], credentials: ["/home/*/x"]}\n',
      'cannot stand in a list',
    ],
    ['a tilde without homes', 'paths: {credentials: ["~/x"]}\n', '"paths.homes" is needed'],
    ['a path that is too long', `paths: {protected: [/${'a'.repeat(255)}]}\n`, 'longer than the 255 bytes'],
    [
      'a path that is too long in a home',
      `paths: {homes: [/${'a'.repeat(200)}], credentials: [~/${'b'.repeat(60)}]}\n`,
      'has more than 255 bytes',
    ],
    ['a program with a path', 'programs: {shells: [/bin/sh]}\n', '"/bin/sh" is not taken'],
    ['a program that is named as a list', 'programs: {shells: [mcp_shells]}\n', '"mcp_shells" is not taken'],
    ['a tool with a quote', `tools: {shell: ['a"b']}\n`, 'is not taken'],
    ['a name where addresses are asked', 'connect: {allow: [example.com]}\n', 'carry addresses, not names'],
    ['a network that is too large', 'connect: {allow: [10.0.0.0/8]}\n', 'name smaller networks'],
  ])('is refused for %s', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  it('tells all that is wrong, up to a bound', () => {
    const text = `thresholds:\n${Array.from({ length: 30 }, (_, i) => `  a${i}: 1`).join('\n')}\n`;
    expect(problemsOf(text).split('\n')).toHaveLength(21);
    expect(problemsOf(text)).toContain('and 10 more');
  });

  it('is refused where it cannot be read', () => {
    expect(() => readValues([join(folder, 'none.yaml')])).toThrow(/cannot read the values file .*ENOENT/);
  });
});

/** Whether a host's text passes the tests, as Falco compares: whole text, an ending, a whole-text pattern. */
function passes(entry: string, host: string): boolean {
  const test = hostTest(entry);
  if ('refused' in test) throw new Error(`${entry} ${test.refused}`);
  if (test.kind === 'name') return test.names.includes(host);
  return test.kind === 'ending' ? host.endsWith(test.ending) : new RegExp(`^(?:${test.pattern})$`).test(host);
}

describe('a host of the allow list', () => {
  it.each([
    [
      'mcp.example.com',
      ['mcp.example.com'],
      ['example.com', 'x.mcp.example.com', 'mcp.example.com.evil.net'],
    ],
    ['MCP.Example.com', ['mcp.example.com'], []],
    [
      '*.example.com',
      ['a.example.com', 'a.b.example.com'],
      ['example.com', 'badexample.com', 'a.example.com.evil.net'],
    ],
    ['127.0.0.1', ['127.0.0.1'], ['127.0.0.11', '127a0.0.1']],
    ['::1', ['::1', '[::1]'], ['::11', '::']],
    ['2001:DB8:0:0::7', ['2001:db8::7', '[2001:db8::7]'], ['2001:db8::70']],
    ['::ffff:10.0.0.1', ['::ffff:10.0.0.1', '::ffff:a00:1'], ['10.0.0.1']],
    [
      '10.0.0.0/8',
      ['10.0.0.0', '10.255.255.255', '10.1.2.3'],
      ['11.0.0.0', '110.0.0.1', '10.1.2.3.evil.net', '10.1.2'],
    ],
    [
      '192.168.16.0/20',
      ['192.168.16.0', '192.168.31.255'],
      ['192.168.15.255', '192.168.32.0', '192.168.3.1'],
    ],
    ['203.0.113.128/25', ['203.0.113.128', '203.0.113.255'], ['203.0.113.127', '203.0.113.1']],
    ['203.0.113.7/32', ['203.0.113.7'], ['203.0.113.70']],
    ['0.0.0.0/0', ['1.2.3.4', '255.255.255.255'], ['256.1.1.1', 'example.com', '::1']],
    ['fd00::/8', ['fd00::1', 'fdff:1::', '[fd12:3456::1]'], ['fe00::1', 'fc00::1', 'fd::1']],
    ['fe80::/10', ['fe80::1', 'febf::1'], ['fec0::1', 'fe7f::1']],
    ['2001:db8::/32', ['2001:db8::1', '2001:db8:1:2:3:4:5:6'], ['2001:db80::1', '2001:db9::1', '2001:d::1']],
    [
      'fd12:3456:7000::/36',
      ['fd12:3456:7000::', 'fd12:3456:7fff::1'],
      ['fd12:3456:8000::1', 'fd12:3456:700::1'],
    ],
  ])('%s lets through what it names, and nothing else', (entry, inside, outside) => {
    expect(inside.filter((host) => !passes(entry, host))).toEqual([]);
    expect(outside.filter((host) => passes(entry, host))).toEqual([]);
  });

  it('of any network has a pattern that Falco takes, for exactly its addresses', () => {
    for (let bits = 0; bits <= 8; bits++) {
      for (let first = 0; first < 256; first += 2 ** (8 - bits)) {
        const test = hostTest(`${first}.0.0.0/${bits}`);
        if (!('pattern' in test)) throw new Error(`/${bits}`);
        expect(test.pattern.length).toBeLessThan(200);
        const pattern = new RegExp(`^(?:${test.pattern})$`);
        const inside = Array.from({ length: 300 }, (_, octet) => octet).filter((octet) =>
          pattern.test(`${octet}.1.22.255`),
        );
        expect(inside).toEqual(Array.from({ length: 2 ** (8 - bits) }, (_, i) => first + i));
      }
    }
  });

  it.each([
    ['', 'is no host name'],
    ['*', 'may have a star only as its first part'],
    ['a.*.com', 'may have a star only as its first part'],
    ['*.', 'is no host name'],
    ['host:443', 'must be a host without port'],
    ['https://host', 'is no network'],
    ['a b', 'is no host name'],
    ['a") or (evt.num >= 0', 'is no host name'],
    ['mcp_allowed_hosts', 'must not begin with mcp_'],
    ['010.1.1.1', 'is no IPv4 address'],
    ['1.2.3', 'is no IPv4 address'],
    ['1.2.3.4.5', 'is no IPv4 address'],
    ['10.0.0.1/8', 'has bits set after /8'],
    ['10.0.0.0/33', 'is no network'],
    ['10.0.0.0/08', 'is no network'],
    ['fe80::1%eth0', 'must be a host without port'],
    ['::/0', 'no fixed beginning'],
    ['2001:0:1::/48', 'no fixed beginning'],
    ['bücher.example', 'xn--'],
    [`${'a'.repeat(64)}.example`, 'is no host name'],
  ])('%j is refused', (entry, reason) => {
    const test = hostTest(entry);
    expect('refused' in test ? test.refused : test).toContain(reason);
  });
});

describe('an address of the connect list', () => {
  it.each([
    ['203.0.113.7', ['203.0.113.7', '::ffff:cb00:7107']],
    ['2001:DB8::0:7', ['2001:db8::7']],
    ['::1', ['::1']],
    ['203.0.113.254/31', ['203.0.113.254', '::ffff:cb00:71fe', '203.0.113.255', '::ffff:cb00:71ff']],
    ['2001:db8::fffe/127', ['2001:db8::fffe', '2001:db8::ffff']],
  ])('%s stands for each address, as Falco reads them', (entry, addresses) => {
    expect(addressesOf(entry)).toEqual(addresses);
  });

  it('may be a network of 1024', () => {
    const addresses = addressesOf('198.51.100.0/22') as readonly string[];
    expect(addresses).toHaveLength(2048);
    expect(addresses.slice(0, 2)).toEqual(['198.51.100.0', '::ffff:c633:6400']);
    expect(addresses.slice(-2)).toEqual(['198.51.103.255', '::ffff:c633:67ff']);
  });

  it.each(['198.51.0.0/21', 'fd00::/8', 'localhost', '*.example.com', '1.2.3.4:80', '[::1]', ''])(
    '%j is refused',
    (entry) => {
      expect(addressesOf(entry)).toHaveProperty('refused');
    },
  );
});
