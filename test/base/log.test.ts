import { describe, expect, it } from 'vitest';
import { ObserverError } from '../../src/base/errors.ts';
import type { LogFields, LoggerOptions, LogLevel } from '../../src/base/log.ts';
import { createLogger } from '../../src/base/log.ts';

function logged(
  options: Partial<LoggerOptions>,
  level: LogLevel,
  message: string,
  fields?: LogFields,
): string {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  createLogger({ level: 'info', pretty: false, write, ...options })[level](message, fields);
  return lines.join('');
}

describe('createLogger', () => {
  it('writes one JSON object a line', () => {
    const line = logged({}, 'warn', 'queue is full', { dropped: 3, ktimeNs: 2n ** 60n });
    expect(line.endsWith('\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({
      level: 'warn',
      msg: 'queue is full',
      dropped: 3,
      pid: process.pid,
    });
    expect(line).toContain(String(2n ** 60n));
  });

  it.each([
    ['debug', 'info', false],
    ['info', 'info', true],
    ['error', 'warn', true],
  ] as const)('%s at level %s is written: %s', (level, threshold, written) => {
    expect(logged({ level: threshold }, level, 'x') !== '').toBe(written);
  });

  it.each([
    [
      'an own error',
      new ObserverError('CONFIG_INVALID', 'unknown key "a"'),
      'CONFIG_INVALID: unknown key "a"',
    ],
    [
      'a system error',
      Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' }),
      'ENOENT: no such file',
    ],
    ['another error', new Error('boom'), 'boom'],
    ['something else thrown, which may be a payload', { secret: 'hunter2' }, 'object'],
  ])('tells of %s its code and message alone', (_, error, expected) => {
    expect(JSON.parse(logged({}, 'error', 'failed', { error })).error).toBe(expected);
  });

  it('writes readable lines that cannot control the terminal', () => {
    const line = logged({ pretty: true }, 'info', 'server started', { name: '\x1b[2Jx\ny' });
    expect(line).toMatch(/^\d\d:\d\d:\d\d info {2}server started name=\\x1b\[2Jx\\ny\n$/);
  });

  it('paints where it is asked to', () => {
    expect(logged({ pretty: true, colour: true }, 'error', 'x')).toContain('\x1b[31merror');
  });
});
