/** The kernel observer: how much it takes in, and what it costs those that it watches and others. */
import { NativeBench } from './kernel/native.ts';
import { measureRealWork } from './kernel/real-work.ts';
import { measureSyscallCost } from './kernel/syscall-cost.ts';
import { measureThroughput } from './kernel/throughput.ts';
import type { BenchRow } from './row.ts';

export const name = 'kernel-pipeline';
export const description = 'kernel events a second without loss, their cost, and the cost for everyone else';

/** Needs root, or CAP_BPF and CAP_PERFMON, and gcc with libbpf's headers. */
export async function run(): Promise<BenchRow[]> {
  const native = new NativeBench();
  try {
    return [
      ...(await measureThroughput(native)),
      ...(await measureSyscallCost(native)),
      ...(await measureRealWork(native)),
    ];
  } finally {
    native.close();
  }
}
