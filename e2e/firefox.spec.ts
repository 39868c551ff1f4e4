/** The main job in Firefox: sign in, prepare a virtual unit from end to end, look at the store. */
import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Browser, Page } from 'puppeteer-core';
import { FIREFOX, fill, focusedName, found, launchFirefox, press } from './testing/firefox.ts';
import { signIn, stack } from './testing/stack.ts';

const PREPARE_MS = 240_000;
const UNIT = 'JBNB0153';

test.skip(!existsSync(FIREFOX), `no ${FIREFOX} (Debian package firefox-esr)`);
test.describe.configure({ mode: 'serial' });

let browser: Browser;
let page: Page;
const faults: string[] = [];

test.beforeAll(async () => {
  browser = await launchFirefox();
  page = await browser.newPage();
  page.on('pageerror', (error) => faults.push(String(error)));
});
test.afterAll(() => browser?.close());
test.afterEach(() => {
  expect(faults.splice(0), 'errors of the page').toEqual([]);
});

test('has Web Serial', async () => {
  await page.goto(stack().url);
  expect(await page.evaluate(() => 'serial' in navigator)).toBe(true);
});

test('an installer prepares a virtual unit', async () => {
  test.setTimeout(PREPARE_MS + 60_000);
  const { email, password } = signIn('installer');
  await page.goto(`${stack().url}/sign-in?next=/bench`);
  await fill(page, 'input[type=email]', email);
  await fill(page, 'input[type=password]', password);
  await press(page, 'Sign in');
  await found(page, 'jb-bench-page');
  await press(page, 'Try a virtual unit');
  await found(page, 'dd, td, span, code, p', '02:4A:42', 60_000);
  // typed the way a person in a hurry does
  await fill(page, 'input#id', `jbnb ${UNIT.slice(4)}`);
  await press(page, 'Prepare unit');
  await found(page, 'p, h2, h3, strong', `${UNIT} is ready`, PREPARE_MS);
});

test('an owner sees the store', async () => {
  const { email, password } = signIn('owner');
  await page.goto(`${stack().url}/sign-in`);
  await press(page, 'Sign out');
  await fill(page, 'input[type=email]', email);
  await fill(page, 'input[type=password]', password);
  await press(page, 'Sign in');
  await found(page, 'h1, h2, h3, p, span', 'Visitors');
  await press(page, 'Yesterday');
  await found(page, 'dt, dd, th, div', 'Busiest hour');
});

test('by keyboard: the list of shops and the days keep the focus', async () => {
  // Not the one for the language.
  const list = await found(page, 'select', 'Harbour Street Bakery');
  const shops = await list.evaluate(
    (element) => [...(element as HTMLSelectElement).options].length,
  );
  expect(shops).toBeGreaterThan(1);
  await list.focus();
  for (const key of ['ArrowDown', 'ArrowUp'] as const) {
    const before = await list.evaluate((element) => (element as HTMLSelectElement).value);
    await page.keyboard.press(key);
    await expect.poll(() => new URL(page.url()).pathname).not.toBe(`/store/${before}`);
    expect(await focusedName(page)).toBe('Location');
  }
  const today = await found(page, 'button', 'Today');
  await today.focus();
  await page.keyboard.press('Enter');
  await found(page, 'dt', 'Visitors today');
  expect(await focusedName(page)).toBe('Today');
});

test('no width makes the page wider than its window', async () => {
  await press(page, 'Yesterday');
  await found(page, 'dt', 'Visitors yesterday');
  for (const width of [195, 390, 900]) {
    await page.setViewport({ width, height: 700 });
    await found(page, 'canvas');
    const tooWide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    expect([width, tooWide]).toEqual([width, 0]);
  }
});
