// `cargo xtask test --only browser` starts a desk and passes its address in BASE_URL; a desk that runs already will do as well:
// BASE_URL=http://127.0.0.1:8080 npx playwright test
import { defineConfig } from '@playwright/test';
import { chromiumOptions } from './chromium.mjs';

export default defineConfig({
  testDir: './tests',
  outputDir: './test-results',
  // One desk serves all tests, and some of them count its tickets.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:8080',
    browserName: 'chromium',
    // The sentences that the tests look for are English, and times are told in the reader's zone.
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // What a test does to the network must reach the page; the one test of the worker lets it in.
    serviceWorkers: 'block',
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: chromiumOptions,
  },
});
