/** Hands the signals that this process gets on to the server. */

export const FORWARDED_SIGNALS = [
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGCONT',
  'SIGWINCH',
] as const satisfies readonly NodeJS.Signals[];

/** Signals that ask a process to end. */
const ENDING = new Set<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']);

export interface SignalForwarding {
  /** The last signal handed on that asks for the end. */
  readonly endingSignal: NodeJS.Signals | undefined;
  /** From now on a signal that asks for the end calls `onEnding` instead of being handed on. */
  redirect(onEnding: () => void): void;
  stop(): void;
}

export function forwardSignals(send: (signal: NodeJS.Signals) => void): SignalForwarding {
  let endingSignal: NodeJS.Signals | undefined;
  let onEnding: (() => void) | undefined;
  const listener = (signal: NodeJS.Signals): void => {
    if (ENDING.has(signal)) endingSignal = signal;
    if (onEnding === undefined) send(signal);
    else if (ENDING.has(signal)) onEnding();
  };
  for (const signal of FORWARDED_SIGNALS) process.on(signal, listener);
  return {
    get endingSignal() {
      return endingSignal;
    },
    redirect(handler) {
      onEnding = handler;
    },
    stop() {
      for (const signal of FORWARDED_SIGNALS) process.removeListener(signal, listener);
    },
  };
}
