/**
 * Every way of using the page: by keyboard alone, at every width, with names of every length, on
 * paper, from a deep link. Only names and a third shop are laid over the backend's real answers.
 */
import { AxeBuilder } from '@axe-core/playwright';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import fc from 'fast-check';
import { PLACES } from '../scripts/seed/places.ts';
import { signIn, stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });

const [BAKERY, BOOKS] = PLACES.map(({ id }) => id);
const THIRD = 'third-shop';

let context: BrowserContext;
let page: Page;
/** What the shops are called; a third one has the second's numbers. */
let nameOf = (id: string) => id;
/** What a silent sensor is called; null: none is silent but those that are. */
let sensor: string | null = null;

test.beforeAll(async ({ browser }) => {
  const options = { baseURL: stack().url, locale: 'en-GB', serviceWorkers: 'block' } as const;
  context = await browser.newContext(options);
  page = await context.newPage();
  await page.route('**/api/v1/locations', async (route) => {
    const answer = await route.fetch();
    const { locations } = await answer.json();
    const all = [...locations, { ...locations[0], id: THIRD }];
    const named = all.map((l) => ({ ...l, name: nameOf(l.id) }));
    await route.fulfill({ response: answer, json: { locations: named } });
  });
  // Open on one day: all other hours of the usual week are closed, and say so in hidden words.
  await page.route('**/opening-hours', (route) =>
    route.fulfill({
      json: { opening_hours: [{ weekday: 1, opens: '09:00', closes: '18:00' }] },
    }),
  );
  await page.route('**/insights?**', async (route) => {
    const asked = route.request().url();
    const response = await route.fetch({ url: asked.replace(THIRD, BOOKS ?? '') });
    const json = await response.json();
    const [, id = ''] = /locations\/([^/]+)/.exec(asked) ?? [];
    json.location = { ...json.location, id, name: nameOf(id) };
    if (sensor !== null) {
      const part = { device_id: 'JBNB0001', name: sensor, from: json.as_of, to: null };
      json.units = { total: 2, reporting: 2, missing: [part], quality: [] };
    }
    await route.fulfill({ response, json });
  });
});
test.afterAll(() => context.close());

/** What has the focus, within whatever shadow roots: its name, or its tag. */
const focused = () =>
  page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? at?.tagName ?? '';
  });

async function typeSignIn(password: string): Promise<void> {
  await page.getByLabel('E-mail').focus();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(signIn('owner').email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

test('signing in from the bar leads back to where one was, and back does not', async () => {
  await page.goto('/');
  await page.goto(`/store/${BOOKS}`);
  await page.getByRole('navigation').getByRole('link', { name: 'Sign in' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Sign in');
  await typeSignIn('not the password');
  await expect(page.getByRole('alert')).toBeVisible();
  // in the field that is to be corrected, what is there selected
  await expect(page.getByLabel('Password')).toBeFocused();
  await page.keyboard.type(signIn('owner').password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/store/${BOOKS}$`));
  await expect.poll(focused).toBe(BOOKS);
  await page.goBack();
  await expect(page).not.toHaveURL(/sign-in/);
});

test('an owner’s bar has no bench', async () => {
  const bar = page.getByRole('navigation');
  await expect(bar.getByRole('link', { name: 'My store' })).toBeVisible();
  await expect(bar.getByRole('link', { name: 'Bench' })).toHaveCount(0);
  await page.reload();
  await expect(bar.getByRole('link', { name: 'My store' })).toBeVisible();
  await expect(bar.getByRole('link', { name: 'Bench' })).toHaveCount(0);
});

test('arrow keys reach the third shop and keep the focus, and back is one step', async () => {
  await page.goto('/');
  await page.getByRole('navigation').getByRole('link', { name: 'My store' }).click();
  const list = page.getByLabel('Location');
  await expect(list).toHaveValue(BOOKS ?? '');
  await list.focus();
  for (const id of [BAKERY, THIRD]) {
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(nameOf(id ?? ''));
    await expect(list).toBeFocused();
    await expect(page).toHaveURL(new RegExp(`/store/${id}$`));
  }
  await page.goBack();
  await expect(page).toHaveURL(/\/store$/);
});

test('Yesterday and Today keep the focus', async () => {
  for (const name of ['Yesterday', 'Today']) {
    await page.getByRole('button', { name }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByText(`Visitors ${name.toLowerCase()}`)).toBeVisible();
    expect(await focused()).toBe(name);
  }
});

test('what had the focus may go, the focus does not', async () => {
  await page.route('**/api/v1/locations', (route) => route.abort(), { times: 2 });
  await page.evaluate(() => indexedDB.deleteDatabase('jambench'));
  await page.reload();
  const retry = page.getByRole('button', { name: 'Try again' });
  await retry.focus();
  await page.keyboard.press('Enter');
  // once more in vain, then the numbers come, and the button goes
  await expect(retry).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('visitors')).toBeVisible();
  await expect.poll(focused).toBe(BOOKS);
});

test('a screen reader hears words, and nothing every minute', async () => {
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await expect(page.getByText('Visitors yesterday')).toBeVisible();
  const said = await page.locator('body').ariaSnapshot();
  expect(said).toMatch(/At Counter ?, closest/);
  expect(said).toMatch(/Loyal Customer ?, 10 minutes or more/);
  expect(said).not.toMatch(/Counterclosest|%\d/);
  const spoken = await page.evaluate(async () => {
    const heard: string[] = [];
    const roots: (Document | ShadowRoot)[] = [document];
    for (let root = roots.shift(); root; root = roots.shift()) {
      for (const element of root.querySelectorAll('*')) {
        if (element.shadowRoot) roots.push(element.shadowRoot);
        if (!element.matches('[role=status], [role=alert], [aria-live]')) continue;
        const note = () => heard.push(element.textContent ?? '');
        const all = { childList: true, characterData: true, subtree: true };
        new MutationObserver(note).observe(element, all);
      }
    }
    document.dispatchEvent(new Event('visibilitychange')); // asks for numbers again
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return heard;
  });
  expect(spoken).toEqual([]);
});

test('on paper: white, without bars and buttons, with the table', async () => {
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Yesterday' })).toBeHidden();
  await expect(page.getByRole('table', { name: 'Visits by hour', exact: true })).toBeVisible();
  const ink = await page
    .getByRole('heading', { level: 1 })
    .evaluate((element) => getComputedStyle(element).color);
  expect(ink).toBe('rgb(29, 26, 31)');
  const sheet = await page.pdf({ preferCSSPageSize: true });
  const sheets = sheet.toString('latin1').match(/\/Type \/Page\b/g) ?? [];
  expect(sheets.length).toBeLessThanOrEqual(3);
  await page.emulateMedia({ media: null, colorScheme: null });
  await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
  await expect(page.getByRole('table', { name: 'Visits by hour', exact: true })).toBeHidden();
});

/** Words, one long word, signs of one width and of none, from the right and from the left. */
const PIECES = ['a', 'W', 'i', ' ', '-', 'é', '中', '👩‍👩‍👧', 'ا', '&', '<b>', 'ſ̈', '­', '.'];
const names = fc
  .array(fc.oneof(fc.constantFrom(...PIECES), fc.constant('x')), { minLength: 1, maxLength: 200 })
  .map((parts) => parts.join('').slice(0, 200))
  .filter((name) => name.trim() !== '');
const widths = fc.oneof(
  fc.constantFrom(195, 320, 390, 480, 640, 899, 900, 1280, 3840),
  fc.integer({ min: 195, max: 3840 }),
);

test('no width and no name makes a page wider than its window', async () => {
  test.setTimeout(180_000);
  const tooWide = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  const usualWeek = page.locator('jb-typical-week');
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await fc.assert(
    fc.asyncProperty(names, widths, async (name, width) => {
      nameOf = () => name;
      sensor = name;
      await page.setViewportSize({ width, height: 800 });
      await page.goto(`/store/${BAKERY}`);
      await expect(page.locator('jb-chart-hours canvas')).toBeVisible();
      await page.getByText('Show as a table').click();
      // The usual week comes after the chart; its hidden words must not widen the page.
      await expect(usualWeek.locator('td.closed .visually-hidden').first()).toBeAttached();
      expect(await tooWide()).toBeLessThanOrEqual(0);
    }),
    {
      numRuns: 25,
      seed: 17,
      examples: [
        ['W'.repeat(200), 195],
        ['x'.repeat(70), 390],
      ],
    },
  );
  nameOf = (id) => id;
  sensor = null;
  for (const path of ['/', '/sign-in', '/bench', '/nowhere']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const width of [195, 320, 390, 900, 3840]) {
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(tooWide, { message: `${path} at ${width}` }).toBe(0);
    }
  }
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('a turned phone has a chart as wide as itself', async () => {
  await page.goto(`/store/${BAKERY}`);
  const canvas = page.locator('jb-chart-hours canvas');
  for (const width of [844, 390]) {
    await page.setViewportSize({ width, height: 700 });
    await expect.poll(async () => (await canvas.boundingBox())?.width).toBeLessThan(width);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
});

test('signing out puts the focus on what is next, and odd addresses lead home', async () => {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign out', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Sign in');
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations).toEqual([]);
  for (const next of ['/%09/example.net', '//example.net', '/%5Cexample.net', '/.//example.net']) {
    await page.goto(`/sign-in?next=${next}`);
    await typeSignIn(signIn('owner').password);
    await expect(page).toHaveURL(`${stack().url}/store`);
    await page.goto('/sign-in');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  }
});
