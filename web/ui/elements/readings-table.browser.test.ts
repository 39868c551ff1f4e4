import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import type { ReadingEvent } from '../../app/unit-state.ts';
import { change, mount, text } from '../testing/mount.ts';
import './readings-table.ts';

const reading = (seq: number, changes: Partial<ReadingEvent> = {}): ReadingEvent =>
  ({
    ev: 'reading',
    at: Date.now(),
    seq,
    impressions: 1200,
    device_minutes: 300,
    queue: 0,
    ok: true,
    status: 200,
    ...changes,
  }) as ReadingEvent;

const rows = () => page.getByRole('row').elements().slice(1).map(text);

test('no reading yet: when one comes is said', async () => {
  const element = await mount('jb-readings-table');
  expect(text(element)).toContain('None yet. A unit sends one every five minutes');
  await expect.element(page.getByRole('table')).not.toBeInTheDocument();
});

test('the newest stands first, each with what became of it', async () => {
  const element = await mount('jb-readings-table', {
    readings: [
      reading(1),
      reading(2, { ok: false, status: 0, queue: 1 }),
      reading(3, { ok: false, status: 409 }),
    ],
  });
  expect(rows().map((row) => row.replace(/^\S+ /, ''))).toEqual([
    '3 1,200 300 0 refused (409)',
    '2 1,200 300 1 no answer, kept',
    '1 1,200 300 0 stored',
  ]);
  await change(element, { readings: [...element.readings, reading(4)] });
  expect(rows()[0]).toContain(' 4 ');
});

test('what the backend has seen, and what it has not', async () => {
  const status = {
    registered_at: '2026-01-28T12:00:00.000Z',
    first_heartbeat_at: null,
    first_reading_at: null,
    last_seen_at: null,
  } as UnitStatus;
  const element = await mount('jb-readings-table', { status });
  expect(text(element)).toContain('Registered 28 Jan 2026 First sign of life not yet');
  expect(text(element)).not.toContain('Receivers');
  for (const [broken_receivers, words] of [
    [['wifi'], 'Wi-Fi does not listen'],
    [['wifi', 'bluetooth'], 'Wi-Fi and Bluetooth do not listen'],
  ] as const) {
    await change(element, { status: { ...status, broken_receivers: [...broken_receivers] } });
    expect(text(element)).toContain(`Receivers ${words}`);
  }
});
