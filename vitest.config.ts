import { configDefaults, defineConfig } from 'vitest/config';

const ninetyFive = { statements: 95, branches: 95, functions: 95, lines: 95 };
/** Where to leave the counts as JSON beside the usual report; CI sets it. */
const report = process.env['TEST_REPORT'];

const alone = 'test/integration/example.test.ts';

export default defineConfig({
  test: {
    pool: 'forks',
    projects: [
      // Its run has a time limit of its own, on a machine that does nothing else: alone, and first.
      { extends: true, test: { name: 'alone', include: [alone], sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'all',
          include: ['{plan,gates,gitops,playbooks,git,activities,workflows,worker,client,test}/**/*.test.ts'],
          // The whole sweep has a command of its own: npm run test:chaos.
          exclude: [...configDefaults.exclude, 'test/chaos/**', alone],
          sequence: { groupOrder: 1 },
        },
      },
    ],
    // Two cores: more files at once only make each other's servers slow.
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['plan/**/*.ts', 'gates/**/*.ts'],
      exclude: ['**/*.test.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { 'plan/**': ninetyFive, 'gates/**': ninetyFive },
    },
  },
});
