import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Insights } from '../../../shared/contracts/insights.ts';
import { AppError } from '../../../shared/errors.ts';
import { type InsightsCache, InsightsView } from '../../app/insights.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { insightsOf, weekInsightsOf } from '../../app/testing/insights-of.ts';
import { MemoryShop, shopPage } from '../../app/testing/shop-portal.ts';
import { focused, mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './insights-page.ts';

const NOW = Date.parse('2026-11-20T20:00:00.000Z');
const VISITS = Array.from({ length: 24 }, (_, hour) => hour);
const PLACES = ['hafen', 'mission'].map((id) => ({
  id,
  name: id === 'hafen' ? 'Hafen Café' : 'Mission Books',
  time_zone: 'Europe/Berlin',
}));

class Portal {
  places = PLACES;
  failing: AppError | null = null;
  gate: Promise<void> | null = null;
  more: Partial<Insights> = {};
  readonly asked: string[] = [];

  async locations() {
    await this.gate;
    if (this.failing) throw this.failing;
    return this.places;
  }
  async insights(id: string, choice: string) {
    this.asked.push(`${id} ${choice}`);
    await this.gate;
    if (this.failing) throw this.failing;
    const place = PLACES.find((p) => p.id === id) ?? PLACES[0];
    const day = choice === 'today' ? '2026-11-20' : '2026-11-19';
    const more = { location: place, day, as_of: '2026-11-20T20:00:00.000Z', ...this.more };
    return insightsOf(VISITS, more as never);
  }
  async week(id: string, day: string, _signal?: AbortSignal, against?: string) {
    this.asked.push(`${id} week ${day}${against ? ` ${against}` : ''}`);
    const week = weekInsightsOf([90, 110, null, 130, 120, 230, 160]);
    const days = week.days.map((one, i) => (i === 3 ? { ...one, hours_missing: 10 } : one));
    return { ...week, days };
  }
}

const NO_CACHE: InsightsCache = {
  locations: async () => null,
  putLocations: async () => {},
  newest: async () => null,
  putInsights: async () => {},
  newestWeek: async () => null,
  putWeek: async () => {},
} as never;

async function insights(
  portal = new Portal(),
  role: 'owner' | 'staff' | 'installer' | null = 'owner',
  own = shopPage().shop,
) {
  const clock = new ServerClock(() => NOW);
  clock.observe(NOW);
  const { session } = signedIn(role);
  const userId = () => session.state.value.user?.id ?? null;
  const view = new InsightsView({ portal, cache: NO_CACHE, userId, clock });
  const went: unknown[] = [];
  const go = (path: string, options?: unknown) => void went.push([path, options]);
  const shop = async () => own;
  const element = await mount('jb-insights-page', { view, session, clock, go, shop } as never);
  await settled(element);
  return { element, portal, went, view };
}

/** When what is fetched after the first number is there. */
async function whole(element: Element) {
  await expect.element(page.getByText('How exact is this?')).toBeVisible();
  await settled(element);
}

const picker = () => page.getByRole('combobox', { name: 'Location' });

test('signed out: what one would see, and the way back here', async () => {
  const { element, portal } = await insights(new Portal(), null);
  const link = page.getByRole('link', { name: 'Sign in' }).element();
  expect(link.getAttribute('href')).toContain('/sign-in?next=');
  expect(text(element)).toContain('Sign in to see how many people visit');
  expect(portal.asked).toEqual([]);
});

test('while the server is asked the page has its shape, and nobody’s number', async () => {
  const portal = new Portal();
  let open = () => {};
  portal.gate = new Promise((resolve) => {
    open = resolve;
  });
  const { element } = await insights(portal);
  expect(text(element)).not.toContain('110');
  open();
  await settled(element);
  expect(text(element)).toContain('110');
});

test('the number, the day, and the place by name', async () => {
  const { element } = await insights();
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Hafen Café');
  expect(text(element)).toContain('110');
  const today = page.getByRole('button', { name: 'Today' });
  await expect.element(today).toHaveAttribute('aria-pressed', 'true');
});

test('another day is asked for and pressed; the button keeps the focus', async () => {
  const { element, portal } = await insights();
  const yesterday = page.getByRole('button', { name: 'Yesterday' });
  await yesterday.click();
  await settled(element);
  await expect.element(yesterday).toHaveAttribute('aria-pressed', 'true');
  expect(portal.asked).toEqual(['hafen today', 'hafen yesterday']);
  expect(focused()).toBe(yesterday.element());
});

test('choosing places goes forward once; passing by several is one step back', async () => {
  const { went, element } = await insights();
  await picker().selectOptions('Mission Books');
  await picker().selectOptions('Hafen Café');
  (picker().element() as HTMLElement).focus();
  (picker().element() as HTMLElement).blur();
  await picker().selectOptions('Mission Books');
  await settled(element);
  expect(went).toEqual([
    ['/store/mission', { replace: false }],
    ['/store/hafen', { replace: true }],
    ['/store/mission', { replace: false }],
  ]);
});

test.each([
  '=1+1',
  '<img src=x onerror="document.title=1">',
  'مقهى الميناء',
  'בית קפה 12',
  '👩‍👩‍👧 & 🥐',
  'W'.repeat(200),
])('a shop called %s is called so, and nothing else comes of it', async (name) => {
  const portal = new Portal();
  const [first = { id: '', time_zone: 'UTC' }, second] = PLACES;
  const place = { ...first, name };
  portal.places = [place, { ...place, ...second, name: `${name} 2` }];
  portal.more = { location: place };
  const { element } = await insights(portal);
  await whole(element);
  const h1 = element.shadowRoot?.querySelector('h1');
  expect(h1?.textContent).toBe(name);
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  const options = [...(element.shadowRoot?.querySelectorAll('select option') ?? [])];
  expect(options.slice(0, 2).map((option) => option.textContent)).toEqual([name, `${name} 2`]);
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(window.innerWidth);
});

test('a place without a sensor says so, of a day and of a week', async () => {
  const portal = new Portal();
  const units = { total: 0, reporting: 0, missing: [], quality: [] };
  const none = { known_until: null, visitors: null, passers_by: null, busiest_hour: null };
  portal.more = { ...none, units, hours: [], hours_week_before: [] };
  const { element } = await insights(portal);
  await expect.element(page.getByText('No sensor is set up here yet.')).toBeVisible();
  expect(text(element)).not.toContain('NaN');
  portal.week = async () =>
    weekInsightsOf(Array(7).fill(null), { visitors: null, units, to: '2026-11-20' });
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await expect.element(page.getByText('No sensor is set up here yet.')).toBeVisible();
  // of a day that is over the shop may have one by now
  await page.getByRole('button', { name: 'Yesterday' }).click();
  await expect.element(page.getByText('No sensor is known here for that time.')).toBeVisible();
});

test('one place needs no picker, none is said', async () => {
  const portal = new Portal();
  portal.places = PLACES.slice(0, 1);
  await insights(portal);
  await expect.element(picker()).not.toBeInTheDocument();
  portal.places = [];
  const { element } = await insights(portal);
  expect(text(element)).toContain('No store belongs to your account yet.');
});

test('a failure says so, and Try again asks again', async () => {
  const portal = new Portal();
  portal.failing = new AppError('unavailable', 'The server cannot be reached.');
  const { element } = await insights(portal);
  const failed = page.getByText('Your numbers cannot be fetched right now');
  await expect.element(failed).toBeVisible();
  portal.failing = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  await settled(element);
  expect(text(element)).toContain('110');
  await expect.element(failed).not.toBeInTheDocument();
});

test('an installer is told whose page this is', async () => {
  const portal = new Portal();
  portal.failing = new AppError('forbidden', 'Only owners see numbers.');
  const { element } = await insights(portal, 'installer');
  expect(text(element)).not.toContain('110');
  expect(text(element)).toMatch(/owner/i);
});

test('on paper the table of hours is open, afterwards as it was', async () => {
  const { element } = await insights();
  await whole(element);
  const table = element.shadowRoot?.querySelector<HTMLDetailsElement>('details.table');
  expect(table?.open).toBe(false);
  window.dispatchEvent(new Event('beforeprint'));
  expect(table?.open).toBe(true);
  window.dispatchEvent(new Event('afterprint'));
  expect(table?.open).toBe(false);
});

test('an estimate looks like one, and its error is a tap away', async () => {
  const { element } = await insights();
  await whole(element);
  expect(text(element)).toContain('about 110');
  const exact = element.shadowRoot?.querySelector<HTMLDetailsElement>('.exact');
  expect(exact?.open).toBe(false);
  await page.getByText('How exact is this?').click();
  expect(exact?.open).toBe(true);
});

test('who is inside now, as of when; and who passed by', async () => {
  const portal = new Portal();
  const now_inside = { people: 4, at: '2026-11-20T19:57:00.000Z' };
  portal.more = { now_inside, visitors: 25, passers_by: 75 };
  await insights(portal);
  await expect.element(page.getByTestId('inside')).toHaveTextContent('about 4');
  await expect.element(page.getByText('as of 20:57, 3 minutes ago')).toBeVisible();
  await expect.element(page.getByTestId('passers-by')).toHaveTextContent('about 75');
  await expect.element(page.getByText('about 25% of all who came by came in')).toBeVisible();
});

test('where, how long and who each say what it means and how it is counted', async () => {
  const { element } = await insights();
  await whole(element);
  for (const [title, means, counted] of [
    ['Where are they?', 'How near people come', 'Counted by signal strength'],
    ['How long do they stay?', 'Long stays are people', 'Counted when a stay ends'],
    ['Who’s visiting?', 'Which phones and watches', 'Counted over Bluetooth'],
  ] as const) {
    const all = [...(element.shadowRoot?.querySelectorAll('section') ?? [])];
    const of = all.find((one) => one.querySelector('h2')?.textContent === title);
    const sentences = [...(of?.querySelectorAll('p.small') ?? [])].map((p) => p.textContent ?? '');
    expect(sentences).toEqual([
      expect.stringMatching(`^${means}`),
      expect.stringMatching(`^${counted}`),
    ]);
  }
});

test('a day without visitors shows no shares of nothing', async () => {
  const portal = new Portal();
  portal.more = {
    visitors: 0,
    zones: { rssi_immediate: 0, rssi_near: 0, rssi_far: 0, rssi_remote: 0 },
    stays: { dwell_0_1: 0, dwell_1_5: 0, dwell_5_10: 0, dwell_10plus: 0 },
    composition: { ble_apple: 0, ble_other: 0 },
  };
  const { element } = await insights(portal);
  await whole(element);
  expect(text(element)).toContain('No stay has ended in this time.');
  expect(element.shadowRoot?.querySelector('.three')?.textContent).not.toContain('0%');
  expect(element.shadowRoot?.querySelector('jb-scale-bars')).toBeNull();
});

test('numbers that are late or not whole say so, what it means and since when', async () => {
  const portal = new Portal();
  const run = { device_id: 'JBNB0001', name: 'Door', from: '2026-11-20T09:50:00.000Z', to: null };
  const quality = [
    { ...run, quality: 'CATCHING UP' as const },
    { ...run, quality: 'DEGRADED' as const, to: '2026-11-20T10:50:00.000Z' },
  ];
  portal.more = { units: { total: 2, reporting: 2, missing: [], quality } };
  await insights(portal);
  const badge = page.getByTestId('quality');
  await expect.element(badge).toHaveTextContent('Late');
  await expect
    .element(badge)
    .toHaveTextContent('Since 10:50 the numbers from the sensor Door come late.');
  await expect
    .element(badge)
    .toHaveTextContent('From 10:50 to 11:50 the numbers from the sensor Door are too low.');
});

test('in the morning yesterday is in front, and today a press away', async () => {
  const portal = new Portal();
  portal.more = { comparison: null };
  const { view, element } = await insights(portal);
  const early = insightsOf([], { day: '2026-11-20', visitors: 3 });
  (view.state as unknown as { patch(p: object): void }).patch({ early });
  await settled(element);
  const said = page.getByTestId('early');
  await expect.element(said).toHaveTextContent('Today has only just begun: 3 visitors so far.');
  await page.getByRole('button', { name: 'Show today' }).click();
  await settled(element);
  await expect.element(said).not.toBeInTheDocument();
});

test('before the shop opens that is said, with the time by its clock', async () => {
  const portal = new Portal();
  portal.more = { comparison: null };
  const { view, element } = await insights(portal);
  // It is 21:00 in Berlin.
  const opens = { day: '2026-11-20', visitors: 30, opens_at: '2026-11-20T20:30:00.000Z' };
  const patch = (early: object) =>
    (view.state as unknown as { patch(p: object): void }).patch({ early });
  patch(insightsOf([], opens));
  await settled(element);
  const said = page.getByTestId('early');
  await expect.element(said).toHaveTextContent(/Today the shop opens at (21:30|9:30 PM)\. Until/);
  patch(insightsOf([], { ...opens, location: { id: '+all', name: '', time_zone: 'UTC' } }));
  await settled(element);
  await expect.element(said).toHaveTextContent('None of your shops has opened yet.');
});

test('a week day by day, a date in it, and another week beside it', async () => {
  const { element, portal } = await insights();
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await whole(element);
  expect(text(element)).toContain('about 840');
  expect(text(element)).toContain('Monday 16 November – Sunday 22 November');
  await expect.element(page.getByTestId('busiest-day')).toHaveTextContent('Saturday');
  await page.getByLabelText('A day of the week to show').fill('2026-11-11');
  await settled(element);
  await page.getByLabelText('Compare with').selectOptions('another week');
  await page.getByLabelText('A day of the other week').fill('2026-10-01');
  await settled(element);
  expect(portal.asked.slice(1)).toEqual([
    'hafen week today',
    'hafen week 2026-11-15',
    'hafen week 2026-11-15 2026-10-04',
  ]);
});

test('the owner’s note stands on the chart, and sales give the share that bought', async () => {
  const memory = new MemoryShop();
  const days = [{ day: '2026-11-20', sales: 28, takings: 140, note: 'Market day' }];
  memory.facts = { ...memory.facts, days };
  const { element } = await insights(new Portal(), 'owner', shopPage(memory).shop);
  await whole(element);
  await expect.element(page.getByTestId('note')).toHaveTextContent('Your note: Market day');
  const bought = page.getByTestId('conversion');
  await expect.element(bought).toHaveTextContent('About 25% of visitors bought something.');
  await expect.element(bought).toHaveTextContent('A sale brought 5.00 on average.');
  await page.getByRole('button', { name: 'Week', exact: true }).click();
  await settled(element);
  await expect.element(page.getByRole('table', { name: 'Sales by day' })).toBeVisible();
  const partial = page.getByTestId('partial');
  await expect.element(partial).toHaveTextContent('Thursday lacks the numbers of 10 hours.');
  const note = page.getByRole('button', { name: 'Friday: Market day' });
  await expect.element(note).toBeVisible();
  const plot = element.renderRoot.querySelector('jb-chart-hours')?.getBoundingClientRect();
  const { x = 0, width = 0 } = note.element().getBoundingClientRect();
  const at = (x + width / 2 - (plot?.x ?? 0)) / (plot?.width ?? 1);
  expect(at, 'over the sixth of seven days, beside the axis').toBeGreaterThan(0.6);
  expect(at).toBeLessThan(0.9);
  (note.element() as HTMLElement).focus();
  await expect.element(note.getByText('Market day')).toBeVisible();
});

test('more sales than visitors are no share of them', async () => {
  const memory = new MemoryShop();
  const days = [{ day: '2026-11-20', sales: 140, takings: null, note: null }];
  memory.facts = { ...memory.facts, days };
  const { element } = await insights(new Portal(), 'owner', shopPage(memory).shop);
  await whole(element);
  const bought = page.getByTestId('conversion');
  await expect.element(bought).toHaveTextContent('There were more sales than visitors.');
  await expect.element(bought).not.toHaveTextContent('%');
});

test('an administrator sees numbers, and nothing that is an owner’s', async () => {
  const memory = new MemoryShop();
  memory.refusing = new AppError('forbidden', 'Not yours.');
  const { element } = await insights(new Portal(), 'owner', shopPage(memory).shop);
  await whole(element);
  expect(text(element)).not.toContain('What did your till count?');
  expect(text(element)).not.toContain('Opening hours');
});

test('all shops together are one more choice, and nothing of one shop is there', async () => {
  const { element, went, view } = await insights();
  await whole(element);
  await picker().selectOptions('All shops together');
  expect(went).toEqual([['/store/%2Ball', { replace: false }]]);
  await view.open('+all', 'yesterday');
  await settled(element);
  const title = page.getByRole('heading', { level: 1 });
  await expect.element(title).toHaveTextContent('All shops together');
  expect(text(element)).toContain('about 220');
  expect(text(element)).not.toContain('What did your till count?');
});

test('staff reads opening hours and what reports show, and is offered no change', async () => {
  const memory = new MemoryShop();
  const times = [{ weekday: 1, opens: '09:00', closes: '18:00' }];
  memory.facts = { ...memory.facts, openingHours: times };
  const { shop, page: person } = shopPage(memory);
  person.mayOwn = false;
  const { element } = await insights(new Portal(), 'staff', shop);
  await whole(element);
  for (const panel of element.shadowRoot?.querySelectorAll('details') ?? []) panel.open = true;
  await expect.element(page.getByText('Monday 09:00–18:00')).toBeVisible();
  await expect.element(page.getByText('Reports show every number.')).toBeVisible();
  for (const name of ['Save opening hours', 'Leave smaller numbers out', 'Delete all of it'])
    await expect.element(page.getByRole('button', { name })).not.toBeInTheDocument();
  await expect.element(page.getByRole('checkbox')).not.toBeInTheDocument();
});
