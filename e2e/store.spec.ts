/**
 * My Store as its owner uses it over a week: any day and week, what is usual, the own till, notes,
 * opening hours, files, paper. On the demo shops, whose numbers are a fortnight old.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserContext, expect, type Page, type Route, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { ROOT } from '../scripts/start/options.ts';
import { roughly } from '../shared/metrics/estimate.ts';
import { addDays, civilDate } from '../shared/metrics/time-zone.ts';
import { tokenOf } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { inspect } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });

const [BAKERY] = PLACES;
const zone = BAKERY?.time_zone ?? 'UTC';
const today = civilDate(Date.now(), zone);
const path = `/store/${BAKERY?.id}`;
let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  page = await context.newPage();
  await signInAs(page, 'owner');
});
test.afterAll(() => context.close());

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();

test('yesterday: an estimate with its error, and who passed by', async ({
  browserName: _,
}, info) => {
  await page.goto(path);
  await press('Yesterday');
  await expect(page.getByText('Visitors yesterday')).toBeVisible();
  await expect(page.getByTestId('visitors')).toHaveText(/about [\d,]+/);
  await expect(page.getByTestId('passers-by')).toHaveText(/about [\d,]+/);
  await page.getByText('How exact is this?').click();
  await expect(page.getByText('an hour may be off by half')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Usual visits by hour' })).toBeVisible();
  await inspect(page, info, 'store-day');
});

test('any date, beside any other', async () => {
  const day = addDays(today, -5);
  await page.getByLabel('Day to show').fill(day);
  const number = String(Number(day.slice(8)));
  await expect(page.getByText(new RegExp(`Visitors on \\w+ ${number} \\w+`))).toBeVisible();
  await page.getByLabel('Compare with').selectOption('another day');
  await page.getByLabel('The other day').fill(addDays(day, -3));
  await expect(page.getByText(/(than|As many as|against) \w+day \d+ \w+/).first()).toBeVisible();
});

test('till numbers typed, a till’s file, a note by the chart; gone when deleted', async () => {
  await press('Yesterday');
  await expect(page.getByText('Visitors yesterday')).toBeVisible();
  await page.getByRole('textbox', { name: 'Number of sales' }).fill('41');
  await page.getByLabel('Note on this day').fill('Market day =1+1');
  await press('Save');
  await expect(page.getByTestId('conversion')).toHaveText(/About \d+% of visitors bought/);
  await expect(page.getByTestId('note')).toHaveText('Your note: Market day =1+1');
  await page.getByText('Till files, and all you have written').click();
  const [first, second] = [addDays(today, -2), addDays(today, -3)];
  const german = (day: string) => day.split('-').reverse().join('.');
  const lines = [`${german(first)};30;"1.204,50"`, '31.02.2026;1;1', `${german(second)};25;99,9`];
  const csv = `\uFEFFDatum;Verkäufe;Umsatz\r\n${lines.join('\r\n')}\r\n`;
  const file = { name: 'kasse.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) };
  await page.getByLabel('Or take in a file').setInputFiles(file);
  await expect(page.getByText('Line 3: no calendar has 31.02.2026.')).toBeVisible();
  await press('Take in 2 days');
  await expect(page.getByText('2 days were taken in.')).toBeVisible();
  const downloading = page.waitForEvent('download');
  await press('Download all of it');
  const text = readFileSync(await (await downloading).path(), 'utf8');
  expect(text).toContain(`${first},30,1204.5,`);
  expect(text).toContain('Market day =1+1');
});

test('a week: day by day, its note, its sales; and on paper', async ({ browserName: _ }, info) => {
  await press('Week');
  await expect(page.getByTestId('busiest-day')).toHaveText(/day$/);
  await expect(page.getByRole('button', { name: /day: Market day =1\+1$/ })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Sales by day' })).toBeVisible();
  await inspect(page, info, 'store-week');
  const downloading = page.waitForEvent('download');
  await press('Download as CSV');
  const text = readFileSync(await (await downloading).path(), 'utf8');
  expect(text.split('\r\n')).toHaveLength(9);
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await expect(page.getByRole('button', { name: 'Download as CSV' })).toBeHidden();
  await expect(page.getByTestId('visitors')).toBeVisible();
  const paper = `${info.project.outputDir}/looks/store-week-paper.png`;
  await page.screenshot({ path: paper, fullPage: true });
  const sheets = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(sheets).toMatch(/\/MediaBox \[0 0 59[45][.\d]* 84[12][.\d]*\]/);
  expect(sheets.match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(2);
  await page.emulateMedia({ media: null, colorScheme: null });
});

test('opening hours are stored, and closed hours are grey', async () => {
  await page.getByText('Opening hours', { exact: true }).click();
  for (const name of ['Monday', 'Tuesday']) {
    await page.getByRole('checkbox', { name, exact: true }).check();
  }
  await press('Save opening hours');
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.locator('jb-typical-week td.closed').first()).toBeVisible();
});

test('small numbers leave Supabase when the owner says so, and come back', async () => {
  test.setTimeout(240_000);
  const anew = { timeout: 90_000 };
  await page.goto(path);
  const panel = page.locator('details.panel', { hasText: 'Small numbers in reports' });
  await panel.locator('summary').click();
  await expect(panel.getByText('Reports show every number.')).toBeVisible();
  const whole = await shared();
  expect(whole.withheld).toBe(0);
  expect(whole.rows.length).toBeGreaterThan(100);
  await press('Leave smaller numbers out');
  await press('Leave out');
  const set = 'Reports show no number of fewer than 5 people.';
  await expect(panel.getByText('Done.')).toBeVisible(anew);
  await expect(panel.getByText(set)).toBeVisible();
  expect((await shared()).withheld).toBeGreaterThan(100);
  await page.reload();
  await panel.locator('summary').click();
  await expect(panel.getByText(set)).toBeVisible();
  await press('Show every number');
  await press('Show');
  await expect(panel.getByText('Reports show every number.')).toBeVisible(anew);
  expect(await shared()).toEqual(whole);
});

/** One span for all that is counted: rows leave one that moves, and each five minutes bring one. */
const HOUR_MS = 3_600_000;
const since = new Date(Date.now() - 48 * HOUR_MS).toISOString();
const until = new Date(Date.now() - 2 * HOUR_MS).toISOString();

/** Rows of this shop that the owner's reports read in Supabase, and how many lack something. */
async function shared(): Promise<{ rows: { withheld: boolean }[]; withheld: number }> {
  const { url, secrets } = stack();
  const headers = {
    apikey: secrets.publishableKey,
    authorization: `Bearer ${await tokenOf('owner')}`,
  };
  const span = `bucket_start=gte.${since}&bucket_start=lt.${until}`;
  const which = `location_id=eq.${BAKERY?.id}&${span}&order=bucket_start`;
  const columns = 'bucket_start,visits,impressions,device_minutes,dwell_0_1,rssi_near,withheld';
  const table = `${url}/supabase/rest/v1/foot_traffic`;
  const answer = await fetch(`${table}?select=${columns}&${which}`, { headers });
  const rows = (await answer.json()) as { withheld: boolean }[];
  return { rows, withheld: rows.filter((row) => row.withheld).length };
}

test('reports that lack something are found out by name, and get it back', async () => {
  test.setTimeout(180_000);
  const { url, supabase, secrets } = stack();
  const day = addDays(new Date().toISOString().slice(0, 10), -3);
  const keys = { ADMIN_KEY: secrets.adminKey, SUPABASE_SERVICE_KEY: secrets.serviceKey };
  const run = (script: string) => {
    const where = ['--url', url, '--location', BAKERY?.id ?? '', '--from', day, '--to', day];
    const args = [join(ROOT, 'scripts', script), ...where];
    const env = { ...process.env, ...keys, SUPABASE_URL: supabase };
    const { status, stdout } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
    return { status, stdout };
  };
  const whole = { status: 0, stdout: expect.stringMatching(/^[1-9]\d* buckets compared, 0 diff/) };
  expect(run('sync-check.ts')).toEqual(whole);
  // Noon by the shop's clock.
  const span = `bucket_start=gte.${day}T20:00:00Z&bucket_start=lt.${day}T20:10:00Z`;
  const rows = `${supabase}/rest/v1/foot_traffic?location_id=eq.${BAKERY?.id}&${span}`;
  const headers = { apikey: secrets.serviceKey, authorization: `Bearer ${secrets.serviceKey}` };
  const gone = await fetch(rows, { method: 'DELETE', headers });
  expect(gone.ok).toBe(true);
  const checked = run('sync-check.ts');
  expect(checked.status).toBe(1);
  expect(checked.stdout).toContain(`${BAKERY?.id} ${day}T20:00`);
  expect(checked.stdout).toContain(' 2 differences.');
  expect(run('sync-backfill.ts').status).toBe(0);
  expect(run('sync-check.ts')).toEqual(whole);
});

test('the Monday mail is switched on and stays on', async () => {
  const box = page.getByRole('checkbox', { name: /On Monday mornings/ });
  await box.check();
  await page.reload();
  await expect(box).toBeChecked();
});

test('all that was written goes, and a reload on the way brings nothing of it back', async () => {
  const panel = page.getByText('Till files, and all you have written');
  const all = page.getByRole('button', { name: 'Download all of it' });
  await panel.click();
  // the server takes its time; the page is loaded anew before it has answered
  const slow = '**/shop-days';
  const deletes = (route: Route) =>
    route.request().method() === 'DELETE' ? undefined : route.continue();
  await page.route(slow, deletes);
  const asked = page.waitForRequest((request) => request.method() === 'DELETE');
  await press('Delete all of it');
  await press('Delete');
  await expect(all).toBeHidden();
  await asked;
  await page.addInitScript(watchFor, 'Download all of it');
  await page.reload();
  await panel.click();
  await expect(page.getByTestId('waiting')).toBeVisible();
  await expect(all).toBeHidden();
  await page.unroute(slow);
  await page.reload();
  await panel.click();
  await expect(page.getByTestId('waiting')).toBeHidden();
  await expect(all).toBeHidden();
  expect(await page.evaluate(() => sessionStorage.getItem('seen'))).toBeNull();
});

/** In the page: notes in each frame whether a text is in it, shown or not. */
function watchFor(words: string): void {
  const has = (root: Document | ShadowRoot): boolean =>
    [...root.querySelectorAll('*')].some(
      ({ shadowRoot, localName, textContent }) =>
        (localName === 'button' && textContent?.includes(words)) || (shadowRoot && has(shadowRoot)),
    );
  const look = () => {
    if (has(document)) sessionStorage.setItem('seen', words);
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

test('the link of a mail leads to its week', async () => {
  const sunday = addDays(today, -7);
  await page.goto(`${path}?range=week&day=${sunday}`);
  await expect(page.getByText('Visitors in this week')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Week', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('days at the ends of the calendar are empty; no date is as good as none', async () => {
  for (const day of ['0001-01-01', '9999-12-31']) {
    await page.goto(`${path}?range=day&day=${day}`);
    await expect(page.getByText('Nothing has been counted on this day.')).toBeVisible();
    await page.goto(`${path}?range=week&day=${day}`);
    await expect(page.getByText('No sensor is known here for that time.')).toBeVisible();
  }
  for (const day of ['2026-02-30', '10000-01-01', '<img>', '-0001-01-01', '']) {
    await page.goto(`${path}?range=day&day=${encodeURIComponent(day)}`);
    await expect(page.getByTestId('visitors')).toHaveText(/about/);
  }
  await page.goto('/store/nowhere');
  await expect(page.getByText('There is no such location among yours.')).toBeVisible();
});

test('all shops together are the sum of each', async () => {
  const authorization = `Bearer ${await tokenOf('owner')}`;
  const own = PLACES.filter(({ owner }) => owner === 'ownerId');
  const each = await Promise.all(
    own.map(async ({ id }) => {
      const asked = `${stack().url}/api/v1/locations/${id}/insights?day=yesterday`;
      const day = await (await fetch(asked, { headers: { authorization } })).json();
      return (day as { visitors: number }).visitors;
    }),
  );
  await page.goto(path);
  await page.getByLabel('Location').selectOption({ label: 'All shops together' });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('All shops together');
  await press('Yesterday');
  await expect(page.getByText('Visitors yesterday')).toBeVisible();
  const sum = roughly(each.reduce((n, visitors) => n + visitors, 0)).toLocaleString('en-GB');
  await expect(page.getByTestId('visitors')).toHaveText(`about ${sum}`);
  await expect(page.getByText('What did your till count?')).toBeHidden();
});
