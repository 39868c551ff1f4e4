/**
 * A tab that nobody looks at: Chromium lets its timers ring once a second at best. The unit in it
 * is connected as fast as in one in front. By puppeteer, which does not pretend that every tab is
 * in front, as Playwright does.
 */
import { expect, test } from '@playwright/test';
import type { Page } from 'puppeteer-core';
import { launchChromium } from './testing/chromium.ts';
import { stack } from './testing/stack.ts';

/** What puppeteer switches off for its own sake. */
const THROTTLING = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];
/** Three waits of 100 ms a reset, and the stub's way: a second each would be seen. */
const CONNECT_MS = 2500;

/** Milliseconds until the chip has said who it is. Asked from outside: no timer of the page's. */
async function connect(page: Page): Promise<number> {
  const begin = performance.now();
  await page.$eval('pierce/.doors button:last-child', (door) => (door as HTMLElement).click());
  const known = async () => (await page.$('pierce/[data-testid=mac]')) !== null;
  await expect.poll(known, { intervals: [20], timeout: 30_000 }).toBe(true);
  return performance.now() - begin;
}

/** Of five timers of 100 ms, to be sure that this tab is throttled. */
const timers = (page: Page) =>
  page.evaluate(async () => {
    const begin = performance.now();
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    return performance.now() - begin;
  });

test('a hidden tab connects a unit as fast as one in front', async () => {
  const browser = await launchChromium({ ignoreDefaultArgs: THROTTLING });
  try {
    const hidden = await browser.newPage();
    await hidden.goto(`${stack().url}/bench`);
    await hidden.waitForSelector('pierce/.doors');
    const front = await browser.newPage();
    await front.bringToFront();
    await expect.poll(() => hidden.evaluate(() => document.visibilityState)).toBe('hidden');
    expect(await timers(hidden)).toBeGreaterThan(2000);
    const took = await connect(hidden);
    console.log(`connected in a hidden tab in ${took.toFixed(0)} ms`);
    expect(took).toBeLessThan(CONNECT_MS);
  } finally {
    await browser.close();
  }
});
