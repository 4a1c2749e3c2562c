/**
 * The log of long-running commands: on standard error, for standard output is protocol or records.
 * JSON for machines, one readable line for people. Messages are fixed texts and fields are names and
 * counts; what a client or a server said never goes in. Loading this module loads pino: commands that
 * must start fast don't import it.
 */
import { writeSync } from 'node:fs';
import { pino } from 'pino';
import { ObserverError, systemErrorCode } from './errors.ts';
import { createColours, sanitizeForTerminal } from './terminal.ts';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Names and counts. `error` is logged as its code and message, without its stack. */
export interface LogFields {
  readonly error?: unknown;
  readonly [name: string]: unknown;
}

export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** Readable lines instead of JSON. */
  readonly pretty: boolean;
  /** Colours in readable lines; off by default. */
  readonly colour?: boolean;
  /** Where a line, its end included, goes; standard error by default. */
  readonly write?: (line: string) => void;
}

/** A log that can't be written must not end what it is about. */
function writeToStderr(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Nobody reads standard error, or it is full: there is nowhere left to say so.
  }
}

function describeError(error: unknown): string {
  const code = error instanceof ObserverError ? error.code : systemErrorCode(error);
  const message = error instanceof Error ? error.message : typeof error;
  return code === undefined || message.startsWith(code) ? message : `${code}: ${message}`;
}

/** Makes a readable line of a JSON line. */
export function createFormatter(colour: boolean): (line: string) => string {
  const colours = createColours(colour);
  const labels: Readonly<Record<string, string>> = {
    debug: colours.dim('debug'),
    info: colours.green('info '),
    warn: colours.yellow('warn '),
    error: colours.red('error'),
  };
  return (line) => {
    const { time, level, pid: _pid, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
    const clock = String(time).slice(11, 19);
    const pairs = Object.entries(fields).map(
      ([name, value]) => ` ${colours.dim(`${name}=`)}${sanitizeForTerminal(String(value))}`,
    );
    const label = labels[String(level)] ?? String(level);
    return `${colours.dim(clock)} ${label} ${sanitizeForTerminal(String(msg))}${pairs.join('')}\n`;
  };
}

export function createLogger({
  level,
  pretty,
  colour = false,
  write = writeToStderr,
}: LoggerOptions): Logger {
  const format = createFormatter(colour);
  const backend = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
    },
    { write: pretty ? (line: string) => write(format(line)) : write },
  );
  const at =
    (name: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      backend[name](fields, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
