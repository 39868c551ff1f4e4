/** More than one tab, a new version between them, and a browser that keeps nothing. */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { signInAs } from './testing/bench.ts';
import { FaultyProxy } from './testing/faulty-proxy.ts';
import { stack } from './testing/stack.ts';

const reload = (page: Page) => page.getByRole('button', { name: 'Reload', exact: true });

test('Reload works in each tab, whoever was first, and never by itself', async ({ browser }) => {
  const deploys = new FaultyProxy();
  const url = await deploys.start();
  const context: BrowserContext = await browser.newContext();
  const [one, other] = [await context.newPage(), await context.newPage()];
  for (const page of [one, other]) {
    await page.goto(`${url}/sign-in`);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  }
  await one.getByLabel('E-mail').fill('half-typed@example.net');
  await other.waitForTimeout(1500);
  deploys.version = 2;
  await other.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await expect(reload(other)).toBeVisible();
  await expect(reload(one)).toBeVisible();
  await Promise.all([other.waitForEvent('load'), reload(other).click()]);
  // what was being typed is still there, and so is the way to the new version
  await expect(one.getByLabel('E-mail')).toHaveValue('half-typed@example.net');
  // it is not thrown away before its owner has been told
  await reload(one).click();
  await expect(one.getByText('lost if you reload: E-mail.')).toBeVisible();
  await expect(one.getByLabel('E-mail')).toHaveValue('half-typed@example.net');
  const anyway = one.getByRole('button', { name: 'Reload all the same' });
  await Promise.all([one.waitForEvent('load'), anyway.click()]);
  await expect(one.getByLabel('E-mail')).toHaveValue('');
  await context.close();
  deploys.stop();
});

/** As a server answers for files that only the version before had: with the page itself. */
const GONE = { status: 200, type: 'text/html', body: '<!doctype html><title>JamBench</title>' };

test('a deploy in the middle of a session: told, never a white page, and mended', async ({
  browser,
}) => {
  const deploys = new FaultyProxy();
  const url = await deploys.start();
  const context = await browser.newContext({ baseURL: url, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto('/');
  await page.waitForLoadState('networkidle');
  deploys.treat = (path) => (/^\/assets\/.*\.js$/.test(path) ? GONE : 'through');
  await page.getByRole('link', { name: 'See my store' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page could not be loaded');
  await expect(page.getByText('A part of this page is gone')).toBeVisible();
  // the rest of the page is there, and so is the way back
  await page.goBack();
  await expect(page.getByRole('link', { name: 'See my store' })).toBeVisible();
  await page.goForward();
  // healed before it has failed again, it would be there without a press
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page could not be loaded');
  deploys.treat = () => 'through';
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('My store');
  await context.close();
  deploys.stop();
});

test('a piece within a page is gone after a deploy: said in its place', async ({ browser }) => {
  const deploys = new FaultyProxy();
  const url = await deploys.start();
  const options = { baseURL: url, serviceWorkers: 'block' } as const;
  const before = await browser.newContext(options);
  await signInAs(await before.newPage(), 'owner');
  // signing in has fetched it, and a browser keeps it: another visit, in a browser without it
  const context = await browser.newContext({
    ...options,
    storageState: await before.storageState(),
  });
  await before.close();
  const page = await context.newPage();
  await page.goto('/store');
  await expect(page.getByText('Visitors').first()).toBeVisible();
  deploys.treat = (path) => (/^\/assets\/account-/.test(path) ? GONE : 'through');
  await page.getByRole('link', { name: 'Account' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This page could not be loaded');
  deploys.treat = () => 'through';
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Account' })).toBeVisible();
  await context.close();
  deploys.stop();
});

test('the first visit is no new version, however quickly one goes on', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().url });
  const page = await context.newPage();
  for (const path of ['/sign-in', '/sign-in?next=/store', '/sign-in?next=/bench']) {
    await page.goto(path);
  }
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.waitForTimeout(1000);
  await expect(reload(page)).toHaveCount(0);
  await context.close();
});

test('an open tab makes room for a newer version’s database at once', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().url, serviceWorkers: 'block' });
  const page = await context.newPage();
  await signInAs(page, 'owner');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const newer = await context.newPage();
  await newer.goto('/icons/icon.svg');
  const seen = await newer.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const events: string[] = [];
        const opening = indexedDB.open('jambench', 999);
        opening.onblocked = () => events.push('blocked');
        opening.onsuccess = () => {
          opening.result.close();
          resolve([...events, 'open']);
        };
        opening.onerror = () => resolve([...events, 'error']);
        setTimeout(() => resolve([...events, 'still waiting']), 4000);
      }),
  );
  expect(seen).toEqual(['open']);
  // the older page goes on without what it kept
  await page.reload();
  await expect(page.getByText('Visitors').first()).toBeVisible();
  await context.close();
});

test('with all site data blocked the page works and says what that means', async ({ browser }) => {
  const context = await browser.newContext({ baseURL: stack().url, serviceWorkers: 'block' });
  await context.addInitScript(() => {
    const blocked = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) {
      Object.defineProperty(window, name, { get: blocked });
    }
  });
  const page = await context.newPage();
  await signInAs(page, 'owner');
  await expect(page.getByText('lets JamBench keep nothing')).toBeVisible();
  await expect(page.getByText('Visitors').first()).toBeVisible();
  await context.close();
});

test('a unit on the bench of one tab is left alone by another', async ({ browser }) => {
  test.setTimeout(120_000);
  const context = await browser.newContext({ baseURL: stack().url });
  const [one, other] = [await context.newPage(), await context.newPage()];
  // the same seed is the same unit: as one cable would be, seen by two tabs
  await one.goto('/bench?virtual&seed=7&timing=0');
  await expect(one.locator('[data-phase="connected"]')).toBeVisible({ timeout: 30_000 });
  await other.goto('/bench?virtual&seed=7&timing=0');
  const error = other.getByTestId('connect-error');
  await expect(error).toContainText('another tab of JamBench', { timeout: 30_000 });
  await one.getByRole('button', { name: 'Disconnect' }).click();
  await other.getByRole('button', { name: 'Try again' }).click();
  await expect(other.locator('[data-phase="connected"]')).toBeVisible({ timeout: 30_000 });
  await context.close();
});
