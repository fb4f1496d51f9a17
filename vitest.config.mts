import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{models,electron,renderer,scripts}/**/*.test.{ts,tsx}'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    reporters: ['default'],
  },
});
