import { describe, expect, it } from 'vitest';
import { candidatesOf, isThere } from '../../src/base/search-path.ts';

describe('candidatesOf', () => {
  it.each([
    ['./server', '/a:/b', ['./server']],
    ['server', '/a:/b', ['/a/server', '/b/server']],
    ['server', ':/b', ['server', '/b/server']],
    ['server', undefined, ['/usr/local/bin/server', '/usr/bin/server', '/bin/server']],
  ])('%s in %s', (command, path, expected) => {
    expect(candidatesOf(command, path)).toEqual(expected);
  });
});

describe('isThere', () => {
  it.each([
    ['/etc/passwd', true],
    ['/etc', true],
    ['/etc/nowhere-to-be-found', false],
    ['/etc/passwd/below-a-file', false],
  ])('%s: %s', (file, expected) => {
    expect(isThere(file)).toBe(expected);
  });
});
