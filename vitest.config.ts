/**
 * Four test projects: `unit` runs plain TypeScript under Node; `system` too, but what is tested
 * there are other programs (`*.system.test.ts`: workerd, PostgreSQL, esptool, `npm start`, whole
 * lives of units); `elements` runs the page's elements in Debian's Chromium (`*.browser.test.ts`);
 * `worker` runs inside workerd, on the real D1 that wrangler.toml binds. The Worker's tests that
 * need Node are `*.node.test.ts`.
 */
import { availableParallelism } from 'node:os';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { playwright } from '@vitest/browser-playwright';
import { configDefaults, defineConfig } from 'vitest/config';
import { scratchFolder } from './scripts/test/scratch.ts';
import { pageTexts } from './scripts/vite/texts.ts';

// Before anything makes files.
process.env.TMPDIR ??= scratchFolder();

const migrations = await readD1Migrations('worker/d1/migrations');

/** What takes a second on an idle machine may take ten where builds and other tests run. */
const patience = { testTimeout: 30_000, hookTimeout: 60_000 };

const BROWSER_TESTS = 'web/**/*.browser.test.ts';
const SYSTEM_TESTS = '**/*.system.test.ts';
const NEVER = configDefaults.exclude;

/**
 * Files share a process and what it has imported, which halves the time of small ones: a test
 * takes back what it sets globally.
 */
const underNode = {
  environment: 'node',
  pool: 'forks',
  isolate: false,
  // Both cores of a small machine; vitest by itself leaves one alone.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  // Vitest asks for it where projects have workers of different number.
  sequence: { groupOrder: 1 },
} as const;

export default defineConfig({
  test: {
    // The Worker logs a line per request; show what is printed only where a test fails.
    silent: 'passed-only',
    projects: [
      {
        test: {
          name: 'unit',
          ...patience,
          ...underNode,
          include: [
            'shared/**/*.test.ts',
            'firmware/virtual/**/*.test.ts',
            'web/**/*.test.ts',
            'scripts/**/*.test.ts',
            'e2e/**/*.test.ts',
            'worker/**/*.node.test.ts',
          ],
          exclude: [BROWSER_TESTS, SYSTEM_TESTS, ...NEVER],
        },
      },
      {
        test: {
          name: 'system',
          ...patience,
          // Programs start slowly where two lanes and others are at work.
          testTimeout: 120_000,
          ...underNode,
          include: [SYSTEM_TESTS],
          exclude: NEVER,
        },
      },
      {
        // Found while tests run, they would reload the page under them.
        optimizeDeps: {
          include: [
            '@lit/localize',
            'chart.js',
            'idb',
            'lit',
            'lit/directives/live.js',
            'lit/directives/repeat.js',
            'valibot',
          ],
        },
        plugins: [pageTexts(import.meta.dirname)],
        test: {
          name: 'elements',
          ...patience,
          include: [BROWSER_TESTS],
          expect: { poll: { timeout: 5000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            // Playwright's own browsers are not fetched; Debian's is what the other tests run in.
            provider: playwright({
              launchOptions: { executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] },
              contextOptions: { locale: 'en-GB' },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              // All that the tests rely on, so that a developer's .dev.vars changes nothing.
              bindings: {
                TEST_MIGRATIONS: migrations,
                // A taste on every run; `npm run fuzz` sends 100,000.
                FUZZ_REQUESTS: process.env.FUZZ_REQUESTS ?? '2000',
                FUZZ_SEED: process.env.FUZZ_SEED ?? '1',
                ENVIRONMENT: 'development',
                SHARD_WINDOW_MS: '0',
                // Grouped ones cross requests, which the runner of tests does not bear.
                SHARD_CALLS: 'single',
                SUPABASE_URL: 'http://127.0.0.1:1',
                SUPABASE_PUBLIC_URL: '/supabase',
                DEVICE_HOST: 'localhost',
                DEVICE_PORT: '5170',
                SUPABASE_JWT_SECRET: 'only-for-tests-only-for-tests-0000',
                SUPABASE_SERVICE_KEY: 'only-for-tests',
                SUPABASE_ANON_KEY: 'only-for-tests',
                ADMIN_KEY: 'only-for-tests-only-for-tests-0000',
                MONITOR_KEY: 'only-for-tests-only-for-monitors',
                HOLOGRAM_SECRET: 'only-for-tests-only-for-tests-0000',
                PIN_PEPPER: 'only-for-tests-only-for-tests-0000',
                MAIL_TO: 'alerts@example.net',
              },
              // People of tests change more in a minute; limits.system.test.ts has the real ones
              ratelimits: {
                OWNER_CHANGES: { namespace_id: '1003', simple: { limit: 100_000, period: 60 } },
                STAFF_CHANGES: { namespace_id: '1004', simple: { limit: 100_000, period: 60 } },
                FLEET_ACTIONS: { namespace_id: '1006', simple: { limit: 100_000, period: 60 } },
                STRANGER_LOOKS: { namespace_id: '1005', simple: { limit: 100_000, period: 60 } },
              },
            },
          }),
        ],
        test: {
          name: 'worker',
          ...patience,
          // One workerd, one isolate, the Worker loaded once: see the setup file.
          isolate: false,
          maxWorkers: 1,
          include: ['worker/**/*.test.ts'],
          exclude: ['worker/**/*.node.test.ts', SYSTEM_TESTS, ...NEVER],
          setupFiles: ['worker/testing/fresh-platform.ts'],
        },
      },
    ],
  },
});
