/**
 * The clean zone for real: the project's own SQL on PGlite, spoken to through supabase-js by the
 * Worker's own adapter. The test plays nothing but the network, which is a function call.
 */
import { readdir, readFile } from 'node:fs/promises';
import { App } from '@supabase/lite';
import { createPgliteConnection } from '@supabase/lite/pglite';
import { createClient, type SupabaseClient } from '@supabase/supabase-js';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EMPTY_COUNTS } from '../../shared/metrics/bucket.ts';
import type { Rollup, RollupStore } from '../domain/rollup.ts';
import { sharedTraffic } from '../domain/small-counts.ts';
import { syncRollups } from '../domain/sync.ts';
import { supabaseFootTraffic, supabasePlaceKeeper } from './foot-traffic.ts';

const URL_OF_NOBODY = 'http://127.0.0.1:1';
const PUBLISHABLE = `sb_publishable_${'p'.repeat(22)}_pppppppp`;
const SERVICE = `sb_secret_${'s'.repeat(18)}`;
const START_S = Date.UTC(2026, 9, 1) / 1000;

let fetchApp: typeof fetch;
let service: SupabaseClient;
let olga: SupabaseClient;
let olgaId: string;

beforeAll(async () => {
  const connection = await createPgliteConnection({ url: 'memory://' });
  const auth = { enabled: true, enable_signup: true, email: { enable_confirmations: false } };
  const keys = { publishable_key: PUBLISHABLE, secret_key: SERVICE, jwt_secret: 'x'.repeat(40) };
  const app = new App({ connection, auth: { ...auth, ...keys } });
  await app.ensureSystemSchema();
  await migrate(connection);
  fetchApp = async (input, init) => app.fetch(new Request(input, init));
  service = client(SERVICE);
  olga = client(PUBLISHABLE);
  const { data } = await olga.auth.signUp({ email: 'olga@example.net', password: 'only-a-test' });
  olgaId = data.user?.id ?? '';
}, 60_000);

type Connection = Awaited<ReturnType<typeof createPgliteConnection>>;

async function migrate(connection: Connection): Promise<void> {
  // As the embedded stack does for the roles that a migration names.
  for (const role of ['anon nologin', 'authenticated nologin', 'service_role nologin bypassrls']) {
    await connection.exec(`do $$ begin create role ${role};
      exception when duplicate_object then null; end $$`);
  }
  const folder = new URL('./migrations/', import.meta.url);
  for (const file of (await readdir(folder)).sort()) {
    await connection.exec(await readFile(new URL(file, folder), 'utf8'));
  }
}

beforeEach(async () => {
  await service.from('foot_traffic').delete().neq('location_id', '');
  await service.from('location_members').delete().neq('location_id', '');
  await service.from('foot_traffic_hourly').delete().neq('location_id', '');
});

function client(key: string): SupabaseClient {
  const auth = { persistSession: false, autoRefreshToken: false };
  return createClient(URL_OF_NOBODY, key, { auth, global: { fetch: fetchApp } });
}

function rollup(more: Partial<Rollup> = {}): Rollup {
  return { ...EMPTY_COUNTS, location_id: 'bakery', bucket_start_s: START_S, revision: 10, ...more };
}

const zone = (serviceKey: string | undefined = SERVICE) =>
  sharedTraffic(
    { all: async () => new Map([['kiosk', 5]]) },
    supabaseFootTraffic({ url: URL_OF_NOBODY, serviceKey, fetch: fetchApp }),
  );
const rows = async (who = service) => (await who.from('foot_traffic').select('*')).data ?? [];

describe('pushing', () => {
  test('the same key is one row, with what was pushed last', async () => {
    await zone().push([rollup({ visits: 3 }), rollup({ location_id: 'books' })]);
    await zone().push([rollup({ visits: 4, impressions: 9, revision: 11 })]);
    const found = await rows();
    expect(found).toHaveLength(2);
    const bakery = found.find((r) => r.location_id === 'bakery');
    expect(bakery).toMatchObject({ visits: 4, impressions: 9, revision: 11 });
    expect(Date.parse(bakery.bucket_start)).toBe(START_S * 1000);
  });

  test('a push that was overtaken changes nothing, and is no error', async () => {
    await zone().push([rollup({ visits: 4, revision: 11 })]);
    await zone().push([rollup({ visits: 3, revision: 10 }), rollup({ location_id: 'books' })]);
    const found = await rows();
    expect(found.find((r) => r.location_id === 'bakery')).toMatchObject({ visits: 4 });
    expect(found).toHaveLength(2);
  });

  test('unknown visits stay unknown', async () => {
    await zone().push([rollup({ visits: null }), rollup({ location_id: 'books', visits: 0 })]);
    const visits = new Map((await rows()).map((r) => [r.location_id, r.visits]));
    expect([visits.get('bakery'), visits.get('books')]).toEqual([null, 0]);
  });

  test('five hundred rows go in one push', async () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      rollup({ bucket_start_s: START_S + i * 300, visits: i }),
    );
    await zone().push(many);
    await zone().push(many);
    const { count } = await service
      .from('foot_traffic')
      .select('*', { count: 'exact', head: true });
    expect(count).toBe(500);
  });

  test('refusals are reported: a wrong key, no key, a row that does not fit', async () => {
    const wrong = { code: 'unavailable' };
    await expect(zone('sb_secret_wrong').push([rollup()])).rejects.toMatchObject(wrong);
    await expect(zone(PUBLISHABLE).push([rollup()])).rejects.toMatchObject(wrong);
    await expect(zone('').push([rollup()])).rejects.toMatchObject(wrong);
    const between = rollup({ bucket_start_s: START_S + 1 });
    await expect(zone().push([between])).rejects.toMatchObject(wrong);
    expect(await rows()).toEqual([]);
  });

  test('small counts of a location that wants it so stay out, and the row says so', async () => {
    const counts = { device_minutes: 40, dwell_0_1: 3, dwell_1_5: 37, rssi_near: 40, visits: 4 };
    const some = ['kiosk', 'bakery'].map((location_id) => rollup({ location_id, ...counts }));
    await zone().push(some);
    const [bakery, kiosk] = (await rows()).toSorted((a, b) =>
      a.location_id < b.location_id ? -1 : 1,
    );
    expect(bakery).toMatchObject({ ...counts, withheld: false });
    expect(kiosk).toMatchObject({
      ...{ device_minutes: 40, rssi_near: 40, dwell_0_1: null, dwell_1_5: null, visits: null },
      withheld: true,
    });
  });

  test('nothing that speaks of phones, sensors or units is there', async () => {
    await zone().push([rollup()]);
    const columns = Object.keys((await rows())[0] ?? {});
    expect(columns.length).toBe(17);
    expect(columns.join()).not.toMatch(/device_id|unit|mac|sensor|seq|firmware|readings/);
  });
});

test('a place is forgotten with its hours and its readers; the others stay', async () => {
  await zone().push([rollup(), rollup({ location_id: 'books' })]);
  const hours = ['bakery', 'books'].map((location_id) => {
    const { readings: _, ...counts } = EMPTY_COUNTS;
    return { ...counts, location_id, hour_start: '2026-10-01T00:00:00Z', revision: 1 };
  });
  const made = await service.from('foot_traffic_hourly').insert(hours);
  expect(made.error).toBeNull();
  const members = ['bakery', 'books'].map((location_id) => ({ location_id, user_id: olgaId }));
  await service.from('location_members').upsert(members);
  const keeper = (serviceKey: string) =>
    supabasePlaceKeeper({ url: URL_OF_NOBODY, serviceKey, fetch: fetchApp });
  const place = { location_id: 'bakery', device_ids: [] };
  await expect(keeper('sb_secret_wrong').forgetPlace(place)).rejects.toMatchObject({
    code: 'unavailable',
  });
  for (let time = 0; time < 2; time += 1) {
    await keeper(SERVICE).forgetPlace(place);
    for (const table of ['foot_traffic', 'foot_traffic_hourly', 'location_members']) {
      const { data } = await service.from(table).select('location_id');
      expect([table, data]).toEqual([table, [{ location_id: 'books' }]]);
    }
  }
});

test('a run of the sync puts what waits into the table', async () => {
  let waiting = [rollup({ visits: 1 }), rollup({ location_id: 'books', visits: 2 })];
  const store: RollupStore = {
    begin: async () => ({ target: 1, cursor: { location_id: '', bucket_start_s: 0 } }),
    dirty: async (_, limit) => waiting.slice(0, limit),
    advance: async () => {},
    async finish() {
      waiting = [];
    },
    countDirty: async () => waiting.length,
  };
  const report = await syncRollups(store, zone(), 1_800_000_000_000);
  expect(report).toEqual({ rollups_computed: 2, rows_synced: 2, rows_left: 0 });
  expect((await rows()).map((r) => r.visits).sort()).toEqual([1, 2]);
});

describe('row-level security', () => {
  beforeEach(async () => {
    await zone().push([rollup(), rollup({ location_id: 'books' })]);
    await service.from('location_members').insert([
      { location_id: 'bakery', user_id: olgaId },
      { location_id: 'books', user_id: '00000000-0000-4000-8000-000000000000' },
    ]);
  });

  test('people read their own locations, nobody else any', async () => {
    expect((await rows(olga)).map((r) => r.location_id)).toEqual(['bakery']);
    expect(await rows(client(PUBLISHABLE))).toEqual([]);
  });

  test('people see their own memberships only', async () => {
    const { data } = await olga.from('location_members').select('*');
    expect(data).toEqual([{ location_id: 'bakery', user_id: olgaId }]);
  });

  test('people write nothing, not even about their own location', async () => {
    const row = { ...(await rows(olga))[0], visits: 999, revision: 99 };
    const table = olga.from('foot_traffic');
    expect((await table.upsert(row)).error?.code).toBe('42501');
    const member = { location_id: 'books', user_id: olgaId };
    expect((await olga.from('location_members').insert(member)).error?.code).toBe('42501');
    await table.update({ visits: 999 }).eq('location_id', 'bakery');
    await table.delete().eq('location_id', 'bakery');
    expect((await rows()).map((r) => r.visits)).toEqual([null, null]);
  });
});
