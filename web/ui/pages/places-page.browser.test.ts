/** Locations as an administrator keeps them, and whom an owner lets look at his. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { LocationDetail } from '../../../shared/contracts/location.ts';
import { AppError } from '../../../shared/errors.ts';
import { Asked } from '../testing/asked.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './places-page.ts';
import './staff-page.ts';

const BAKERY = { id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' };
const button = (name: string) => page.getByRole('button', { name, exact: true });

async function places(place = '') {
  const asked = new Asked();
  const detail: LocationDetail = { ...BAKERY, address: null, latitude: null, longitude: null };
  const keeper = {
    places: () => asked.answer('places', [BAKERY]),
    place: (id: string) => asked.answer(`place ${id}`, detail),
    create: (wanted: LocationDetail) => asked.answer(JSON.stringify(wanted), wanted),
    change: (id: string, said: object) =>
      asked.answer(`change ${id} ${JSON.stringify(said)}`, { ...detail, ...said, id }),
    openingHours: async () => [{ weekday: 1, opens: '09:00', closes: '18:00' }],
    setOpeningHours: (id: string, times: readonly object[]) =>
      asked.answer(`hours ${id} ${times.length}`, [...times]),
  };
  const gone: string[] = [];
  const element = await mount('jb-places-page', {
    ...{ session: signedIn().session, keeper: keeper as never, place },
    go: (path: string) => void gone.push(path),
  });
  await settled(element);
  return { element, asked, gone };
}

test('a new location gets its id from its name', async () => {
  const { element, asked, gone } = await places();
  const link = page.getByRole('link', { name: 'Harbour Street Bakery' });
  await expect.element(link).toHaveAttribute('href', '/admin/places/bakery');
  await page.getByLabelText('Name').fill('Café Müller');
  await page.getByLabelText('Time zone').fill('Europe/Berlin');
  await page.getByLabelText('Latitude').fill('52,52');
  await page.getByLabelText('Longitude').fill('13.405');
  await button('Make it').click();
  await settled(element);
  expect(JSON.parse(asked.calls.at(-1) ?? '')).toEqual({
    ...{ id: 'cafe-muller', name: 'Café Müller', time_zone: 'Europe/Berlin', address: null },
    ...{ latitude: 52.52, longitude: 13.405 },
  });
  expect(gone).toEqual(['/admin/places/cafe-muller']);
});

test('a location is changed, and its opening hours; a refusal keeps what was typed', async () => {
  const { element, asked } = await places('bakery');
  await expect.element(page.getByRole('heading', { level: 1 })).toHaveTextContent(BAKERY.name);
  await page.getByLabelText('Address').fill('12 Harbour Street');
  asked.failing = new AppError('invalid', 'time_zone: must be a time zone like Europe/Berlin');
  await button('Store it').click();
  await settled(element);
  await expect.element(page.getByRole('alert')).toBeVisible();
  await expect.element(page.getByLabelText('Address')).toHaveValue('12 Harbour Street');
  asked.failing = null;
  await button('Store it').click();
  await settled(element);
  expect(asked.calls.at(-1)).toContain('"address":"12 Harbour Street"');
  expect(text(element)).toContain('Harbour Street Bakery is stored.');
  await expect.element(page.getByRole('heading', { name: 'Opening hours' })).toBeVisible();
  await expect.element(page.getByRole('checkbox').first()).toBeChecked();
  await page.getByRole('checkbox').nth(1).click();
  await page.getByRole('button', { name: /hours/i }).click();
  await settled(element);
  expect(asked.calls.at(-1)).toMatch(/^hours bakery 2$/);
});

test.each([
  ['Name', ' ', 'Give the location a name.'],
  ['Time zone', 'Berlin summer', 'There is no such time zone. Choose one of the list'],
  ['Latitude', '95', 'A latitude is a number from −90 to 90'],
  ['Longitude', 'east', 'A longitude is a number from −180 to 180'],
  ['Latitude', '52.52', 'Latitude and longitude belong together'],
  ['Address', 'x'.repeat(201), 'The address is too long: 200 characters at most.'],
])('%s “%s” is not sent: it says why, and what was typed stays', async (name, value, words) => {
  const { element, asked } = await places('bakery');
  await page.getByLabelText(name).fill(value);
  await button('Store it').click();
  await settled(element);
  expect(text(element)).toContain(words);
  expect(asked.calls.filter((call) => call.startsWith('change'))).toEqual([]);
  await expect.element(page.getByLabelText(name)).toHaveValue(value);
  expect(element.shadowRoot?.querySelectorAll('[aria-invalid=true]')).toHaveLength(1);
});

test('an owner lets somebody look, and takes him off', async () => {
  const asked = new Asked();
  const state = { staff: [{ user_id: 'id-sara', email: 'sara@example.net' }] };
  const keeper = {
    places: () => asked.answer('places', [BAKERY]),
    staff: async () => state.staff,
    letLook: (id: string, email: string) =>
      asked.answer(`let ${id} ${email}`, { user_id: 'x', email, role: 'staff', mailed: true }),
    endLook: (id: string, userId: string) => {
      state.staff = [];
      return asked.answer(`end ${id} ${userId}`, {});
    },
  };
  const session = signedIn('owner').session;
  const element = await mount('jb-staff-page', { session, keeper: keeper as never });
  await settled(element);
  await page.getByLabelText('E-mail').fill('sam@example.net');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(asked.calls).toContain('let bakery sam@example.net');
  expect(text(element)).toContain('A mail with a link is on its way to sam@example.net.');
  await button('Take off').click();
  await settled(element);
  await page.getByRole('group').getByRole('button', { name: 'Take off' }).click();
  await settled(element);
  expect(asked.calls).toContain('end bakery id-sara');
  expect(text(element)).toContain('Nobody looks but you.');
});

test.each(['staff', 'installer'] as const)(
  '%s is told that it is owners who name staff',
  async (role) => {
    const { session } = signedIn(role);
    const keeper = { places: async () => Promise.reject(new Error('nobody asks')) };
    const element = await mount('jb-staff-page', { session, keeper: keeper as never });
    await settled(element);
    expect(text(element)).toMatch(/^For owners You are signed in as \w+/);
    expect(element.renderRoot.querySelectorAll('form, button')).toHaveLength(0);
  },
);
