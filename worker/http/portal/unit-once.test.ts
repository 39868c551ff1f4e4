/** Changes of a unit sent twice, late, or made on what somebody else has changed since. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { addUnit, ask, count, freshWorld, giveWork, type Name } from '../../testing/world.ts';

const ID = 'JBNB0001';
const UNIT = `/api/v1/units/${ID}`;
const KEY = '0b7d3c1e-8f2a-4a86-9d55-3a1c0f1e2d4b';

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

interface Sent {
  key?: string;
  who?: Name;
  method?: string;
}

async function change(path: string, body: unknown, { key, who = 'olga', method }: Sent = {}) {
  const headers: Record<string, string> = key ? { 'Idempotency-Key': key } : {};
  const init = { method: method ?? 'PUT', headers, ...(body === undefined ? {} : { body }) };
  const response = await ask(who, `${UNIT}${path}`, init);
  const answer = await response.json<Record<string, unknown>>();
  return [response.status, answer] as const;
}
const post = (path: string, body: unknown, sent: Sent = {}) =>
  change(path, body, { ...sent, method: 'POST' });
const present = ([, { error }]: Awaited<ReturnType<typeof change>>) =>
  (error as { present?: unknown } | undefined)?.present;
const commands = async () =>
  (await env.DB.prepare('SELECT name, outcome FROM commands ORDER BY queued_s, id').all()).results;

describe('sent again with its key', () => {
  test('settings: one version, one trace, the first answer, whatever came between', async () => {
    const mine = () =>
      change('/config?if_version=1', { report_interval_ms: 600_000 }, { key: KEY });
    const first = await mine();
    expect(first).toMatchObject([200, { config_version: 2, report_interval_ms: 600_000 }]);
    await change('/config', { report_interval_ms: 900_000 }, { who: 'ada' });
    expect(await mine()).toEqual(first);
    expect(await change('/config?if_version=3', { dwell_short_threshold: 2 })).toMatchObject([
      200,
      { config_version: 4, report_interval_ms: 900_000 },
    ]);
    expect(await count('audit')).toBe(3);
  });

  test('ten at once are one', async () => {
    const all = Array.from({ length: 10 }, () =>
      change('/config?if_version=1', { report_interval_ms: 600_000 }, { key: KEY }),
    );
    for (const answer of await Promise.all(all))
      expect(answer).toMatchObject([200, { config_version: 2 }]);
    expect([await count('audit'), await count('kept_answers')]).toEqual([1, 1]);
  });

  test('a command is queued once, though the unit has fetched it by then', async () => {
    const send = () => post('/commands', { command: 'reboot' }, { key: KEY });
    const first = await send();
    expect(first).toMatchObject([202, { command: 'reboot' }]);
    await env.DB.prepare("UPDATE commands SET outcome = 'acked'").run();
    expect(await send()).toEqual(first);
    expect(await commands()).toEqual([{ name: 'reboot', outcome: 'acked' }]);
    expect(await count('audit')).toBe(1);
  });

  test('name, place, spot, service, flag: once, answered by the unit as it is', async () => {
    const here = { latitude: 37.8, longitude: -122.4 };
    const sends = [
      () => change('/name', { name: 'Door' }, { key: KEY }),
      () => change('/place', here, { key: KEY.replace('0', '1') }),
      () =>
        change('/status', { status: 'maintenance' }, { key: KEY.replace('0', '2'), who: 'ada' }),
      () => post('/clear-anomaly', undefined, { key: KEY.replace('0', '3'), who: 'ada' }),
    ];
    await env.DB.prepare("UPDATE devices SET anomaly_since_s = 7, anomaly_reason = 'odd'").run();
    for (const send of sends) expect((await send())[0]).toBe(200);
    await change('/name', { name: 'Window' });
    const flag = "UPDATE devices SET anomaly_since_s = 9, anomaly_reason = 'odd again'";
    await env.DB.prepare(flag).run();
    for (const send of sends) expect((await send())[1]).toMatchObject({ name: 'Window', ...here });
    expect((await sends[3]?.())?.[1]).toMatchObject({ anomaly: { reason: 'odd again' } });
    expect(await count('audit')).toBe(5);
  });

  test('what was refused was not done, and may come again with its key', async () => {
    const send = () =>
      change('/config', { report_interval_ms: 600_000 }, { key: KEY, who: 'ines' });
    expect((await send())[0]).toBe(403);
    await giveWork('ines');
    expect((await send())[0]).toBe(200);
    expect(
      (await change('/config', { report_interval_ms: 60_000 }, { key: KEY, who: 'ines' }))[0],
    ).toBe(400);
  });
});

describe('made on what somebody else has changed since', () => {
  test('settings: nothing is changed, and all that is set is told', async () => {
    await change('/config', { rssi_near_threshold: -70 }, { who: 'ada' });
    const late = await change('/config?if_version=1', { rssi_near_threshold: -60 }, { key: KEY });
    expect(late[0]).toBe(409);
    expect(present(late)).toMatchObject({ config_version: 2, rssi_near_threshold: -70 });
    expect(await count('kept_answers')).toBe(1);
    const same = await change('/config?if_version=1', { rssi_near_threshold: -70 });
    expect(same).toMatchObject([200, { config_version: 2 }]);
  });

  test('a name, a place, coordinates, service', async () => {
    const by = { who: 'ada' } as const;
    await change('/name', { name: 'Door' });
    await change('/status', { status: 'maintenance' }, by);
    await change('/place', { latitude: 1, longitude: 2 });
    await change('/place', { location_id: null }, by);
    const name = await change('/name', { name: 'Window', seen: null }, by);
    expect([name[0], present(name)]).toEqual([409, 'Door']);
    const status = await change('/status', { status: 'inactive', seen: 'active' }, by);
    expect([status[0], present(status)]).toEqual([409, 'maintenance']);
    const place = { location_id: null, latitude: 1, longitude: 2 };
    const back = { location_id: 'books', seen: { location_id: 'bakery' } };
    const moved = await change('/place', back, by);
    expect([moved[0], present(moved)]).toEqual([409, place]);
    const spot = { latitude: 5, longitude: 6, seen: { latitude: null, longitude: null } };
    const put = await change('/place', spot, by);
    expect([put[0], present(put)]).toEqual([409, place]);
    expect(await count('audit')).toBe(4);
  });

  test('what is as it is wanted already is no conflict; nor is a scan', async () => {
    await change('/name', { name: 'Door' });
    expect((await change('/name', { name: 'Door', seen: null }))[0]).toBe(200);
    await env.DB.prepare(
      "UPDATE devices SET latitude = 8, longitude = 9, place_source = 'automatic'",
    ).run();
    const spot = { latitude: 5, longitude: 6, seen: { latitude: null, longitude: null } };
    expect(await change('/place', spot)).toMatchObject([200, { latitude: 5 }]);
  });

  test('a flag for something else than was looked at stays', async () => {
    await env.DB.prepare(
      "UPDATE devices SET anomaly_since_s = 7, anomaly_reason = 'odd; and odder'",
    ).run();
    const by = { who: 'ada' } as const;
    const late = await post('/clear-anomaly?seen=odd', undefined, by);
    expect([late[0], present(late)]).toEqual([409, 'odd; and odder']);
    const seen = encodeURIComponent('odd; and odder');
    expect(await post(`/clear-anomaly?seen=${seen}`, undefined, by)).toMatchObject([
      200,
      { anomaly: null },
    ]);
    expect((await post('/clear-anomaly?seen=odd', undefined, by))[0]).toBe(200);
  });

  test('an installer does not bring back what an administrator has withdrawn', async () => {
    await giveWork('ines');
    await change('/status', { status: 'inactive' }, { who: 'ada' });
    const wish = { status: 'active', seen: 'maintenance' };
    const late = await change('/status', wish, { who: 'ines', key: KEY });
    expect([late[0], present(late)]).toEqual([409, undefined]);
    expect(await count('kept_answers')).toBe(1);
  });

  test('seen must be of what is changed', async () => {
    const wrong = { location_id: 'bakery', seen: { latitude: 1, longitude: 2 } };
    expect((await change('/place', wrong))[0]).toBe(400);
  });
});

test('a command that waited for more than an hour is not sent, unless it was before', async () => {
  const send = (agoS: number, key = KEY) =>
    post(`/commands?ago_s=${agoS}`, { command: 'reboot' }, { key });
  expect((await send(3601))[0]).toBe(409);
  expect(await commands()).toEqual([]);
  const first = await send(3600);
  expect(first[0]).toBe(202);
  expect(await send(172_800)).toEqual(first);
  expect(await commands()).toHaveLength(1);
  expect((await send(-1, KEY.replace('0', '1')))[0]).toBe(400);
});
