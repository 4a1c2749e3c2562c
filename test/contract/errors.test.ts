import { describe, expect, it } from 'vitest';
import { ERROR_KINDS } from '../../src/base/errors.ts';
import { readText } from './repository.ts';

describe.each(Object.entries(ERROR_KINDS))('error %s', (code, kind) => {
  it('has a name in capitals, an exit status and a hint that is a sentence', () => {
    expect(code).toMatch(/^[A-Z][A-Z0-9_]*$/);
    expect(kind.exitCode).toBeGreaterThan(0);
    expect(kind.exitCode).toBeLessThan(128);
    expect(kind.hint).toMatch(/^[A-Z].*\.$/);
  });

  it('is documented', () => {
    expect(readText('docs/reference/errors.md')).toContain(`| \`${code}\` | ${kind.exitCode} | ${kind.hint}`);
  });
});
