/**
 * What the owner's page says when things are not as usual: a silent sensor, a night offline, a
 * wrong clock. The unit that falls silent is a real one to the backend; only clocks are turned.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { civilDate, clockMs } from '../shared/metrics/time-zone.ts';
import { PostingUnit } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { inspect } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;
const SILENT_S = 45 * 60;

test.describe.configure({ mode: 'serial' });

/** The demo places are nine hours apart: in one of them the day is three hours old at least. */
const now = Date.now();
const place = PLACES.find((p) => clockMs(now, p.time_zone) > 3 * HOUR_MS) ?? PLACES[0];
/** Another one each time: the stack may be an old one. */
const unit = new PostingUnit(`JBNB8${String(now % 1000).padStart(3, '0')}`);
const silentSince = Math.floor(now / 300_000) * 300 - SILENT_S;

let context: BrowserContext;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'fr-FR' });
});
test.afterAll(() => context.close());

/** Turns this device's clock in whatever is opened from now on. */
async function turnClock(page: Page, byMs: number): Promise<void> {
  await page.addInitScript((off) => {
    const Real = Date;
    const here = () => Real.now() + off;
    globalThis.Date = new Proxy(Real, {
      construct: (target, args) => Reflect.construct(target, args.length > 0 ? args : [here()]),
      get: (target, name) => (name === 'now' ? here : Reflect.get(target, name)),
    });
  }, byMs);
}

const path = `/store/${place?.id}`;
const dayOf = (ms: number) => {
  const date = Date.parse(`${civilDate(ms, place?.time_zone ?? '')}T00:00:00Z`);
  const words = { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' } as const;
  return new Intl.DateTimeFormat('en-GB', words).format(date);
};

test('a silent sensor is named with its time, and nothing looks like bad trade', async ({
  browserName: _,
}, info) => {
  const from = silentSince - 3600;
  await unit.register(place?.id ?? '');
  await unit.count(from - 7 * DAY_S, from - 7 * DAY_S + 2 * 3600, 5);
  await unit.count(from, silentSince, 5);
  const page = await context.newPage();
  await signInAs(page, 'owner');
  await page.goto(path);
  await expect(page.getByText('Visitors today')).toBeVisible();
  const clock = { timeZone: place?.time_zone ?? '', hour: '2-digit', minute: '2-digit' } as const;
  const since = new Intl.DateTimeFormat('en-GB', clock).format(silentSince * 1000);
  const missing = page.getByTestId('missing');
  await expect(missing).toContainText(`No numbers from the sensor ${unit.id} since ${since}.`);
  await expect(page.locator('.hero').first()).toContainText(/Up to \d\d:\d\d:/);
  await inspect(page, info, 'store-silent');
  await page.close();
});

test('a browser of a language that the page does not speak reads English sentences', async () => {
  const page = await context.newPage();
  await page.goto(path);
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await expect(page.getByText('Visitors yesterday')).toBeVisible();
  const said = await page.locator('body').ariaSnapshot();
  expect(said).toContain('When do people come?');
  expect(said).not.toMatch(/(lun|mar|mercre|jeu|vendre|same)di|dimanche|heure/);
  await page.close();
});

test.describe('a wrong clock', () => {
  for (const [words, offMs] of [
    ['2 years ahead', 730 * 24 * HOUR_MS],
    ['1 hour ahead', HOUR_MS],
    ['1 day behind', -24 * HOUR_MS],
  ] as const) {
    test(`${words} changes no number and no day, and is said`, async () => {
      const right = await context.newPage();
      await right.goto(path);
      await expect(right.getByText('Visitors today')).toBeVisible();
      const shown = await right.getByTestId('visitors').textContent();
      await right.close();
      const page = await context.newPage();
      await turnClock(page, offMs);
      await page.goto(path);
      await expect(page.getByText(`The clock of this device is ${words}`)).toBeVisible();
      await expect(page.getByText('Visitors today')).toBeVisible();
      await expect(page.getByText(dayOf(now)).first()).toBeVisible();
      await expect(page.getByTestId('visitors')).toHaveText(shown ?? '');
      await page.close();
    });
  }
});

test('a night offline: the newest kept day at once, with its date', async () => {
  const first = await context.newPage();
  await first.goto(path);
  await expect(first.getByText('Visitors today')).toBeVisible();
  await first.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const shown = await first.getByTestId('visitors').textContent();
  await first.close();
  const page = await context.newPage();
  await turnClock(page, 14 * HOUR_MS);
  await context.setOffline(true);
  const began = Date.now();
  await page.goto(path);
  await expect(page.getByText(`Visitors on ${dayOf(now)}, until`)).toBeVisible();
  expect(Date.now() - began).toBeLessThan(5000);
  await expect(page.getByTestId('visitors')).toHaveText(shown ?? '');
  await expect(page.getByText('not refreshed')).toBeVisible();
  await context.setOffline(false);
  await page.close();
});
