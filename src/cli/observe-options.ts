/** Options that `run` and `trace` share. */
import { type Command, InvalidArgumentError } from 'commander';

/** Records that wait for a slow disk at most; a burst of effects makes many at once. */
export const AGENT_QUEUE_BYTES = 64 << 20;

export interface ObserveOptions {
  readonly kernel: boolean;
  readonly ringKib?: number;
  readonly reorderMs?: number;
  readonly tailMs?: number;
  readonly reads?: boolean;
}

/** Commander's parser of a whole number in a range. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < min || value > max) {
      throw new InvalidArgumentError(`Must be a whole number from ${min} to ${max}.`);
    }
    return value;
  };
}

function powerOfTwoKib(text: string): number {
  const value = wholeNumber(64, 1024 * 1024)(text);
  if ((value & (value - 1)) !== 0) throw new InvalidArgumentError('Must be a power of two.');
  return value;
}

export function addObserveOptions(command: Command): Command {
  return command
    .optionsGroup('Advanced options:')
    .option('--no-kernel', 'do not observe the kernel: record calls only')
    .option(
      '--ring-kib <n>',
      'size of the kernel ring buffer in KiB, a power of two (default 8192)',
      powerOfTwoKib,
    )
    .option(
      '--reorder-ms <n>',
      'how long kernel events wait for late edges (default 200)',
      wholeNumber(0, 10_000),
    )
    .option(
      '--tail-ms <n>',
      'how long after a response an effect is its tail (default 250)',
      wholeNumber(0, 60_000),
    )
    .option('--reads', 'write an effect record for each file opened for reading, too');
}
