import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/**
 * Two projects: `unit` needs nothing running; `services` gets MongoDB and Redis of its own,
 * started once by the testkit and thrown away afterwards.
 */
export default defineConfig({
  resolve: {
    // Vite would load graphql's ES module beside the CommonJS one that Node gives to libraries, and
    // graphql refuses schemas of another copy of itself.
    alias: [
      {
        find: /^graphql$/,
        replacement: fileURLToPath(import.meta.resolve('graphql/index.js')),
      },
    ],
  },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{gateway,schema,bench,packages/*,subgraphs/*}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.int.test.ts', '**/*.e2e.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'services',
          include: [
            '{gateway,schema,bench,packages/*,subgraphs/*}/**/*.int.test.ts',
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
