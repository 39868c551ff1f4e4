/**
 * Pages that the browser keeps whole and brings back (the back/forward cache), which Playwright
 * switches off in its own browser: nothing of ours prevents it, and what comes back is of now.
 */
import { type Browser, chromium, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { signInAs } from './testing/bench.ts';
import { CHROMIUM, CHROMIUM_ARGS } from './testing/browser.ts';
import { stack } from './testing/stack.ts';

const STORE = `/store/${PLACES[0]?.id}`;

let browser: Browser;
let page: Page;
test.beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGS,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
});
test.afterAll(() => browser.close());
test.beforeEach(async () => {
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  await context.addInitScript(noteReturns);
  page = await context.newPage();
  await signInAs(page, 'owner');
  await page.goto(STORE);
  await expect(page.getByTestId('visitors')).toBeVisible();
  await page.waitForLoadState('networkidle');
  // A worker that takes a kept page over makes the browser let go of it.
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
});
test.afterEach(() => page.context().close());

/** In the page: how it was shown last, and what of the shop was to be seen at that moment. */
function noteReturns(): void {
  window.addEventListener('pageshow', ({ persisted }) => {
    const isSeen = getComputedStyle(document.documentElement).visibility === 'visible';
    Object.assign(window, { returned: { persisted, isSeen } });
  });
}
interface Returned {
  persisted: boolean;
  isSeen: boolean;
}
const returned = () => page.evaluate(() => (window as unknown as { returned: Returned }).returned);

/** Why the browser did not keep the page, in its own words; null: it did. */
const reasons = () =>
  page.evaluate(() => {
    const [entry] = performance.getEntriesByType('navigation');
    return (entry as { notRestoredReasons?: unknown } | undefined)?.notRestoredReasons ?? null;
  });

/** Another document of the same place. */
const leave = () => page.goto('/api/v1/docs');

test('My Store comes back whole, and asks for numbers of now', async () => {
  await leave();
  const asked = page.waitForRequest(/\/insights\?/);
  await page.goBack({ waitUntil: 'commit' });
  await asked;
  expect(await reasons()).toBeNull();
  expect(await returned()).toEqual({ persisted: true, isSeen: false });
  await expect(page.getByTestId('visitors')).toBeVisible();
});

test('who has signed out meanwhile, in another document, is not seen again', async () => {
  const name = await page.getByRole('heading', { level: 1 }).textContent();
  await page.goto('/sign-in');
  await page.waitForLoadState('networkidle');
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goBack({ waitUntil: 'commit' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My store');
  // What the sign-out tells all pages may make the browser let go of one that it kept: then the
  // page is made anew, and nothing of the shop was in it when it was shown.
  const { persisted, isSeen } = await returned();
  expect(persisted && isSeen).toBe(false);
  await expect(page.getByTestId('visitors')).toHaveCount(0);
  await expect(page.getByText(name ?? '', { exact: true })).toHaveCount(0);
});
