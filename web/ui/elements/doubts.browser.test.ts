import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { change, fired, focused, mount, text } from '../testing/mount.ts';
import './doubts.ts';
import type { Doubted } from './doubts.ts';

const reading = (changes: Partial<Doubted> = {}): Doubted => ({
  period_start: '2026-01-28T12:00:00.000Z',
  received_at: '2026-01-28T12:05:02.000Z',
  doubt: 'more visits than phones',
  counted: false,
  judged_at: null,
  impressions: 1200,
  device_minutes: 300,
  visits: null,
  ...changes,
});

test('nothing in doubt is said', async () => {
  const element = await mount('jb-doubts');
  expect(text(element)).toBe('Every reading of this unit counts.');
});

test('a reading says what is wrong with it, and whether it counts', async () => {
  const element = await mount('jb-doubts', { readings: [reading()] });
  expect(text(element)).toContain('28 Jan 2026, 12:00 UTC not counted');
  expect(text(element)).toContain('more visits than phones: – visits, 300 device-minutes, 1,200');
  await change(element, {
    readings: [reading({ doubt: null, counted: true, judged_at: '2026-01-29T08:00:00.000Z' })],
  });
  expect(text(element)).toContain('28 Jan 2026, 12:00 UTC counted');
  expect(text(element)).toContain('taken out by hand');
  expect(text(element)).toContain('judged 29 Jan 2026, 08:00 UTC');
});

test('the second click judges this very reading the other way', async () => {
  const later = reading({ period_start: '2026-01-28T12:05:00.000Z', counted: true });
  const element = await mount('jb-doubts', { readings: [later, reading()] });
  const events = fired(element, 'judge');
  for (const label of ['Count it', 'Leave it out']) {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('group').getByRole('button', { name: label }).click();
  }
  expect(events).toEqual([
    ['judge', { from: '2026-01-28T12:00:00.000Z', to: '2026-01-28T12:00:01.000Z', counted: true }],
    ['judge', { from: '2026-01-28T12:05:00.000Z', to: '2026-01-28T12:05:01.000Z', counted: false }],
  ]);
});

test('an open question stays with its reading when the list grows above it', async () => {
  const element = await mount('jb-doubts', { readings: [reading()] });
  const events = fired(element, 'judge');
  await page.getByRole('button', { name: 'Count it' }).click();
  const newer = reading({ period_start: '2026-01-28T13:00:00.000Z' });
  await change(element, { readings: [newer, reading()] });
  expect(focused()?.textContent).toBe('Cancel');
  await page.getByRole('group').getByRole('button', { name: 'Count it' }).click();
  expect(events).toMatchObject([['judge', { from: '2026-01-28T12:00:00.000Z' }]]);
});
