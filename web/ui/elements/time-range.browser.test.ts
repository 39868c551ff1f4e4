import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { change, drawn, fired, mount, text } from '../testing/mount.ts';
import './time-range.ts';

const OUT = 'Take out of the sums';
const IN = 'Put into the sums';

async function stretch() {
  const element = await mount('jb-time-range', { unit: 'JBNB0042' });
  return { element, events: fired(element, 'judge') };
}

async function fill(from: string, to: string): Promise<void> {
  await page.getByLabelText('From (UTC)').fill(from);
  await page.getByLabelText('To (UTC)').fill(to);
}

async function twice(label: string): Promise<void> {
  await page.getByRole('button', { name: label }).click();
  await page.getByRole('group').getByRole('button', { name: label }).click();
}

test.each([
  [OUT, false, 'count no more'],
  [IN, true, 'count then, doubted ones as well'],
])('%s: asks with unit and times, then judges', async (label, counted, words) => {
  const { element, events } = await stretch();
  await fill('2026-01-28T12:00', '2026-01-28T13:30');
  await page.getByRole('button', { name: label }).click();
  expect(text(element)).toContain(
    `All readings of JBNB0042 from 28 Jan 2026, 12:00 UTC to 28 Jan 2026, 13:30 UTC ${words}.`,
  );
  await page.getByRole('group').getByRole('button', { name: label }).click();
  expect(events).toEqual([
    ['judge', { from: '2026-01-28T12:00Z', to: '2026-01-28T13:30Z', counted }],
  ]);
});

test.each([
  ['', '2026-01-28T13:30', 'Both moments are needed.'],
  ['2026-01-28T13:30', '2026-01-28T13:30', '“From” is not before “to”.'],
  ['2026-01-01T00:00', '2026-02-28T00:00', 'That is longer than 31 days.'],
])('from %j to %j is not judged: %s', async (from, to, words) => {
  const { element, events } = await stretch();
  await fill(from, to);
  await twice(OUT);
  await expect.element(page.getByRole('alert')).toHaveTextContent(words);
  expect(events).toEqual([]);
  await fill('2026-01-28T12:00', '2026-01-28T13:30');
  await twice(OUT);
  await drawn(element);
  expect(events).toHaveLength(1);
  expect(element.shadowRoot?.querySelector('jb-notice')).toBeNull();
});

test('Enter in a field judges nothing and leaves the page where it is', async () => {
  const { events } = await stretch();
  await fill('2026-01-28T12:00', '2026-01-28T13:30');
  const before = location.href;
  (page.getByLabelText('To (UTC)').element() as HTMLInputElement).form?.requestSubmit();
  expect(location.href).toBe(before);
  expect(events).toEqual([]);
});

test('while one is judged no other is', async () => {
  const { element, events } = await stretch();
  await change(element, { busy: true });
  await page.getByRole('button', { name: OUT }).click({ force: true });
  await expect.element(page.getByRole('group')).not.toBeInTheDocument();
  expect(events).toEqual([]);
});
