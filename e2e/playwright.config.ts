/**
 * End-to-end tests: Debian's Chromium, the real Worker in workerd, the real firmware on a virtual
 * board. One after the other, on one stack: they tell one story. Screenshots: test-results/.
 */
import { defineConfig } from '@playwright/test';
import { afternoonZone } from './testing/afternoon-zone.ts';
import { CHROMIUM, CHROMIUM_ARGS } from './testing/browser.ts';

const JSON_REPORT = process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? '../.build/test/playwright.json';

// Pictures for documents show a busy day, whenever they are taken; stack and tests read it.
if (process.env.JAMBENCH_DOCS) process.env.JAMBENCH_DEMO_ZONE ??= afternoonZone(Date.now());

const SHOPS = ['**/guides.spec.ts', '**/hours.spec.ts', '**/situations.spec.ts'];

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.ts',
  outputDir: '../test-results',
  globalSetup: './testing/global-setup.ts',
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['line'], ['json', { outputFile: JSON_REPORT }]],
  projects: [
    // They look at a shop as it is: other stories bring units into it that have counted nothing
    // a week ago, and then there is nothing to compare with.
    { name: 'shops', testMatch: SHOPS },
    { name: 'stories', testIgnore: SHOPS },
  ],
  use: {
    baseURL: process.env.JAMBENCH_E2E_URL,
    browserName: 'chromium',
    locale: 'en-GB',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: CHROMIUM, args: CHROMIUM_ARGS },
  },
});
