/**
 * Words as hostile as a unit, a label or a person can bring them: markup, other directions of
 * writing, faces made of several characters, two hundred characters without a space. On every page
 * that shows them they are text, and nothing gets wider than the narrowest phone.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PostingUnit, tokenOf } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });

const MARKUP = '<img src=x onerror="hit=1">';
const SHORT = `${MARKUP} שלום 👩‍👩‍👧‍👦`;
const LONG = `${MARKUP} مرحبا 👩‍👩‍👧‍👦 ${'W'.repeat(140)}`;
const NAME = `${MARKUP} שלום ${'W'.repeat(40)}`;
const PLACE = 'hostile-words';
const unit = new PostingUnit('JBNB7666');

let context: BrowserContext;
let page: Page;

async function api(method: string, path: string, body: object): Promise<void> {
  const headers = {
    authorization: `Bearer ${await tokenOf('admin')}`,
    'content-type': 'application/json',
  };
  const init = { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(`${stack().url}/api/v1${path}`, init);
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

test.beforeAll(async ({ browser }) => {
  const position = { latitude: 52.52, longitude: 13.405 };
  const said = { name: NAME, time_zone: 'Europe/Berlin', address: LONG, ...position };
  await api('POST', '/locations', { id: PLACE, ...said });
  await unit.register(PLACE);
  await unit.beat({ v: `6.0 ${MARKUP.slice(0, 26)}`, note: MARKUP });
  await api('PUT', `/units/${unit.id}/name`, { name: SHORT });
  await api('PUT', `/units/${unit.id}/place`, position);
  const order = { kind: 'inspect', location_id: PLACE, device_id: unit.id, note: LONG };
  await api('POST', '/work-orders', order);
  const viewport = { width: 320, height: 900 };
  const options = { baseURL: stack().url, locale: 'en-GB', serviceWorkers: 'block' as const };
  context = await browser.newContext({ ...options, viewport });
  page = await context.newPage();
  await signInAs(page, 'admin');
});
test.afterAll(async () => {
  await unit.retire();
  await context.close();
});

/** Nothing was run, nothing is an image, nothing is wider than the window. */
async function expectHarmless(where: string): Promise<void> {
  await expect(page.locator('img[src="x"]'), where).toHaveCount(0);
  expect(await page.evaluate(() => 'hit' in window), where).toBe(false);
  const excess = () =>
    page.evaluate(() => document.documentElement.scrollWidth - innerWidth).then((n) => n <= 0);
  await expect.poll(excess, { message: `${where} at 320` }).toBe(true);
  const path = `${test.info().project.outputDir}/looks/hostile-${where.replace(/\W+/g, '-')}.png`;
  await page.screenshot({ path, fullPage: true });
}

/** Each page, and what of it must be read there; null: it shows none of these words. */
const PAGES: readonly [string, string | null][] = [
  [`/locations/${unit.id}`, SHORT],
  ['/admin/people', NAME],
  ['/admin/places', NAME],
  [`/admin/places/${PLACE}`, NAME],
  ['/admin/orders', LONG],
  ['/admin/alerts', null],
  ['/admin/notices', null],
  [`/admin/audit`, NAME],
  ['/admin/readings', null],
  ['/admin/status', null],
  ['/work', LONG],
  [`/activate/${unit.id}`, null],
];

for (const [path, words] of PAGES) {
  test(`${path} shows them as text`, async () => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    // in a list of names to choose from it counts as shown, too
    if (words) await expect(page.getByText(words).first()).toBeAttached();
    await expectHarmless(path);
  });
}

test('the list finds them, and the map calls a mark so', async () => {
  await page.goto('/locations');
  await page.getByLabel('Search').fill(unit.id);
  await expect(page.getByRole('listitem')).toHaveCount(1);
  await expect(page.getByRole('listitem')).toContainText(SHORT);
  await expectHarmless('/locations');
  await page.getByRole('button', { name: 'Map', exact: true }).click();
  await expect(page.getByRole('button', { name: SHORT })).toBeVisible();
  await expectHarmless('/locations map');
});
