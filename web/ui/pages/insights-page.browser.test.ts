import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { type InsightsCache, InsightsView } from '../../app/insights.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { insightsOf } from '../../app/testing/insights-of.ts';
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
    return insightsOf(VISITS, { location: place, day, as_of: '2026-11-20T20:00:00.000Z' } as never);
  }
}

const NO_CACHE: InsightsCache = {
  locations: async () => null,
  putLocations: async () => {},
  newest: async () => null,
  putInsights: async () => {},
} as never;

async function insights(portal = new Portal(), role: 'owner' | 'installer' | null = 'owner') {
  const clock = new ServerClock(() => NOW);
  clock.observe(NOW);
  const { session } = signedIn(role);
  const userId = () => session.state.value.user?.id ?? null;
  const view = new InsightsView({ portal, cache: NO_CACHE, userId, clock });
  const went: unknown[] = [];
  const go = (path: string, options?: unknown) => void went.push([path, options]);
  const element = await mount('jb-insights-page', { view, session, clock, go } as never);
  await settled(element);
  return { element, portal, went, view };
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
  expect(text(element)).not.toContain('112');
  open();
  await settled(element);
  expect(text(element)).toContain('112');
});

test('the number, the day, and the place by name', async () => {
  const { element } = await insights();
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent('Hafen Café');
  expect(text(element)).toContain('112');
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
  expect(text(element)).toContain('112');
  await expect.element(failed).not.toBeInTheDocument();
});

test('an installer is told whose page this is', async () => {
  const portal = new Portal();
  portal.failing = new AppError('forbidden', 'Only owners see numbers.');
  const { element } = await insights(portal, 'installer');
  expect(text(element)).not.toContain('112');
  expect(text(element)).toMatch(/owner/i);
});

test('on paper the table of hours is open, afterwards as it was', async () => {
  const { element } = await insights();
  const table = element.shadowRoot?.querySelector('details');
  expect(table?.open).toBe(false);
  window.dispatchEvent(new Event('beforeprint'));
  expect(table?.open).toBe(true);
  window.dispatchEvent(new Event('afterprint'));
  expect(table?.open).toBe(false);
});
