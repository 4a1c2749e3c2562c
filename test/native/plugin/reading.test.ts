import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Build, capture, provideBuild, record, temporaryFolder } from './harness.ts';
import { FIELDS, readFile } from './reference-record.ts';

const BASE = JSON.stringify(record()).slice(0, -1);
const withField = (json: string) => `${BASE},${json}}`;
const LONE = ['\\ud800', '\\udc00', '\\ud800x', '\\udbff\\u0041', '\\uDFFF\\uD800'];

/** Lines whose reading says something; what each gives is said by the reference. */
const LINES: readonly (readonly [string, string | Buffer])[] = [
  ['a plain record', withField('"call_id":"c"')],
  ['white space everywhere', ` {\t"a" : [ 1 , {} ] , ${BASE.slice(1)} } `],
  ['a carriage return before the line end', `${withField('"call_id":"c"')}\r`],
  ['two of them', `${withField('"call_id":"c"')}\r\r`],
  ['an empty line', ''],
  ['a line of a carriage return', '\r'],
  ['a line of spaces', '  '],
  ['an array', '[]'],
  ['a number', '1'],
  ['a string', '"x"'],
  ['null', 'null'],
  ['an empty object', '{}'],
  ['two objects', '{} {}'],
  ['no end', BASE],
  ['a comma too many', `${BASE},}`],
  ['no colon', withField('"a" 1')],
  ['single quotes', withField("'a':1")],
  ['a comment', withField('"a":1/**/')],
  ['a byte order mark', `\ufeff${withField('"a":1')}`],
  ['a leading zero', withField('"a":01')],
  ['a plus sign', withField('"a":+1')],
  ['a bare minus', withField('"a":-')],
  ['a fraction without digits', withField('"a":1.')],
  ['no digits before a fraction', withField('"a":.5')],
  ['an exponent without digits', withField('"a":1e')],
  ['NaN', withField('"a":NaN')],
  ['capital True', withField('"a":True')],
  ['a cut off true', withField('"tls":tru')],
  ['a huge number where nobody looks', withField(`"a":1e400,"b":${'9'.repeat(400)}`)],
  ['a raw control character', withField('"a":"\u0001"')],
  ['a raw tab', withField('"a":"\t"')],
  ['a raw DEL', withField('"path":"a\u007fb"')],
  ['an unknown escape', withField('"a":"\\x"')],
  ['a cut off escape', withField('"a":"\\u12"')],
  ['bytes that are not UTF-8', Buffer.from([...Buffer.from(`${BASE},"a":"`), 0xff, ...Buffer.from('"}')])],
  ['an overlong form', Buffer.from([...Buffer.from(`${BASE},"path":"`), 0xc0, 0xaf, ...Buffer.from('"}')])],
  [
    'an encoded surrogate',
    Buffer.from([...Buffer.from(`${BASE},"path":"`), 0xed, 0xa0, 0x80, ...Buffer.from('"}')]),
  ],
  [
    'a cut off character',
    Buffer.from([...Buffer.from(`${BASE},"path":"`), 0xe2, 0x82, ...Buffer.from('"}')]),
  ],
  ...LONE.map((half) => [`half a pair ${half}`, withField(`"path":"${half}"`)] as const),
  ...LONE.map(
    (half) => [`half a pair in an unknown field ${half}`, withField(`"x":{"y":["${half}"]}`)] as const,
  ),
  ['half a pair in a key', withField('"\\udead":1')],
  ['half a pair in a value that is replaced', withField('"path":"\\udead","path":"x"')],
  ['a whole pair', withField('"path":"\\ud83d\\ude00"')],
  [
    'escapes of all kinds',
    withField('"path":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u0000\\u007f\\u0085\\u00ad"'),
  ],
  ['a NUL inside', withField('"path":"a\\u0000b","ip":"10.0.0.1\\u0000"')],
  [
    'bidi controls, line separators, tags',
    withField('"path":"a\u202eb\u2028c\u2029d\u{e0001}e\u200bf\ufeffg\u00adh"'),
  ],
  ['other scripts', withField('"path":"/tmp/äöü/日本語/😀"')],
  ['a backslash', withField('"path":"C:\\\\x"')],
  ['a key as an escape', withField('"p\\u0061th":"/a"')],
  ['a key twice', withField('"path":"/a","path":"/b"')],
  ['a key twice, the last of another type', withField('"path":"/a","path":7')],
  ['a key twice, the first of another type', withField('"path":7,"path":"/b"')],
  ['a key twice, one as an escape', withField('"path":"/a","p\\u0061th":"/b"')],
  ['a needed key twice, the last of another type', withField('"method":null')],
  ['a needed key that is an empty string', withField('"method":"","session_id":""')],
  ['a field in another object', withField('"x":{"path":"/a"}')],
  ['a key that begins like a field', withField('"pat":"/a","pathx":"/b","path\\u0000":"/c","":1')],
  ['a key longer than any field', withField(`"${'k'.repeat(300)}":1,"path":"/a"`)],
  ...[
    '0',
    '-0',
    '-0.0',
    '1',
    '-1',
    '1.9',
    '0.1',
    '-0.5',
    '1e3',
    '1E+3',
    '12.5e1',
    '1e-1',
    '5e-324',
    '0e999999999999999999999',
  ].map((number) => [`the number ${number}`, withField(`"pid":${number}`)] as const),
  ...[
    '18446744073709551615',
    '18446744073709551616',
    '18446744073709551615.5',
    '18446744073709551614.999',
    '1.8446744073709551615e19',
  ].map((number) => [`the number ${number}`, withField(`"pid":${number}`)] as const),
  ...[
    '9007199254740993',
    '9007199254740993.5',
    '12345678901234567890e0',
    '1e19',
    '1e20',
    '123e-400',
    '99999999999999999999',
  ].map((number) => [`the number ${number}`, withField(`"pid":${number}`)] as const),
  ['a number as text', withField('"pid":"1"')],
  ['text as a number', withField('"path":1')],
  ['a bool as a number', withField('"targets_truncated":1')],
  ['a negative timestamp', withField('"timestamp":-1')],
  ['a timestamp too large', withField('"timestamp":18446744073709551616')],
  ['a timestamp with a fraction', withField('"timestamp":1795222660006796517.9')],
  ['a port as text', withField('"server_port":"80"')],
  ['tls as text', withField('"tls":"true"')],
  ...[
    '10.0.0.1',
    '010.0.0.1',
    '10.0.0',
    '256.1.1.1',
    '1.2.3.4 ',
    ' 1.2.3.4',
    '0x7f.0.0.1',
    '::',
    '::1',
    '::ffff:1.2.3.4',
    '1::2::3',
    'fe80::1%eth0',
    '[::1]',
    '2001:db8::8a2e:370:7334',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    '12345::',
    '',
  ].map((address) => [`the address ${address}`, withField(`"ip":"${address}"`)] as const),
  ['lists', withField('"exec_args":["a","b\\u001b",""],"connect_ips":["1.2.3.4","::1","x","1.2.3.4"]')],
  ['lists with elements of other types', withField('"exec_args":[1,"a",null,["b"],{"c":"d"},true,"e"]')],
  [
    'lists without one that fits',
    withField('"exec_args":[1,null],"connect_ips":["x"],"read_paths":[],"written_paths":null'),
  ],
  ['a list that is no list', withField('"exec_args":"a","path":["b"]')],
  ['a list of 200', withField(`"exec_args":[${Array.from({ length: 200 }, (_, i) => `"${i}"`)}]`)],
  ['lists that are not ended', withField('"exec_args":["a",]')],
  ['deep nesting', withField(`"x":${'['.repeat(1000)}${']'.repeat(1000)}`)],
  ['deep nesting that is not ended', withField(`"x":${'['.repeat(20_000)}`)],
  ['the longest line', withField(`"path":"${'x'.repeat(65_536 - BASE.length - 11)}"`)],
  ['a line one byte too long', withField(`"path":"${'x'.repeat(65_536 - BASE.length - 10)}"`)],
  ['a line far too long', withField(`"path":"${'x'.repeat(300_000)}"`)],
  ['a record after it', withField('"call_id":"after"')],
];

/** Short, for the sake of who reads a difference. */
const shown = (value: unknown) =>
  typeof value === 'string' && value.length > 200 ? `${value.length} of ${value[0]}` : value;
const named = (values: unknown[]) =>
  Object.fromEntries(FIELDS.flatMap(({ name }, i) => (values[i] === null ? [] : [[name, shown(values[i])]])));

async function compare(build: Build, bytes: Buffer, config: object = {}): Promise<void> {
  const folder = temporaryFolder();
  const path = join(folder, 'records.jsonl');
  writeFileSync(path, bytes);
  const run = await capture(build, { open: path, fields: 'all', config });
  const expected = readFile(bytes);
  expect(run.summary.ending).toBe('eof');
  expect(run.values.map(named)).toEqual(expected.records.map(named));
  expect(run.summary.metrics).toMatchObject({
    ...expected.skipped,
    events: expected.records.length,
    bytes: bytes.length,
  });
}

const joined = (rows: readonly (string | Buffer)[]) =>
  Buffer.concat(rows.flatMap((row) => [Buffer.from(row as string), Buffer.from('\n')]));

describe.each(['release', 'sanitized'] as const)('reading lines, %s', (name) => {
  let build: Build;
  beforeAll(async () => {
    build = await provideBuild(name);
  }, 300_000);

  it('gives what the reference says, all in one file', async () => {
    const bytes = joined(LINES.map(([, line]) => line));
    expect(readFile(bytes).records.length).toBeGreaterThan(50);
    await compare(build, bytes);
    await compare(build, bytes, { batch_records: 1 });
  });

  it('gives the same for a last line without an end', async () => {
    for (const [, line] of LINES) {
      if (line.length < 400) await compare(build, Buffer.from(line as string));
    }
  });
});

describe('reading a single line', async () => {
  const build = await provideBuild('release');
  it.each(LINES)('%s', async (_, line) => {
    await compare(build, joined([line, withField('"call_id":"next"')]));
  });

  it('gives raw text where it is told to, but for NUL', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, `${withField('"path":"a\\u001b\\u202eb\\u0000c"')}\n`);
    const run = await capture(build, { open: path, fields: ['path'], config: { sanitize: false } });
    expect(run.values).toEqual([['a\u001b\u202eb\\x00c']]);
  });

  it('reads a record however deep something in it is', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    writeFileSync(path, `${withField(`"call_id":"c","x":${'['.repeat(30_000)}${']'.repeat(30_000)}`)}\n`);
    expect((await capture(build, { open: path })).values).toEqual([['c']]);
  });

  it('keeps to the limit that it is given', async () => {
    const path = join(temporaryFolder(), 'a.jsonl');
    const line = (bytes: number) => withField(`"path":"${'x'.repeat(bytes - BASE.length - 11)}"`);
    writeFileSync(path, joined([line(2000), line(2001), line(1999), line(9000)]));
    const run = await capture(build, { open: path, fields: ['path'], config: { max_record_bytes: 2000 } });
    expect(run.summary.metrics).toMatchObject({ events: 2, skipped_too_long: 2 });
  });
});

/** Text as JSON in one of the many ways to write it. */
const jsonText = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 12 }), fc.boolean())
  .map(([text, escaped]) =>
    escaped
      ? `"${[...text].map((c) => [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`
      : JSON.stringify(text),
  );
const address = fc
  .oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom('::ffff:1.2.3.4', '1.2.3', ''))
  .map((text) => JSON.stringify(text));
const number = fc.oneof(
  fc.bigInt({ min: -5n, max: 2n ** 64n + 5n }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: -30, max: 30 })).map(([a, b, e]) => `${a}.${b}e${e}`),
);
const scalarJson = fc.oneof(
  jsonText,
  address,
  number,
  fc.constantFrom('true', 'false', 'null', '{}', '[1]', '{"path":"x"}'),
);
const valueFor = ({ type, list }: { type: string; list: boolean }) => {
  const fitting =
    type === 'string'
      ? jsonText
      : type === 'ipaddr'
        ? address
        : type === 'bool'
          ? fc.constantFrom('true', 'false')
          : number;
  const one = fc.oneof({ weight: 6, arbitrary: fitting }, { weight: 1, arbitrary: scalarJson });
  const many = fc.array(one, { maxLength: 5 }).map((elements) => `[${elements}]`);
  return list ? fc.oneof({ weight: 5, arbitrary: many }, one) : fc.oneof({ weight: 9, arbitrary: one }, many);
};
const pair = fc
  .constantFrom(...FIELDS)
  .chain((field) => valueFor(field).map((value) => `"${field.name}":${value}`));
const space = fc.constantFrom('', '', '', '', ' ', '\t');
const line = fc
  .tuple(fc.array(pair, { maxLength: 25 }), space, fc.option(fc.tuple(fc.nat(), fc.nat(255)), { freq: 6 }))
  .map(([pairs, gap, damage]) => {
    const bytes = Buffer.from(`${BASE}${pairs.map((text) => `,${gap}${text}`).join('')}${gap}}`);
    // A spoiled byte, never a line end: a line is to stay one.
    if (damage !== null) bytes[damage[0] % bytes.length] = damage[1] === 0x0a ? 0x22 : damage[1];
    return bytes;
  });

describe('reading any line', async () => {
  const build = await provideBuild('release');
  it('gives what the reference says', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 50, maxLength: 200, size: 'max' }), (rows) =>
        compare(build, joined(rows)),
      ),
      { numRuns: 60, interruptAfterTimeLimit: 240_000 },
    );
  });
});
