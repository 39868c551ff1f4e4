/**
 * `npm run bench:fleet`: the pages of sensors with ten thousand of them, on the built page as
 * `npm start` serves it, in Debian's Chromium. Each figure with what is asked of it and how it was
 * measured. Never fails for a figure: machines differ.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { runCli } from '../../scripts/cli.ts';
import { ROOT } from '../../scripts/start/options.ts';
import { freePort } from '../../scripts/start/ports.ts';
import { loadSecrets } from '../../scripts/start/secrets.ts';
import { CHROMIUM, CHROMIUM_ARGS } from '../testing/browser.ts';
import { launch } from '../testing/stack.ts';
import { type Figure, print } from './figure.ts';
import { databaseBytes, detail, firstList, map, searchKeys, watchTasks } from './fleet-figures.ts';
import { FLEET, fleetSql } from './fleet-seed.ts';

const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

runCli('npm run bench:fleet: the pages of sensors with ten thousand of them', async () => {
  const data = mkdtempSync(join(tmpdir(), 'jambench-fleet-'));
  const on = { data, port: await freePort(), supabasePort: await freePort() };
  // once for accounts and tables; then the fleet, which nobody else may have open
  const first = launch(on);
  await first.ready;
  first.process.kill('SIGTERM');
  await first.ended;
  seed(data);
  const program = launch(on);
  await program.ready;
  const browser = await puppeteer.launch({
    browser: 'chrome',
    executablePath: CHROMIUM,
    headless: true,
    args: [...CHROMIUM_ARGS, '--lang=en-GB'],
  });
  try {
    const load = loadavg()[0]?.toFixed(1);
    console.log(`${FLEET} sensors, as an administrator; load of the machine ${load}`);
    for (const figure of await measure(browser, `http://localhost:${on.port}`, data)) print(figure);
  } finally {
    await browser.close();
    program.process.kill('SIGTERM');
    await program.ended;
    rmSync(data, { recursive: true, force: true });
  }
  return 0;
});

function seed(data: string): void {
  const file = join(data, 'fleet.sql');
  writeFileSync(file, fleetSql(Math.floor(Date.now() / 1000)));
  const where = ['--local', '--persist-to', join(data, 'state'), '--file', file];
  const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
  const args = [WRANGLER, 'd1', 'execute', 'DB', ...where];
  execFileSync(process.execPath, args, { cwd: ROOT, env, stdio: 'pipe' });
}

async function measure(browser: Browser, url: string, data: string): Promise<Figure[]> {
  const page = await browser.newPage();
  await page.setViewport({ width: 1440, height: 900 });
  await watchTasks(page);
  await signIn(page, url, data);
  const fresh = await firstList(page, `${url}/locations`, FLEET);
  const bytes = await databaseBytes(page);
  const kept = await firstList(page, `${url}/locations`, FLEET);
  const keys = await searchKeys(page, 'harbour 12 door');
  const { shown, nearer } = await map(page);
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
    within('A sensor’s page, until its facts stand', one.ms, 1000, 'from the press of its row'),
    task('… longest task', one.longestMs),
    size(bytes),
  ];
}

async function signIn(page: Page, url: string, data: string): Promise<void> {
  await page.goto(`${url}/sign-in?next=/admin/status`);
  await page.waitForSelector('>>> #email');
  await page.type('>>> #email', 'admin@example.net');
  await page.type('>>> #password', loadSecrets(data).passwords.admin);
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
