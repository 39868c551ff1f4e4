/** What the browser keeps, and what it does for the page as an app: taken away. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { signInAs } from './testing/bench.ts';
import { stack } from './testing/stack.ts';

const [SHOP] = PLACES.map(({ id }) => id);

let context: BrowserContext;
let page: Page;
test.beforeEach(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url });
  page = await context.newPage();
  await signInAs(page, 'owner');
});
test.afterEach(() => context.close());

test('the browser throws all away while a change waits: it is sent all the same', async () => {
  const note = `Street market ${Date.now()}`;
  await page.goto(`/store/${SHOP}`);
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  const field = page.getByLabel('Note on this day');
  await expect(field).toBeVisible();
  await page.waitForLoadState('networkidle');
  await context.setOffline(true);
  await field.fill(note);
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByTestId('waiting')).toBeVisible();
  const chromium = await context.newCDPSession(page);
  await chromium.send('Storage.clearDataForOrigin', {
    origin: stack().url,
    storageTypes: 'indexeddb',
  });
  await context.setOffline(false);
  await expect(page.getByText('This browser has removed what it kept')).toBeVisible();
  await expect(page.getByTestId('waiting')).toBeHidden({ timeout: 30_000 });
  await page.reload();
  await page.getByRole('button', { name: 'Yesterday', exact: true }).click();
  await expect(field).toHaveValue(note);
});
