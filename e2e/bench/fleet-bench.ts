/**
 * `npm run bench:fleet`: the pages of sensors with ten thousand of them, on the built page as
 * `npm start` serves it, in Debian's Chromium. Each figure with what is asked of it and how it was
 * measured. Never fails for a figure: machines differ.
 */
import { loadavg } from 'node:os';
import type { Browser, Page } from 'puppeteer-core';
import { runCli } from '../../scripts/cli.ts';
import { launchChromium } from '../testing/chromium.ts';
import { type Figure, print } from './figure.ts';
import {
  action,
  databaseBytes,
  detail,
  firstList,
  map,
  searchKeys,
  watchTasks,
} from './fleet-figures.ts';
import { FLEET } from './fleet-seed.ts';
import { type Fleet, startFleet } from './fleet-stack.ts';

runCli('npm run bench:fleet: the pages of sensors with ten thousand of them', async () => {
  const fleet = await startFleet();
  const browser = await launchChromium();
  try {
    const load = loadavg()[0]?.toFixed(1);
    console.log(`${FLEET} sensors, as an administrator; load of the machine ${load}`);
    for (const figure of await measure(browser, fleet)) print(figure);
  } finally {
    await browser.close();
    await fleet.stop();
  }
  return 0;
});

async function measure(browser: Browser, { url, password }: Fleet): Promise<Figure[]> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  await watchTasks(page);
  await signIn(page, url, password);
  const fresh = await firstList(page, `${url}/locations`, FLEET);
  const bytes = await databaseBytes(page);
  const kept = await firstList(page, `${url}/locations`, FLEET);
  const keys = await searchKeys(page, 'harbour 12 door');
  const { shown, nearer } = await map(page);
  const { looked, preview, slid } = await action(page);
  await page.goto(`${url}/locations`);
  const one = await detail(page);
  const from = 'from the start of the navigation';
  return [
    within('First list, nothing kept: its first rows', fresh.first.ms, 1000, from),
    within('… all of them', fresh.whole.ms, null, `${from}; 200 a request, one after the other`),
    task('… longest task until then', fresh.whole.longestMs),
    within('List that is kept: its first rows', kept.first.ms, 1000, `${from}; from IndexedDB`),
    task('… longest task', kept.whole.longestMs),
    within('A key of the search, median', keys.ms, 100, 'Event Timing, from key to frame; in 8 ms'),
    within('A key of the search, slowest', keys.maxMs, 100, '15 keys; less than 16 ms: 0'),
    task('… longest task', keys.longestMs),
    within('Map, until its marks stand', shown.ms, 1000, 'from the press; its code is fetched'),
    task('… longest task', shown.longestMs),
    within('Map, a step nearer', nearer.ms, 1000, 'from the press to the next frame with marks'),
    task('… longest task', nearer.longestMs),
    within(
      'All chosen: how they are set, fetched',
      looked.ms,
      null,
      'from the press; 100 a request',
    ),
    task('… longest task', looked.longestMs),
    within('Whom a setting reaches, until it stands', preview.ms, 1000, 'from the tick'),
    task('… longest task', preview.longestMs),
    within('A step of the slider, slowest of ten', slid.ms, 100, 'Event Timing; in 8 ms'),
    task('… longest task', slid.longestMs),
    within('A sensor’s page, until its facts stand', one.ms, 1000, 'from the press of its row'),
    task('… longest task', one.longestMs),
    size(bytes),
  ];
}

async function signIn(page: Page, url: string, password: string): Promise<void> {
  await page.goto(`${url}/sign-in?next=/admin/status`);
  await page.waitForSelector('>>> #email');
  await page.type('>>> #email', 'admin@example.net');
  await page.type('>>> #password', password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('>>> jb-status-page');
}

function within(what: string, ms: number, most: number | null, how: string): Figure {
  const asked = most === null ? '-' : `<= ${most} ms`;
  return { what, value: `${Math.round(ms)} ms`, asked, isMet: most === null || ms <= most, how };
}

function task(what: string, ms: number): Figure {
  return {
    ...{ what, value: ms === 0 ? '< 50 ms' : `${Math.round(ms)} ms`, asked: '<= 50 ms' },
    ...{ isMet: ms === 0, how: 'PerformanceObserver, longtask' },
  };
}

const size = (bytes: number): Figure => ({
  ...{ what: 'IndexedDB with the list in it', value: `${(bytes / 1024 / 1024).toFixed(1)} MB` },
  ...{ asked: '-', isMet: true, how: 'navigator.storage.estimate, usageDetails.indexedDB' },
});
