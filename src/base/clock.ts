/**
 * Time. Inside, everything is CLOCK_MONOTONIC in nanoseconds (the clock of `bpf_ktime_get_ns()`);
 * wall time is derived from it by one offset, taken when the clock is made.
 */
import { readFileSync } from 'node:fs';

export interface Clock {
  /** Now on CLOCK_MONOTONIC, in nanoseconds. */
  nowNs(): bigint;
  /** Unix time in nanoseconds of a moment on CLOCK_MONOTONIC. */
  toUnixNs(ktimeNs: bigint): bigint;
  readonly bootId: string;
}

/** The best of several tries to read both clocks at one moment. */
function measureOffsetNs(): bigint {
  let bestSpread: bigint | undefined;
  let offset = 0n;
  for (let i = 0; i < 5; i++) {
    const before = process.hrtime.bigint();
    const wallMs = performance.timeOrigin + performance.now();
    const after = process.hrtime.bigint();
    const spread = after - before;
    if (bestSpread === undefined || spread < bestSpread) {
      bestSpread = spread;
      const wallNs = BigInt(Math.trunc(wallMs)) * 1_000_000n + BigInt(Math.round((wallMs % 1) * 1e6));
      offset = wallNs - (before + spread / 2n);
    }
  }
  return offset;
}

function readBootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

export function createClock(): Clock {
  const offsetNs = measureOffsetNs();
  return {
    nowNs: () => process.hrtime.bigint(),
    toUnixNs: (ktimeNs) => ktimeNs + offsetNs,
    bootId: readBootId(),
  };
}
