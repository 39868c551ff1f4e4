/**
 * Behind a label, and what administrators keep: a unit is claimed by its PIN, staff looks and
 * changes nothing, a second owner sees none of the first's, and the trail has all of it.
 */
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { DemoRole } from '../scripts/start/secrets.ts';
import { tokenOf } from './testing/api.ts';
import { signInAs } from './testing/bench.ts';
import { inspect } from './testing/inspect.ts';
import { signIn, stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });

const UNIT = 'JBNB7301';
const LABEL = `/activate/${UNIT}#abcdefghijklmnopqrstuv`;

/** As a person's program would. */
async function api(role: DemoRole, method: string, path: string, body?: object) {
  const headers = {
    authorization: `Bearer ${await tokenOf(role)}`,
    'content-type': 'application/json',
  };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  return fetch(`${stack().url}/api/v1${path}`, init);
}

async function visitor(browser: Browser, role: DemoRole | null): Promise<Page> {
  const context = await browser.newContext({ baseURL: stack().url, locale: 'en-GB' });
  const page = await context.newPage();
  if (role) await signInAs(page, role);
  return page;
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

test('a unit that waits for its owner, with a PIN on its label', async () => {
  const unit = {
    ...{ device_id: UNIT, token_sha256: 'a3'.repeat(32), mac: '02:4A:42:00:73:01' },
    firmware: '6.0.0',
  };
  expect((await api('admin', 'POST', '/units', unit)).status).toBe(201);
  expect((await api('admin', 'PUT', `/units/${UNIT}/pin`, { pin: '4711' })).status).toBe(200);
});

test('its label tells a stranger how it is, and its owner takes it by PIN', async ({
  browser,
}, info) => {
  const page = await visitor(browser, null);
  await page.goto(LABEL);
  await expect(page.getByText('Not heard yet')).toBeVisible();
  // nobody who looks at the address has the label's secret
  await expect(page).toHaveURL(new RegExp(`/activate/${UNIT}$`));
  await expect(page.getByText('Harbour Street Bakery')).toBeHidden();
  await inspect(page, info, 'activate-stranger');
  await page.goto('/activate/%3Cimg%20src%3Dx%3E');
  await expect(page.getByText('<img src=x>')).toBeVisible();
  await page.goto(`/activate/${UNIT}`);
  await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click();
  const { email, password } = signIn('owner');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await press(page, 'Sign in');
  await page.getByLabel('PIN', { exact: true }).fill('0000');
  await press(page, 'Take it there');
  await expect(page.getByRole('alert')).toContainText('This PIN does not open this unit.');
  await inspect(page, info, 'activate-wrong-pin');
  await page.getByLabel('Location', { exact: true }).selectOption('Harbour Street Bakery');
  await page.getByLabel('PIN', { exact: true }).fill('4711');
  await press(page, 'Take it there');
  await expect(page.getByText(`${UNIT} is at Harbour Street Bakery now.`)).toBeVisible();
  await page.context().close();
});

test('staff sees one shop and changes nothing; the other owner sees neither', async ({
  browser,
}) => {
  const places = async (role: DemoRole) => {
    const { locations } = await (await api(role, 'GET', '/locations')).json();
    return locations.map(({ id }: { id: string }) => id);
  };
  expect(await places('staff')).toEqual(['harbour-street-bakery']);
  expect(await places('owner2')).toEqual(['market-street-flowers']);
  expect((await api('owner2', 'GET', `/units/${UNIT}/detail`)).status).toBe(404);
  expect((await api('staff', 'GET', `/units/${UNIT}/detail`)).status).toBe(200);
  const name = { name: 'Mine now' };
  expect((await api('staff', 'PUT', `/units/${UNIT}/name`, name)).status).toBe(403);
  const page = await visitor(browser, 'staff');
  await page.goto('/store');
  await expect(page.getByTestId('visitors')).toBeVisible();
  await page.context().close();
});

test('an owner names who may look, and takes off', async ({ browser }, info) => {
  const page = await visitor(browser, 'owner');
  await page.goto('/staff');
  const bakery = page.getByRole('region', { name: 'Harbour Street Bakery' });
  await expect(bakery).toContainText('staff@example.net');
  await inspect(page, info, 'staff');
  await page.context().close();
});

test('an administrator finds it all in the audit log; every page looks well', async ({
  browser,
}, info) => {
  test.setTimeout(180_000);
  const page = await visitor(browser, 'admin');
  await page.goto('/admin/audit');
  await page.getByLabel('Of what').fill(UNIT);
  await page.getByLabel('Action', { exact: true }).selectOption('unit.activate');
  await press(page, 'Look');
  const changes = page.getByRole('region', { name: 'Changes' }).getByRole('listitem');
  await expect(changes).toHaveCount(1);
  await expect(changes).toContainText('owner@example.net');
  await expect(changes).toContainText('location_id: null → harbour-street-bakery');
  await inspect(page, info, 'admin-audit');
  await page.goto('/admin/orders');
  await page.getByLabel('What', { exact: true }).selectOption('Look after');
  await page.getByLabel('Note', { exact: true }).fill('The plug is loose');
  await press(page, 'Order it');
  await expect(page.getByRole('listitem').first()).toContainText('The plug is loose');
  await inspect(page, info, 'admin-orders');
  await press(page, 'Done');
  await expect(page.getByText('It is closed.')).toBeVisible();
  await page.goto('/admin/places');
  await page.getByRole('link', { name: 'Market Street Flowers' }).click();
  await page.getByLabel('Address', { exact: true }).fill('Calle Mayor 1');
  await press(page, 'Store it');
  await expect(page.getByText('Market Street Flowers is stored.')).toBeVisible();
  await inspect(page, info, 'admin-place');
  await page.goto('/admin/alerts');
  await press(page, 'All');
  // The jobs of the first start have found the demo's silent sensor, and mailed it.
  const silent = page.getByRole('listitem').filter({ hasText: 'JBNB0005' });
  await expect(silent).toContainText('Silent for a day');
  await expect(silent).toContainText('mailed');
  await inspect(page, info, 'admin-alerts');
  await page.goto('/admin/status');
  await expect(page.getByRole('heading', { name: 'Jobs' })).toBeVisible();
  await inspect(page, info, 'admin-status');

  // Without network they open as they were seen last, and say what cannot be done.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.context().setOffline(true);
  for (const [path, seen] of [
    ['/admin/status', 'Jobs'],
    ['/admin/audit', 'location_id: null → harbour-street-bakery'],
    ['/admin/places', 'Market Street Flowers'],
  ] as const) {
    await page.goto(path);
    await expect(page.getByText(seen).first()).toBeVisible();
    const told = page.getByTestId('seen-before');
    await expect(told).toContainText('this is as of');
    await expect(told).toContainText('Without a connection nothing can be changed here');
  }
  await page.context().close();
});
