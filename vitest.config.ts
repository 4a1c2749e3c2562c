import { defineConfig } from 'vitest/config';
import SummaryReporter from './test/summary-reporter.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests start real servers, and kernel tests wait for a BPF load; two files at a time keep timing honest.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    watch: false,
    // Skip reasons and what a started process said stand on the output as they are.
    reporters: ['default', new SummaryReporter()],
  },
});
