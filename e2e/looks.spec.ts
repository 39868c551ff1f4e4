/**
 * Every page in every state, from the narrowest phone to a 4K screen: nothing wider than its
 * window, nothing serious by axe in light and in dark, nothing that moves where motion is not
 * wanted, and what is chosen is seen where colours are the system's. A state is made once, and
 * looked at in windows of all sizes. Pictures: test-results/looks, of all sizes with
 * JAMBENCH_LOOKS=1.
 */
import { type BrowserContext, expect, type Page, type Route, test } from '@playwright/test';
import { PLACES } from '../scripts/seed/places.ts';
import type { DemoRole } from '../scripts/start/secrets.ts';
import type { Insights } from '../shared/contracts/insights.ts';
import { signInAs } from './testing/bench.ts';
import { expectAccessible } from './testing/inspect.ts';
import { openAll } from './testing/reading-page.ts';
import { settled, watch } from './testing/settled.ts';
import { stack } from './testing/stack.ts';

test.describe.configure({ mode: 'serial' });
// What fails is a size or axe's word, which the message has; a trace makes it slow.
test.use({ trace: 'off' });

/**
 * Axe looks twice only: most of what it finds does not change from one width to the next. And a
 * picture is looked at by people, who ask for those of 4K when they want them.
 */
const LOOKS = [
  { width: 320, colorScheme: 'light', axe: true, picture: false },
  { width: 390, colorScheme: 'light', axe: false, picture: true },
  { width: 768, colorScheme: 'light', axe: false, picture: false },
  { width: 3840, colorScheme: 'light', axe: false, picture: false },
  { width: 1440, colorScheme: 'light', axe: false, picture: true },
  { width: 1440, colorScheme: 'dark', axe: true, picture: true },
] as const;
const ALL_PICTURES = process.env.JAMBENCH_LOOKS === '1';

interface State {
  name: string;
  make(page: Page): Promise<void>;
  /** Takes back what the next states would not bear. */
  after?(page: Page): Promise<void>;
}

const INSIGHTS = '**/insights?**';
const [, SHOP] = PLACES.map(({ id }) => id);
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const opened = (path: string) => async (page: Page) => {
  await page.goto(path);
  await expect(heading(page)).toBeVisible();
  await settled(page);
};
const pressed = (name: string) => (page: Page) =>
  page.getByRole('button', { name, exact: true }).click();

async function store(page: Page, range: 'Yesterday' | 'Today' | 'Week'): Promise<void> {
  await page.goto(`/store/${SHOP}`);
  await pressed(range)(page);
  await drawn(page);
}

async function drawn(page: Page): Promise<void> {
  await expect(page.locator('jb-chart-hours canvas').first()).toBeVisible();
  await settled(page);
}

/** The server's answer for the shop, and what is different in it. */
function answered(change: (insights: Insights) => Partial<Insights>) {
  return async (page: Page) => {
    await page.route(INSIGHTS, async (route: Route) => {
      const response = await route.fetch();
      const json: Insights = await response.json();
      await route.fulfill({ response, json: { ...json, ...change(json) } });
    });
  };
}

const asItIs = (page: Page) => page.unroute(INSIGHTS);

const notOpenYet = answered(() => ({ opens_at: new Date(Date.now() + 3_600_000).toISOString() }));

const late = answered(({ units, as_of }) => {
  const run = { device_id: 'JBNB0003', name: 'Beside the door', from: as_of, to: null };
  return { units: { ...units, quality: [{ ...run, quality: 'CATCHING UP' }] } };
});

const withoutSensor = answered(({ hours }) => ({
  ...{ visitors: null, comparison: null, now_inside: null, busiest_hour: null, passers_by: null },
  known_until: null,
  hours: hours.map((hour) => ({ ...hour, visits: null, impressions: null, device_minutes: null })),
  hours_week_before: [],
  units: { total: 0, reporting: 0, missing: [], quality: [] },
}));

/** The server answers numbers like this. */
async function answering(page: Page, status: number): Promise<void> {
  const error = { code: 'internal', message: 'Something broke.', hint: 'Try again later.' };
  await page.route('**/api/v1/locations**', (route) => route.fulfill({ status, json: { error } }));
  await page.evaluate(() => indexedDB.deleteDatabase('jambench'));
  await page.goto('/store');
  await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
}

const SIGNED_OUT: readonly State[] = [
  { name: 'home', make: opened('/') },
  { name: 'store-signed-out', make: opened('/store') },
  { name: 'not-found', make: opened('/nowhere') },
  { name: 'sign-in', make: opened('/sign-in') },
  {
    name: 'sign-in-wrong',
    async make(page) {
      await page.goto('/sign-in');
      await page.getByLabel('E-mail').fill('nobody@example.net');
      await page.getByLabel('Password').fill('not the password');
      await pressed('Sign in')(page);
      await expect(page.getByRole('alert')).toBeVisible();
    },
  },
  {
    name: 'password-forgotten',
    async make(page) {
      await page.goto('/sign-in');
      await pressed('Forgotten your password?')(page);
      await expect(heading(page)).toHaveText('A new password');
    },
  },
  { name: 'password-link-used', make: opened('/password') },
  { name: 'activation', make: opened('/activate/JBNB0001') },
  { name: 'bench', make: opened('/bench') },
  {
    name: 'inspect',
    make: async (page) => {
      await page.goto('/bench?virtual&timing=0&speed=10');
      await expect(page.getByTestId('mac')).toBeVisible();
      await page.getByRole('link', { name: 'What is on a unit' }).click();
      await pressed('Read the unit')(page);
      await expect(page.getByText('The flash is empty')).toBeVisible();
    },
  },
  {
    name: 'bench-unit',
    async make(page) {
      await page.goto('/bench?virtual&timing=0&speed=10');
      await expect(page.locator('jb-prepare-form')).toBeVisible({ timeout: 30_000 });
    },
  },
];

const OWNER: readonly State[] = [
  { name: 'store-yesterday', make: (page) => store(page, 'Yesterday') },
  {
    name: 'store-opened',
    async make(page) {
      await store(page, 'Yesterday');
      await page.locator('details.panel').first().waitFor();
      await openAll(page);
    },
  },
  { name: 'store-today', make: (page) => store(page, 'Today') },
  { name: 'store-week', make: (page) => store(page, 'Week') },
  {
    name: 'store-early',
    async make(page) {
      await notOpenYet(page);
      await page.goto(`/store/${SHOP}`);
      await expect(page.getByTestId('early')).toContainText('Today the shop opens at');
      await drawn(page);
    },
    after: asItIs,
  },
  {
    name: 'store-late',
    async make(page) {
      await late(page);
      await store(page, 'Yesterday');
      await expect(page.getByTestId('quality')).toContainText('come late');
    },
    after: asItIs,
  },
  {
    name: 'store-without-sensor',
    async make(page) {
      await withoutSensor(page);
      await page.goto(`/store/${SHOP}`);
      await pressed('Today')(page);
      await expect(page.getByText('No sensor is set up here yet')).toBeVisible();
      await settled(page);
    },
    after: asItIs,
  },
  { name: 'store-all', make: opened('/store/+all') },
  { name: 'store-of-others', make: opened('/store/somebody-elses') },
  {
    name: 'store-offline',
    async make(page) {
      await store(page, 'Yesterday');
      await page.context().setOffline(true);
      await expect(page.getByText('You are offline.')).toBeVisible();
    },
    after: (page) => page.context().setOffline(false),
  },
  { name: 'store-app', make: offeredAsApp },
  {
    name: 'store-broken',
    make: (page) => answering(page, 500),
    after: (page) => page.unroute('**/api/v1/locations**'),
  },
  { name: 'locations', make: opened('/locations') },
  { name: 'staff', make: opened('/staff') },
  { name: 'account', make: opened('/sign-in') },
  {
    name: 'account-question',
    async make(page) {
      await opened('/sign-in')(page);
      await page.getByRole('button', { name: 'Sign out everywhere' }).click();
    },
  },
];

const ADMIN: readonly State[] = [
  { name: 'people', make: opened('/admin/people') },
  { name: 'places', make: opened('/admin/places') },
  { name: 'orders', make: opened('/admin/orders') },
  { name: 'alerts', make: opened('/admin/alerts') },
  { name: 'audit', make: opened('/admin/audit') },
  { name: 'status', make: opened('/admin/status') },
  { name: 'notices', make: opened('/admin/notices') },
  { name: 'place', make: opened('/admin/places/canal-books') },
  { name: 'readings', make: opened('/admin/readings') },
  { name: 'unit-readings', make: opened('/admin/readings/JBNB0001') },
  { name: 'fleet', make: opened('/locations') },
  { name: 'sensor', make: opened('/locations/JBNB0001') },
];

/** What others see there, also where it is not for them; at two widths only. */
const OTHERS: Readonly<Record<'owner2' | 'staff' | 'installer', readonly string[]>> = {
  owner2: ['/store', '/locations', '/locations/JBNB0001', '/activate/JBNB0001', '/staff'],
  staff: ['/', '/store', '/locations', '/locations/JBNB0001', '/activate/JBNB0001', '/sign-in'],
  installer: [
    ...['/', '/store', '/locations', '/locations/JBNB0001', '/work', '/bench', '/sign-in'],
    ...[
      '/activate/JBNB0001',
      '/staff',
      '/admin/people',
      '/labels',
      '/bench/log',
      '/bench/card',
      '/handover/canal-books',
    ],
  ],
};

/** Chromium offers an app on an address with a certificate only: its event is made here. */
async function offeredAsApp(page: Page): Promise<void> {
  await page.evaluate(() => localStorage.setItem('jambench-visits', '1 0'));
  await store(page, 'Yesterday');
  await page.evaluate(() => {
    const prompt = async () => ({ outcome: 'dismissed' });
    window.dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt }));
  });
  await expect(page.getByRole('button', { name: 'Install JamBench' })).toBeVisible();
}

/** Pixels by which the page is wider than its window. */
const excess = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What moves by itself, in whatever shadow roots. */
const moving = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().activeDuration) > 150)
      .map((animation) => (animation as CSSAnimation).animationName ?? 'a transition'),
  );

async function look(page: Page, name: string): Promise<void> {
  const folder = `${test.info().project.outputDir}/looks/${name}`;
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  expect.soft(await moving(page), `${name}: moves`).toEqual([]);
  for (const { width, colorScheme, axe, picture } of LOOKS) {
    const where = `${name}, ${width}, ${colorScheme}`;
    await page.setViewportSize({ width, height: width > 2000 ? 2160 : 900 });
    if (colorScheme === 'dark') await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.soft
      .poll(() => excess(page), { message: where, intervals: [20, 50, 100] })
      .toBe(0);
    const path = `${folder}-${width}-${colorScheme}.jpeg`;
    if (picture || ALL_PICTURES)
      await page.screenshot({ path, quality: 80, fullPage: width < 2000 });
    if (axe) await expectAccessible(page, where);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
  await page.setViewportSize({ width: 1280, height: 800 });
}

async function contextOf(
  browser: import('@playwright/test').Browser,
  role: DemoRole | null,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ baseURL: stack().url, serviceWorkers: 'block' });
  const page = await context.newPage();
  watch(page);
  if (role) await signInAs(page, role);
  return { context, page };
}

for (const [role, states] of [
  [null, SIGNED_OUT],
  ['owner', OWNER],
  ['admin', ADMIN],
] as const) {
  test.describe(role ?? 'nobody', () => {
    let context: BrowserContext;
    let page: Page;
    test.beforeAll(async ({ browser }) => {
      ({ context, page } = await contextOf(browser, role));
    });
    test.afterAll(() => context.close());

    for (const { name, make, after } of states) {
      test(name, async () => {
        await make(page);
        try {
          await look(page, name);
        } finally {
          await after?.(page);
        }
      });
    }
  });
}

for (const [role, paths] of Object.entries(OTHERS) as [keyof typeof OTHERS, string[]][]) {
  test(`what ${role} sees`, async ({ browser }) => {
    const { context, page } = await contextOf(browser, role);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const path of paths) {
      await opened(path)(page);
      const name = `${role}${path.replace(/\W+/g, '-')}`;
      for (const width of [390, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await expect.soft.poll(() => excess(page), { message: `${name} at ${width}` }).toBe(0);
        const file = `${test.info().project.outputDir}/looks/${name}-${width}.jpeg`;
        await page.screenshot({ path: file, quality: 80, fullPage: true });
      }
      await expectAccessible(page, name);
    }
    await context.close();
  });
}

test('where colours are the system’s, what is chosen is framed', async ({ browser }) => {
  const { context, page } = await contextOf(browser, 'owner');
  await page.emulateMedia({ forcedColors: 'active' });
  await store(page, 'Yesterday');
  const frame = (name: string) =>
    page
      .getByRole('button', { name, exact: true })
      .evaluate((button) => getComputedStyle(button).outlineStyle);
  expect([await frame('Yesterday'), await frame('Today')]).toEqual(['solid', 'none']);
  const bar = page.locator('jb-scale-bars .bar').first();
  const [own, forced] = await bar.evaluate((element) => {
    const colour = getComputedStyle(element).backgroundColor;
    const canvas = document.createElement('div');
    canvas.style.backgroundColor = 'Canvas';
    document.body.append(canvas);
    return [colour, getComputedStyle(canvas).backgroundColor];
  });
  expect(own).not.toBe(forced);
  // two rows of bars of one colour would be one row
  const painted = await page.locator('jb-chart-hours canvas').evaluate((canvas) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    const data = context?.getImageData(0, 0, width, height).data ?? [];
    const shares = new Map<string, number>();
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] !== 255) continue;
      const colour = `${data[i]} ${data[i + 1]} ${data[i + 2]}`;
      shares.set(colour, (shares.get(colour) ?? 0) + 1);
    }
    return [...shares.values()].filter((pixels) => pixels > (width * height) / 200).length;
  });
  expect(painted).toBeGreaterThanOrEqual(2);
  await page.screenshot({
    path: `${test.info().project.outputDir}/looks/forced-colours.png`,
    fullPage: true,
  });
  await context.close();
});
