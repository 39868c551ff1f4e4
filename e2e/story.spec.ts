/**
 * The main job, end to end, with the virtual unit in the page: prepare it, count, ingest, sync,
 * show. One page throughout; each test is a chapter and stands on the one before.
 */
import { appendFileSync } from 'node:fs';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  expectPrepared,
  signInAs,
  signOut,
  stage,
  stageTimes,
  startPreparing,
  unfold,
} from './testing/bench.ts';
import { Watch } from './testing/console-watch.ts';
import { inspect } from './testing/inspect.ts';
import { servedFile, stack } from './testing/stack.ts';
import { footTraffic } from './testing/supabase.ts';

const UNIT = 'JBNB0042';
/**
 * A reading leaves every five minutes of the unit's time; at 60 times that is five seconds. One
 * only: the backend refuses periods that are more than ten minutes ahead of its own clock.
 */
const FAST = '60';

test.describe.configure({ mode: 'serial' });

const began = Date.now();
let context: BrowserContext;
let page: Page;
let watch: Watch;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  watch = new Watch(context);
  page = await context.newPage();
});
test.afterAll(() => context.close());
test.afterEach(() => {
  expect(watch.take(), 'errors on the console').toEqual([]);
});

test('a stranger finds the doors', async ({ browserName: _ }, info) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Try a virtual unit' })).toBeVisible();
  await inspect(page, info, 'home');
  await page.goto('/no-such-page');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('the doors of the embedded parts are closed', async ({ request }) => {
  const { url } = stack();
  // Miniflare's explorer runs SQL for whoever asks; Supabase Lite has an admin page
  for (const path of ['/cdn-cgi/explorer/api/d1', '/cdn-cgi/handler/email', '/supabase/'])
    expect((await request.get(url + path)).status(), path).toBe(404);
});

test('the installer signs in', async ({ browserName: _ }, info) => {
  await page.goto('/sign-in');
  await inspect(page, info, 'sign-in');
  await watch.withoutBackend(async () => {
    await page.getByLabel('E-mail').fill('installer@example.net');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('alert')).toBeVisible();
  });
  await signInAs(page, 'installer');
});

test('a virtual unit is connected and says who it is', async ({ browserName: _ }, info) => {
  await page.goto('/bench');
  await inspect(page, info, 'bench-start');
  await page.getByRole('button', { name: 'Try a virtual unit' }).click();
  await expect(page.locator('[data-phase="connected"]')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('ESP32-S3', { exact: false }).first()).toBeVisible();
  // locally administered: nobody can take it for a real chip
  await expect(page.getByTestId('mac')).toHaveText(/^02:4A:42:/i);
  await expect(page.getByText(/8\s*MB|8\s*MiB/).first()).toBeVisible();
});

test('a malformed id is refused before anything happens', async () => {
  await page.getByLabel('Device id').fill('JBNB42');
  await page.getByRole('button', { name: 'Prepare unit' }).click();
  await expect(page.getByText('A device id is JBNB and four to eight digits')).toBeVisible();
  await expect(page.locator('[data-stage]')).toHaveCount(0);
});

test('both phases, first heartbeat and first reading', async ({ browserName: _ }, info) => {
  test.setTimeout(300_000);
  await startPreparing(page, UNIT);
  await expect(stage(page, 'write-provisioning')).toHaveAttribute('data-state', 'running');
  await page.screenshot({ path: `${info.project.outputDir}/looks/preparing.png` });
  await expectPrepared(page, UNIT);
  for (const id of ['bringup', 'register', 'heartbeat', 'reading'])
    await expect(stage(page, id)).toHaveAttribute('data-state', /done|warning/);
  await expect(page.locator('[data-step][data-state="ok"]')).toHaveCount(12);
  info.annotations.push({ type: 'stages at 1×', description: await stageTimes(page) });
  console.log(`\n${await stageTimes(page)}`);
  await inspect(page, info, 'bench-done');
});

test('the unit runs: light, console and readings are on the page', async () => {
  await expect(page.locator('[data-phase="running"]')).toBeVisible();
  await unfold(page, 'Technical details');
  await unfold(page, 'Virtual unit');
  await expect(page.getByRole('log')).toContainText('reading');
  await page.getByLabel('Time runs').selectOption(FAST);
  const rows = page.getByRole('group', { name: 'Readings' }).getByRole('row');
  await expect.poll(() => rows.count(), { timeout: 60_000 }).toBeGreaterThan(2);
  await page.getByLabel('Time runs').selectOption('1');
  await expect(rows.nth(1)).toContainText('stored');
});

test('the sync brings the counts into Supabase', async () => {
  await page.getByRole('button', { name: 'Sync to Supabase now' }).click();
  await expect(page.getByTestId('cron')).toHaveText(/\d+ rows synced, 0 left/);
  // the demo data brought rows of its own; a revision is the time of a bucket's last change
  const rows = (await footTraffic('service')).filter(({ revision }) => revision > began);
  expect(rows.length).toBeGreaterThan(0);
  expect(Object.keys(rows[0] ?? {}).join(' ')).not.toMatch(/device_id|unit|mac/);
  expect(await footTraffic('stranger')).toEqual([]);
});

test('without the backend the unit keeps its readings, and says so', async () => {
  const readings = page.getByRole('group', { name: 'Readings' });
  await watch.withoutBackend(async () => {
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Press button' }).click();
    await expect(readings.getByRole('row').nth(1)).toContainText('no answer, kept', {
      timeout: 60_000,
    });
    await context.setOffline(false);
  });
  await page.getByRole('button', { name: 'Press button' }).click();
  await expect(readings.getByRole('row').nth(1)).toContainText('stored', { timeout: 60_000 });
});

test('what the owner sets without network is fetched by the unit, and used', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const own = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  const owner = await own.newPage();
  await signInAs(owner, 'owner');
  await owner.goto('/locations');
  await expect(owner.getByRole('listitem').first()).toBeVisible();
  await owner.goto(`/locations/${UNIT}`);
  const twin = owner.locator('jb-sensor-settings');
  const wanted = twin.locator('output').nth(1);
  await expect(twin).toContainText('The sensor uses these settings.');
  await owner.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

  await own.setOffline(true);
  await owner.getByLabel('In Store').focus();
  for (let i = 0; i < 5; i += 1) await owner.keyboard.press('ArrowRight');
  await owner.getByRole('button', { name: 'Save settings' }).click();
  await expect(owner.getByText('Waiting: kept on this device')).toBeVisible();
  await owner.reload();
  await expect(owner.getByText('Waiting: kept on this device')).toBeVisible();
  await expect(wanted).toHaveText('stronger than −60 dBm');
  await owner.goto('/locations');
  await owner.getByLabel('Search').fill(UNIT);
  await expect(owner.getByRole('listitem')).toContainText('Change waiting');
  await owner.goto(`/locations/${UNIT}`);
  await own.setOffline(false);
  await expect(owner.getByText('Waiting: kept on this device')).toBeHidden();
  await expect(twin).toContainText('The sensor fetches these settings when it next reports.');

  const looksUntil = async (words: string) => {
    const looked = async () => {
      await owner.getByRole('button', { name: 'Refresh', exact: true }).click();
      return await twin.getByText(words).isVisible();
    };
    await expect.poll(looked, { timeout: 60_000, intervals: [1000] }).toBe(true);
  };
  await page.getByRole('button', { name: 'Press button' }).click();
  await looksUntil('The sensor has fetched these settings.');
  // It says what it uses in its heartbeats, the first after it starts.
  await page.getByRole('button', { name: 'Reset', exact: true }).click();
  await looksUntil('The sensor uses these settings.');
  await expect(wanted).toHaveText('stronger than −60 dBm');
  await own.close();
});

/** Yesterday has numbers at whatever time this runs; the shop's today may be a minute old. */
async function showYesterday(title = /Visitors yesterday/): Promise<string> {
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await expect(page.getByText(title)).toBeVisible();
  await expect(page.getByTestId('visitors')).toHaveText(/\d/);
  return (await page.getByTestId('visitors').textContent()) ?? '';
}

test('the owner sees numbers and a chart', async ({ browserName: _ }, info) => {
  await signOut(page);
  await signInAs(page, 'owner');
  await page.goto('/store');
  // in the morning nobody has come yet, and yesterday is in front
  await page.getByRole('button', { name: 'Today', exact: true }).click();
  await expect(page.getByText('Visitors today')).toBeVisible();
  await showYesterday();
  await expect(page.getByTestId('busiest')).toHaveText(/\d/);
  await expect(page.locator('jb-chart-hours canvas')).toBeVisible();
  await expect(page.getByText('Where are they?')).toBeVisible();
  await inspect(page, info, 'store');
});

test('the Store page opens offline and says as of when its numbers are', async () => {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const shown = await showYesterday();
  await watch.withoutBackend(async () => {
    await context.setOffline(true);
    await page.reload();
    await expect(page.getByText('You are offline')).toBeVisible();
    // which day it is, is the server's to say
    expect(await showYesterday(/Visitors on \w+ \d+ \w+/)).toBe(shown);
    await context.setOffline(false);
  });
});

test('a new version is offered, and taken when the owner wants it', async () => {
  appendFileSync(servedFile('sw.js'), '\n// newer\n');
  // the local asset server fixes its ETags when it starts; without the old one nothing is 304
  const devtools = await context.newCDPSession(page);
  await devtools.send('Network.clearBrowserCache');
  await page.evaluate(async () => {
    await (await navigator.serviceWorker.getRegistration())?.update();
  });
  await expect(page.getByText('A new version is ready.')).toBeVisible();
  const reloaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await reloaded;
  await showYesterday();
  await expect(page.getByText('A new version is ready.')).toBeHidden();
});
