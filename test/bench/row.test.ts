import { describe, expect, it } from 'vitest';
import { alternate, median, percentile, row } from '../../bench/row.ts';

describe('statistics', () => {
  it.each([
    [[5], 5],
    [[3, 1, 2], 2],
    [[10, 9, 2, 1], 5.5],
  ])('median of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
    [0, 1],
  ])('percentile %d of 1 to 100 is %d', (p, expected) => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, p)).toBe(expected);
  });

  it('refuse to speak about nothing', () => {
    expect(() => median([])).toThrow(RangeError);
    expect(() => percentile([], 0.5)).toThrow(RangeError);
  });
});

describe('row', () => {
  const common = { bench: 'b', metric: 'm', unit: 'ms' };

  it.each([
    [
      { values: [1, 2, 3], atMost: 2 },
      { value: 2, bar: 2, pass: true, n: 3, spread: [1, 3] },
    ],
    [
      { values: [2.1], atMost: 2, n: 50 },
      { value: 2.1, bar: 2, pass: false, n: 50, spread: null },
    ],
    [
      { values: [0.9], atLeast: 1 },
      { bar: 1, pass: false },
    ],
    [{ values: [7] }, { bar: null, pass: null }],
  ])('%j', (options, expected) => {
    expect(row({ ...common, ...options })).toMatchObject({ ...common, ...expected });
  });
});

describe('alternate', () => {
  it('gives each side the first turn in every other round', async () => {
    const turns: string[] = [];
    const take = (side: string) => async () => turns.push(side);
    const { a, b } = await alternate(3, take('a'), take('b'));
    expect(turns.join('')).toBe('abbaab');
    expect([a, b]).toEqual([
      [1, 4, 5],
      [2, 3, 6],
    ]);
  });
});
