/**
 * What a unit cannot have counted, by the front door: answered like any other reading, kept out of
 * every sum, shown to people, and put in or taken out by an administrator's word alone.
 */

import { env } from 'cloudflare:workers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DoubtsPage, SumsAnswer } from '../../../shared/contracts/judgement.ts';
import { runJob } from '../../domain/job.ts';
import { syncAll } from '../../domain/sync.ts';
import { adaptersOf } from '../../services.ts';
import { keptReadings, sums } from '../../testing/kept.ts';
import { SupabaseTable, type TableRow } from '../../testing/supabase-table.ts';
import { addUnit, ask, askKey, freshWorld, iso, nowS, send } from '../../testing/world.ts';

const ID = 'JBNB0001';
/** Three days ago, at the begin of a bucket: late for the sync. */
/** Noon at the bakery, some days ago: a stretch from here crosses no midnight. */
const T = Math.floor(nowS() / 86_400) * 86_400 - 3 * 86_400 + 20 * 3600;
const DAY = new Date((T - 8 * 3600) * 1000).toISOString().slice(0, 10);

async function visitors(): Promise<number | null> {
  const response = await ask('olga', `/api/v1/locations/bakery/insights?day=${DAY}`);
  return (await response.json<{ visitors: number | null }>()).visitors;
}
const post = (more: object, t = T) =>
  send('/api/reading', { d: ID, t: iso(t), i: 50, u: 20, ts: 1, vis: 5, ...more });
const judge = async (counted: boolean, from = T, to = T + 300) => {
  const body = { from: iso(from), to: iso(to), counted };
  const response = await ask('ada', `/api/v1/units/${ID}/sums`, { method: 'PUT', body });
  expect(response.status).toBe(200);
  return (await response.json<SumsAnswer>()).changed;
};
const doubts = async () => {
  const response = await ask('ada', `/api/v1/units/${ID}/doubts`);
  return (await response.json<DoubtsPage>()).readings;
};
/** For a doubt; that these tests send more in a minute than a unit does is another reason. */
const isFlagged = async () => {
  const sql = `SELECT anomaly_reason FROM devices
    WHERE id = ? AND anomaly_reason LIKE '%not counted%'`;
  return await env.DB.prepare(sql).bind(ID).first<string | null>('anomaly_reason');
};

let zone: SupabaseTable;
const sync = () => syncAll(adaptersOf(env), Date.now());

beforeEach(async () => {
  zone = new SupabaseTable();
  await freshWorld();
  await addUnit(ID);
});

afterEach(() => void vi.restoreAllMocks());

describe('numbers that cannot stand together', () => {
  test.each([
    ['i below u', { i: 1, u: 60_000 }, 'fewer probe requests'],
    ['zones beyond u', { u: 4, rssi_near: 3, rssi_far: 2 }, 'in its zones'],
    ['stays beyond what it knew', { dwell_0_1: 500, dwell_1_5: 289 }, 'more stays'],
    ['vis beyond what it knew', { vis: 661 }, 'more visits'],
    ['vis beyond everything', { vis: 60_000 }, 'more visits'],
    ['u beyond the table', { i: 9999, u: 768 * 6 + 1 }, 'one interval'],
    ['i beyond the air', { i: 10_000_000 }, 'one interval'],
    ['visits beyond the table', { i: 9999, u: 4000, vis: 1200 }, 'one interval'],
    ['stays beyond the table', { vis: undefined, i: 9999, u: 900, dwell_0_1: 1500 }, 'interval'],
    ['Bluetooth beyond the table', { ble_i: 99_999, ble_u: 384 * 6 + 1 }, 'one interval'],
    ['Apple beyond Bluetooth, v6', { seq: 1, ble_u: 4, ble_apple: 5 }, 'Bluetooth'],
    [
      'Apple and others beyond Bluetooth',
      { seq: 1, ble_u: 4, ble_apple: 3, ble_other: 2 },
      'Bluetooth',
    ],
    ['Apple beyond Bluetooth, fw 5.3', { fw: '5.3', ble_u: 4, ble_apple: 5 }, 'Bluetooth'],
    ['Bluetooth devices beyond frames', { fw: '4.1', ble_i: 3, ble_u: 4 }, 'Bluetooth'],
  ])('%s', async (_name, numbers, words) => {
    const response = await post(numbers);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ status: 'ok', config_version: 1 });
    expect(await (await post(numbers)).json()).toMatchObject({ note: 'duplicate_ignored' });
    expect([(await keptReadings()).length, (await sums()).length]).toEqual([1, 0]);
    expect(await visitors()).toBeNull();
    expect(await isFlagged()).toMatch(
      new RegExp(`^reading of .* UTC not counted: .*${words.replace(/[()]/g, '.')}`),
    );
    expect(await doubts()).toMatchObject([{ counted: false, judged_at: null }]);
  });

  test.each([
    ['as large as the tables', { i: 9999, u: 768 * 6, vis: 1173 }],
    ['visits of the period before', { i: 0, u: 0, vis: 640 }],
    ['everybody leaves', { i: 0, u: 0, vis: 0, dwell_10plus: 768 }],
    ['devices that found no room', { i: 900, u: 1, of: 300, vis: 900 }],
    ['Apple counted raw, firmware 4.0', { fw: '4.0', ble_i: 3, ble_u: 4, ble_apple: 900 }],
    ['Apple counted raw, firmware unknown', { ble_u: 4, ble_apple: 900 }],
  ])('but not %s', async (_name, numbers) => {
    await post(numbers);
    expect([await isFlagged(), (await doubts()).length]).toEqual([null, 0]);
    expect((await sums()).length).toBe(1);
  });

  test('firmware is known from the heartbeat, too', async () => {
    await send('/api/heartbeat', { d: ID, v: '5.3' });
    await post({ ble_u: 4, ble_apple: 900 });
    expect(await isFlagged()).toContain('Bluetooth');
  });

  test('who reports by the hour may say what an hour holds, also from its cache', async () => {
    const hour = { i: 20_000, u: 9000, vis: 900 };
    await askKey('PUT', `/api/config/${ID}`, { report_interval_ms: 3_600_000 });
    await post(hour);
    await askKey('PUT', `/api/config/${ID}`, { report_interval_ms: 300_000 });
    await post(hour, T - 7200);
    expect([await isFlagged(), (await sums()).length]).toEqual([null, 2]);
  });
});

describe('the same seconds twice', () => {
  test('seventy readings of one period are taken as one', async () => {
    for (let seq = 1; seq <= 70; seq += 1) {
      expect((await post({ seq, vis: 15 })).status).toBe(201);
    }
    expect([(await keptReadings()).length, await visitors()]).toEqual([70, 15]);
    expect(await isFlagged()).toContain('more readings of the same time');
    expect((await doubts()).length).toBe(50);
  });

  test('seventy that begin a second apart are taken as six', async () => {
    for (let seq = 1; seq <= 70; seq += 1) await post({ seq }, T + seq);
    expect(await visitors()).toBe(30);
  });

  test('advertisements that an unknown firmware counted are bounded alike', async () => {
    for (let n = 0; n < 6; n += 1) await post({ ble_apple: 700_000 }, T + n);
    expect(await sums()).toMatchObject([{ ble_apple: 700_000 }]);
  });

  test('few that each say what the tables hold are taken as two', async () => {
    for (let n = 0; n < 6; n += 1) await post({ i: 9999, u: 2000, vis: 800 }, T + n);
    expect(await visitors()).toBe(1600);
  });

  test('seventy that name no time are bounded alike', async () => {
    for (let seq = 1; seq <= 70; seq += 1) {
      await send('/api/reading', { d: ID, t: seq, i: 50, u: 20, vis: 5, ts: 0, seq });
    }
    const visits = (await sums()).reduce((all, one) => all + Number(one.visits), 0);
    // The five minutes may change in between.
    expect(visits).toBeGreaterThan(0);
    expect(visits).toBeLessThanOrEqual(60);
  });

  test('an order to send at once, a restart and a clock set back stay in', async () => {
    for (const t of [T, T + 61, T + 65, T + 200]) await post({}, t);
    await post({ i: 51 });
    expect([await visitors(), await isFlagged()]).toEqual([25, null]);
  });

  test('another unit, or the same one before its new token, is no witness', async () => {
    await addUnit('JBNB0002', 'token-of-the-other-unit-abcdefghijklmnopqrst');
    for (let seq = 1; seq <= 3; seq += 1) await post({ seq });
    await send(
      '/api/reading',
      { d: 'JBNB0002', t: iso(T), i: 9, u: 4, vis: 2, ts: 1, seq: 1 },
      { token: 'token-of-the-other-unit-abcdefghijklmnopqrst' },
    );
    expect(await visitors()).toBe(7);
  });
});

describe('an administrator’s word', () => {
  test('takes readings out and puts them back, in D1 and in Supabase', async () => {
    await post({});
    await post({ vis: 4, i: 30 }, T + 100);
    await post({ vis: undefined, i: 7, u: 1 }, T + 400);
    await sync();
    const before = [...zone.rows];
    expect(await judge(false)).toBe(2);
    expect(await visitors()).toBeNull();
    expect((await sync()).rows_synced).toBe(1);
    expect(zone.rows.get(`bakery ${T}`)).toMatchObject({ visits: null, impressions: 0 });
    expect(await judge(false)).toBe(0);
    expect(await judge(true)).toBe(2);
    await sync();
    const unrevised = ([key, { revision: _r, ...row }]: [string, TableRow]) => [key, row];
    expect([...zone.rows].map(unrevised)).toEqual(before.map(unrevised));
    expect(await visitors()).toBe(9);
  });

  test('puts in what was in doubt, and what is sent again changes nothing', async () => {
    await post({ vis: 661 });
    expect(await judge(true)).toBe(1);
    await post({ vis: 661 });
    expect(await visitors()).toBe(661);
    expect(await doubts()).toMatchObject([{ counted: true, judged_at: expect.any(String) }]);
  });

  test('holds for what comes later, until it is taken back', async () => {
    await judge(false, T, T + 900);
    await judge(true, T + 300, T + 600);
    for (const t of [T, T + 300, T + 600, T + 900]) await post({}, t);
    expect([await visitors(), (await doubts()).length, await isFlagged()]).toEqual([10, 2, null]);
    expect(await doubts()).toMatchObject([{ doubt: expect.stringContaining('taken out') }, {}]);
    await judge(true, T, T + 900);
    await post({}, T + 60);
    expect(await visitors()).toBe(25);
  });

  test('says that a doubt was right; a flag taken away stays away', async () => {
    await post({ vis: 661 });
    expect(await judge(false)).toBe(1);
    expect(await judge(false)).toBe(0);
    await ask('ada', `/api/v1/units/${ID}/clear-anomaly`, { method: 'POST' });
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await post({ vis: 661 });
    expect(await isFlagged()).toBeNull();
  });

  test('is in the audit, with the stretch', async () => {
    await judge(false);
    const { changes } = await (await ask('ada', '/api/v1/audit')).json<{ changes: object[] }>();
    expect(changes).toMatchObject([
      { actor: 'id-ada', action: 'unit.sums', target: `unit:${ID}`, after: { counted: false } },
    ]);
  });

  test('may come through the admin API', async () => {
    await post({ vis: 661 });
    const body = { from: iso(T), to: iso(T + 1), counted: true };
    expect((await askKey('PUT', `/api/device/${ID}/sums`, body)).status).toBe(200);
    const list = await (await askKey('GET', `/api/device/${ID}/doubts`)).json<DoubtsPage>();
    expect([list.readings.length, await visitors()]).toEqual([1, 661]);
  });

  test('needs a stretch that makes sense', async () => {
    const put = (body: object) => ask('ada', `/api/v1/units/${ID}/sums`, { method: 'PUT', body });
    const [from, to] = [iso(T), iso(T + 300)];
    for (const body of [
      { from: to, to: from, counted: true },
      { from, to: iso(T + 32 * 86_400), counted: true },
      { from: '2026-02-30T00:00:00Z', to, counted: true },
      { from, to },
      { from, to, counted: 'no' },
    ]) {
      expect((await put(body)).status, JSON.stringify(body)).toBe(400);
    }
    const of = (id: string) => `/api/v1/units/${id}/sums`;
    const body = { from, to, counted: false };
    expect((await ask('ada', of('JBNB0999'), { method: 'PUT', body })).status).toBe(404);
  });

  test('lists doubts page by page', async () => {
    for (let n = 0; n < 5; n += 1) await post({ vis: 661 }, T + n);
    const first = await ask('ada', `/api/v1/units/${ID}/doubts?limit=3`);
    const page = await first.json<DoubtsPage>();
    const more = await ask('ada', `/api/v1/units/${ID}/doubts?cursor=${page.next_cursor}`);
    const rest = await more.json<DoubtsPage>();
    expect([page.readings.length, rest.readings.length, rest.next_cursor]).toEqual([3, 2, null]);
  });
});

test('an alert opens for it', async () => {
  await post({ vis: 661 });
  await runJob({ ...adaptersOf(env), footTraffic: { push: async () => {} } }, 'five_minutes');
  const { alerts } = await (await ask('olga', '/api/v1/alerts')).json<{ alerts: object[] }>();
  expect(alerts).toMatchObject([{ kind: 'anomaly', device_id: ID }]);
});
