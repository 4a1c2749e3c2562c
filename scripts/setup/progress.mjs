/** Progress on standard error, one line a step. */
import { SetupError } from './run-command.mjs';

export function createProgress({ quiet }) {
  const colour = process.stderr.isTTY && process.env.NO_COLOR === undefined;
  const paint = (code, text) => (colour ? `\x1b[${code}m${text}\x1b[0m` : text);
  const print = (text) => process.stderr.write(`${text}\n`);

  return {
    /** Something that was there already. */
    present(name) {
      if (!quiet) print(`${paint(32, 'ok')}    ${name}`);
    },

    notice(text) {
      print(`${paint(33, 'note')}  ${text}`);
    },

    failure(error) {
      print(`${paint(31, 'error')} ${error instanceof SetupError ? error.message : (error.stack ?? error)}`);
      if (error.details) print(error.details.replace(/^/gm, '      '));
    },

    /** Runs a step that has work to do and says how long it took. */
    async step(name, work) {
      if (process.stderr.isTTY) process.stderr.write(`...   ${name}\r`);
      const startedMs = performance.now();
      const result = await work();
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      print(`${paint(32, 'done')}  ${name} ${paint(2, `(${seconds} s)`)}`);
      return result;
    },
  };
}
