// How the tests run: two workers, and timeouts that only a hang can meet (tests assert no wall time).
// Tests with other processes in them, whose clock is the wall's, come last and one file at a time:
// so nobody takes the processor from them.
import { defineConfig } from 'vitest/config';

const notTests = ['**/node_modules/**', 'dist/**', 'dist-bench/**'];
const byTheWall = [
  'test/maelstrom/pipe/**/*.test.ts',
  'test/maelstrom/serve/**/*.test.ts',
  'test/maelstrom/guide.test.ts',
  'test/maelstrom/hosted-scenario.test.ts',
  'test/maelstrom/styles.test.ts',
  'test/cli/test-by-pipe.test.ts',
  'test/tui/smoke.test.ts',
];

export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'simulated',
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: [...notTests, ...byTheWall],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'by the wall',
          include: byTheWall,
          exclude: notTests,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
