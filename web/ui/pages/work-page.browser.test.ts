/** An installer's work orders: taken, given back, closed, and the way to the bench. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { WorkOrder } from '../../../shared/contracts/work-order.ts';
import { AppError } from '../../../shared/errors.ts';
import { Asked } from '../testing/asked.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './work-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const BAKERY = { id: 'bakery', name: HOSTILE, time_zone: 'Europe/Berlin' };
const AT = '2026-01-28T12:00:00.000Z';
/** Of the session that tests have. */
const ME = 'id-ada';
const button = (name: string) => page.getByRole('button', { name, exact: true });

const FREE: WorkOrder = {
  ...{ id: '019a0000000abcde', kind: 'install', location_id: 'bakery', device_id: null },
  ...{ note: HOSTILE, created_at: AT, created_by: 'id-eve', assigned_to: null },
  ...{ closed_at: null, closed_by: null, outcome: null },
};

async function work(order: Partial<WorkOrder> = {}) {
  const asked = new Asked();
  let now: WorkOrder = { ...FREE, ...order };
  const shown = (which: string) => (which === 'open' && now.closed_at ? [] : [now]);
  const port = {
    orders: (which: string) =>
      asked.answer(which, { work_orders: shown(which), next_cursor: null }),
    assign: (id: string, to: string | null) => {
      now = { ...now, assigned_to: to };
      return asked.answer(`assign ${id} ${to}`, now);
    },
    close: (id: string, { outcome }: { outcome: string }) => {
      now = { ...now, closed_at: AT, outcome };
      return asked.answer(`close ${id} ${outcome}`, now);
    },
    places: async () => [BAKERY],
    place: (id: string) =>
      asked.answer(`place ${id}`, {
        ...{ ...BAKERY, address: 'Harbour Street 12', latitude: 37.8, longitude: -122.4 },
      }),
    unitsAt: (id: string) =>
      asked.answer(`units ${id}`, [{ device_id: 'JBNB0001', name: HOSTILE, state: 'silent' }]),
  };
  const { session } = signedIn('installer');
  const element = await mount('jb-work-page', { session, work: port as never });
  await settled(element);
  return { element, asked };
}

test('a free order is taken; then it leads to the bench, with its unit and location', async () => {
  const { element, asked } = await work({ device_id: 'JBNB0042' });
  expect(text(element)).toContain(`Install ${HOSTILE} JBNB0042`);
  expect(text(element)).toContain('free · ordered 28 Jan 2026, 12:00 UTC');
  await expect.element(page.getByRole('link', { name: 'To the bench' })).not.toBeInTheDocument();
  await button('Take it').click();
  await settled(element);
  expect(asked.calls).toContain(`assign ${FREE.id} ${ME}`);
  expect(text(element)).toContain('It is yours now.');
  const bench = page.getByRole('link', { name: 'To the bench' });
  await expect.element(bench).toHaveAttribute('href', '/bench?unit=JBNB0042&place=bakery');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
});

test('an own one is given back, or closed; what is closed is under All', async () => {
  const { element, asked } = await work({ assigned_to: ME });
  await button('Give it back').click();
  await settled(element);
  expect(asked.calls).toContain(`assign ${FREE.id} null`);
  await button('Take it').click();
  await settled(element);
  await button('Done').click();
  await settled(element);
  expect(asked.calls).toContain(`close ${FREE.id} done`);
  expect(text(element)).toContain('Nothing is to be done.');
  await button('All').click();
  await settled(element);
  expect(text(element)).toContain('Done · 28 Jan 2026, 12:00 UTC');
  await expect.element(button('Done')).not.toBeInTheDocument();
});

test('where it is and which units stand there, asked for when it is opened', async () => {
  const { element, asked } = await work({ assigned_to: ME });
  expect(asked.calls).toEqual(['open']);
  await page.getByText('Where it is, and which units are there').click();
  await settled(element);
  await expect.element(page.getByText('Harbour Street 12 · 37.8, -122.4')).toBeVisible();
  const unit = page.getByRole('link', { name: 'JBNB0001' });
  await expect.element(unit).toHaveAttribute('href', '/locations/JBNB0001');
  await expect.element(page.getByText('Silent')).toBeVisible();
  expect(asked.calls).toEqual(['open', 'place bakery', 'units bakery']);
});

test('one that somebody else took meanwhile: the refusal, and the list anew', async () => {
  const { element, asked } = await work();
  asked.failing = new AppError('conflict', 'Someone else changed this work order just now.');
  await button('Take it').click();
  await settled(element);
  await expect.element(page.getByRole('alert').first()).toHaveTextContent('Someone else changed');
  expect(asked.calls.filter((call) => call === 'open')).toHaveLength(2);
});

test('nobody who is not signed in is shown any', async () => {
  const asked = new Asked();
  const port = { orders: () => asked.answer('orders', {}) };
  const session = signedIn(null).session;
  const element = await mount('jb-work-page', { session, work: port as never });
  await settled(element);
  expect(text(element)).toContain('Sign in as an installer first.');
  expect(asked.calls).toEqual([]);
});

test.each(['owner', 'staff'] as const)(
  '%s is told whose page it is, and asks nothing',
  async (role) => {
    const asked = new Asked();
    const work = { orders: () => asked.answer('orders', { work_orders: [], next_cursor: null }) };
    const { session } = signedIn(role);
    const element = await mount('jb-work-page', { session, work: work as never });
    await settled(element);
    expect(text(element)).toMatch(/^For installers You are signed in as \w+/);
    expect(text(element)).toContain('this page is not yours');
    expect([asked.calls, element.renderRoot.querySelectorAll('button').length]).toEqual([[], 0]);
  },
);
