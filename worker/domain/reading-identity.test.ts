/** Which period a reading belongs to and what makes it the same as another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reading } from '../../shared/contracts/reading.ts';
import { placeReading } from './reading-identity.ts';

const NOW_S = Date.UTC(2026, 10, 20, 12, 0, 0) / 1000;
const NOW_MS = NOW_S * 1000;
const DAY_S = 86_400;
const reading = (more: Partial<Reading>): Reading => ({
  d: 'JBNB0001',
  t: NOW_S,
  i: 1,
  u: 1,
  ...more,
});
const place = async (more: Partial<Reading>, nowMs = NOW_MS) => placeReading(reading(more), nowMs);

test.each(['2026-11-20T11:45:10Z', '2026-11-20T11:45:10', '2026-11-20T11:45:10.9+00:00'])(
  '%s is read as UTC, to the second',
  async (t) => {
    expect(await place({ t, ts: 1 })).toEqual({
      period_start_s: NOW_S - 890,
      variant: expect.stringMatching(/^[0-9a-f]{16}$/),
      exact_start_s: NOW_S - 890,
      may_be_off_s: null,
    });
  },
);

test.each([
  [NOW_S + 600, true],
  [NOW_S + 601, false],
  [NOW_S - 30 * DAY_S, true],
  [NOW_S - 30 * DAY_S - 1, false],
])('a synced period at %d', async (t, accepted) => {
  const placed = place({ t, ts: 1 });
  if (accepted) expect((await placed).period_start_s).toBe(t);
  else await expect(placed).rejects.toMatchObject({ code: 'invalid' });
});

test('a day that does not exist is refused, not moved to another day', async () => {
  const t = '2026-02-30T00:00:00Z';
  await expect(place({ t, ts: 1 })).rejects.toThrow('not a date that exists');
});

test('before 2024 a time is believed from a synced clock only, and is then too old', async () => {
  const t = Date.UTC(2023, 11, 31, 23, 59, 59) / 1000;
  expect((await place({ t })).period_start_s).toBe(NOW_S);
  expect((await place({ t: Date.UTC(2024, 0, 1) / 1000 }).catch((e) => e)).code).toBe('invalid');
  await expect(place({ t, ts: 1 })).rejects.toMatchObject({ code: 'invalid' });
});

test('unsynced: arrival less age, floored to five minutes', async () => {
  const placed = await place({ t: 300, ts: 0, age: 700 });
  expect(placed).toMatchObject({ period_start_s: NOW_S - 900, exact_start_s: NOW_S - 700 });
});

test('whatever the unit says, a period is accepted within bounds or explained', async () => {
  const said = fc.record(
    { t: fc.nat(4_102_444_800), ts: fc.constantFrom(0 as const, 1 as const), age: fc.nat(1e8) },
    { requiredKeys: ['t'] },
  );
  await fc.assert(
    fc.asyncProperty(said, async (more) => {
      const placed = await place(more).catch((error) => error);
      if (placed instanceof Error) expect(placed.message).toMatch(/^(t|age): is /);
      else {
        expect(placed.period_start_s).toBeLessThanOrEqual(NOW_S + 600);
        expect(placed.period_start_s).toBeGreaterThanOrEqual(NOW_S - 30 * DAY_S - 300);
      }
    }),
  );
});

const mark = async (more: Partial<Reading>) => (await place(more)).variant;
/** Everything that may be another in the next sending of the same reading. */
const SENDING = {
  cd: 3,
  sf: 2,
  age: 100,
  cell_rssi: -90,
  bat: 4,
  ack: 'x',
  bt: 7,
  fw: '5.4',
  of: 1,
};
const COUNTED = ['u', 'vis', 'occ', 'dwell_1_5', 'rssi_far', 'ble_i', 'ble_apple'] as const;
const RSSI = ['probe_rssi_avg', 'probe_rssi_min', 'ble_rssi_avg'] as const;

test.each([
  ['dated', { t: NOW_S, ts: 1 as const }],
  ['undated', { t: 300, ts: 0 as const }],
])('the mark of a %s reading follows its counts, not its sending', async (_name, when) => {
  const counted = { ...when, i: 5 };
  const first = await mark(counted);
  expect(await mark({ ...counted, ...SENDING })).toBe(first);
  expect(await mark({ ...counted, i: 6 })).not.toBe(first);
  for (const name of COUNTED) expect(await mark({ ...counted, [name]: 9 })).not.toBe(first);
  for (const name of RSSI) expect(await mark({ ...counted, [name]: -60 })).not.toBe(first);
});

test('a number is a reading’s mark; without a date, what else never changes as well', async () => {
  expect(await mark({ ts: 1, seq: 12 })).toBe('s12');
  expect(await mark({ ts: 1, seq: 12, vis: 3, i: 9 })).toBe('s12');
  const undated = { t: 300, ts: 0 as const, seq: 12 };
  const first = await mark(undated);
  expect(first).toMatch(/^u12-/);
  expect(await mark({ ...undated, ...SENDING, vis: 3 })).toBe(first);
  expect(await mark({ ...undated, t: 600 })).not.toBe(first);
  expect(await mark({ ...undated, i: 2 })).not.toBe(first);
  expect(await mark({ t: 300, ts: 0 })).not.toBe(await mark({ t: 600, ts: 0 }));
});

test('only an undated reading may have been placed elsewhere before', async () => {
  const off = async (more: Partial<Reading>) => (await place(more)).may_be_off_s;
  expect(await off({ ts: 1, seq: 1 })).toBe(null);
  expect(await off({ t: 300, ts: 0 })).toBe(60);
  expect(await off({ t: 300, ts: 0, seq: 1 })).toBe(30 * DAY_S);
});
