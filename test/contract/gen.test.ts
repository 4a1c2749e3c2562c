import { describe, expect, it } from 'vitest';
import { driftedFiles } from '../../scripts/gen.ts';

describe('generated files', () => {
  it('are what their sources say (else: npm run gen)', async () => {
    expect((await driftedFiles()).map((file) => file.path)).toEqual([]);
  });
});
