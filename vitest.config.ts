import { defineConfig } from 'vitest/config';
import SummaryReporter from './test/summary-reporter.ts';

const inCi = process.env.CI === 'true';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start real servers, and kernel tests wait for a BPF load; two files at a time keep timing honest.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    watch: false,
    reporters: [
      'default',
      ...(inCi ? ['junit'] : []),
      ...(process.env.GITHUB_ACTIONS === 'true' ? ['github-actions'] : []),
      new SummaryReporter(process.env.GITHUB_STEP_SUMMARY),
    ],
    outputFile: { junit: 'test-results/junit.xml' },
  },
});
