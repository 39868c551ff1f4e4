/** Chromium on the rig: a browser whose USB port is the rig's. Knows no page. */
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { CHROMIUM, CHROMIUM_ARGS } from '../testing/browser.ts';
import { stack } from '../testing/stack.ts';
import type { UsbRig } from './rig.ts';

/** One that answers does so within a second. */
const FIRST_MS = 15_000;
const TRIES = 3;

/** What the set-up may take when the first two do not answer, each of which takes long to close. */
export const LAUNCH_MS = 180_000;

/**
 * Under umockdev's preload library the browser's network process now and then hangs as it starts:
 * then no request of it ever leaves, and another browser is tried.
 */
export async function launchOn({ env }: UsbRig): Promise<{ context: BrowserContext; page: Page }> {
  for (let attempt = 1; ; attempt += 1) {
    const context = await chromium.launchPersistentContext('', {
      executablePath: CHROMIUM,
      args: CHROMIUM_ARGS,
      baseURL: stack().url,
      locale: 'en-GB',
      env: { ...(process.env as Record<string, string>), ...env },
    });
    const page = await context.newPage();
    try {
      await page.goto('/sign-in', { timeout: FIRST_MS, waitUntil: 'commit' });
      return { context, page };
    } catch (error) {
      if (attempt === TRIES) throw error;
      console.info(`The browser on the rig sends nothing, try ${attempt} of ${TRIES}.`);
      await context.close();
    }
  }
}
