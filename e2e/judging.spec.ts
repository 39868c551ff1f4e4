/**
 * Readings that a unit cannot have counted: an administrator finds the unit, sees why, and decides,
 * reading by reading and by a stretch of time. A unit of the test's own sends them.
 */

import { randomBytes } from 'node:crypto';
import { type APIRequestContext, expect, test } from '@playwright/test';
import { demoToken } from '../scripts/start/people.ts';
import { sha256Hex } from '../shared/hash.ts';
import { isoTimeMs } from '../shared/time.ts';
import { signInAs } from './testing/bench.ts';
import { Watch } from './testing/console-watch.ts';
import { inspect } from './testing/inspect.ts';
import { stack } from './testing/stack.ts';

const UNIT = 'JBNB0911';

/** A unit that said of five minutes half an hour ago what cannot be, and of the next what can. */
async function unitWithDoubt(request: APIRequestContext): Promise<void> {
  const { url, supabase, secrets } = stack();
  const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
  const installer = bearer(await demoToken(supabase, secrets, 'installer'));
  const places = await request.get(`${url}/api/v1/locations`, { headers: installer });
  const [place] = ((await places.json()) as { locations: { id: string }[] }).locations;
  const token = randomBytes(32).toString('base64url');
  const registered = await request.post(`${url}/api/v1/units`, {
    headers: installer,
    data: {
      device_id: UNIT,
      token_sha256: await sha256Hex(token),
      mac: '02:4A:42:00:09:11',
      firmware: '5.3',
      location_id: place?.id,
    },
  });
  expect(registered.status(), await registered.text()).toBe(201);
  const start = Math.floor(Date.now() / 1000 / 300) * 300 - 1800;
  for (const [t, i] of [
    [start, 1],
    [start + 300, 50],
  ]) {
    const data = { d: UNIT, t, i, u: 20, ts: 1, vis: 5 };
    const answer = await request.post(`${url}/api/reading`, { headers: bearer(token), data });
    expect(answer.status(), await answer.text()).toBe(201);
  }
}

test('an administrator judges what a unit cannot have counted', async ({
  browser,
  request,
}, info) => {
  await unitWithDoubt(request);
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  const watch = new Watch(context);
  const page = await context.newPage();
  await signInAs(page, 'admin');
  await page.goto('/admin/readings');
  const row = page.locator('li', { hasText: UNIT });
  await expect(row).toContainText('fewer probe requests than devices');
  await inspect(page, info, 'readings');
  await row.getByRole('link', { name: UNIT }).click();

  const doubted = page.locator('li', { hasText: 'fewer probe requests than devices' });
  await expect(doubted).toContainText('not counted');
  await inspect(page, info, 'unit-readings');
  // the first click asks, and Cancel changes nothing
  await doubted.getByRole('button', { name: 'Count it' }).click();
  await doubted.getByRole('button', { name: 'Cancel' }).click();
  await expect(doubted).toContainText('not counted');
  await doubted.getByRole('button', { name: 'Count it' }).click();
  await doubted.getByRole('button', { name: 'Count it' }).click();
  await expect(page.getByText('1 reading put into the sums.')).toBeVisible();

  const at = (shiftMs: number) => isoTimeMs(Date.now() + shiftMs).slice(0, 16);
  await page.getByLabel('From (UTC)').fill(at(-3_600_000));
  await page.getByLabel('To (UTC)').fill(at(60_000));
  for (const [label, said] of [
    ['Take out of the sums', '2 readings taken out of the sums.'],
    ['Put into the sums', '2 readings put into the sums.'],
  ] as const) {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('button', { name: label }).click();
    await expect(page.getByText(said)).toBeVisible();
  }
  await page.getByLabel('To (UTC)').fill(at(-7_200_000));
  await page.getByRole('button', { name: 'Put into the sums' }).click();
  await page.getByRole('button', { name: 'Put into the sums' }).click();
  await expect(page.getByRole('alert')).toContainText('not before');

  await page.getByRole('link', { name: 'All flagged units' }).click();
  await row.getByRole('button', { name: 'Take the flag off' }).click();
  await row.getByRole('button', { name: 'Take it off' }).click();
  await expect(row).toHaveCount(0);
  expect(watch.take(), 'errors on the console').toEqual([]);
  await context.close();
});
