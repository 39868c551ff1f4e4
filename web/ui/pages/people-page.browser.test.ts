import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Person } from '../../../shared/contracts/people.ts';
import type { Me } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './people-page.ts';

const PLACES = [
  { id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' },
  { id: 'books', name: 'Canal Books', time_zone: 'Europe/Berlin' },
];
const person = (name: string, role: Me['role'] = 'owner', more: Partial<Person> = {}): Person => ({
  ...{ user_id: `id-${name}`, email: `${name}@example.net`, role, location_ids: [] },
  ...more,
});

class Portal {
  readonly calls: string[] = [];
  all: Person[] = [person('ada', 'admin'), person('bob'), person('eve', 'installer')];
  failing: AppError | null = null;

  async list() {
    return this.#answer('list', this.all);
  }
  async invite(wanted: { email: string; role: Me['role']; location_ids: string[] }) {
    await this.#answer(`invite ${wanted.email} ${wanted.role} ${wanted.location_ids}`, null);
    this.all = [person('aaron', wanted.role), ...this.all];
    return { ...wanted, mailed: wanted.email !== 'bob@example.net' };
  }
  async setRole(id: string, role: Me['role']) {
    await this.#answer(`role ${id} ${role}`, null);
    this.all = this.all.map((p) => (p.user_id === id ? { ...p, role } : p));
  }
  async setPlaces(id: string, { location_ids, from }: { location_ids: string[]; from: string[] }) {
    await this.#answer(`places ${id} ${from} -> ${location_ids}`, null);
    this.all = this.all.map((p) => (p.user_id === id ? { ...p, location_ids } : p));
  }
  async dismiss(id: string) {
    await this.#answer(`dismiss ${id}`, null);
    this.all = this.all.filter((p) => p.user_id !== id);
  }
  endSessions = (id: string) => this.#answer(`end ${id}`, null);
  forgetSecondFactor = (id: string) => this.#answer(`factor ${id}`, null);

  async #answer<T>(call: string, value: T): Promise<T> {
    this.calls.push(call);
    if (this.failing) throw this.failing;
    return value;
  }
}

async function people(
  portal = new Portal(),
  role: Me['role'] | null = 'admin',
  answers = new MemoryAnswers(),
) {
  const element = await mount('jb-people-page', {
    people: portal as never,
    session: signedIn(role).session,
    locations: async () => PLACES,
    answers,
  });
  await settled(element);
  return { element, portal };
}

const rowOf = (email: string) => page.getByRole('listitem').filter({ hasText: email });
const button = (row: ReturnType<typeof rowOf>, name: string) =>
  row.getByRole('button', { name, exact: true });

test('who is not signed in is sent to the sign-in, and nobody is asked', async () => {
  const { element, portal } = await people(new Portal(), null);
  expect(text(element)).toContain('Sign in as an administrator first.');
  expect(portal.calls).toEqual([]);
});

test('whose session ends meanwhile is told so, and sees no form any more', async () => {
  const portal = new Portal();
  portal.failing = new AppError('unauthenticated', 'The session has ended.');
  const { session } = signedIn('admin');
  const element = await mount('jb-people-page', {
    ...{ people: portal as never, session, locations: async () => PLACES },
    answers: new MemoryAnswers(),
  });
  await settled(element);
  await session.signOut();
  await settled(element);
  await expect.element(page.getByRole('alert')).toHaveTextContent(/session/);
  expect(text(element)).toContain('Sign in as an administrator first.');
  expect(element.shadowRoot?.querySelector('form')).toBeNull();
});

test('everybody with role and factor; nothing can be done to oneself', async () => {
  const portal = new Portal();
  portal.all = [person('ada', 'admin'), person('bob', 'owner', { second_factor: true })];
  const { element } = await people(portal);
  expect(text(element)).toContain('ada@example.net admin, you');
  expect(text(element)).toContain('bob@example.net owner, second factor');
  await expect.element(rowOf('ada@').getByRole('button')).not.toBeInTheDocument();
  await expect.element(button(rowOf('bob@'), 'Take second factor off')).toBeVisible();
});

test('an owner is invited with places, by keyboard, and the form is empty again', async () => {
  const { element, portal } = await people();
  await page.getByLabelText('E-mail').fill('aaron@example.net');
  const invited = page.getByRole('region', { name: 'Invite somebody' });
  await invited.getByLabelText('Harbour Street Bakery').click();
  await page.getByLabelText('E-mail').click();
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(portal.calls).toContain('invite aaron@example.net owner bakery');
  expect(text(element)).toContain('A mail with a link is on its way to aaron@example.net.');
  await expect.element(page.getByLabelText('E-mail')).toHaveValue('');
  await expect.element(invited.getByLabelText('Harbour Street Bakery')).not.toBeChecked();
});

test('an installer is invited to no place, and one who had an account got no mail', async () => {
  const { element, portal } = await people();
  await page.getByLabelText('Role').selectOptions('installer');
  await settled(element);
  const invited = page.getByRole('region', { name: 'Invite somebody' });
  await expect.element(invited.getByLabelText('Canal Books')).not.toBeInTheDocument();
  await page.getByLabelText('E-mail').fill('bob@example.net');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await settled(element);
  expect(portal.calls).toContain('invite bob@example.net installer ');
  expect(text(element)).toContain('had an account already and is installer now');
  await expect.element(page.getByLabelText('Role')).toHaveValue('installer');
});

test('an open question stays with its person when the list grows above', async () => {
  const { element, portal } = await people();
  await button(rowOf('bob@'), 'Dismiss').click();
  await page.getByLabelText('E-mail').fill('aaron@example.net');
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await settled(element);
  await page.getByRole('button', { name: /^Dismiss .*@/ }).click();
  await settled(element);
  expect(portal.calls).toContain('dismiss id-bob');
  await expect.element(rowOf('bob@')).not.toBeInTheDocument();
});

test('an open question about a role stays with that role when another is given', async () => {
  const portal = new Portal();
  portal.all = [person('ada', 'admin'), person('eve', 'admin')];
  const { element } = await people(portal);
  const row = rowOf('eve@');
  await button(row, 'Make installer').click();
  await button(row, 'Make owner').click();
  await row.getByRole('group', { name: 'Make owner' }).getByRole('button').first().click();
  await settled(element);
  expect(portal.calls).toContain('role id-eve owner');
  await expect.element(row.getByRole('group', { name: 'Make admin' })).not.toBeInTheDocument();
  await expect.element(row.getByRole('group', { name: 'Make installer' })).toBeVisible();
});

test('a refusal is said, what was said before is gone, and the list stays', async () => {
  const { element, portal } = await people();
  await button(rowOf('bob@'), 'Sign out everywhere').click();
  const yes = rowOf('bob@').getByRole('group').getByRole('button').first();
  await yes.click();
  await settled(element);
  await expect.element(page.getByRole('status')).toBeVisible();
  portal.failing = new AppError('forbidden', 'Not you.');
  await button(rowOf('bob@'), 'Sign out everywhere').click();
  await yes.click();
  await settled(element);
  await expect.element(page.getByRole('alert')).toHaveTextContent('Not you.');
  await expect.element(page.getByRole('status')).not.toBeInTheDocument();
  expect(text(element)).toContain('bob@example.net');
});

test('without network the list is the one this device keeps, and says as of when', async () => {
  const answers = new MemoryAnswers();
  await people(new Portal(), 'admin', answers);
  document.querySelector('jb-people-page')?.remove();
  const away = new Portal();
  away.failing = new AppError('unavailable', 'The server cannot be reached.');
  const { element } = await people(away, 'admin', answers);
  expect(text(element)).toContain('bob@example.net');
  await expect.element(page.getByTestId('as-of')).toHaveTextContent(/As of .*2027/);
  expect(text(element)).toContain('The server cannot be reached.');
});

test('an owner’s locations are changed: what was seen goes along', async () => {
  const portal = new Portal();
  portal.all = [person('bob', 'owner', { location_ids: ['bakery'] }), person('eve', 'installer')];
  const { element } = await people(portal);
  const bob = rowOf('bob@');
  expect(text(element)).toContain('Sees Harbour Street Bakery.');
  await expect.element(rowOf('eve@').getByText('Change locations')).not.toBeInTheDocument();
  await bob.getByText('Change locations').click();
  await bob.getByLabelText('Canal Books').click();
  await button(bob, 'Store locations').click();
  await settled(element);
  expect(portal.calls).toContain('places id-bob bakery -> bakery,books');
  expect(text(element)).toContain('The locations of bob@example.net are stored.');
  expect(text(element)).toContain('Sees Harbour Street Bakery, Canal Books.');
});

test('locations somebody else changed meanwhile: the refusal, and what there is now', async () => {
  const portal = new Portal();
  portal.all = [person('bob', 'owner', { location_ids: ['bakery'] })];
  const { element } = await people(portal);
  portal.setPlaces = async () => {
    portal.all = [person('bob', 'owner', { location_ids: ['bakery', 'books'] })];
    throw new AppError('conflict', 'Someone else changed these locations just now.');
  };
  const bob = rowOf('bob@');
  await bob.getByText('Change locations').click();
  await bob.getByLabelText('Harbour Street Bakery').click();
  await button(bob, 'Store locations').click();
  await settled(element);
  await expect.element(page.getByRole('alert')).toHaveTextContent('changed these locations');
  expect(text(element)).toContain('Sees Harbour Street Bakery, Canal Books.');
  await expect.element(bob.getByLabelText('Harbour Street Bakery')).toBeChecked();
});
