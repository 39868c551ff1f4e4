/** Times of the built page in Chromium, by puppeteer. Knows the Store page and its chart. */
import { gzipSync } from 'node:zlib';
import type { HTTPResponse, Page } from 'puppeteer-core';

const TIMES = 5;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The next visit to `origin` is as the first, but for the session: that stays. */
export async function forgetPage(page: Page, origin: string): Promise<void> {
  // a page that is open keeps its worker, which has lost its files
  await page.goto('about:blank');
  const session = await page.createCDPSession();
  const storageTypes = 'service_workers,cache_storage,indexeddb';
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes });
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

/** What only the chart and what lies below it need. */
const LATER = /\/insights-later-/;

/**
 * @param page signed in
 * @param url of the Store page
 * @returns bytes, gzip, of the scripts that are fetched before the chart's
 */
export async function firstScripts(page: Page, url: string, language: string): Promise<number> {
  await forgetPage(page, new URL(url).origin);
  const session = await page.createCDPSession();
  const userAgent = await page.browser().userAgent();
  await session.send('Emulation.setUserAgentOverride', { userAgent, acceptLanguage: language });
  const before: HTTPResponse[] = [];
  let isLater = false;
  page.on('request', (request) => {
    isLater ||= LATER.test(request.url());
  });
  page.on('response', (response) => {
    if (!isLater && response.request().resourceType() === 'script') before.push(response);
  });
  await page.goto(url);
  await page.waitForSelector('>>> jb-chart-hours');
  const spoken = await page.evaluate(() => document.documentElement.lang);
  if (!isLater || spoken !== language) throw new Error(`not the page as expected: ${spoken}`);
  const bodies = await Promise.all(before.map((response) => response.buffer()));
  return bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
}

/**
 * @param page on the Store page, signed in
 * @param slower by how much the processor is slowed down
 * @returns ms from the start of the navigation to the first frame that has the number
 */
export async function offlineReload(page: Page, slower: number): Promise<number> {
  await page.waitForSelector('>>> [data-testid=visitors]');
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    const { serviceWorker } = navigator;
    if (serviceWorker.controller) return;
    await new Promise((done) => serviceWorker.addEventListener('controllerchange', done));
  });
  await page.evaluateOnNewDocument(() => {
    const see = (root: Document | ShadowRoot): boolean =>
      root.querySelector('[data-testid=visitors]') !== null ||
      [...root.querySelectorAll('*')].some(({ shadowRoot }) => shadowRoot && see(shadowRoot));
    const look = () => {
      if (see(document)) Object.assign(window, { seenAt: performance.now() });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.setOfflineMode(true);
  await page.emulateCPUThrottling(slower);
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) {
    await page.reload({ waitUntil: 'domcontentloaded' });
    const seen = await page.waitForFunction(() => (window as { seenAt?: number }).seenAt);
    times.push(Number(await seen.jsonValue()));
  }
  await page.emulateCPUThrottling(null);
  await page.setOfflineMode(false);
  return median(times);
}

/**
 * @param page on the Store page, whose chart is there
 * @param width of the window
 * @returns ms from the numbers to the drawn canvas
 */
export async function chartedYear(page: Page, width: number): Promise<number> {
  await page.setViewport({ width, height: 900 });
  await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
  await page.waitForSelector('>>> jb-chart-hours');
  const times: number[] = [];
  for (let time = 0; time < TIMES; time++) times.push(await page.evaluate(drawYear));
  return median(times);
}

/** In the page. */
async function drawYear(): Promise<number> {
  const hours = Array.from({ length: 365 * 24 }, (_, hour) => ({
    label: `${hour % 24}`,
    range: `hour ${hour}`,
    visits: hour % 24 < 8 ? 0 : (hour * 7919) % 60,
    before: hour % 24 < 8 ? 0 : (hour * 104_729) % 60,
  }));
  const chart = document.createElement('jb-chart-hours') as HTMLElement & {
    updateComplete: Promise<boolean>;
  };
  const place = document.querySelector('jb-app')?.shadowRoot?.querySelector('main');
  const began = performance.now();
  Object.assign(chart, {
    hours,
    front: 'This year',
    against: 'the year before',
    summary: 'A year',
  });
  place?.append(chart);
  await chart.updateComplete;
  // what was drawn is on the canvas only when its commands have run
  const canvas = chart.shadowRoot?.querySelector('canvas');
  canvas?.getContext('2d')?.getImageData(0, 0, 1, 1);
  const took = performance.now() - began;
  chart.remove();
  return took;
}
