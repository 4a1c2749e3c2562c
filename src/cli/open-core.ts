/** Makes the agent's core as the options ask: with the kernel where that works, and says where not. */
import { type AgentCore, AgentCore as Core, type RecordOutlet } from '../agent/agent-core.ts';
import type { Clock } from '../base/clock.ts';
import { ObserverError } from '../base/errors.ts';
import { openKernelObserver } from '../producers/kernel/observer.ts';
import type { ObserveOptions } from './observe-options.ts';
import { VERSION } from './version.ts';

export function openCore(
  options: ObserveOptions,
  clock: Clock,
  outlet: RecordOutlet,
  onProblem: (message: string) => void,
): AgentCore {
  const ringBytes = options.ringKib === undefined ? undefined : options.ringKib * 1024;
  return new Core({
    clock,
    outlet,
    version: VERSION,
    openKernel: options.kernel
      ? (onBatch) =>
          openKernelObserver({
            onBatch,
            onError: (error) => onProblem(`kernel observer: ${(error as Error).message}`),
            ...(ringBytes === undefined ? {} : { ringBytes }),
          })
      : undefined,
    auditReason: options.kernel ? undefined : 'switched off by --no-kernel',
    reorderMs: options.reorderMs,
    tailMs: options.tailMs,
    recordReads: options.reads,
  });
}

/** One line that says why only calls are recorded, and what to do about it. */
export function describeAuditMode(core: AgentCore): string | undefined {
  if (core.mode === 'kernel') return undefined;
  const hint = core.kernelError instanceof ObserverError ? ` ${core.kernelError.hint}` : '';
  return `audit mode, effects are not observed: ${core.reason}.${hint}`.replaceAll('..', '.');
}
