/** Alerts over real D1: lists in pages of any size, who knew first, mails that run late. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Alert } from '../../shared/contracts/alert.ts';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { acknowledgeAlert, listAlerts } from './alert.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const person = (name: string, role: 'owner' | 'admin') => ({
  ...{ user_id: `id-${name}`, email: `${name}@example.net`, role, second_factor: false },
});
const OLGA = person('olga', 'owner');
const ADA = person('ada', 'admin');
const NOW_MS = 2_000_000;

/** Three units at the bakery and one at the books, with alerts that begin at the same seconds. */
async function fresh() {
  await freshWorld();
  const places = ['bakery', 'bakery', 'bakery', 'books'];
  for (const [n, at] of places.entries()) await addUnit(`JBNB000${n}`, `${n}`.repeat(43), at);
  await env.DB.prepare(
    `INSERT INTO alerts (device_id, kind, started_s, detail, ended_s)
     SELECT d.id, k.value, s.value, 'more than it should', CASE WHEN s.value = 7 THEN 9 END
     FROM devices AS d, json_each('["silent", "anomaly"]') AS k, json_each('[7, 8]') AS s`,
  ).run();
  return d1Stores(env.DB);
}
const nameOf = ({ device_id, kind, started }: Alert) => `${started} ${device_id} ${kind}`;

test.each([1, 2, 3, 7, 8, 11, 12, 13])('pages of %i: each alert once, in order', async (limit) => {
  const { alerts } = await fresh();
  for (const [who, state, expected] of [
    [ADA, 'all', 16],
    [ADA, 'open', 8],
    [OLGA, 'all', 12],
    [OLGA, 'open', 6],
  ] as const) {
    const seen: Alert[] = [];
    let cursor: string | null | undefined;
    for (let pages = 0; cursor !== null && pages < 99; pages += 1) {
      const page = await listAlerts(alerts, who, { state, limit, cursor: cursor ?? undefined });
      seen.push(...page.alerts);
      cursor = page.next_cursor;
    }
    expect(seen).toHaveLength(expected);
    expect(seen.map(nameOf)).toEqual([...new Set(seen.map(nameOf))].sort().reverse());
    if (who === OLGA) expect(seen.every((a) => a.location_id === 'bakery')).toBe(true);
    if (state === 'open') expect(seen.every((a) => a.ended_at === null)).toBe(true);
  }
});

test('of one unit only its own, and of another owner’s none', async () => {
  const { alerts } = await fresh();
  const of = (who: typeof OLGA | typeof ADA, device_id: string) =>
    listAlerts(alerts, who, { state: 'all', limit: 50, device_id });
  const own = (await of(OLGA, 'JBNB0001')).alerts;
  expect(own).toHaveLength(4);
  expect(new Set(own.map((a) => a.device_id))).toEqual(new Set(['JBNB0001']));
  expect((await of(ADA, 'JBNB0003')).alerts).toHaveLength(4);
  expect((await of(OLGA, 'JBNB0003')).alerts).toEqual([]);
});

const ID = { device_id: 'JBNB0001', kind: 'silent', started_s: 8 } as const;
const know =
  (who: typeof OLGA | typeof ADA, nowMs = NOW_MS) =>
  (ports: Awaited<ReturnType<typeof fresh>>) =>
    acknowledgeAlert(ports.alerts, { person: who, nowMs }, ID);

test('another owner’s alert is as none, and stays unknown', async () => {
  const ports = await fresh();
  for (const id of [ID, { ...ID, started_s: 6 }]) {
    const who = { person: person('otto', 'owner'), nowMs: NOW_MS };
    await expect(acknowledgeAlert(ports.alerts, who, id)).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no such alert.',
    });
  }
  expect(await count('audit')).toBe(0);
});

test('the first who knew it counts, with one trace, whatever fails or comes between', async () => {
  const row = { acknowledged_by: 'id-olga', acknowledged_at: '1970-01-01T00:33:20.000Z' };
  await eachFailure(fresh, know(OLGA), async (_broken, ports) => {
    expect(await know(OLGA)(ports)).toMatchObject(row);
    expect(await know(ADA, NOW_MS + 5000)(ports)).toMatchObject(row);
    expect(await count('audit')).toBe(1);
  });
  await eachInterruption(fresh, know(OLGA), know(ADA), async (_before, outcomes) => {
    const by = outcomes.map((o) => (o.status === 'fulfilled' ? (o.value as Alert) : null));
    expect(by[0]?.acknowledged_by).toBe(by[1]?.acknowledged_by);
    expect(await count('audit')).toBe(1);
  });
});

test('more words while the mail goes out: they are mailed next', async () => {
  const { silence } = await fresh();
  const mailed = await silence.unmailed(99);
  const more =
    "UPDATE alerts SET detail = 'and more', mailed_s = NULL WHERE device_id = 'JBNB0001'";
  await env.DB.prepare(more).run();
  await silence.markMailed(mailed, 10, 'ada@example.net');
  const left = await silence.unmailed(99);
  expect(new Set(left.map(({ device_id }) => device_id))).toEqual(new Set(['JBNB0001']));
});

test('known while the mail goes out: no mail says that it is over', async () => {
  const { silence, alerts } = await fresh();
  await env.DB.prepare("UPDATE alerts SET kind = 'credential' WHERE kind = 'anomaly'").run();
  const mailed = await silence.unmailed(99);
  const id = { ...ID, kind: 'credential' } as const;
  await acknowledgeAlert(alerts, { person: OLGA, nowMs: NOW_MS }, id);
  await silence.markMailed(mailed, 10, 'ada@example.net');
  expect(await silence.unmailed(99)).toEqual([]);
});
