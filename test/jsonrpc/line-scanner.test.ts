import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineScanner } from '../../src/jsonrpc/line-scanner.ts';
import { type HeadValue, type MessageHead, PRESENT } from '../../src/jsonrpc/message-head.ts';
import { NODES, ROOT, slot } from '../../src/jsonrpc/message-paths.ts';
import { TOKEN_LIMIT_BYTES } from '../../src/jsonrpc/token-buffer.ts';

interface Seen {
  messages: { values: HeadValue[]; bytes: number; isObject: boolean; digits: string }[];
  skipped: number[];
}

function scan(chunks: readonly (Buffer | string)[], end = true): Seen {
  const seen: Seen = { messages: [], skipped: [] };
  const scanner = new LineScanner({
    message: (head: MessageHead) =>
      seen.messages.push({
        values: [...head.values],
        bytes: head.bytes,
        isObject: head.isObject,
        digits: head.idDigits,
      }),
    skipped: (bytes) => seen.skipped.push(bytes),
  });
  for (const chunk of chunks) scanner.push(Buffer.from(chunk as string));
  if (end) scanner.end();
  return seen;
}

/** Cuts the bytes at pseudo-random places. */
function cut(bytes: Buffer, seed: number): Buffer[] {
  const pieces: Buffer[] = [];
  let state = seed >>> 0;
  for (let at = 0; at < bytes.length; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const length = 1 + ((state >>> 16) % 7);
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const pathOf = new Map<number, string[]>();
(function walk(node: (typeof NODES)[number], path: string[]): void {
  pathOf.set(node.index, path);
  for (const child of node.children) walk(child, [...path, child.key]);
})(ROOT, []);

/** What the scanner has to find in a parsed message, by looking it up. */
function expected(message: unknown): HeadValue[] {
  return NODES.map((node) => {
    let value: unknown = message;
    for (const key of pathOf.get(node.index)!) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
      if (!Object.hasOwn(value, key)) return undefined;
      value = (value as Record<string, unknown>)[key];
    }
    if (typeof value === 'object' && value !== null) return PRESENT;
    if (node.leaf || typeof value === 'boolean' || value === null) return value as HeadValue;
    return PRESENT;
  });
}

/** Objects with the keys that matter, at any place, and others. */
const keys = fc.oneof(
  fc.constantFrom(...new Set(NODES.map(({ key }) => key).filter((key) => key !== ''))),
  fc.string({ maxLength: 6, unit: 'binary' }),
);
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
    ),
    tie('object'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  object: fc.dictionary(keys, tie('value'), { maxKeys: 6 }),
}));

function spaced(value: unknown, seed: number): string {
  // No newline: it would end the line.
  return JSON.stringify(value, null, seed % 3 === 0 ? '\t' : undefined).replaceAll('\n', ' ');
}

describe('LineScanner', () => {
  it('finds in any object what JSON.parse finds, however it is cut', () => {
    fc.assert(
      fc.property(json.object, fc.nat(), (value, seed) => {
        const text = spaced(value, seed);
        const bytes = Buffer.from(`${text}\n`);
        const seen = scan(cut(bytes, seed));
        expect(seen.skipped).toEqual([]);
        expect(seen.messages).toHaveLength(1);
        expect(seen.messages[0]!.values).toEqual(expected(JSON.parse(text)));
        expect(seen.messages[0]!.bytes).toBe(bytes.length - 1);
      }),
      { numRuns: 500 },
    );
  });

  it('reads a batch as its elements', () => {
    fc.assert(
      fc.property(fc.array(json.value, { minLength: 1, maxLength: 5 }), fc.nat(), (batch, seed) => {
        const seen = scan(cut(Buffer.from(`${JSON.stringify(batch)}\n`), seed));
        expect(seen.skipped).toEqual([]);
        expect(seen.messages).toHaveLength(batch.length);
        batch.forEach((element, i) => {
          const isObject = typeof element === 'object' && element !== null && !Array.isArray(element);
          expect(seen.messages[i]!.isObject).toBe(isObject);
          expect(seen.messages[i]!.bytes).toBe(Buffer.byteLength(JSON.stringify(element)));
          if (isObject)
            expect(seen.messages[i]!.values).toEqual(expected(JSON.parse(JSON.stringify(element))));
        });
      }),
    );
  });

  it('takes a line for JSON exactly where JSON.parse does', () => {
    const fragments = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"',
        '"id"',
        '"method"',
        'true',
        'null',
        'fals',
        '-',
        '0',
        '01',
        '1.5',
      ],
      ...[
        '1.',
        '.5',
        '1e5',
        '1e',
        '1E+',
        '\\',
        '\\u00e9',
        '\\u12',
        '\\n',
        ' ',
        '\t',
        '\r',
        'é',
        '\u0001',
        '-0',
      ],
    );
    const mutated = fc.tuple(json.object, fc.nat(), fragments).map(([value, at, piece]) => {
      const text = JSON.stringify(value);
      const place = at % (text.length + 1);
      return text.slice(0, place) + piece + text.slice(place + (at % 3));
    });
    const text = fc.oneof(
      mutated,
      fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.nat(), (line, seed) => {
        let parsed: unknown;
        let isJson = true;
        try {
          parsed = JSON.parse(line);
        } catch {
          isJson = false;
        }
        const seen = scan(cut(Buffer.from(`${line}\n{"id":7}\n`), seed));
        const isBlank = /^[ \t\r]*$/.test(line);
        const isEmptyBatch = Array.isArray(parsed) && parsed.length === 0;
        expect(seen.skipped.length).toBe((isJson && !isEmptyBatch) || isBlank ? 0 : 1);
        // Whatever came before, the next line is read.
        expect(seen.messages.at(-1)!.values[slot('id')]).toBe(7);
      }),
      { numRuns: 3000 },
    );
  });

  it('gives the same for any bytes, whatever the chunks', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }),
        fc
          .constantFrom('\n', '{"id":1}\n', '"', '\0', '\xff', '{"method":"a')
          .map((text) => Buffer.from(text)),
      ),
    );
    fc.assert(
      fc.property(pieces, fc.nat(), (parts, seed) => {
        const bytes = Buffer.concat(parts);
        const whole = scan([bytes]);
        expect(scan(cut(bytes, seed))).toEqual(whole);
        expect(scan([...bytes].map((byte) => Buffer.from([byte])))).toEqual(whole);
      }),
    );
  });

  it.each([
    ['the last of two equal keys wins', '{"method":"a","method":"b"}', { method: 'b' }],
    [
      'what the first of two equal keys held is forgotten',
      '{"method":"m","params":{"name":"x"},"params":{}}',
      { 'params name': undefined },
    ],
    ['an escaped key is the same key', '{"me\\u0074hod":"a\\nb"}', { method: 'a\nb' }],
    ['the key alone counts, not a string value', '{"x":"method","y":"id"}', { method: undefined }],
    [
      'the same key deeper is another one',
      '{"params":{"method":"a","params":{"name":"b"}}}',
      { method: undefined },
    ],
    ['in an array it is another one', '{"params":[{"name":"b"}]}', { 'params name': undefined }],
    ['a null result is a result', '{"id":1,"result":null}', { result: null }],
  ])('%s', (_, line, values) => {
    const { messages } = scan([`${line}\n`]);
    for (const [path, value] of Object.entries(values)) expect(messages[0]!.values[slot(path)]).toBe(value);
  });

  it('keeps the digits of a large id', () => {
    expect(scan(['{"id":12345678901234567890}\n']).messages[0]!.digits).toBe('12345678901234567890');
  });

  it('counts bytes without the line end, \\r included', () => {
    const { messages, skipped } = scan(['{"id":1}\r', '\n', 'noise\r\n', '\n\r\n']);
    expect(messages[0]!.bytes).toBe(8);
    expect(skipped).toEqual([5]);
  });

  it('reads what stands after the last newline when the stream ends, and not before', () => {
    expect(scan(['{"id":1}'], false).messages).toHaveLength(0);
    expect(scan(['{"id":1}']).messages).toHaveLength(1);
    expect(scan(['{"id":1']).skipped).toEqual([7]);
  });

  it('cuts a long token and says how long it was', () => {
    const name = 'x'.repeat(TOKEN_LIMIT_BYTES + 10);
    for (const chunks of [[`{"method":"${name}"}\n`], cut(Buffer.from(`{"method":"${name}"}\n`), 3)]) {
      const method = scan(chunks).messages[0]!.values[slot('method')] as string;
      expect(method.startsWith('x'.repeat(TOKEN_LIMIT_BYTES))).toBe(true);
      expect(method).toContain(String(TOKEN_LIMIT_BYTES + 10));
    }
  });

  it('reads an answer of many megabytes without keeping it', () => {
    const block = Buffer.alloc(1 << 20, 'a');
    const chunks = [
      '{"result":{"content":"',
      ...new Array<Buffer>(16).fill(block),
      '","isError":true},"id":"z"}\n',
    ];
    const { messages } = scan(chunks);
    expect(messages[0]!.values[slot('id')]).toBe('z');
    expect(messages[0]!.values[slot('result isError')]).toBe(true);
    expect(messages[0]!.bytes).toBe((16 << 20) + 22 + 27);
  });

  it('follows deep nesting, and skips the line where it is absurd', () => {
    const deep = (depth: number) => `{"params":${'['.repeat(depth)}${']'.repeat(depth)},"method":"m"}\n`;
    expect(scan([deep(100_000)]).messages[0]!.values[slot('method')]).toBe('m');
    expect(scan([deep(1_100_000), '{"id":1}\n'])).toMatchObject({
      messages: [{ bytes: 8 }],
      skipped: [deep(1_100_000).length - 1],
    });
  });
});
