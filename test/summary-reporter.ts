/** Ends the output with one plain line that a person or a CI step can read. */
import { writeSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export default class SummaryReporter implements Reporter {
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
    // Other reporters print their own summary in this same hook; this line is to be the last.
    process.once('exit', () => {
      for (const reason of reasons) writeSync(1, `skipped: ${reason}\n`);
      writeSync(1, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
    });
  }
}
