/**
 * A day without a network, in the whole product: this device is made ready, two virtual units are
 * prepared offline with ids of its own, and with the network back each is registered once.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import type { UnitStatus } from '../shared/contracts/portal.ts';
import { tokenOf } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { expectAccessible } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });
const PREPARE_MS = 120_000;

let context: BrowserContext;
let page: Page;
const ids: string[] = [];

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  page = await context.newPage();
  await signInAs(page, 'installer');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
});
test.afterAll(() => context.close());

const until = () => page.getByTestId('ready-until');

const waiting = () => page.locator('jb-outbox-list').getByText('JBNB');
const toConfirm = (id: string) => page.locator(`jb-to-confirm [data-unit="${id}"]`);

async function statusOf(id: string): Promise<UnitStatus> {
  const headers = { authorization: `Bearer ${await tokenOf('admin')}` };
  const answer = await fetch(`${stack().url}/api/v1/units/${id}`, { headers });
  return (await answer.json()) as UnitStatus;
}

/** As the office orders it. */
async function orderAt(locationId: string): Promise<void> {
  const answer = await fetch(`${stack().url}/api/v1/work-orders`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${await tokenOf('admin')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ kind: 'install', location_id: locationId, note: 'By the door' }),
  });
  expect(answer.status).toBe(201);
}

test('made ready: until when, with how many ids, and what is there', async () => {
  await orderAt(PLACES[1]?.id ?? '');
  await page.goto('/bench');
  await page.getByLabel('Units to prepare').fill('3');
  await page.getByRole('button', { name: 'Make this device ready' }).click();
  await expect(until()).toContainText('Ready to work without a network until', { timeout: 60_000 });
  await expect(until()).toContainText('Ids left: 3.');
  await expectAccessible(page, 'the bench, ready');
  await page.reload();
  await expect(until()).toContainText('Ids left: 3.');
});

/** As if another unit were plugged in: the seed is the chip. */
async function prepareOffline(seed: number): Promise<string> {
  await page.goto(`/bench?virtual&timing=0&speed=60&seed=${seed}`);
  const take = page.getByRole('button', { name: 'Take the next free id' });
  await take.click();
  const field = page.getByLabel('Device id');
  await expect(field).toHaveValue(/^JBNB\d{4,}$/);
  const id = await field.inputValue();
  await page.getByLabel('Location').selectOption({ label: PLACES[1]?.name ?? '' });
  await page.getByRole('button', { name: 'Prepare unit' }).click();
  const done = page.getByTestId('done');
  const failure = page.getByTestId('failure');
  await expect(done.or(failure)).toBeVisible({ timeout: PREPARE_MS });
  if (await failure.isVisible()) throw new Error(`the page says: ${await failure.textContent()}`);
  await expect(done).toHaveAttribute('data-how', 'waits');
  return id;
}

test('without a network two units are prepared, each with an id of its own', async () => {
  test.setTimeout(2 * PREPARE_MS + 30_000);
  await context.setOffline(true);
  ids.push(await prepareOffline(4711));
  await page.goto('/bench');
  await expect(until()).toContainText('Ids left: 2.');
  ids.push(await prepareOffline(4712));
  expect(new Set(ids).size).toBe(2);
  await expectAccessible(page, 'units that are to be confirmed');
  for (const id of ids) {
    await expect(page.locator('jb-outbox-list')).toContainText(id);
    await expect(toConfirm(id)).toHaveAttribute('data-state', 'waits');
  }
});

test('with the network back both are registered, once, and proven by themselves', async () => {
  test.setTimeout(270_000);
  await context.setOffline(false);
  await expect(waiting()).toHaveCount(0, { timeout: 90_000 });
  // the first has no power any more; the second runs on in the page, and reports
  await expect(toConfirm(ids[0] ?? '')).toHaveAttribute('data-state', 'silent');
  const second = toConfirm(ids[1] ?? '');
  await expect(second).toHaveAttribute('data-state', 'proven', { timeout: 150_000 });
  const units = await Promise.all(ids.map(statusOf));
  for (const unit of units) expect(unit).toMatchObject({ registered: true, status: 'active' });
  expect(new Set(units.map(({ mac }) => mac)).size).toBe(2);
});

test('for a work order, offline: no typing, the next id and the place by themselves', async () => {
  test.setTimeout(PREPARE_MS + 60_000);
  await page.goto('/bench');
  const order = page.locator('jb-bench-orders li').filter({ hasText: PLACES[1]?.name ?? '' });
  await order.getByRole('button', { name: 'Take it and prepare units' }).first().click();
  const now = page.getByTestId('series-now');
  await expect(now).toHaveText('Plug in the first unit.');
  await page.getByRole('button', { name: 'End the series' }).click();
  const begin = order.getByRole('button', { name: 'Prepare units for it' }).first();
  await expect(begin).toBeVisible();
  await context.setOffline(true);
  await page.reload();
  await order.getByText('Where it is, and which units are there').first().click();
  await expect(order.getByText('By the door').first()).toBeVisible();
  const next = await order
    .getByText(/^The next unit is /)
    .first()
    .textContent();
  await begin.click();
  await expect(page.locator('jb-series-panel')).toContainText(PLACES[1]?.name ?? '');
  await page.getByRole('button', { name: 'Try a virtual unit' }).click();
  await expect(page.getByTestId('done')).toHaveAttribute('data-how', 'waits', {
    timeout: PREPARE_MS,
  });
  const id = /JBNB\d+/.exec(next ?? '')?.[0] ?? '';
  await expect(page.getByTestId('done')).toContainText(id);
  expect(ids).not.toContain(id);
  await context.setOffline(false);
  await expect(waiting()).toHaveCount(0, { timeout: 90_000 });
  expect(await statusOf(id)).toMatchObject({ registered: true, location_id: PLACES[1]?.id });
});
