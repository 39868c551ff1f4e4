/**
 * A sensor changed without a connection, or over a bad one: kept, shown as waiting, sent once,
 * asked about when somebody else was faster or the person leaves. Through a proxy that behaves as
 * networks do.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { PostingUnit } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { FaultyProxy } from './testing/faulty-proxy.ts';

test.describe.configure({ mode: 'serial' });

const [BAKERY] = PLACES;
/** Another one each time: the stack may be an old one. */
const unit = new PostingUnit(`JBNB5${String(Date.now() % 100_000).padStart(5, '0')}`);
const path = `/locations/${unit.id}`;
const proxy = new FaultyProxy();
let context: BrowserContext;
let page: Page;
let other: Page;

test.beforeAll(async ({ browser }) => {
  await unit.register(BAKERY?.id ?? '');
  await unit.beat({ cfg: 0 });
  const options = { baseURL: await proxy.start(), locale: 'en-GB' };
  context = await browser.newContext(options);
  page = await context.newPage();
  await signInAs(page, 'owner');
  // An administrator has the same sensor in front of him, on a device of his own.
  other = await (await browser.newContext(options)).newPage();
  await signInAs(other, 'admin');
});
test.afterEach(async () => {
  proxy.treat = () => 'through';
  await context.setOffline(false);
});
test.afterAll(async () => {
  await unit.retire();
  await context.close();
  await other.context().close();
  proxy.stop();
});

const press = (on: Page, name: string) => on.getByRole('button', { name, exact: true }).click();
const settings = (on: Page) => on.locator('jb-sensor-settings');
const isChange = (at: string, method: string) => at.includes(unit.id) && method !== 'GET';

async function slide(on: Page, label: string, key: 'ArrowLeft' | 'ArrowRight'): Promise<void> {
  await on.getByRole('slider', { name: label }).focus();
  await on.keyboard.press(key);
  await press(on, 'Save settings');
}

/** Changes that reached the server, each with its key. */
const sent = () =>
  proxy.seen.filter(({ method, path: at }) => isChange(at, method)).map(({ key }) => key);

test('two people at one setting, one offline: told with both values, either way', async () => {
  await page.goto(path);
  await expect(settings(page)).toBeVisible();
  let before = await settings(page).locator('output').nth(2).textContent();
  for (const [key, choice, kept] of [
    ['ArrowLeft', 'Set mine', 'mine'],
    ['ArrowRight', 'Leave them as they are', 'theirs'],
  ] as const) {
    await context.setOffline(true);
    await slide(page, 'Window Shopping', key);
    await expect(page.getByText('Waiting: kept on this device')).toBeVisible();
    const mine = await settings(page).locator('output').nth(2).textContent();
    await other.goto(path);
    // What his device kept comes first.
    await expect(settings(other).locator('output').nth(2)).toHaveText(before ?? '');
    for (const _twice of [1, 2]) {
      const away = key === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
      await other.getByLabel('Window Shopping').focus();
      await other.keyboard.press(away);
    }
    await press(other, 'Save settings');
    await expect(other.getByText('Saved. The sensor fetches it')).toBeVisible();
    const theirs = await settings(other).locator('output').nth(2).textContent();
    expect(mine).not.toBe(theirs);

    await context.setOffline(false);
    await expect(page.getByText('Somebody changed these settings meanwhile.')).toBeVisible();
    const row = page.getByRole('row', { name: 'Window Shopping' });
    await expect(row).toContainText(mine ?? 'nothing');
    await expect(row).toContainText(theirs ?? 'nothing');
    await press(page, choice);
    const [now, gone] = kept === 'mine' ? [mine, theirs] : [theirs, mine];
    await expect(page.getByText('Somebody changed these settings meanwhile.')).toBeHidden();
    await expect(settings(page).locator('output').nth(2)).toHaveText(now ?? '');
    expect(now).not.toBe(gone);
    before = now;
    // What the unit is told is what the person chose.
    await expect(async () => {
      const { rssi_far_threshold } = (await unit.config()) as { rssi_far_threshold: number };
      expect(now).toContain(String(Math.abs(rssi_far_threshold)));
    }).toPass();
  }
});

test('an answer that is lost on the way: sent again with its key, and counts once', async () => {
  await page.goto(path);
  const before = sent().length;
  let lost = 0;
  proxy.treat = (at, method) => {
    // Chromium itself sends once more what a reused connection did not answer.
    if (!isChange(at, method) || lost > 1) return 'through';
    lost += 1;
    return 'lose the answer';
  };
  await page.getByLabel('Name', { exact: true }).fill('By the door');
  await press(page, 'Rename');
  await expect.poll(() => sent().length - before).toBeGreaterThan(1);
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('By the door');
  await expect(page.getByText('Waiting:')).toBeHidden();
  const keys = sent().slice(before);
  expect(keys.length).toBeGreaterThan(1);
  expect(new Set(keys).size).toBe(1);
  const trail = page.locator('jb-sensor-trail');
  await page.reload();
  await expect(trail.getByText('By the door')).toHaveCount(1);
});

test('signing out with a sensor’s changes waiting: asked, and sent first', async () => {
  await page.goto(path);
  proxy.treat = (at, method) => (isChange(at, method) ? 'drop' : 'through');
  await page.getByLabel('Name', { exact: true }).fill('By the till');
  await press(page, 'Rename');
  await slide(page, 'Readings', 'ArrowRight');
  await expect(page.getByText('Waiting: kept on this device')).toHaveCount(2);
  await page.goto('/sign-in');
  await press(page, 'Sign out');
  await expect(page.getByText('2 changes are not sent yet.')).toBeVisible();
  await press(page, 'Send, then sign out');
  await expect(page.getByText('Not everything could be sent.')).toBeVisible();
  proxy.treat = () => 'through';
  await press(page, 'Send, then sign out');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await other.goto(path);
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('By the till');
  expect(await unit.config()).toMatchObject({ report_interval_ms: 360_000 });
});
