/** Window tests: the real application, from the checkout and packaged, one window at a time. */
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'specs',
  globalSetup: './fixtures/display.ts',
  outputDir: '../test-results',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  use: { screenshot: 'only-on-failure' },
});
