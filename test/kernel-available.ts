/** Whether tests that load the BPF programs can run here. */
import { existsSync } from 'node:fs';
import { openKernelObserver } from '../src/producers/kernel/observer.ts';

let known: { readonly reason: string | undefined } | undefined;

function findReason(): string | undefined {
  try {
    openKernelObserver({ ringBytes: 64 * 1024, onBatch: () => {} }).close();
    return undefined;
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0];
  }
}

/**
 * Why the kernel can't be observed here, or undefined where it can. Prints the reason, for the tests
 * that are skipped for it. In CI as root on a kernel with BTF there is no reason: it throws.
 */
export function kernelUnavailableReason(): string | undefined {
  known ??= { reason: findReason() };
  const { reason } = known;
  if (reason === undefined) return undefined;
  if (process.env.CI && process.getuid?.() === 0 && existsSync('/sys/kernel/btf/vmlinux')) {
    throw new Error(`kernel tests may not be skipped here: ${reason}`);
  }
  console.log(`skipped: ${reason}`);
  return reason;
}
