/** What a bench reports, and the statistics that it is made of. */

export interface BenchRow {
  readonly bench: string;
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** What the value must keep to; null where it is only reported. */
  readonly bar: number | null;
  readonly pass: boolean | null;
  /** Observations that the value was made of. */
  readonly n: number;
  /** Smallest and largest value of the repeated runs; null where there was one. */
  readonly spread: readonly [number, number] | null;
}

/** A file in this folder that exports these is a bench. */
export interface Bench {
  readonly name: string;
  readonly description: string;
  run(): Promise<BenchRow[]>;
}

interface RowOptions {
  readonly bench: string;
  readonly metric: string;
  readonly unit: string;
  /** One value a run; the row's value is their median. */
  readonly values: readonly number[];
  /** Observations in all runs together; the number of values by default. */
  readonly n?: number;
  readonly atMost?: number;
  readonly atLeast?: number;
}

export function row({
  bench,
  metric,
  unit,
  values,
  n = values.length,
  atMost,
  atLeast,
}: RowOptions): BenchRow {
  const value = median(values);
  const bar = atMost ?? atLeast ?? null;
  return {
    bench,
    metric,
    value,
    unit,
    bar,
    pass: bar === null ? null : atMost === undefined ? value >= bar : value <= bar,
    n,
    spread: values.length > 1 ? [Math.min(...values), Math.max(...values)] : null,
  };
}

/** The value below which the fraction `p` (0 to 1) of the values lies, by nearest rank. */
export function percentile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('percentile of no values');
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))]!;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('median of no values');
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/**
 * Runs A and B in turn, each first in every other round, so that what changes on the machine
 * meanwhile meets both.
 */
export async function alternate<T>(
  rounds: number,
  runA: () => Promise<T>,
  runB: () => Promise<T>,
): Promise<{ a: T[]; b: T[] }> {
  const a: T[] = [];
  const b: T[] = [];
  for (let round = 0; round < rounds; round++) {
    if (round % 2 === 0) a.push(await runA());
    b.push(await runB());
    if (round % 2 === 1) a.push(await runA());
  }
  return { a, b };
}
