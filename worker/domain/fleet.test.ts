/** The fleet as people see it: whose units, what of them, and a day's quality at its edges. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Me, Role } from '../../shared/contracts/portal.ts';
import {
  type DetailRow,
  type FleetFilter,
  type FleetStore,
  listFleet,
  type RecentHeartbeat,
  type RecentReading,
  unitDetail,
} from './fleet.ts';

const NOW_MS = 1_000_000_500;
const NOW_S = 1_000_000;
const as = (role: Role): Me => ({
  ...{ user_id: `id-${role}`, email: 'a@example.net', role, second_factor: false },
});
const UNIT: DetailRow = {
  ...{ id: 'JBNB0001', name: null, location_id: 'bakery', location_name: 'Bakery' },
  ...{ status: 'active', anomaly_reason: null, anomaly_since_s: null, radio: 0, firmware: '6.0' },
  ...{ last_seen_s: NOW_S, cell_rssi_dbm: -90, battery_pct: null, latitude: 1, longitude: 2 },
  ...{ report_interval_s: 300, newest_signs: [0, 0, 0], mac: null, registered_s: 5 },
  ...{ first_heartbeat_s: null, first_reading_s: 6, config_version: 3, place_source: 'manual' },
  ...{ accuracy_m: null, config_since_ms: null, twin: null, time_zone: 'Etc/UTC' },
};
const reading = (n: number, more: Partial<RecentReading> = {}): RecentReading => ({
  ...{ period_start_s: NOW_S - n, received_s: NOW_S, overflow: 0, cached: 0, send_failures: 0 },
  ...{ age_s: null, cell_rssi_dbm: null, impressions: 31, device_minutes: 32, visits: 33 },
  ...{ is_counted: 1, ...more },
});

/** Units by id; `asked` remembers whose each question was. */
function storeOf(rows: readonly DetailRow[], readings: readonly RecentReading[] = []) {
  const asked: unknown[][] = [];
  const filters: FleetFilter[] = [];
  const store: FleetStore = {
    async list(filter) {
      filters.push(filter);
      return rows.filter(({ id }) => id > (filter.afterId ?? '')).slice(0, filter.limit);
    },
    async find(id, ownerId) {
      asked.push(['find', ownerId]);
      return rows.find((row) => row.id === id) ?? null;
    },
    async readings(_id, sinceS, limit, ownerId) {
      asked.push(['readings', ownerId, sinceS, limit]);
      return [...readings];
    },
    async heartbeats(_id, limit, ownerId) {
      asked.push(['heartbeats', ownerId, limit]);
      return [];
    },
  };
  return { store, asked, filters };
}

test.each<[Role, string | undefined, boolean]>([
  ['owner', 'id-owner', true],
  ['installer', undefined, false],
  ['admin', undefined, true],
])(
  '%s: every question is asked for %s; figures about people: %s',
  async (role, ownerId, figures) => {
    const { store, asked, filters } = storeOf([UNIT], [reading(1)]);
    const detail = await unitDetail(store, as(role), 'JBNB0001', NOW_MS);
    expect(asked).toEqual([
      ['find', ownerId],
      ['readings', ownerId, NOW_S - 86_400, 1500],
      ['heartbeats', ownerId, 14],
    ]);
    expect(detail.readings[0]?.figures).toEqual(
      figures ? { impressions: 31, device_minutes: 32, visits: 33 } : undefined,
    );
    if (!figures) expect(JSON.stringify(detail)).not.toMatch(/\b3[123]\b/);
    await listFleet(store, as(role), { limit: 5, text: '' }, NOW_MS);
    expect(filters).toMatchObject([{ ownerId, text: undefined, limit: 6 }]);
  },
);

test('a unit that is not there for him is asked for nothing more', async () => {
  const { store, asked } = storeOf([]);
  await expect(unitDetail(store, as('owner'), 'JBNB0001', NOW_MS)).rejects.toMatchObject({
    code: 'not_found',
  });
  expect(asked).toEqual([['find', 'id-owner']]);
});

test.each([1, 2, 3, 4, 5])('pages of %i list each unit once', async (limit) => {
  const ids = ['JBNB0001', 'JBNB0002', 'JBNB0003', 'JBNB0004'];
  const { store } = storeOf(ids.map((id) => ({ ...UNIT, id })));
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = { limit, cursor: cursor ?? undefined };
    const page = await listFleet(store, as('admin'), query, NOW_MS);
    seen.push(...page.units.map(({ device_id }) => device_id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(ids);
});

test.each<[Partial<RecentReading>, string]>([
  [{}, 'OK'],
  [{ overflow: null, cached: null, send_failures: null }, 'OK'],
  [{ send_failures: 3 }, 'OK'],
  [{ send_failures: 4 }, 'DEGRADED'],
  [{ cached: 1 }, 'CATCHING UP'],
  [{ cached: 1, overflow: 1 }, 'DEGRADED'],
])('a reading with %j is %s, in the list and in the day', async (more, quality) => {
  const { store } = storeOf([UNIT], [reading(1, more)]);
  const { readings, last_day } = await unitDetail(store, as('admin'), 'JBNB0001', NOW_MS);
  expect(readings[0]?.quality).toBe(quality);
  expect(last_day).toEqual({
    ...{ expected: 288, received: 1, ok: quality === 'OK' ? 1 : 0 },
    ...{ catching_up: quality === 'CATCHING UP' ? 1 : 0, degraded: quality === 'DEGRADED' ? 1 : 0 },
  });
});

test('forty-eight readings are shown, and all of the day are counted', async () => {
  const all = Array.from({ length: 60 }, (_, n) => reading(n, { is_counted: n === 0 ? 0 : 1 }));
  const { store } = storeOf([{ ...UNIT, report_interval_s: 3600 }], all);
  const { readings, last_day } = await unitDetail(store, as('admin'), 'JBNB0001', NOW_MS);
  expect(readings).toHaveLength(48);
  expect(readings.map(({ counted }) => counted).slice(0, 2)).toEqual([false, true]);
  expect(last_day).toMatchObject({ expected: 24, received: 60, ok: 60 });
});

test.each<[Partial<DetailRow>, object]>([
  [{ last_seen_s: null }, { state: 'new', last_seen_at: null }],
  [{ last_seen_s: NOW_S - 900 }, { state: 'online' }],
  [{ last_seen_s: NOW_S - 901 }, { state: 'late' }],
  [{ last_seen_s: NOW_S - 901, report_interval_s: 600 }, { state: 'online' }],
  [{ last_seen_s: NOW_S - 86_400 }, { state: 'silent' }],
  [{ anomaly_reason: 'x' }, { anomaly: null }],
  [{ anomaly_since_s: 0 }, { anomaly: { reason: '', since: '1970-01-01T00:00:00.000Z' } }],
  [{ newest_signs: null }, { quality: null }],
  [{ newest_signs: [null, 2, null] }, { quality: 'CATCHING UP' }],
  [{ radio: 0 }, { broken_receivers: [] }],
])('%j is told as %j', async (more, told) => {
  const { store } = storeOf([{ ...UNIT, ...more }]);
  const { units } = await listFleet(store, as('admin'), { limit: 1 }, NOW_MS);
  expect(units[0]).toMatchObject(told);
});

describe('a detail', () => {
  const detailOf = async (
    more: Partial<DetailRow>,
    { role = 'admin' as Role, nowMs = NOW_MS, readings = [] as RecentReading[] } = {},
  ) => unitDetail(storeOf([{ ...UNIT, ...more }], readings).store, as(role), UNIT.id, nowMs);

  // 0 is a moment and a number, null is none
  test.each<[Partial<DetailRow>, object]>([
    [{ registered_s: 0 }, { registered_at: '1970-01-01T00:00:00.000Z' }],
    [{ first_heartbeat_s: 0 }, { first_heartbeat_at: '1970-01-01T00:00:00.000Z' }],
    [{ first_heartbeat_s: null }, { first_heartbeat_at: null }],
    [{ first_reading_s: 61 }, { first_reading_at: '1970-01-01T00:01:01.000Z' }],
    [{ first_reading_s: null }, { first_reading_at: null }],
    [
      { battery_pct: 0, cell_rssi_dbm: 0 },
      { battery_pct: 0, cell_rssi_dbm: 0 },
    ],
    [
      { latitude: 0, longitude: 0, accuracy_m: 0 },
      { latitude: 0, longitude: 0, accuracy_m: 0 },
    ],
    [
      { place_source: null, time_zone: null },
      { place_source: null, time_zone: null },
    ],
    [{ config_version: 1, mac: '02:00:00:00:00:01' }, { config_version: 1 }],
    [
      { status: 'inactive', last_seen_s: null },
      { status: 'inactive', state: 'new' },
    ],
    [{ report_interval_s: 60 }, { last_day: { expected: 1440 } }],
    [{ report_interval_s: 3600 }, { last_day: { expected: 24 } }],
    // what does not divide a day is expected as often as it fits
    [{ report_interval_s: 7000 }, { last_day: { expected: 12 } }],
    [{ radio: 1 }, { broken_receivers: ['wifi'] }],
    [{ radio: 2 }, { broken_receivers: ['bluetooth'] }],
    [{ radio: 3 }, { broken_receivers: ['wifi', 'bluetooth'] }],
    // a bit of a receiver that this backend does not know is no receiver
    [{ radio: 4 }, { broken_receivers: [] }],
  ])('of %j says %j', async (more, told) => {
    expect(await detailOf(more)).toMatchObject(told);
  });

  test('says of a unit heard after our now that it is online, not late', async () => {
    for (const ahead of [1, 600, 86_400]) {
      expect((await detailOf({ last_seen_s: NOW_S + ahead })).state).toBe('online');
    }
  });

  test('asks for a day that ends now, whatever part of a second it is', async () => {
    for (const ms of [0, 1, 499, 999]) {
      const { store, asked } = storeOf([UNIT]);
      await unitDetail(store, as('admin'), UNIT.id, NOW_S * 1000 + ms);
      expect(asked[1]).toEqual(['readings', undefined, NOW_S - 86_400, 1500]);
    }
  });

  test('has heartbeats to the millisecond, and nothing of how they are kept', async () => {
    const { store } = storeOf([UNIT]);
    const said = { firmware: '6.0', battery_pct: 0 } as object;
    store.heartbeats = async () =>
      [5, 0].map((received_ms) => ({ ...said, received_ms })) as RecentHeartbeat[];
    const { heartbeats } = await unitDetail(store, as('installer'), UNIT.id, NOW_MS);
    expect(heartbeats).toEqual([
      { ...said, received_at: '1970-01-01T00:00:00.005Z' },
      { ...said, received_at: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  test('classes each reading of the day once', async () => {
    const sign = fc.option(fc.integer({ min: 0, max: 5 }));
    const signs = fc.record({ overflow: sign, cached: sign, send_failures: sign });
    await fc.assert(
      fc.asyncProperty(fc.array(signs, { maxLength: 60 }), async (all) => {
        const readings = all.map((more, n) => reading(n, more));
        const { last_day, readings: shown } = await detailOf({}, { readings });
        const { received, ok, catching_up, degraded } = last_day;
        expect([received, ok + catching_up + degraded]).toEqual([all.length, all.length]);
        const isBad = all.filter((s) => (s.overflow ?? 0) > 0 || (s.send_failures ?? 0) > 3);
        expect(degraded).toBe(isBad.length);
        // shown are the first of them, in the store's order, signs as they were
        expect(shown.map(({ of, cd, sf }) => [of, cd, sf])).toEqual(
          all.slice(0, 48).map((s) => [s.overflow, s.cached, s.send_failures]),
        );
      }),
    );
  });

  test('is not given in part when a question fails', async () => {
    for (const name of ['find', 'readings', 'heartbeats'] as const) {
      const { store } = storeOf([UNIT]);
      Object.assign(store, { [name]: () => Promise.reject(new Error(`${name} lost`)) });
      await expect(unitDetail(store, as('admin'), UNIT.id, NOW_MS)).rejects.toThrow(name);
    }
  });
});

test('what somebody looks for reaches the store as it is, but for no text', async () => {
  const { store, filters } = storeOf([]);
  const query = { limit: 9, cursor: 'JBNB0007', location_id: 'books', text: "%_' OR 1=1" };
  for (const state of ['new', 'online', 'late', 'silent', 'anomalous', undefined] as const) {
    expect(await listFleet(store, as('installer'), { ...query, state }, NOW_MS)).toEqual({
      ...{ units: [], next_cursor: null },
    });
    expect(filters.at(-1)).toEqual({
      ...{ state, locationId: 'books', text: "%_' OR 1=1", afterId: 'JBNB0007', limit: 10 },
      ownerId: undefined,
    });
  }
});
