import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { addRulesGenerateCommand } from '../../src/cli/rules-generate.ts';
import { GENERATED_FILE, GENERATED_MARK, generateRules } from '../../src/rules/generate.ts';
import { isGenerated, writeGenerated } from '../../src/rules/generate-file.ts';
import { createRuleEngine } from '../../src/rules/rule-engine.ts';
import { readValues } from '../../src/rules/values.ts';
import type { Values } from '../../src/rules/values-keys.ts';
import { root } from '../contract/repository.ts';
import { loadShipped } from './shipped-rules.ts';

interface Override {
  readonly list?: string;
  readonly macro?: string;
  readonly rule?: string;
  readonly items?: readonly string[];
  readonly condition?: string;
  readonly enabled?: boolean;
  readonly override: Readonly<Record<string, string>>;
}

const overridesOf = (values: Values): Override[] =>
  parse(generateRules(values, ['values.yaml'])) as Override[];

const nameOf = (override: Override) => override.list ?? override.macro ?? override.rule;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'generate-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('generated rules', () => {
  it.each<[string, Values, string, object]>([
    [
      'hosts',
      { 'allowlist.hosts': ['b.example', 'a.example', 'b.example'] },
      'mcp_allowed_hosts',
      { items: ['b.example', 'a.example'], override: { items: 'replace' } },
    ],
    [
      'endings and networks of hosts',
      { 'allowlist.hosts': ['*.example.com', '10.1.2.0/31'] },
      'mcp_allowed_endpoint',
      {
        condition:
          '(tolower(mcp.server_host) in (mcp_allowed_hosts) or tolower(mcp.server_host) endswith ".example.com" or tolower(mcp.server_host) regex "10[.]1[.]2[.][0-1]")',
        override: { condition: 'replace' },
      },
    ],
    ['no host at all', { 'allowlist.hosts': [] }, 'mcp_allowed_hosts', { items: [] }],
    [
      'a threshold',
      { 'thresholds.response_bytes_warn': 7 },
      'mcp_response_over_threshold',
      { condition: '(mcp.response_bytes > 7)' },
    ],
    [
      'a large threshold, in full',
      { 'thresholds.request_bytes_warn': Number.MAX_SAFE_INTEGER },
      'mcp_request_over_threshold',
      { condition: '(mcp.request_bytes > 9007199254740991)' },
    ],
    [
      'programs, by their whole paths too',
      { 'programs.downloaders': ['curl'] },
      'mcp_downloader_paths',
      { items: ['/bin/curl', '/usr/bin/curl', '/usr/local/bin/curl'] },
    ],
    [
      'tools, in quotes',
      { 'tools.shell': ['git', 'mcp_shells'] },
      'mcp_tool_is_shell',
      { condition: '(mcp.tool_name in ("git", "mcp_shells"))' },
    ],
    [
      'secrets of every home',
      { 'paths.homes': ['/root', '/home/a'], 'paths.credentials': ['/etc/shadow', '~/.netrc'] },
      'mcp_credential_files',
      { items: ['/etc/shadow', '/root/.netrc', '/home/a/.netrc'] },
    ],
    [
      'the switch of a rule',
      { 'connect.enforce': true },
      'MCP Connection Outside Allow List',
      { enabled: true, override: { enabled: 'replace' } },
    ],
  ])('hold %s', (_, values, name, expected) => {
    expect(overridesOf(values).find((override) => nameOf(override) === name)).toMatchObject(expected);
  });

  it('hold nothing that the values do not say', () => {
    expect(overridesOf({})).toEqual([]);
    expect(overridesOf({ 'redaction.mask_auth': true }).map(nameOf)).toEqual([]);
    expect(overridesOf({ 'programs.package_managers': ['apt'] }).map(nameOf)).toEqual([
      'mcp_package_managers',
    ]);
  });

  it('name their sources, and no time or place', () => {
    const text = generateRules({}, ['values.yaml', 'values.prod.yaml']);
    expect(text.split('\n').slice(0, 2)).toEqual([
      GENERATED_MARK,
      expect.stringContaining('# Source: values.yaml and values.prod.yaml.'),
    ]);
    expect(generateRules({}, ['a\n- rule: x']).split('\n')[1]).toContain('Source: a?-?rule??x.');
  });

  it('are the same text for the same values, in whatever order the file has them', () => {
    const one = join(folder, 'one.yaml');
    const other = join(folder, 'other.yaml');
    writeFileSync(one, 'connect: {enforce: true, allow: [10.0.0.1]}\nallowlist: {hosts: [a]}\n');
    writeFileSync(other, 'allowlist: {hosts: [a]}\nconnect: {allow: [10.0.0.1], enforce: true}\n');
    expect(generateRules(readValues([one]), ['v'])).toBe(generateRules(readValues([other]), ['v']));
  });
});

/** Texts that would change a condition, a list or the YAML around them if they got there as they are. */
const hostile = fc.oneof(
  fc.constantFrom(
    'a") or (evt.num >= 0',
    "a' or mcp.method exists or '",
    'a, b',
    'a)',
    '(',
    'a\n- rule: x',
    'a\\',
    'mcp_allowed_hosts',
    'and',
    'or',
    '%mcp.method',
    '/a b',
    '/a\u202eb',
    '/a"b',
    '/mcp_shells',
    '~/x',
    '*.x)',
    '10.0.0.0/8 or',
    '[x]',
    '&a',
    '*a',
    '!!js/function x',
    '# x',
    ': x',
    '\u0000',
  ),
  fc.string({ unit: 'binary', maxLength: 24 }),
  fc.string({
    unit: fc.constantFrom(
      '/',
      '*',
      '.',
      ':',
      '"',
      "'",
      '(',
      ')',
      ' ',
      ',',
      '=',
      'a',
      '1',
      '-',
      '~',
      '\\',
      '_',
    ),
    maxLength: 12,
  }),
);

/** What a bare word in a list of a Falco condition may be. */
const BARE = /^[^()"'\s=,]+$/;
const LIST_KEYS = [
  ['allowlist', 'hosts'],
  ['connect', 'allow'],
  ['programs', 'shells'],
  ['programs', 'downloaders'],
  ['programs', 'package_managers'],
  ['tools', 'shell'],
  ['paths', 'homes'],
  ['paths', 'credentials'],
  ['paths', 'protected'],
] as const;

describe('a hostile value', () => {
  it.each(LIST_KEYS)('of %s.%s is refused, or stays one value', (section, key) => {
    const path = join(folder, 'values.yaml');
    fc.assert(
      fc.property(hostile, (text) => {
        writeFileSync(
          path,
          stringify({
            paths: { homes: ['/root'] },
            [section]: { homes: section === 'paths' ? ['/root'] : undefined, [key]: [text] },
          }),
        );
        let values: Values;
        try {
          values = readValues([path]);
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
          return;
        }
        const overrides = overridesOf(values);
        for (const { list, items = [] } of overrides) {
          if (list === undefined) continue;
          for (const item of items) {
            expect(item).toMatch(BARE);
            expect(item).not.toMatch(/^mcp_|[\p{C}]/u);
          }
        }
        for (const { condition = '()' } of overrides) {
          // With the quoted texts taken out, only what this generator writes is left.
          expect(condition.replaceAll(/"[^"\\]*"/g, '""')).toMatch(
            /^\((?:[a-z_.]+ in \([a-z_", ]*\)|tolower\(mcp\.server_host\) in \(mcp_allowed_hosts\)(?: or tolower\(mcp\.server_host\) (?:endswith|regex) "")*|)\)$/,
          );
        }
        // The text survives YAML as it was.
        const shown = overrides.flatMap(({ items = [], condition = '' }) => [...items, condition]).join('\n');
        if (key !== 'homes' && section !== 'connect' && section !== 'allowlist') {
          expect(shown).toContain(text.replace(/^~/, ''));
        }
      }),
      { numRuns: 300 },
    );
  });
});

/** Hosts that an entry names, and hosts near it that it does not name. */
const entries = fc.oneof(
  fc
    .domain()
    .map((name) => ({ entry: name, inside: [name, name.toUpperCase()], outside: [`x${name}`, `a.${name}`] })),
  fc
    .domain()
    .map((name) => ({ entry: `*.${name}`, inside: [`a.${name}`], outside: [name, `a.${name}.evil.net`] })),
  fc.ipV4().map((ip) => ({ entry: ip, inside: [ip], outside: [`${ip}.evil.net`, `1${ip}1`] })),
  fc.tuple(fc.nat(255), fc.nat(255)).map(([a, b]) => ({
    entry: `${a}.${b}.0.0/16`,
    inside: [`${a}.${b}.0.0`, `${a}.${b}.255.9`],
    outside: [`${a}.${(b + 1) % 256}.0.0`, `${a}.${b}.0`, `${a}.${b}.0.0.evil.net`],
  })),
  fc.nat(0xffff).map((group) => ({
    entry: `fd00:${(group | 0x1000).toString(16)}::/32`,
    inside: [`fd00:${(group | 0x1000).toString(16)}::1`],
    outside: [`fd01:${(group | 0x1000).toString(16)}::1`, 'fd00::1'],
  })),
);

describe('rules with generated values', () => {
  const callTo = (host: string) =>
    JSON.stringify({
      schema_version: '1',
      timestamp: 1,
      session_id: 's',
      client_process: 'c',
      server_host: host,
      server_port: 443,
      tls: true,
      method: 'tools/call',
      transport: 'http',
    });

  it('allow the hosts that an entry names, and no others', () => {
    fc.assert(
      fc.property(entries, ({ entry, inside, outside }) => {
        const text = generateRules({ 'allowlist.hosts': [entry] }, ['v']);
        const engine = createRuleEngine(loadShipped([{ path: 'v', text }]), { matching: 'all' });
        const isRefused = (host: string) =>
          engine.evaluateLine(callTo(host)).some((alert) => alert.rule === 'MCP Unapproved Endpoint Access');
        expect(inside.filter(isRefused)).toEqual([]);
        expect(outside.filter((host) => !isRefused(host))).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('load with every form of value', () => {
    const text = generateRules(
      {
        'allowlist.hosts': ['a', '*.b.example', '10.0.0.0/9', 'fd00::/8', '::1', '0.0.0.0/0'],
        'connect.allow': ['198.51.100.0/22', '2001:db8::1'],
        'connect.enforce': true,
        'programs.shells': ['sh'],
        'programs.downloaders': ['curl', 'a+b', '_x'],
        'programs.package_managers': [],
        'tools.shell': ['mcp_shells', 'a.b/c-d', 'and'],
        'paths.homes': ['/home/müller', '/home/a@b#c'],
        'paths.credentials': ['~/.netrc', '/srv/a~b'],
        'paths.protected': ['/srv/*/config', '/opt'],
      },
      ['v'],
    );
    const engine = createRuleEngine(loadShipped([{ path: 'v', text }]), { matching: 'all' });
    const connectTo = (ip: string) =>
      engine
        .evaluateLine(
          callTo('a').replace('"method"', `"record":"effect","effect":"connect","ip":"${ip}","method"`),
        )
        .map((alert) => alert.rule);
    expect(connectTo('198.51.101.7')).toEqual([]);
    expect(connectTo('::ffff:198.51.101.7')).toEqual([]);
    expect(connectTo('198.51.104.0')).toEqual(['MCP Connection Outside Allow List']);
  });

  it('load with the example of an overlay', () => {
    const values = readValues([join(root, 'config/values.yaml'), join(root, 'config/values.dev.yaml')]);
    const text = generateRules(values, ['v']);
    const engine = createRuleEngine(loadShipped([{ path: 'v', text }]), { matching: 'all' });
    expect(engine.evaluateLine(callTo('192.168.3.4'))).toEqual([]);
    expect(engine.evaluateLine(callTo('mcp.example.com'))).toHaveLength(1);
  });
});

describe('the generated file', () => {
  it('is written whole, and only where it differs', () => {
    const out = join(folder, 'deep/generated');
    expect(writeGenerated(out, `${GENERATED_MARK}\n1\n`)).toBe(true);
    const { ino } = statSync(join(out, GENERATED_FILE));
    expect(writeGenerated(out, `${GENERATED_MARK}\n1\n`)).toBe(false);
    expect(statSync(join(out, GENERATED_FILE)).ino).toBe(ino);
    expect(writeGenerated(out, `${GENERATED_MARK}\n2\n`)).toBe(true);
    expect(statSync(join(out, GENERATED_FILE)).ino).not.toBe(ino);
    expect(readdirSync(out)).toEqual([GENERATED_FILE]);
    expect(isGenerated(out, `${GENERATED_MARK}\n2\n`)).toBe(true);
  });

  it('leaves a file alone that was not generated', () => {
    writeFileSync(join(folder, GENERATED_FILE), '- list: mine\n  items: []\n');
    expect(() => writeGenerated(folder, `${GENERATED_MARK}\n`)).toThrow(
      /was not generated and is left as it is/,
    );
    expect(readFileSync(join(folder, GENERATED_FILE), 'utf8')).toContain('mine');
  });

  it('leaves nothing behind where it cannot be written', () => {
    mkdirSync(join(folder, 'out', GENERATED_FILE), { recursive: true });
    expect(() => writeGenerated(join(folder, 'out'), `${GENERATED_MARK}\n`)).toThrow(
      /cannot read .* \(EISDIR\)/,
    );
    writeFileSync(join(folder, 'file'), '');
    expect(() => writeGenerated(join(folder, 'file'), `${GENERATED_MARK}\n`)).toThrow(/ENOTDIR/);
    expect(readdirSync(join(folder, 'out'))).toEqual([GENERATED_FILE]);
  });
});

describe('rules generate', () => {
  const run = (...args: string[]) => {
    const rules = new Command('rules').exitOverride();
    addRulesGenerateCommand(rules);
    for (const command of rules.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
    rules.parse(['generate', '--out', join(folder, 'out'), ...args], { from: 'user' });
  };

  beforeEach(() => {
    writeFileSync(join(folder, 'values.yaml'), 'thresholds: {tool_invoke_warn: 5}\n');
    writeFileSync(join(folder, 'values.prod.yaml'), 'thresholds: {tool_invoke_warn: 6}\n');
  });

  const values = () => join(folder, 'values.yaml');
  const written = () => readFileSync(join(folder, 'out', GENERATED_FILE), 'utf8');

  it('lays the overlay of an environment over the values', () => {
    run('--values', values());
    expect(written()).toContain('mcp.tool_invoke_count > 5');
    run('--values', values(), '--env', 'prod');
    expect(written()).toContain('mcp.tool_invoke_count > 6');
    expect(written()).toContain('values.yaml and values.prod.yaml');
  });

  it('checks without writing', () => {
    expect(() => run('--values', values(), '--check')).toThrow(
      expect.objectContaining({ code: 'RULES_OUTDATED' }),
    );
    expect(readdirSync(folder)).not.toContain('out');
    run('--values', values());
    run('--values', values(), '--check');
    expect(() => run('--values', values(), '--env', 'prod', '--check')).toThrow(/is not what .* say/);
  });

  it.each(['../prod', 'a/b', '', '.'])('takes no environment named %j', (env) => {
    expect(() => run('--values', values(), '--env', env)).toThrow(/Must be a name/);
  });

  it('names an overlay that is not there', () => {
    expect(() => run('--values', values(), '--env', 'test')).toThrow(/values\.test\.yaml \(ENOENT\)/);
  });

  it('touches no rules but its own', () => {
    mkdirSync(join(folder, 'out/user'), { recursive: true });
    writeFileSync(join(folder, 'out/user/mine.yaml'), 'mine');
    run('--values', values());
    expect(readFileSync(join(folder, 'out/user/mine.yaml'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([GENERATED_FILE, 'user']);
  });
});
