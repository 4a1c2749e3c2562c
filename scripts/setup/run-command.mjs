/** Runs a command with its output in a log file; its start and end are shown when the command fails. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const stateDir = join(root, 'build/setup');
export const binDir = join(root, 'node_modules/.bin');

/** PATH without this repository's own tools: what the machine has by itself. */
export function machinePath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.endsWith('/node_modules/.bin'))
    .join(delimiter);
}

/** A step failed; the message and the details are for the person who ran the set-up. */
export class SetupError extends Error {
  constructor(message, details = '') {
    super(message);
    this.details = details;
  }
}

/** A tool says what went wrong first, or last, and much in between. */
const HEAD_LINES = 20;
const TAIL_LINES = 20;

function headAndTail(text) {
  const lines = text.trimEnd().split('\n');
  const left = lines.length - HEAD_LINES - TAIL_LINES;
  if (left > 1) lines.splice(HEAD_LINES, left, `[… ${left} lines …]`);
  return lines.join('\n');
}

/** @returns {Promise<void>} rejects with a SetupError that carries what it said */
export function runCommand(command, args, { logName, env = {}, cwd = root }) {
  mkdirSync(stateDir, { recursive: true });
  const logPath = join(stateDir, `${logName}.log`);
  const log = openSync(logPath, 'w');
  writeSync(log, `$ ${command} ${args.join(' ')}\n`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
    });
    const fail = (reason) => {
      const output = headAndTail(readFileSync(logPath, 'utf8'));
      reject(
        new SetupError(`"${command} ${args.join(' ')}" ${reason}`, `${output}\n(whole output: ${logPath})`),
      );
    };
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(signal ? `was ended by ${signal}` : `ended with exit status ${code}`);
    });
  }).finally(() => closeSync(log));
}
