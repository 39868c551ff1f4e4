import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { change, drawn, fired, focused, mount, settled, text } from '../testing/mount.ts';
import './prepare-form.ts';

const PLACES = [
  { id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' },
  { id: 'books', name: 'Mission Books', time_zone: 'America/Los_Angeles' },
];
const WRONG =
  'A device id is JBNB and four to eight digits, like JBNB0042; the digits alone do, too.';
const id = () => page.getByRole('textbox', { name: 'Device id' });
const again = () => page.getByRole('checkbox', { name: /^Test the link again/ });
const submit = () => page.getByRole('button', { name: 'Prepare unit' });

async function form(properties: Record<string, unknown> = {}) {
  const element = await mount('jb-prepare-form', { locations: PLACES, ...properties });
  return { element, events: fired(element, 'prepare') };
}

test('what was typed and chosen goes out as a request', async () => {
  const { events } = await form({ canSkip: true });
  await id().fill(' jbnb0042 ');
  await page.getByRole('combobox', { name: 'Location' }).selectOptions('Mission Books');
  await again().click();
  await submit().click();
  expect(events).toEqual([
    ['prepare', { deviceId: 'JBNB0042', proveAgain: true, inSeries: false, locationId: 'books' }],
  ]);
});

test('the digits alone will do, Enter sends, and no place is none', async () => {
  const { events } = await form();
  await id().fill('42');
  await userEvent.keyboard('{Enter}');
  expect(events).toEqual([
    ['prepare', { deviceId: 'JBNB0042', proveAgain: false, inSeries: false }],
  ]);
});

test('a long id is taken as it is; one with a digit apart is asked for again', async () => {
  const { element, events } = await form();
  await id().fill('jbnb 12345');
  await userEvent.keyboard('{Enter}');
  expect(events).toEqual([
    ['prepare', { deviceId: 'JBNB12345', proveAgain: false, inSeries: false }],
  ]);
  await id().fill('JBNB1234 5');
  await userEvent.keyboard('{Enter}');
  await drawn(element);
  await expect.element(id()).toHaveAccessibleDescription(WRONG);
  expect(events).toHaveLength(1);
});

test('a suggested id and location stand there, and go out', async () => {
  const { events } = await form({ deviceId: 'JBNB0042', place: 'books' });
  await submit().click();
  expect(events).toEqual([
    ['prepare', { deviceId: 'JBNB0042', proveAgain: false, inSeries: false, locationId: 'books' }],
  ]);
});

test('leaving the field shows the id as it was understood', async () => {
  await form();
  await id().fill('jbnb 0042');
  await userEvent.tab();
  await expect.element(id()).toHaveValue('JBNB0042');
  await expect.element(id()).toHaveAttribute('aria-invalid', 'false');
});

test('a wrong id is said when the field is left, until it is mended', async () => {
  const { element } = await form();
  await id().fill('JBNB42');
  expect(text(element)).not.toContain(WRONG);
  await userEvent.tab();
  await drawn(element);
  await expect.element(id()).toHaveAttribute('aria-invalid', 'true');
  await expect.element(id()).toHaveAccessibleDescription(WRONG);
  await id().fill('JBNB0042');
  await drawn(element);
  expect(text(element)).not.toContain(WRONG);
});

test('sent empty: nothing goes out, the field says so and has the focus', async () => {
  const { element, events } = await form();
  await submit().click();
  await drawn(element);
  expect(events).toEqual([]);
  expect(focused()?.id).toBe('id');
  expect(text(element)).toContain('Type the id that is printed on the unit’s label.');
});

test('what was typed over a suggested id is kept when places arrive', async () => {
  const { element } = await form({ deviceId: 'JBNB0007', locations: [] });
  await expect.element(id()).toHaveValue('JBNB0007');
  await id().fill('JBNB0008');
  await change(element, { locations: PLACES });
  await expect.element(id()).toHaveValue('JBNB0008');
});

test('phase 1 can be left out only where the link is proven', async () => {
  const { element, events } = await form();
  await expect.element(again()).not.toBeInTheDocument();
  await change(element, { canSkip: true });
  await expect.element(again()).not.toBeChecked();
  await again().click();
  await change(element, { canSkip: false });
  await id().fill('0042');
  await submit().click();
  expect(events).toEqual([
    ['prepare', { deviceId: 'JBNB0042', proveAgain: false, inSeries: false }],
  ]);
});

test('a series: the place of the unit before, the next free id, and all that follow', async () => {
  const { element, events } = await form({ place: 'books', canTake: true });
  const taken = fired(element, 'take');
  await page.getByRole('button', { name: 'Take the next free id' }).click();
  expect(taken).toHaveLength(1);
  await change(element, { deviceId: 'JBNB0007' });
  await page.getByRole('checkbox', { name: /^Go on with every unit/ }).click();
  await submit().click();
  const detail = { deviceId: 'JBNB0007', proveAgain: false, inSeries: true, locationId: 'books' };
  expect(events).toEqual([['prepare', detail]]);
});

test('places that this device remembers are said with their time', async () => {
  const { element } = await form({ asOf: Date.UTC(2026, 0, 28, 12) });
  await expect
    .element(page.getByTestId('locations-as-of'))
    .toHaveTextContent(/^Locations as of 2. Jan 2026, .+\.$/);
  await change(element, { asOf: null });
  await expect.element(page.getByTestId('locations-as-of')).not.toBeInTheDocument();
});

test('what can become no id is said while it is typed, not in the middle of one', async () => {
  const { element } = await form();
  for (const typed of ['J', 'jbnb', 'JBNB00', '004', 'jbnb 0042', 'JBNB0042']) {
    await id().fill(typed);
    await settled(element);
    expect(text(element), typed).not.toContain(WRONG);
  }
  for (const typed of ['K', 'JBNC', 'JBNB00X', '0042x', 'JBNB123456789']) {
    await id().fill(typed);
    await settled(element);
    expect(text(element), typed).toContain(WRONG);
    await id().fill('JBNB0042');
    await settled(element);
    expect(text(element), typed).not.toContain(WRONG);
  }
});
