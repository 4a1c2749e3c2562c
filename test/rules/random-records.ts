/** Lines that may be records: every way in which a value can be odd, from small pools so that conditions find some. */
import fc from 'fast-check';
import { RECORD_FIELDS } from '../../src/rules/fields.gen.ts';

/** Texts of records, as they are in the JSON value. */
export const TEXTS = [
  '',
  'a',
  'ab',
  'A',
  'call',
  'effect',
  'tools/call',
  'read_file',
  '/usr/bin/env',
  '/usr/bin',
  '/usr/bin/',
  '//usr//bin/x',
  '/etc/passwd',
  '/home/dev/.ssh/id_ed25519',
  '/',
  'YWJj',
  'YQ==',
  'AAAA',
  'gICA',
  'a b',
  'a]b',
  'a*b',
  'a\\b',
  'a\\nb',
  "it's",
  '"quoted"',
  'mcp.method',
  'stdio',
  'ok',
  'ÄÖx',
  'äöx',
  '日本語',
  '😀',
  'x'.repeat(300),
  '10.1.2.3',
  '5',
  '-1',
  'true',
  // What is made visible.
  'a\nb',
  'a\tb',
  'a\r',
  'a\0b',
  '\0',
  '\x1b[31mred',
  'a\u202eb',
  '\u200bzero',
  '\u2028',
  '\u{e0001}tag',
  '\x7f',
  '\x85',
  '\ufeff',
];

/** Numbers as they are written. */
export const NUMBERS = [
  '0',
  '1',
  '5',
  '16',
  '443',
  '1000',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '1763700000123456789',
  '1763700000123456790',
  '18446744073709551615',
  '18446744073709551616',
  '99999999999999999999999',
  '-1',
  '-0',
  '-0.0',
  '-0.5',
  '0.5',
  '4.999',
  '4.99999999999999999999',
  '5.0',
  '1e3',
  '1.5e1',
  '50e-1',
  '9007199254740993.5',
  '1.8446744073709551615e19',
  '1e19',
  '1e400',
  '1e-400',
];

export const ADDRESSES = [
  '10.1.2.3',
  '127.0.0.1',
  '169.254.169.254',
  '010.1.2.3',
  '10.1.2',
  '1.2.3.4.5',
  '::1',
  '::',
  '2001:db8::1',
  '2001:DB8:0:0::1',
  'fd00:ec2::254',
  '::ffff:10.1.2.3',
  '::ffff:a01:203',
  'fe80::1%eth0',
  '10.1.2.0/24',
  'localhost',
  ' 10.1.2.3',
  '1::2::3',
  '::1.2.3.4',
];

const json = (text: string): string => JSON.stringify(text);
/** Escapes where none are needed. */
const escaped = (text: string): string =>
  `"${[...text].map((c) => [...Array(c.length)].map((_, i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')).join('')}"`;

const text = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...TEXTS).map(json) },
  { weight: 1, arbitrary: fc.constantFrom(...TEXTS).map(escaped) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 12 }).map(json) },
);
const number = fc.constantFrom(...NUMBERS);
const bool = fc.constantFrom('true', 'false');
const address = fc.constantFrom(...ADDRESSES).map(json);
const other = fc.oneof(
  text,
  number,
  bool,
  address,
  fc.constantFrom('null', '{}', '[]', '{"pid":5}', '[[1]]', '["a",{"b":[]}]'),
);

function valueFor(type: string, list: boolean): fc.Arbitrary<string> {
  const fitting = type === 'string' ? text : type === 'bool' ? bool : type === 'ipaddr' ? address : number;
  const mixed = fc.oneof({ weight: 8, arbitrary: fitting }, { weight: 1, arbitrary: other });
  if (!list) return mixed;
  const elements = fc.array(mixed, { maxLength: 4 }).map((items) => `[${items.join(',')}]`);
  return fc.oneof({ weight: 8, arbitrary: elements }, { weight: 1, arbitrary: other });
}

const REQUIRED: readonly (readonly [string, string])[] = [
  ['schema_version', '"1"'],
  ['timestamp', '1763700000123456789'],
  ['session_id', '"s"'],
  ['client_process', '"c"'],
  ['server_host', '"stdio"'],
  ['server_port', '0'],
  ['tls', 'false'],
  ['method', '"tools/call"'],
];

/** The hosts take the highest timestamp for none, and put the present time in its place. */
const NO_TIME = ['18446744073709551615', '1.8446744073709551615e19'];
const isFit = ([key, value]: readonly [string, string]): boolean =>
  key !== 'timestamp' || !NO_TIME.includes(value);

const field = fc
  .constantFrom(...RECORD_FIELDS)
  .chain(({ key, type, list }) => valueFor(type, list).map((value) => [key, value] as const));
const kind = fc
  .constantFrom('"call"', '"effect"', '"session"', '"status"', '"other"', '1')
  .map((value) => ['record', value] as const);
const unknown = fc
  .tuple(fc.constantFrom('unknown', '__proto__', 'constructor', '', 'a"b', 'pid ', 'timestamp2'), other)
  .map(([key, value]) => [key, value] as const);

/** Fields that conditions ask for most. */
const FOCUS = [
  'method',
  'path',
  'tool_name',
  'pid',
  'bytes',
  'duration_ms',
  'ip',
  'tls',
  'declared_read_only',
  'exec_paths',
  'exec_args',
  'connect_ips',
  'read_paths',
  'server_port',
  'timestamp',
];
const focused = fc
  .constantFrom(...RECORD_FIELDS.filter(({ key }) => FOCUS.includes(key)))
  .chain(({ key, type, list }) => valueFor(type, list).map((value) => [key, value] as const));

const entries = fc
  .tuple(
    fc.option(kind, { nil: undefined }),
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: focused },
        { weight: 3, arbitrary: field },
        { weight: 1, arbitrary: unknown },
      ),
      { maxLength: 14 },
    ),
    fc.nat(40),
    fc.boolean(),
  )
  .map(([kindEntry, fields, dropped, isSpaced]) => (id: string) => {
    // Seldom a required field is missing; a field may stand twice, and the last one counts.
    const all = [
      ...REQUIRED.filter((_, i) => i !== dropped),
      ...(kindEntry ? [kindEntry] : []),
      ...fields.filter(isFit),
      ['request_id', json(id)] as const,
    ];
    const gap = isSpaced ? ' ' : '';
    return Buffer.from(`{${all.map(([key, value]) => `${json(key)}${gap}:${gap}${value}`).join(`,${gap}`)}}`);
  });

const ID_MARK = 'ID';
const base = REQUIRED.map(([key, value]) => `"${key}":${value}`).join(',');
const BROKEN: readonly string[] = [
  '',
  ' ',
  'null',
  '[]',
  '5',
  '"text"',
  `{${base}`,
  `{${base},}`,
  `{${base},"request_id":"ID"} x`,
  `{${base},"request_id":"ID"}{}`,
  `\ufeff{${base},"request_id":"ID"}`,
  `{${base},"request_id":"ID","path":"\\ud800"}`,
  `{${base},"request_id":"ID","path":"\\udc00\\ud800"}`,
  `{${base},"request_id":"ID","unknown":{"deep":["\\udbff x"]}}`,
  `{${base},"request_id":"ID","path":"\\ud83d\\ude00"}`,
  `{${base},"request_id":"ID","path":"\\\\ud800"}`,
  `{${base},"request_id":"ID","path":"a\tb"}`,
  `{${base},"request_id":"ID","path":"\\x41"}`,
  `{${base},"request_id":"ID","pid":01}`,
  `{${base},"request_id":"ID","pid":+1}`,
  `{${base},"request_id":"ID","pid":.5}`,
  `{${base},"request_id":"ID","pid":5.}`,
  `{${base},"request_id":"ID","pid":NaN}`,
  `{${base},"request_id":"ID","p\\u0069d":5}`,
  `{${base},"request_id":"ID","pid":16,"p\\u0069d":5}`,
  `{"pid":5,${base},"request_id":"ID","pid":"no number"}`,
  `{${base},"request_id":"ID"}\r`,
  `  {${base},"request_id":"ID"}  `,
  `{${base},"request_id":"ID","path":"${'y'.repeat(70_000)}"}`,
  `{${base},"request_id":"ID","unknown":${'['.repeat(600)}${']'.repeat(600)}}`,
  `{${base},"request_id":"ID","timestamp":"1763700000123456789"}`,
  `{${base},"request_id":"ID","timestamp":-5}`,
  `{${base},"request_id":"ID","tls":"true"}`,
  `{${base},"request_id":"ID","method":null}`,
  `{${base},"request_id":"ID","schema_version":"2"}`,
  `{${base},"request_id":"ID","schema_version":2}`,
];
const broken = fc
  .constantFrom(...BROKEN)
  .map((line) => (id: string) => Buffer.from(line.replaceAll(ID_MARK, id)));
const invalidUtf8 = fc
  .constantFrom(
    [0xff],
    [0xc3],
    [0xed, 0xa0, 0x80],
    [0xc0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xf0, 0x9f, 0x98, 0x80],
  )
  .map(
    (bytes) => (id: string) =>
      Buffer.concat([
        Buffer.from(`{${base},"request_id":"${id}","path":"`),
        Buffer.from(bytes),
        Buffer.from('"}'),
      ]),
  );

/** Each takes the id of its record and gives the line, without its line end. */
export function recordLines(): fc.Arbitrary<(id: string) => Buffer> {
  return fc.oneof(
    { weight: 24, arbitrary: entries },
    { weight: 2, arbitrary: broken },
    { weight: 1, arbitrary: invalidUtf8 },
  );
}
