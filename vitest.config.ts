import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    pool: 'forks',
    include: ['{plan,gates,git,activities,workflows,worker,client}/**/*.test.ts', 'test/{integration,harness}/**/*.test.ts'],
    // Two cores: more files at once only make each other's servers slow.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
