/** Ends this process the way the server ended: with its exit status, or by the same signal. */
import { openSync } from 'node:fs';
import { constants } from 'node:os';

/** Their default action writes a core file, which would be ours and of no use. */
const CORE_SIGNALS = new Set<NodeJS.Signals>([
  'SIGQUIT',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGSEGV',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
]);

export function endAs(end: {
  readonly exitCode?: number | undefined;
  readonly signal?: NodeJS.Signals | undefined;
}): void {
  const { exitCode, signal } = end;
  if (signal === undefined) process.exit(exitCode ?? 0);
  restoreDefaultAction(signal);
  if (CORE_SIGNALS.has(signal) && process.execve !== undefined) {
    openStandardDescriptors();
    process.execve('/bin/sh', ['sh', '-c', `ulimit -c 0; kill -s ${signal.slice(3)} $$`], {});
  }
  process.kill(process.pid, signal);
  // Where the signal does not end this process (pid 1 of a container), the shell's number for it has to do.
  setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 500);
}

/** Node ignores some signals from its start on; a listener that comes and goes undoes that. */
export function restoreDefaultAction(signal: NodeJS.Signals): void {
  if (signal === 'SIGKILL' || signal === 'SIGSTOP') return;
  process.removeAllListeners(signal);
  process.once(signal, () => {});
  process.removeAllListeners(signal);
}

/** process.execve() wants the three to be open, and the relay has closed two of them. */
function openStandardDescriptors(): void {
  let fd: number;
  do fd = openSync('/dev/null', 'r+');
  while (fd <= 2);
}
