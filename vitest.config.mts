import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{models,electron,renderer,scripts}/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default'],
  },
});
