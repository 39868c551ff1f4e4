/** Many units at once, by the front door: whose, what became of each, once, and never too many. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  ACTION_UNITS_MAX,
  type FleetActionAnswer,
  type TuningAnswer,
} from '../../../shared/contracts/fleet-action.ts';
import { servicesOf } from '../../services.ts';
import {
  type Asking,
  addStaff,
  addUnit,
  ask,
  BOOKS,
  count,
  freshWorld,
  get,
  giveWork,
  queue,
  queueUntold,
  send,
  TOKEN,
} from '../../testing/world.ts';

const KEY = '0b7d3c1e-8f2a-4a86-9d55-3a1c0f1e2d4b';
const [ONE, TWO, OTTOS, NONE] = ['JBNB0001', 'JBNB0002', 'JBNB0003', 'JBNB0999'] as const;
const TEN_MINUTES = { report_interval_ms: 600_000 };

beforeEach(async () => {
  await freshWorld();
  await addUnit(ONE);
  await addUnit(TWO);
  await addUnit(OTTOS, TOKEN, BOOKS.id);
});

const headersOf = (key: string | null): Record<string, string> =>
  key ? { 'Idempotency-Key': key } : {};
const setAs = (who: Asking, units: unknown, config: unknown, key: string | null = null) =>
  ask(who, '/api/v1/fleet/config', {
    method: 'PUT',
    body: { units, config },
    headers: headersOf(key),
  });
const tellAs = (who: Asking, units: unknown, command: string, key: string | null = null) =>
  ask(who, '/api/v1/fleet/commands', { body: { units, command }, headers: headersOf(key) });
const units = (...ids: string[]) => ids.map((device_id) => ({ device_id }));

async function outcomes(answer: Promise<Response>): Promise<string[]> {
  const response = await answer;
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json<FleetActionAnswer>()).units.map(({ outcome }) => outcome);
}
async function tuning(who: Asking, ...ids: string[]): Promise<TuningAnswer['units']> {
  const response = await ask(who, `/api/v1/fleet/tuning?units=${ids.join(',')}`);
  expect(response.status).toBe(200);
  return (await response.json<TuningAnswer>()).units;
}
const versionOf = async (id: string) =>
  (await ask('ada', `/api/v1/units/${id}/config`)).json<{ config_version: number }>();
async function traces() {
  const sql = 'SELECT actor, action, target, before_json, after_json FROM audit ORDER BY id';
  return (await env.DB.prepare(sql).all()).results;
}

describe('whose units', () => {
  test('an owner’s own; one of others is as one that is not there', async () => {
    expect(await outcomes(setAs('olga', units(ONE, OTTOS, NONE, TWO), TEN_MINUTES))).toEqual([
      ...(['done', 'not_found', 'not_found', 'done'] as const),
    ]);
    expect(await outcomes(tellAs('olga', [OTTOS, NONE], 'reboot'))).toEqual([
      'not_found',
      'not_found',
    ]);
    expect((await tuning('olga', ONE, OTTOS, NONE)).map((u) => u.device_id)).toEqual([ONE]);
    expect(await versionOf(OTTOS)).toMatchObject({
      config_version: 1,
      report_interval_ms: 300_000,
    });
    expect(await count('commands')).toBe(0);
    expect((await traces()).map(({ target }) => target)).toEqual([`unit:${ONE}`, `unit:${TWO}`]);
  });

  test('an installer’s, where there is work for him; the others he sees and may not', async () => {
    await giveWork('ines', BOOKS.id);
    expect(await outcomes(tellAs('ines', [ONE, OTTOS], 'reboot'))).toEqual(['forbidden', 'done']);
    expect(await outcomes(setAs('ines', units(OTTOS, TWO), TEN_MINUTES))).toEqual([
      'done',
      'forbidden',
    ]);
    const seen = await tuning('ines', ONE, OTTOS);
    expect(seen.map((u) => [u.device_id, u.may_change])).toEqual([
      [ONE, false],
      [OTTOS, true],
    ]);
  });

  test('staff has none of it', async () => {
    await addStaff();
    expect((await setAs('sara', units(ONE), TEN_MINUTES)).status).toBe(403);
    expect((await tellAs('sara', [ONE], 'send_now')).status).toBe(403);
    expect((await ask('sara', `/api/v1/fleet/tuning?units=${ONE}`)).status).toBe(403);
    expect(await traces()).toEqual([]);
  });

  test('a command that waits from the time of other owners is not told', async () => {
    await queueUntold(ONE, 'c0ffee00', 'reboot');
    await env.DB.prepare("UPDATE commands SET location_id = 'books'").run();
    expect(await tuning('olga', ONE)).toMatchObject([{ waiting: null }]);
    expect(await tuning('ada', ONE)).toMatchObject([{ waiting: 'reboot' }]);
  });
});

describe('a configuration', () => {
  test('only what is named changes, each unit keeps its own, and each has its trace', async () => {
    await setAs('olga', units(TWO), { dwell_long_threshold: 20 });
    await env.DB.prepare('DELETE FROM audit').run();
    expect(await outcomes(setAs('olga', units(ONE, TWO), TEN_MINUTES))).toEqual(['done', 'done']);
    expect(await versionOf(ONE)).toMatchObject({ config_version: 2, dwell_long_threshold: 10 });
    expect(await versionOf(TWO)).toMatchObject({ config_version: 3, dwell_long_threshold: 20 });
    const [before_json, after_json] = [300_000, 600_000].map((report_interval_ms) =>
      JSON.stringify({ report_interval_ms }),
    );
    const trace = { actor: 'id-olga', action: 'unit.config', before_json, after_json };
    expect(await traces()).toEqual([ONE, TWO].map((id) => ({ ...trace, target: `unit:${id}` })));
  });

  test('the unit hears of it with its next answer, and fetches it', async () => {
    await setAs('olga', units(ONE), TEN_MINUTES);
    const answer = await send('/api/heartbeat', { d: ONE, v: '6.0.0' });
    expect(await answer.json()).toMatchObject({ config_version: 2 });
    expect(await (await get(`/api/config/${ONE}?d=${ONE}`)).json()).toMatchObject(TEN_MINUTES);
  });

  test('who has it already is left, who cannot have it is named, the rest goes on', async () => {
    await setAs('olga', units(ONE), { rssi_near_threshold: -60 });
    await setAs('olga', units(TWO), { rssi_immediate_threshold: -60 });
    const before = await count('audit');
    expect(
      await outcomes(setAs('olga', units(ONE, TWO, NONE), { rssi_near_threshold: -60 })),
    ).toEqual(['unchanged', 'invalid', 'not_found']);
    expect(await count('audit')).toBe(before);
    const seen = await tuning('olga', ONE, TWO);
    expect(seen.map(({ changed, config_version }) => [changed, config_version])).toEqual([
      [{ rssi_near_threshold: -60 }, 2],
      [{ rssi_immediate_threshold: -60 }, 2],
    ]);
  });

  test('two people at once: who looked before the other is told so, unit by unit', async () => {
    await setAs('ada', units(TWO), { dwell_long_threshold: 20 });
    const asSeen = [
      { device_id: ONE, if_version: 1 },
      { device_id: TWO, if_version: 1 },
    ];
    expect(await outcomes(setAs('olga', asSeen, TEN_MINUTES))).toEqual(['done', 'conflict']);
    expect(await versionOf(TWO)).toMatchObject({ config_version: 2, report_interval_ms: 300_000 });
    // Who wanted the same is in nobody's way.
    expect(await outcomes(setAs('olga', asSeen, { dwell_long_threshold: 20 }))).toEqual([
      'conflict',
      'unchanged',
    ]);
  });

  test('at the same moment, nothing of either goes under', async () => {
    const fields = [TEN_MINUTES, { dwell_long_threshold: 20 }, { dwell_medium_threshold: 8 }];
    const both = fields.map((config) => outcomes(setAs('olga', units(ONE, TWO), config)));
    expect(await Promise.all(both)).toEqual(fields.map(() => ['done', 'done']));
    for (const id of [ONE, TWO]) {
      expect(await versionOf(id)).toMatchObject({
        ...Object.assign({}, ...fields),
        config_version: 4,
      });
    }
    expect(await count('audit')).toBe(6);
  });
});

describe('a command', () => {
  test('goes to each with its next answer, in place of what waited', async () => {
    await queue(ONE, 'c0ffee00', 'reboot');
    expect(await tuning('olga', ONE, TWO)).toMatchObject([
      { waiting: 'reboot', status: 'active' },
      { waiting: null },
    ]);
    expect(await outcomes(tellAs('olga', [ONE, TWO], 'send_now'))).toEqual(['done', 'done']);
    for (const id of [ONE, TWO]) {
      const answer = await send('/api/heartbeat', { d: id, v: '6.0.0' });
      expect(await answer.json()).toMatchObject({ command: 'send_now' });
    }
    const sql = 'SELECT device_id, name, outcome, queued_by FROM commands ORDER BY device_id, name';
    expect((await env.DB.prepare(sql).all()).results).toEqual([
      { device_id: ONE, name: 'reboot', outcome: 'superseded', queued_by: 'system' },
      { device_id: ONE, name: 'send_now', outcome: null, queued_by: 'id-olga' },
      { device_id: TWO, name: 'send_now', outcome: null, queued_by: 'id-olga' },
    ]);
    expect((await traces()).map(({ action }) => action)).toEqual(['unit.command', 'unit.command']);
  });

  test('one that expired waits no more', async () => {
    await queueUntold(ONE, 'c0ffee00', 'reboot', -60);
    expect(await tuning('olga', ONE)).toMatchObject([{ waiting: null }]);
  });
});

describe('sent again with its key', () => {
  test('it has one effect and the same answer', async () => {
    const first = await outcomes(tellAs('olga', [ONE, OTTOS], 'reboot', KEY));
    expect(first).toEqual(['done', 'not_found']);
    await env.DB.prepare("UPDATE commands SET outcome = 'acked'").run();
    expect(await outcomes(tellAs('olga', [ONE, OTTOS], 'reboot', KEY))).toEqual(first);
    expect(await count('commands')).toBe(1);
    expect(await count('audit')).toBe(1);
  });

  test('three at once are one', async () => {
    const asSeen = [{ device_id: ONE, if_version: 1 }];
    const all = [1, 2, 3].map(() => outcomes(setAs('olga', asSeen, TEN_MINUTES, KEY)));
    expect(await Promise.all(all)).toEqual([['done'], ['done'], ['done']]);
    expect(await versionOf(ONE)).toMatchObject({ config_version: 2 });
    expect(await count('audit')).toBe(1);
  });

  test('a key stands for one call, of one person', async () => {
    await outcomes(tellAs('olga', [ONE], 'reboot', KEY));
    expect((await tellAs('olga', [TWO], 'reboot', KEY)).status).toBe(400);
    expect(await outcomes(tellAs('otto', [OTTOS], 'reboot', KEY))).toEqual(['done']);
  });
});

describe('limits', () => {
  const many = (n: number) =>
    Array.from({ length: n }, (_, i) => `JBNB${String(1000 + i).padStart(4, '0')}`);

  test.each([
    ['no unit', [], 'units: must name a unit'],
    ['one too many', many(ACTION_UNITS_MAX + 1), 'must not name more than 100 units'],
    ['one twice', [ONE, ONE], 'must name each unit once'],
    ['no id', ["JBNB0001' OR 1=1"], 'device id must be JBNB'],
  ])('%s', async (_name, ids, words) => {
    for (const answer of [tellAs('olga', ids, 'reboot'), setAs('olga', units(...ids), TEN_MINUTES)])
      expect([(await answer).status, await (await answer).text()]).toEqual([
        400,
        expect.stringContaining(words),
      ]);
    expect((await ask('olga', `/api/v1/fleet/tuning?units=${ids.join(',')}`)).status).toBe(400);
    expect(await traces()).toEqual([]);
  });

  test('the longest call fits, and its units are told before it is answered', async () => {
    const ids = many(ACTION_UNITS_MAX).map((id) => id.replace('JBNB', 'JBNB1000'));
    const sql = `INSERT INTO devices (id, token_sha256, location_id, registered_s)
      SELECT value, 'x' || value, 'bakery', 0 FROM json_each(?1)`;
    await env.DB.prepare(sql).bind(JSON.stringify(ids)).run();
    // All of those are news to their shards.
    for (let i = 0; i < 2; i += 1) await servicesOf(env).unitsChanged();
    const asSeen = ids.map((device_id) => ({ device_id, if_version: 1 }));
    const whole = {
      ...{ report_interval_ms: 3_600_000, heartbeat_interval_ms: 86_300_000 },
      ...{ rssi_immediate_threshold: -51, rssi_near_threshold: -66, rssi_far_threshold: -81 },
      ...{ dwell_short_threshold: 2, dwell_medium_threshold: 14, dwell_long_threshold: 29 },
      wifi_channels: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
    };
    const all = await outcomes(setAs('olga', asSeen, whole));
    expect(all).toEqual(ids.map(() => 'done'));
    expect(await tuning('olga', ...ids)).toHaveLength(ACTION_UNITS_MAX);
    const waiting = `SELECT COUNT(*) AS n FROM shard_facts AS s WHERE sent_revision < revision
      AND device_id IN (SELECT value FROM json_each(?1))`;
    expect(await env.DB.prepare(waiting).bind(JSON.stringify(ids)).first('n')).toBe(0);
  });

  test('a change of nothing, of what there is not, and a longer body', async () => {
    expect((await setAs('olga', units(ONE), {})).status).toBe(400);
    expect((await setAs('olga', units(ONE), { volume: 3 })).status).toBe(400);
    expect((await tellAs('olga', [ONE], 'self_destruct')).status).toBe(400);
    expect((await setAs('olga', units(ONE), { wifi_channels: 'x'.repeat(9000) })).status).toBe(413);
  });
});

test('a unit that is away or withdrawn keeps the rules of one alone', async () => {
  await env.DB.prepare("UPDATE devices SET status = 'inactive' WHERE id = ?1").bind(ONE).run();
  expect(await tuning('olga', ONE)).toMatchObject([{ status: 'inactive' }]);
  expect(await outcomes(setAs('olga', units(ONE), TEN_MINUTES))).toEqual(['done']);
});
