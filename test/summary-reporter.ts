/** Ends the output with one plain line that a person or a CI step can read. */
import { appendFileSync, writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
  /** File that takes the summary too, as CI services offer one for their result page. */
  readonly #summaryPath: string | undefined;

  constructor(summaryPath: string | undefined) {
    this.#summaryPath = summaryPath;
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    const reasons = new Set<string>();
    for (const module of modules) {
      let failedTests = 0;
      for (const test of module.children.allTests()) {
        const result = test.result();
        // A test that never ran to its end did not pass.
        const state = result.state === 'pending' ? 'failed' : result.state;
        count[state]++;
        if (state === 'failed') failedTests++;
        if (result.state === 'skipped' && result.note) reasons.add(result.note);
      }
      // A file that can't be loaded, or whose hooks throw, fails without a failed test.
      if (module.state() === 'failed' && failedTests === 0) count.failed++;
    }
    if (modules.length === 0) count.failed++;
    this.#print([
      ...[...reasons].map((reason) => `skipped: ${reason}`),
      `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`,
    ]);
  }

  #print(lines: readonly string[]): void {
    const text = `${lines.join('\n')}\n`;
    if (this.#summaryPath) appendFileSync(this.#summaryPath, text);
    // Other reporters print their own summary in this same hook; this line is to be the last.
    process.once('exit', () => writeSync(1, `\n${text}`));
  }
}
