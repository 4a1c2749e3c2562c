import { describe, expect, it } from 'vitest';
import { createColours, sanitizeForTerminal, wantsColour } from '../../src/base/terminal.ts';

describe('sanitizeForTerminal', () => {
  it.each([
    ['plain text', 'read_file /tmp/a b.txt', 'read_file /tmp/a b.txt'],
    ['letters of any script', 'größe 文件 🙂', 'größe 文件 🙂'],
    ['an escape sequence', '\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
    ['line ends and tabs', 'a\nb\r\tc', 'a\\nb\\r\\tc'],
    ['a null and a delete', '\0\x7f', '\\x00\\x7f'],
    ['an 8-bit control sequence introducer', '\x9b31m', '\\x9b31m'],
    ['a bidirectional override', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
    ['bidirectional isolates', '\u2066x\u2069', '\\u2066x\\u2069'],
    ['zero-width letters', 'pay\u200bpal\ufeff', 'pay\\u200bpal\\ufeff'],
    ['invisible tag letters', '\u{e0041}', '\\u{e0041}'],
    ['line separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['half a surrogate pair', '\ud83dx', '\\ud83dx'],
    ['nothing', '', ''],
  ])('%s', (_, text, expected) => {
    expect(sanitizeForTerminal(text)).toBe(expected);
  });
});

describe('wantsColour', () => {
  it.each([
    [{ isTty: true }, true],
    [{ isTty: false }, false],
    [{ isTty: true, noColor: '1' }, false],
    [{ isTty: true, noColor: '' }, true],
    [{ isTty: false, forceColor: '1' }, true],
    [{ isTty: true, forceColor: '0' }, false],
    [{ isTty: true, forceColor: '' }, true],
    [{ isTty: false, noColor: '1', forceColor: '1' }, true],
  ])('%j: %s', (inputs, expected) => {
    expect(wantsColour(inputs)).toBe(expected);
  });
});

describe('createColours', () => {
  it('paints only where it is wanted', () => {
    expect(createColours(true).red('x')).toBe('\x1b[31mx\x1b[39m');
    expect(createColours(false).red('x')).toBe('x');
  });
});
