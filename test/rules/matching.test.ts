/** The small parts of comparisons. That they are those of Falco's libraries is tested with these. */
import { describe, expect, it } from 'vitest';
import { compareBytes, decodeBase64, toLowerAscii, toUpperAscii } from '../../src/rules/byte-text.ts';
import { TimeFormatter } from '../../src/rules/event-time.ts';
import { mayHoldRounded, numberTokens, parseUint64, plainInteger } from '../../src/rules/exact-number.ts';
import { compileGlob } from '../../src/rules/glob.ts';
import { formatIpAddress, parseIpAddress } from '../../src/rules/ip-address.ts';
import { compilePathPrefixes } from '../../src/rules/path-prefix.ts';
import { compilePosixRegex, RegexError } from '../../src/rules/posix-regex.ts';

describe('a shell pattern', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['*', ['', 'a', '/a/b', '.a'], []],
    ['a*c', ['ac', 'abc', 'a/c'], ['a', 'acb']],
    ['*.ssh/*', ['/home/a/.ssh/id', '.ssh/'], ['/ssh/']],
    ['a?c', ['abc', 'a/c'], ['ac', 'abbc']],
    ['??', ['ö', 'ab'], ['a', 'öö']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x']],
    ['[!a-c]x', ['dx', '-x'], ['ax']],
    ['[]a]', [']', 'a'], ['b']],
    ['[a-]', ['a', '-'], ['b']],
    ['[[:digit:][:upper:]]', ['5', 'A'], ['a']],
    ['[', ['['], ['']],
    ['a[b', ['a[b'], ['ab']],
    ['a\\*', ['a*'], ['ab']],
    ['a\\', [], ['a', 'a\\']],
    ['', [''], ['a']],
  ])('%s', (pattern, matching, others) => {
    const matches = compileGlob(pattern);
    for (const text of matching) expect([text, matches(text)]).toEqual([text, true]);
    for (const text of others) expect([text, matches(text)]).toEqual([text, false]);
  });

  it('without case knows the letters A to Z', () => {
    const matches = compileGlob('*Ab[C-D]Ö', { ignoreCase: true });
    expect([matches('xaBcÖ'), matches('abdÖ'), matches('abcö')]).toEqual([true, true, false]);
  });

  it('of many stars ends', () => {
    const matches = compileGlob(`${'*a'.repeat(50)}b`);
    expect(matches('a'.repeat(5000))).toBe(false);
  });
});

describe('path prefixes', () => {
  it.each<[paths: string[], matching: string[], others: string[]]>([
    [
      ['/usr/bin'],
      ['/usr/bin', '/usr/bin/', '/usr/bin/env', '//usr//bin/x', 'usr/bin'],
      ['/usr', '/usr/binx', '/bin/usr/bin'],
    ],
    [['/home/*/.ssh'], ['/home/a/.ssh', '/home/a/.ssh/id'], ['/home/.ssh', '/home/a/b/.ssh']],
    [['/usr', '/usr/bin'], ['/usr/x'], ['/us']],
    [['/usr/*', '/usr/bin/x'], ['/usr/bin/x', '/usr/y'], ['/usr']],
    [['/'], ['/a', '', 'a'], []],
    [[], [], ['', '/']],
  ])('%j', (paths, matching, others) => {
    const matches = compilePathPrefixes(paths);
    for (const path of matching) expect([path, matches(path)]).toEqual([path, true]);
    for (const path of others) expect([path, matches(path)]).toEqual([path, false]);
  });
});

describe('a regular expression', () => {
  it.each<[pattern: string, matching: string[], others: string[]]>([
    ['a', ['a'], ['ab', 'ba']],
    ['a|b.*', ['a', 'bcd'], ['acd']],
    ['[[:alpha:]_]+', ['ab_c'], ['ab1', '']],
    ['[^/]+/.*', ['a/b/c'], ['/b']],
    ['a*?b', ['b', 'aab'], ['a']],
    ['a+?', ['', 'aa'], ['b']],
    ['(ab)+?', ['', 'abab'], ['a']],
    ['a**', ['', 'aa'], ['b']],
    ['[]x]', [']', 'x'], ['[']],
    ['\\.\\x41', ['.A'], ['aA']],
    ['^a$', ['a'], ['aa']],
    ['ö.', ['öx', 'ö😀'], ['ö']],
    ['', [''], ['a']],
  ])('%s', (pattern, matching, others) => {
    const matches = compilePosixRegex(pattern);
    for (const text of matching) expect([text, matches(text)]).toEqual([text, true]);
    for (const text of others) expect([text, matches(text)]).toEqual([text, false]);
  });

  it.each([
    '\\d',
    '[\\w]',
    '\\bx',
    '\\pL',
    '(?i)a',
    '(?:a)',
    'a{1001}',
    '(a',
    'a)',
    '[a',
    '[[:nope:]]',
    '\\1',
    '(?P<n>a)',
    '\\Qa\\E',
    '*a',
  ])('%s is refused', (pattern) => {
    expect(() => compilePosixRegex(pattern)).toThrow(RegexError);
  });

  it('takes time in line with the text', () => {
    const matches = compilePosixRegex('(a*)*(a*)*(a|aa)+b');
    expect(matches('a'.repeat(20_000))).toBe(false);
  });
});

describe('texts', () => {
  it('change the case of A to Z', () => {
    expect([toLowerAscii('AÖ\u212a'), toUpperAscii('aöß')]).toEqual(['aÖ\u212a', 'Aöß']);
  });

  it('are ordered by their bytes', () => {
    const texts = ['', 'A', 'a', 'é', '\uffee', '😀'];
    expect(texts.toReversed().sort(compareBytes)).toEqual(texts);
  });

  it.each<[string, string | undefined]>([
    ['', ''],
    ['YQ==', 'a'],
    ['YQ', 'a'],
    ['YWI=', 'ab'],
    ['YWJj', 'abc'],
    ['gA', '\x80'],
    ['YR==', undefined],
    ['Y', undefined],
    ['=', undefined],
    ['YQ==YQ==', undefined],
    ['-_-_', undefined],
  ])('base64 %s', (text, expected) => {
    expect(decodeBase64(text)).toBe(expected);
  });
});

describe('an address', () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::', '::'],
    ['::1', '::1'],
    ['2001:DB8:0:0:1::', '2001:db8:0:0:1::'],
    ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
    ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
    ['::ffff:10.1.2.3', '::ffff:10.1.2.3'],
    ['::ffff:a01:203', '::ffff:10.1.2.3'],
    ['::1.2.3.4', '::1.2.3.4'],
    ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
  ])('%s is written %s', (text, expected) => {
    expect(formatIpAddress(parseIpAddress(text)!)).toBe(expected);
  });

  it.each([
    '',
    '10.1.2',
    '010.1.2.3',
    '256.1.1.1',
    ' 1.1.1.1',
    '1::2::3',
    'fe80::1%eth0',
    '10.0.0.0/8',
    'a.example',
    '1:2:3:4:5:6:7',
    '::g',
  ])('%j is none', (text) => {
    expect(parseIpAddress(text)).toBeUndefined();
  });
});

describe('a number', () => {
  it.each<[string, bigint | undefined]>([
    ['0', 0n],
    ['-0', 0n],
    ['-0.0e5', 0n],
    ['-0.5', undefined],
    ['-1', undefined],
    ['4.99999999999999999999', 4n],
    ['50e-1', 5n],
    ['1e3', 1000n],
    ['9007199254740993.5', 9007199254740993n],
    ['1.8446744073709551615e19', 18446744073709551615n],
    ['18446744073709551615', 18446744073709551615n],
    ['18446744073709551615.5', undefined],
    ['18446744073709551616', undefined],
    ['1e400', undefined],
    ['1e-400', 0n],
    ['1e99999999999999999999', undefined],
    ['"5"', undefined],
  ])('%s', (token, expected) => {
    expect(parseUint64(token)).toBe(expected);
  });

  it('is found at the top of a record, and the last one counts', () => {
    const line = '{"a":{"n":1},"t":"\\"n\\":2","n":3,"l":[4, 5 ,"x"],"\\u006e" : 6 ,"e":[]}';
    expect([
      numberTokens(line, 'n'),
      numberTokens(line, 'l'),
      numberTokens(line, 'e'),
      numberTokens(line, 'z'),
    ]).toEqual([['6'], ['4', '5', '"x"'], [], []]);
  });

  it.each<[string, string | undefined]>([
    ['{"a":1,"n":12,"b":2}', '12'],
    ['{"n":12,"n":13}', '13'],
    ['{"n": 12}', undefined],
    ['{"n":12.5}', undefined],
    ['{"n":"12"}', undefined],
    ['{"a":{"n":12}}', undefined],
    ['{"a":"\\"n\\":5","n":12}', undefined],
    ['{"a":"n","b":1}', undefined],
  ])('of %s is plain', (line, expected) => {
    expect(plainInteger(line, '"n"')).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['{"n":4.9999999999999999}', true],
    ['{"n":1234567890123456e-1}', true],
    [`{"${'x'.repeat(37)}":123456789012345.6789}`, true],
    ['{"t":1763700000123456789,"d":4.5}', false],
    ['{"n":5}', false],
  ])('of %s may be rounded: %s', (line, expected) => {
    expect(mayHoldRounded(line)).toBe(expected);
  });
});

it('times have the forms of Falco', () => {
  const times = new TimeFormatter();
  const ns = 1_700_000_000_000_000_007n;
  const local = new Date(1_700_000_000_000);
  const clock = [local.getHours(), local.getMinutes(), local.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  expect(times.text(ns, 'evt.time')).toBe(`${clock}.000000007`);
  expect(times.text(ns, 'evt.time.s')).toBe(clock);
  expect(times.text(ns, 'evt.time.iso8601')).toBe('2023-11-14T22:13:20.000000007+0000');
  expect(times.iso(ns)).toBe('2023-11-14T22:13:20.000000007Z');
  expect(times.iso(ns + 1_000_000_000n)).toBe('2023-11-14T22:13:21.000000007Z');
});
