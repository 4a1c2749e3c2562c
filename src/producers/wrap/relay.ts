/**
 * One direction of the relay: bytes go on as they come, and are shown to the audit afterwards. The
 * source is read no faster than the target takes.
 */
import type { Readable, Writable } from 'node:stream';

export interface Relay {
  /** Resolves when nothing more will come from the source, and everything was handed to the target. */
  readonly ended: Promise<void>;
  /** Gives the source up once it has been silent for this long while the target takes all it gets. */
  giveUpWhenIdle(idleMs: number): void;
  /** Gives the source up now. */
  stop(): void;
}

export interface RelayOptions {
  readonly source: Readable;
  readonly target: Writable;
  /** `atNs` is a moment after the chunk was read and before it was handed on. Must not throw. */
  readonly observe: (chunk: Buffer, atNs: bigint) => void;
  /** The source is over, by itself or because the target went away or the relay was stopped. */
  readonly onEnd?: (byItself: boolean) => void;
}

export function startRelay({ source, target, observe, onEnd }: RelayOptions): Relay {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  let isOver = false;
  let isPaused = false;
  let targetIsGone = false;
  let lastActivityMs = performance.now();

  const finish = (byItself: boolean): void => {
    if (isOver) return;
    isOver = true;
    if (!targetIsGone) target.end();
    onEnd?.(byItself);
    resolve();
  };
  const sourceIsOver = (): void => finish(true);
  const stop = (): void => {
    finish(false);
    source.destroy();
  };

  source.on('data', (chunk: Buffer) => {
    const atNs = process.hrtime.bigint();
    if (isOver) return;
    if (!target.write(chunk)) {
      isPaused = true;
      source.pause();
    }
    observe(chunk, atNs);
    lastActivityMs = performance.now();
  });
  target.on('drain', () => {
    isPaused = false;
    lastActivityMs = performance.now();
    source.resume();
  });
  source.on('end', sourceIsOver);
  // A source that breaks or is closed has nothing more to say.
  source.on('error', sourceIsOver);
  source.on('close', sourceIsOver);
  // Nobody takes the bytes any more: whoever sends them has to learn it, as it would without us.
  const onTargetGone = (): void => {
    targetIsGone = true;
    stop();
  };
  target.on('error', onTargetGone);
  target.on('close', onTargetGone);

  return {
    ended,
    stop,
    giveUpWhenIdle(idleMs) {
      if (isOver) return;
      lastActivityMs = performance.now();
      const timer = setInterval(
        () => {
          if (isOver) clearInterval(timer);
          else if (!isPaused && performance.now() - lastActivityMs >= idleMs) {
            clearInterval(timer);
            stop();
          }
        },
        Math.max(5, idleMs / 4),
      );
    },
  };
}
