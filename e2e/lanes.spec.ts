/**
 * Several units at once, over the whole product: each virtual board in a lane of its own, each with
 * an id of its own, all registered by their own MAC.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import type { UnitStatus } from '../shared/contracts/portal.ts';
import { tokenOf } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { Watch } from './testing/console-watch.ts';
import { stack } from './testing/stack.ts';

const PHONE = { width: 390, height: 844 };
const PREPARE_MS = 240_000;

test.describe.configure({ mode: 'serial' });

let context: BrowserContext;
let page: Page;
let watch: Watch;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  watch = new Watch(context);
  page = await context.newPage();
});
test.afterAll(async () => {
  await context?.close();
});
test.afterEach(() => {
  expect(watch.take(), 'errors on the console').toEqual([]);
});

const cards = () => page.getByRole('article');

async function macOf(id: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${await tokenOf('admin')}` };
  const answer = await fetch(`${stack().url}/api/v1/units/${id}`, { headers });
  return ((await answer.json()) as UnitStatus).mac;
}

test('two more are begun while the first is prepared', async ({ browserName: _ }, info) => {
  await signInAs(page, 'installer');
  await page.goto('/bench?virtual&timing=0&seed=5001');
  await page.getByRole('button', { name: 'Take the next free id' }).click();
  await expect(page.getByLabel('Device id')).toHaveValue(/^JBNB\d{4,}$/);
  await page.getByLabel('Location').selectOption({ label: PLACES[1]?.name ?? '' });
  await page.getByRole('checkbox', { name: /^Go on with every unit/ }).check();
  await page.getByRole('button', { name: 'Prepare unit' }).click();
  await expect(page.getByRole('heading', { name: 'Testing the cellular link' })).toBeVisible();
  for (const n of [1, 2]) {
    await page.getByRole('button', { name: 'Try a virtual unit' }).click();
    await expect(cards()).toHaveCount(n, { timeout: 30_000 });
  }
  await expect(cards().nth(1).getByRole('progressbar')).toBeVisible({ timeout: 30_000 });
  for (const [name, size] of [
    ['laptop', { width: 1440, height: 900 }],
    ['phone', PHONE],
  ] as const) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const path = `${info.project.outputDir}/looks/lanes-${name}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
    }
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wide, name).toBeLessThanOrEqual(0);
  }
});

test('all three are done, each under its own id and MAC', async ({ browserName: _ }, info) => {
  test.setTimeout(PREPARE_MS + 30_000);
  await expect(page.getByTestId('series-count')).toHaveText('3 units are done.', {
    timeout: PREPARE_MS,
  });
  await page.screenshot({
    path: `${info.project.outputDir}/looks/lanes-done.png`,
    fullPage: true,
  });
  const rows = page.getByRole('list', { name: 'Units of this series' }).getByRole('listitem');
  const ids = await rows.locator('strong').allTextContents();
  const macs = await rows.locator('strong + span').allTextContents();
  expect(new Set(ids).size).toBe(3);
  expect(new Set(macs).size).toBe(3);
  for (const [i, id] of ids.entries()) expect(await macOf(id)).toBe(macs[i]);
});
