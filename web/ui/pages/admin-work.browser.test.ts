/** The backend's state and the work orders, as administrators see and change them. */
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { Me } from '../../../shared/contracts/portal.ts';
import type { BackendStatus } from '../../../shared/contracts/status.ts';
import type { WorkOrder } from '../../../shared/contracts/work-order.ts';
import { AppError } from '../../../shared/errors.ts';
import { Asked } from '../testing/asked.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './orders-page.ts';
import './status-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const BAKERY = { id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' };
const PEOPLE: Me[] = [
  { user_id: 'id-ada', email: 'ada@example.net', role: 'admin' },
  { user_id: 'id-ines', email: 'ines@example.net', role: 'installer' },
  { user_id: 'id-olga', email: 'olga@example.net', role: 'owner' },
];
const AT = '2026-01-28T12:00:00.000Z';
const button = (name: string) => page.getByRole('button', { name, exact: true });

const counts = (n: number): BackendStatus['counts'] => ({
  ...{ units: n, units_active: n, units_heard_last_hour: n, units_anomalous: 0, locations: 2 },
  ...{ people: 4, alerts_open: 1, commands_waiting: 0, work_orders_open: 3 },
  ...{ alerts_unmailed: 5, notices_unmailed: 0, dismissals_waiting: 0, erasures_waiting: 0 },
});

test.each([
  [{ rows_waiting: 0, lag_s: 0 }, 300, true, ['Everything is there.', 'Every five minutes: well']],
  [{ rows_waiting: 7, lag_s: 90 }, 300, false, ['7 sums wait for the next run.', ': failed']],
  [{ rows_waiting: 7, lag_s: 7200 }, 3600, true, ['Behind by 2 hours: 7 sums wait.', ': late']],
  [{ rows_waiting: 7, lag_s: null }, 300, true, ['nothing has got there yet']],
])('status %j, a run %i s ago', async (sync, agoS, ok, words) => {
  const asked = new Asked();
  const status: BackendStatus = {
    ...{ as_of: AT, d1_latency_ms: 3, sync, counts: counts(12_345) },
    jobs: [
      {
        ...{
          job: 'five_minutes',
          took_ms: 40,
          ok,
          report: { note: HOSTILE, sync: { failed: 'unavailable' } },
        },
        started_at: new Date(Date.parse(AT) - agoS * 1000).toISOString(),
      },
    ],
  };
  const watch = { status: () => asked.answer('status', status) };
  const element = await mount('jb-status-page', { session: signedIn().session, watch });
  await settled(element);
  for (const said of words) expect(text(element)).toContain(said);
  expect(text(element)).toContain('Every hour: has not run yet');
  expect(text(element)).toContain('Alerts to be mailed 5');
  expect(text(element)).toContain('Failed in it: sync. It is tried again');
  const lag = agoS > 360 ? 'Lags by 55 minutes.' : 'No lag: its next turn is not due yet.';
  expect(text(element)).toContain(lag);
  expect(text(element)).toContain('Units 12,345');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  await button('Ask again').click();
  await settled(element);
  expect(asked.calls).toEqual(['status', 'status']);
});

const ORDER: WorkOrder = {
  ...{ id: '019a0000000abcde', kind: 'install', location_id: 'bakery', device_id: null },
  ...{ note: HOSTILE, created_at: AT, created_by: 'id-ada', assigned_to: null },
  ...{ closed_at: null, closed_by: null, outcome: null },
};

async function orders() {
  const asked = new Asked();
  const state = { orders: [ORDER] };
  const work = {
    orders: (which: string) =>
      asked.answer(which, { work_orders: state.orders, next_cursor: null }),
    order: (wanted: object) => asked.answer(JSON.stringify(wanted), ORDER),
    assign: (id: string, to: string | null) => asked.answer(`assign ${id} ${to}`, ORDER),
    close: (id: string, outcome: object) => {
      state.orders = [];
      return asked.answer(`close ${id} ${JSON.stringify(outcome)}`, ORDER);
    },
  };
  const session = signedIn().session;
  const element = await mount('jb-orders-page', { session, work, all: PEOPLE, places: [BAKERY] });
  await settled(element);
  return { element, asked };
}

test('work is ordered, for a unit and an installer', async () => {
  const { element, asked } = await orders();
  await page.getByLabelText('What').selectOptions('Replace');
  await page.getByLabelText('Unit, if it is about one').fill('jbnb0042');
  await page.getByRole('combobox', { name: 'By whom' }).first().selectOptions('ines@example.net');
  await page.getByLabelText('Note').fill('By the door');
  await button('Order it').click();
  await settled(element);
  expect(JSON.parse(asked.calls[1] ?? '')).toEqual({
    ...{ kind: 'replace', location_id: 'bakery', note: 'By the door' },
    ...{ device_id: 'JBNB0042', assigned_to: 'id-ines' },
  });
  expect(text(element)).toContain('It is ordered.');
  await expect.element(page.getByLabelText('Note')).toHaveValue('');
});

test('it is given to another; a refusal shows who has it; closed, it is gone', async () => {
  const { element, asked } = await orders();
  expect(text(element)).toContain(`Install Harbour Street Bakery ${HOSTILE}`);
  const who = page.getByRole('listitem').getByRole('combobox');
  asked.failing = new AppError('conflict', 'Someone else changed this work order just now.');
  await who.selectOptions('ines@example.net');
  await settled(element);
  await expect.element(page.getByRole('alert').first()).toHaveTextContent('Someone else changed');
  await expect.element(who).toHaveValue('');
  asked.failing = null;
  await who.selectOptions('ines@example.net');
  await settled(element);
  expect(asked.calls).toContain(`assign ${ORDER.id} id-ines`);
  await button('Not possible').click();
  await settled(element);
  expect(asked.calls).toContain(`close ${ORDER.id} {"outcome":"not_possible"}`);
  expect(text(element)).toContain('Nothing is to be done.');
});
