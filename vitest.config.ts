import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing running; `services` gets MongoDB and Redis of its own,
 * started once by the testkit and thrown away afterwards.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{gateway,schema,bench,packages/*,subgraphs/*}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.int.test.ts', '**/*.e2e.test.ts'],
        },
      },
      {
        test: {
          name: 'services',
          include: [
            '{gateway,schema,packages/*,subgraphs/*}/**/*.int.test.ts',
            'test/**/*.e2e.test.ts',
          ],
          exclude: ['**/node_modules/**'],
          globalSetup: ['packages/testkit/src/global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
