/** The trail and the alerts: what they ask the backend for, and what they show of it. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Alert } from '../../../shared/contracts/alert.ts';
import { AppError } from '../../../shared/errors.ts';
import { trailCsv } from '../../app/administration.ts';
import { Asked } from '../testing/asked.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './alerts-page.ts';
import './audit-page.ts';
import './notices-page.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';
const NAMES = new Map([
  ['id-ada', 'ada@example.net'],
  ['id-ines', 'ines@example.net'],
]);
const AT = '2026-01-28T12:00:00.000Z';
const button = (name: string) => page.getByRole('button', { name, exact: true });
const NO_NETWORK = new AppError('unavailable', 'The server cannot be reached.');

async function shown(tag: 'jb-audit-page' | 'jb-alerts-page', more: object, role: 'admin' | null) {
  const element = await mount(tag, { session: signedIn(role).session, people: NAMES, ...more });
  await settled(element);
  return element;
}

const entry = (id: number, more: object = {}) => ({
  ...{ id, at: AT, actor: 'id-ada', action: 'unit.rename' as const, target: 'unit:JBNB0001' },
  ...{ before: { name: null }, after: { name: HOSTILE } },
  ...more,
});

test('the trail: who, what, from what to what, as text; older ones behind a button', async () => {
  const asked = new Asked();
  const trail = {
    changes: (filter: object, cursor: string | null) =>
      asked.answer(`${JSON.stringify(filter)} ${cursor}`, {
        changes: cursor ? [entry(1, { actor: 'system' })] : [entry(2)],
        next_cursor: cursor ? null : '2',
      }),
  };
  const element = await shown('jb-audit-page', { trail }, 'admin');
  expect(text(element)).toContain('unit.rename unit:JBNB0001');
  expect(text(element)).toContain('28 Jan 2026, 12:00 UTC · ada@example.net');
  expect(text(element)).toContain(`name: null → ${HOSTILE}`);
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  await button('Show older ones').click();
  await settled(element);
  expect(asked.calls).toEqual(['{} null', '{} 2']);
  expect(text(element)).toContain('by itself');
  await expect.element(button('Show older ones')).not.toBeInTheDocument();
});

test('the trail is filtered by keyboard: unit, action, person, times', async () => {
  const asked = new Asked();
  const trail = {
    changes: (filter: object) =>
      asked.answer(JSON.stringify(filter), { changes: [], next_cursor: null }),
  };
  const element = await shown('jb-audit-page', { trail }, 'admin');
  await page.getByLabelText('Action').selectOptions('unit.move');
  await page.getByLabelText('By whom').selectOptions('ines@example.net');
  await page.getByLabelText('From (UTC)').fill('2026-01-28T00:00');
  await page.getByLabelText('Of what').fill('jbnb0042');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(JSON.parse(asked.calls.at(-1) ?? '')).toEqual({
    ...{ target: 'unit:JBNB0042', action: 'unit.move', actor: 'id-ines' },
    ...{ since: '2026-01-28T00:00Z', until: '' },
  });
  expect(text(element)).toContain('Nothing was changed that fits this.');
});

test('who is not signed in is sent to the sign-in, and nobody is asked', async () => {
  const asked = new Asked();
  const trail = { changes: () => asked.answer('changes', { changes: [], next_cursor: null }) };
  const element = await shown('jb-audit-page', { trail }, null);
  expect(text(element)).toContain('Sign in as an administrator first.');
  expect(asked.calls).toEqual([]);
});

const ALERT: Alert = {
  ...{ device_id: 'JBNB0001', name: HOSTILE, location_id: 'bakery', kind: 'silent' },
  ...{ started: 1769600000, started_at: AT, ended_at: null, detail: '', acknowledged_at: null },
  ...{ acknowledged_by: null, mailed_at: '2026-01-28T13:00:00.000Z', end_mailed_at: null },
  mails: [
    { at: '2026-01-28T13:00:00.000Z', is_end: false, to: 'ada@example.net, eve@example.net' },
  ],
};

function alertPortal() {
  const asked = new Asked();
  const history = {
    alerts: (state: string) =>
      asked.answer(state, { alerts: state === 'open' ? [ALERT] : [], next_cursor: null }),
    acknowledge: (alert: Alert) =>
      asked.answer(`acknowledge ${alert.started}`, {
        ...ALERT,
        ...{ acknowledged_at: AT, acknowledged_by: 'id-ada' },
      }),
  };
  return { asked, history };
}

test('an alert with its mail; acknowledged, it says by whom, and stays', async () => {
  const { asked, history } = alertPortal();
  const element = await shown('jb-alerts-page', { history }, 'admin');
  expect(text(element)).toContain(`Silent for a day JBNB0001 ${HOSTILE}, bakery`);
  expect(text(element)).toContain(
    'mailed 28 Jan 2026, 13:00 UTC to ada@example.net, eve@example.net',
  );
  await button('I know of it').click();
  await settled(element);
  expect(asked.calls).toEqual(['open', 'acknowledge 1769600000']);
  expect(text(element)).toContain('ada@example.net knows of it since');
  await expect.element(button('I know of it')).not.toBeInTheDocument();
  await button('All').click();
  await settled(element);
  expect(text(element)).toContain('There was no alert yet.');
  await expect.element(button('All')).toHaveAttribute('aria-pressed', 'true');
});

test('without a network it says so; what is there stays, and is asked for again', async () => {
  const { asked, history } = alertPortal();
  const element = await shown('jb-alerts-page', { history }, 'admin');
  asked.failing = NO_NETWORK;
  await button('Open').click();
  await settled(element);
  await expect.element(page.getByRole('alert')).toHaveTextContent('cannot be reached');
  expect(text(element)).toContain('JBNB0001');
  asked.failing = null;
  await button('Try again').click();
  await settled(element);
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('an alert of before mails were kept says when; an end without a mail says so', async () => {
  const { mails: _, ...before } = ALERT;
  const ended = { ...before, ended_at: AT, end_mailed_at: AT };
  const history = { alerts: async () => ({ alerts: [ended], next_cursor: null }) };
  const element = await shown('jb-alerts-page', { history }, 'admin');
  expect(text(element)).toContain('mailed 28 Jan 2026, 13:00 UTC ·');
  expect(text(element)).toContain('its end needed no mail');
});

const NOTICE = { id: 2, at: AT, kind: 'pin_guessing' as const, detail: HOSTILE };

test('notices with their mails, as text; older ones behind a button', async () => {
  const asked = new Asked();
  const told = { mailed_at: AT, mailed_to: 'ada@example.net' };
  const keeper = {
    notices: (cursor: string | null) =>
      asked.answer(`notices ${cursor}`, {
        notices: [cursor ? { ...NOTICE, id: 1, ...told } : NOTICE],
        next_cursor: cursor ? null : '2',
      }),
  };
  const element = await mount('jb-notices-page', { session: signedIn('admin').session, keeper });
  await settled(element);
  expect(text(element)).toContain(`Somebody guesses PINs 28 Jan 2026, 12:00 UTC ${HOSTILE}`);
  expect(text(element)).toContain('waits for the next mail');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  await button('Show older ones').click();
  await settled(element);
  expect(asked.calls).toEqual(['notices null', 'notices 2']);
  expect(text(element)).toContain('mailed 28 Jan 2026, 12:00 UTC to ada@example.net');
});

test('the trail becomes a file: all pages as filtered, and no formula', async () => {
  const trail = {
    changes: async (filter: object, cursor: string | null) => ({
      changes: [entry(cursor ? 1 : 2, { target: '=1+1', actor: cursor ? 'system' : 'id-ada' })],
      next_cursor: cursor || 'action' in filter ? null : '2',
    }),
  };
  const [head, newest, older] = (await trailCsv(trail, {}, NAMES)).split('\r\n');
  expect(head).toBe('\uFEFFat,actor,email,action,target,before,after');
  expect(newest).toContain(`${AT},id-ada,ada@example.net,unit.rename,'=1+1,`);
  expect(older).toContain(`${AT},system,,unit.rename`);
  const one = await trailCsv(trail, { action: 'unit.rename' }, NAMES);
  expect(one.trim().split('\r\n')).toHaveLength(2);
});
