/**
 * Times of the pages of sensors in Chromium, by puppeteer, with however many sensors there are.
 * Knows the list, the map and a sensor's page.
 */
import type { Page } from 'puppeteer-core';
import { median } from './web-figures.ts';

/** What a part of a visit took. */
export interface Took {
  /** Milliseconds. */
  ms: number;
  /** The longest task meanwhile, milliseconds; 0: none over 50. */
  longestMs: number;
}

const ROW = '>>> [role=listitem] a';
/** The Long Tasks API tells of tasks over 50 ms, and nothing of shorter ones. */
interface Watched {
  longTasks: number[];
  keyTimes: number[];
}

/** In each document from now on. */
export async function watchTasks(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const watched: Watched = { longTasks: [], keyTimes: [] };
    Object.assign(window, watched);
    const each = (list: PerformanceObserverEntryList, into: number[]) => {
      for (const { duration } of list.getEntries()) into.push(duration);
    };
    const tasks = new PerformanceObserver((list) => each(list, watched.longTasks));
    tasks.observe({ type: 'longtask', buffered: true });
    const keys = new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        if (entry.name === 'input' || entry.name === 'keydown')
          watched.keyTimes.push(entry.duration);
    });
    keys.observe({ type: 'event', durationThreshold: 16 } as PerformanceObserverInit);
  });
}

/** Longest task since the last look; what was seen is forgotten. */
async function longest(page: Page): Promise<number> {
  // entries come with the next idle moment
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  return await page.evaluate(() => {
    const { longTasks } = window as unknown as Watched;
    return Math.max(0, ...longTasks.splice(0));
  });
}

/** From the start of the navigation to the first row, and to all of them. */
export async function firstList(
  page: Page,
  url: string,
  all: number,
): Promise<{ first: Took; whole: Took }> {
  await page.goto(url, { waitUntil: 'domcontentloaded' });
  await page.waitForSelector(ROW, { timeout: 120_000 });
  const ms = await page.evaluate(() => performance.now());
  await page.waitForFunction(hasAll, { timeout: 300_000, polling: 50 }, all);
  const wholeMs = await page.evaluate(() => performance.now());
  const longestMs = await longest(page);
  return { first: { ms, longestMs }, whole: { ms: wholeMs, longestMs } };
}

/** In the page: whether it counts so many, and waits for no more. */
function hasAll(all: number): boolean {
  const see = (root: Document | ShadowRoot): string =>
    [...root.querySelectorAll('*')]
      .map(({ shadowRoot }) => (shadowRoot ? see(shadowRoot) : ''))
      .concat(root.querySelector('.found')?.textContent ?? '')
      .join(' ');
  const text = see(document);
  const [, many = '0'] = /([\d,.]+) sensors/.exec(text) ?? [];
  return Number(many.replace(/[,.]/g, '')) >= all;
}

/** Each key from its press to the frame that shows what it found. */
export async function searchKeys(page: Page, text: string): Promise<Took & { maxMs: number }> {
  const field = await page.waitForSelector('>>> #text');
  await field?.click();
  await longest(page);
  for (const key of text) {
    await page.keyboard.type(key);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  const times = await page.evaluate(() => (window as unknown as Watched).keyTimes.splice(0));
  for (const _ of text) await page.keyboard.press('Backspace');
  return { ms: median(times) || 0, maxMs: Math.max(0, ...times), longestMs: await longest(page) };
}

/** From the press of Map to its marks; and from a step nearer to the marks of that. */
export async function map(page: Page): Promise<{ shown: Took; nearer: Took }> {
  const press = async (selector: string, until: string) => {
    const button = await page.waitForSelector(selector);
    await longest(page);
    const began = await page.evaluate(() => performance.now());
    await button?.click();
    await page.waitForSelector(until);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    const ms = (await page.evaluate(() => performance.now())) - began;
    return { ms, longestMs: await longest(page) };
  };
  const shown = await press('>>> ::-p-text(Map)', '>>> .leaflet-marker-icon');
  const nearer = await press('>>> .leaflet-control-zoom-in', '>>> .leaflet-marker-icon');
  const list = await page.waitForSelector('>>> ::-p-text(List)');
  await list?.click();
  await page.waitForSelector(ROW);
  return { shown, nearer };
}

/** From the press of a row to the sensor's facts. */
export async function detail(page: Page): Promise<Took> {
  const row = await page.waitForSelector(ROW);
  await longest(page);
  const began = await page.evaluate(() => performance.now());
  await row?.click();
  await page.waitForSelector('>>> jb-sensor-page >>> dl');
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  const ms = (await page.evaluate(() => performance.now())) - began;
  return { ms, longestMs: await longest(page) };
}

/** All are chosen; from the press of *Settings* to the form, and from a tick to whom it reaches. */
export async function action(page: Page): Promise<{ looked: Took; preview: Took; slid: Took }> {
  const timed = async (act: () => Promise<unknown>, until: string): Promise<Took> => {
    await longest(page);
    const began = await page.evaluate(() => performance.now());
    await act();
    await page.waitForSelector(until, { timeout: 120_000 });
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    const ms = (await page.evaluate(() => performance.now())) - began;
    return { ms, longestMs: await longest(page) };
  };
  const press = async (selector: string) => await (await page.waitForSelector(selector))?.click();
  await press('>>> ::-p-text(Change several)');
  await press('>>> jb-fleet-bar >>> input');
  const looked = await timed(() => press('>>> ::-p-text(Settings …)'), '>>> jb-fleet-form');
  const preview = await timed(() => press('>>> jb-fleet-form >>> .tick input'), '>>> .preview');
  await page.evaluate(() => (window as unknown as Watched).keyTimes.splice(0));
  await (await page.waitForSelector('>>> jb-fleet-form >>> input[type=range]'))?.focus();
  for (let step = 0; step < 10; step += 1) {
    await page.keyboard.press('ArrowRight');
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  }
  await page.evaluate(() => new Promise((done) => setTimeout(done, 300)));
  const times = await page.evaluate(() => (window as unknown as Watched).keyTimes.splice(0));
  const slid = { ms: Math.max(0, ...times), longestMs: await longest(page) };
  return { looked, preview, slid };
}

/** Bytes that IndexedDB has on disk, as the browser accounts for them. */
export function databaseBytes(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { usage = 0, usageDetails } = (await navigator.storage.estimate()) as StorageEstimate & {
      usageDetails?: { indexedDB?: number };
    };
    return usageDetails?.indexedDB ?? usage;
  });
}
