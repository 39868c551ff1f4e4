/**
 * My locations as an owner uses them: find a sensor, see how it is, set it and see the unit take
 * the setting, tell it something and see it done. The unit posts by the backend's front door.
 */
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import { PostingUnit } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { inspect } from './testing/inspect.ts';
import { kept } from './testing/kept.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });

const [BAKERY] = PLACES;
/** Another one each time, and no other story's: the stack may be an old one. */
const unit = new PostingUnit(`JBNB7${String(Date.now() % 100_000).padStart(5, '0')}`);
/** Another one at the same place. */
const second = new PostingUnit(unit.id.replace('JBNB7', 'JBNB6'));
const HOSTILE = '<img src=x onerror=alert(1)>';

let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  page = await context.newPage();
  await unit.register(BAKERY?.id ?? '');
  await unit.beat({ cfg: 0, cell_rssi: -91 });
  await second.register(BAKERY?.id ?? '');
  await signInAs(page, 'owner');
});
test.afterAll(async () => {
  await unit.retire();
  await second.retire();
  await context.close();
});

const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
const settings = () => page.locator('jb-sensor-settings');

test('a sensor is found as one types, with how it is in words', async ({
  browserName: _,
}, info) => {
  await page.getByRole('link', { name: 'My locations' }).click();
  await expect(page.getByRole('listitem').first()).toBeVisible();
  await inspect(page, info, 'sensors');
  await page.getByLabel('Search').fill(`${BAKERY?.name.slice(0, 4)} ${unit.id.slice(4)}`);
  const row = page.getByRole('listitem');
  await expect(row).toHaveCount(1);
  await expect(row).toContainText(`${unit.id}`);
  await expect(row).toContainText('Online, just now');
  await expect(row).toContainText('−91 dBm');
  await row.getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(unit.id);
  await expect(settings()).toContainText('The sensor uses these settings.');
});

test('a setting is wanted, fetched and in use, each shown when it is so', async ({
  browserName: _,
}, info) => {
  await page.getByLabel('In Store').focus();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowRight');
  await expect(settings().locator('output').nth(1)).toHaveText('stronger than −60 dBm');
  await press('Save settings');
  await expect(page.getByText('Saved. The sensor fetches it')).toBeVisible();
  await expect(settings()).toContainText('The sensor fetches these settings when it next reports.');

  const answer = (await unit.beat({ cfg: 0 })) as { config_version: number };
  expect(await unit.config()).toMatchObject({ rssi_near_threshold: -60 });
  await press('Refresh');
  await expect(settings()).toContainText('The sensor has fetched these settings.');

  await unit.beat({ cfg: answer.config_version, note: HOSTILE });
  await press('Refresh');
  await expect(settings()).toContainText('The sensor uses these settings.');
  await expect(settings().getByText(HOSTILE, { exact: true })).toBeVisible();
  await inspect(page, info, 'sensor');
});

test('two people at one setting: nobody’s goes under', async () => {
  const other = await context.newPage();
  await other.goto(`/locations/${unit.id}`);
  await other.getByLabel('Window Shopping').focus();
  await other.keyboard.press('ArrowRight');
  await other.getByRole('button', { name: 'Save settings' }).click();
  await expect(other.getByText('Saved. The sensor fetches it')).toBeVisible();
  await other.close();

  await page.getByLabel('Window Shopping').focus();
  await page.keyboard.press('ArrowLeft');
  await press('Save settings');
  await expect(page.getByText('Somebody changed these settings meanwhile.')).toBeVisible();
  const row = page.getByRole('row', { name: 'Window Shopping' });
  await expect(row).toContainText('stronger than −79 dBm');
  await expect(row).toContainText('stronger than −81 dBm');
  await press('Leave them as they are');
  await expect(settings().locator('output').nth(2)).toHaveText('stronger than −79 dBm');
});

test('it is told something, and says when it is done', async () => {
  await press('Send now');
  const commands = page.getByRole('list', { name: 'Commands so far' });
  await expect(commands).toContainText('waits until the sensor next reports');
  const answer = (await unit.beat({})) as { command?: string; command_id?: string };
  expect(answer.command).toBe('send_now');
  await press('Refresh');
  await expect(commands).toContainText('handed over, not confirmed yet');
  await unit.beat({ ack: answer.command_id });
  await press('Refresh');
  await expect(commands).toContainText('carried out');
});

test('two are set at once: whom it reaches is said before, what became of it after', async ({
  browserName: _,
}, info) => {
  await page.getByRole('link', { name: 'All sensors' }).click();
  await press('Change several');
  for (const { id } of [second, unit]) {
    await page.getByLabel('Search').fill(id);
    await page.getByRole('checkbox', { name: `Choose ${id}` }).click();
  }
  await expect(page.getByText('2 sensors are chosen. Not shown of these: 1.')).toBeVisible();
  await inspect(page, info, 'sensors-choosing');
  await press('Settings …');
  await page.getByRole('checkbox', { name: 'Readings' }).check();
  await page.getByRole('slider', { name: 'Readings' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('This reaches 2 sensors at one place.')).toBeVisible();
  await inspect(page, info, 'sensors-preview');
  await press('Set for 2 sensors');
  await expect(page.getByText('2 of 2 sensors')).toBeVisible();
  // What was done is known after a reload as well.
  await page.reload();
  await expect(page.getByText('A change of 2 sensors is through.')).toBeVisible();
  await press('Show');
  await expect(page.getByText('Done. Each sensor fetches it')).toBeVisible();
  await press('Close');
  expect(await second.config()).toMatchObject({ report_interval_ms: 360_000 });
  await page.getByLabel('Search').fill(unit.id);
  await page.getByRole('listitem').getByRole('link').click();
  await expect(settings().getByLabel('Readings')).toHaveValue('360000');
});

test('a name that means mischief is a name', async () => {
  await page.getByLabel('Name', { exact: true }).fill(HOSTILE);
  await press('Rename');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOSTILE);
  await page.getByRole('link', { name: 'All sensors' }).click();
  await page.getByLabel('Search').fill(unit.id);
  await expect(page.getByRole('listitem')).toContainText(HOSTILE);
});

test('how the seeded one was over time: drawn, gone back in, what happened in words', async () => {
  await page.goto('/locations/JBNB0002');
  const past = page.locator('jb-sensor-past');
  await expect(past.getByRole('img', { name: 'How well is it connected?' })).toBeVisible();
  await past.getByRole('button', { name: 'Month' }).click();
  await expect(past.getByText('First heard with firmware 6.0.0')).toBeVisible();
  await expect(past.getByText('Started anew, after it had run for').first()).toBeVisible();
  const trail = page.locator('jb-sensor-trail');
  await expect(trail.getByText('the installer').first()).toBeVisible();
  await expect(trail.getByText('@example.net')).toHaveCount(0);
});

test('why it started anew and how much memory is free: in words, drawn, as a table', async ({
  browserName: _,
}, info) => {
  const said = { v: '6.0.0', cell_rssi: -91 };
  for (const health of [
    { uptime: 90_000, heap: 150, heap_min: 131 },
    { uptime: 60, heap: 104, heap_min: 96, rst: 2 },
    { uptime: 5, heap: 152, heap_min: 140, rst: 3 },
  ]) {
    await second.beat({ ...said, ...health });
  }
  await page.goto(`/locations/${second.id}`);
  const past = page.locator('jb-sensor-past');
  await expect(past.getByText('Its voltage fell too low.')).toBeVisible();
  await expect(past.getByText('Its program crashed.')).toBeVisible();
  const memory = past.getByRole('img', { name: 'How much memory is free?' });
  await expect(memory).toHaveAccessibleName(/Between 104 KB and 152 KB were free.* 96 KB/);
  const beats = page.getByRole('region', { name: 'Signs of life' });
  await expect(beats.getByRole('row').nth(2)).toContainText('Its voltage fell too low');
  await inspect(page, info, 'sensor-health');
});

test('without network both pages open with what was seen last, and say as of when', async () => {
  await page.goto('/locations');
  // Keeping a list takes a moment after it is shown.
  await expect
    .poll(async () => JSON.stringify((await kept(page)).answers))
    .toContain(JSON.stringify(HOSTILE).slice(1, -1));
  await page.goto(`/locations/${unit.id}`);
  await expect(settings()).toBeVisible();
  // What was kept before it got this name is shown first.
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOSTILE);
  await expect(page.getByText('as of just now').first()).toBeVisible();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(HOSTILE);
  await expect(settings()).toContainText('The sensor fetches these settings when it next reports.');
  await expect(page.getByText('as of').first()).toBeVisible();
  await page.goto('/locations');
  await page.getByLabel('Search').fill(unit.id);
  await expect(page.getByRole('listitem')).toContainText(HOSTILE);
  await context.setOffline(false);
});

test('no width makes the pages wider than their window', async () => {
  for (const path of ['/locations', `/locations/${unit.id}`]) {
    for (const width of [195, 320, 390, 760, 1000, 3840]) {
      await page.setViewportSize({ width, height: 800 });
      await page.goto(path);
      // On a small window only the first rows are drawn.
      if (path === '/locations') await page.getByLabel('Search').fill(unit.id);
      await expect(page.getByText(HOSTILE).first()).toBeVisible();
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([path, width, over]).toEqual([path, width, 0]);
    }
  }
});
