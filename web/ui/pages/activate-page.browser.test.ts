import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Me } from '../../../shared/contracts/portal.ts';
import type { ActivateRequest, PublicState } from '../../../shared/contracts/provisioning.ts';
import { AppError } from '../../../shared/errors.ts';
import { Activation } from '../../app/activation.ts';
import { ServerClock } from '../../app/server-clock.ts';
import { change, mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './activate-page.ts';

const NOW = Date.UTC(2026, 10, 30, 12);
const BAKERY = { id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' };
const SECRET = 'abcdefghijklmnopqrstuv';

class Portal {
  readonly calls: string[] = [];
  answer: PublicState = {
    device_id: 'JBNB0042',
    state: 'online',
    last_seen_at: '2026-11-30T11:56:00.000Z',
  };
  places = [BAKERY];
  failing: AppError | null = null;

  state = async (id: string) => this.#done(`state ${id}`, this.answer);
  locations = async () => this.#done('locations', this.places);
  activate = async (id: string, label: ActivateRequest) =>
    this.#done(`activate ${id} ${JSON.stringify(label)}`, {});
  unlockPin = async (id: string) => this.#done(`unlock ${id}`, {});

  #done<T>(call: string, value: T): T {
    this.calls.push(call);
    if (this.failing) throw this.failing;
    return value;
  }
}

async function opened(
  role: Me['role'] | null,
  unit = 'JBNB0042',
  portal = new Portal(),
  hash = '',
) {
  const activation = new Activation(portal);
  activation.keepSecret(`/activate/${unit}`, hash);
  const element = await mount('jb-activate-page', {
    activation,
    session: signedIn(role).session,
    clock: new ServerClock(() => NOW),
    unit,
  });
  await settled(element);
  return { element, portal };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });

test('without an account: state and last seen in words, the way in, and nothing else', async () => {
  const { element, portal } = await opened(null);
  expect(text(element)).toContain('Online Last heard: 4 minutes ago');
  const link = page.getByRole('link', { name: 'Sign in' });
  await expect.element(link).toHaveAttribute('href', '/sign-in?next=%2Factivate%2FJBNB0042');
  expect(portal.calls).toEqual(['state JBNB0042']);
});

test.each([
  ['late', '2026-11-30T10:00:00.000Z', 'Late Last heard: 2 hours ago Reports are missing.'],
  ['silent', '2026-11-20T10:00:00.000Z', '2026 Nothing for a day.'],
  ['new', null, 'Not heard yet Plug it in'],
] as const)('%s is said in words', async (state, last_seen_at, words) => {
  const portal = new Portal();
  portal.answer = { device_id: 'JBNB0042', state, last_seen_at };
  const { element } = await opened(null, 'JBNB0042', portal);
  expect(text(element)).toContain(words);
});

test('the owner takes it to his location by PIN and keyboard', async () => {
  const { element, portal } = await opened('owner', 'jbnb0042');
  await page.getByLabelText('PIN').fill('4711');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(portal.calls.at(-1)).toBe('activate JBNB0042 {"pin":"4711","location_id":"bakery"}');
  expect(text(element)).toContain('JBNB0042 is at Harbour Street Bakery now.');
  const link = page.getByRole('link', { name: 'See my store' });
  await expect.element(link).toHaveAttribute('href', '/store/bakery');
  await expect.element(page.getByLabelText('PIN')).not.toBeInTheDocument();
});

test('a scanned label needs no PIN', async () => {
  const portal = new Portal();
  const { element } = await opened('owner', 'JBNB0042', portal, `#${SECRET}`);
  await expect.element(page.getByLabelText('PIN')).not.toBeInTheDocument();
  await button('Take it there').click();
  await settled(element);
  expect(portal.calls.at(-1)).toContain(SECRET);
});

test('a wrong PIN and a lock say what to do, and what was typed stays', async () => {
  const { element, portal } = await opened('owner');
  const refuse = async (error: AppError) => {
    portal.failing = error;
    await page.getByLabelText('PIN').fill('0000');
    await button('Take it there').click();
    await settled(element);
  };
  const isForeign = true;
  await refuse(
    new AppError('invalid', 'pin: unknown unit, wrong PIN, or a unit of another place', {
      hint: 'Check id and digits. If both are right, an administrator must free the unit.',
      isForeign,
    }),
  );
  const alert = page.getByRole('alert');
  await expect.element(alert).toHaveTextContent('This PIN does not open this unit.');
  await expect.element(page.getByLabelText('PIN')).toHaveAttribute('aria-invalid', 'true');
  await expect.element(page.getByLabelText('PIN')).toHaveValue('0000');
  const hint =
    'Scan the label’s QR code, or ask who installed the unit to unlock it. Try again in 7 hours.';
  await refuse(
    new AppError('rate_limited', 'Others tried too many PINs here.', { hint, isForeign }),
  );
  await expect.element(alert).toHaveTextContent('Others tried too many PINs here.');
  await expect.element(alert).toHaveTextContent(hint);
});

test('an owner without a location is told whom to ask', async () => {
  const portal = new Portal();
  portal.places = [];
  const { element } = await opened('owner', 'JBNB0042', portal);
  expect(text(element)).toContain('You have no location yet. Ask an administrator');
  await expect.element(button('Take it there')).not.toBeInTheDocument();
});

test('an installer unlocks the PIN, and takes it nowhere', async () => {
  const { element, portal } = await opened('installer');
  await expect.element(button('Take it there')).not.toBeInTheDocument();
  await button('Unlock PIN').click();
  await settled(element);
  await page.getByRole('group').getByRole('button', { name: 'Unlock PIN' }).click();
  await settled(element);
  expect(portal.calls.at(-1)).toBe('unlock JBNB0042');
  expect(text(element)).toContain('The PIN of JBNB0042 can be tried again.');
});

test('without a network it says so, and asks again', async () => {
  const portal = new Portal();
  portal.failing = new AppError('unavailable', 'The server cannot be reached.');
  const { element } = await opened(null, 'JBNB0042', portal);
  await expect.element(page.getByRole('alert')).toHaveTextContent('The server cannot be reached.');
  portal.failing = null;
  await button('Try again').click();
  await settled(element);
  expect(text(element)).toContain('Online');
});

test('a hostile id is shown as text and asked about nowhere', async () => {
  const unit = '<img src=x onerror=alert(1)>‮0042';
  const { element, portal } = await opened('owner', unit);
  expect(text(element)).toContain('That is no unit’s id.');
  expect(text(element)).toContain('<img src=x onerror=alert(1)>');
  expect(element.shadowRoot?.querySelector('img')).toBeNull();
  await change(element, { unit: 'x'.repeat(5000) });
  expect(text(element).length).toBeLessThan(400);
  expect(portal.calls).toEqual([]);
});
