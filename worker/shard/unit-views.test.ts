/**
 * The same random story told to D1 and to shards, and everything that shows units looked at: lists,
 * details, counts, alerts and insights must say the same, page by page.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { SILENT_AFTER_S } from '../../shared/metrics/unit-state.ts';
import type { HeartbeatKey, ReadingKey } from '../domain/admin-list.ts';
import { changeOf } from '../domain/audit.ts';
import { queuedCommand } from '../domain/command.ts';
import type { Adapters } from '../services.ts';
import { StoryUnit, UNIT_VIEWS, type ViewName } from '../testing/unit-views.ts';
import { addUnit, BAKERY, BOOKS, freshWorld, nowS, TOKEN } from '../testing/world.ts';

const IDS = ['JBNB0001', 'JBNB0002', 'JBNB0003', 'JBNB0004', 'JBNB0005'] as const;
const OWNERS = [undefined, 'id-olga', 'id-otto'] as const;
const STATES = [undefined, 'new', 'online', 'late', 'silent', 'anomalous'] as const;
const START_S = Math.floor(nowS() / 300) * 300 - 25 * 86_400;
const DAY_S = 86_400;

const who = fc.nat(IDS.length - 1);
const signs = fc.record({
  of: fc.constantFrom(0, 0, 3),
  cd: fc.constantFrom(0, 0, 5),
  sf: fc.constantFrom(undefined, 0, 40),
  cell_rssi: fc.integer({ min: -110, max: -60 }),
  bat: fc.constantFrom(10, 55.5, 90),
  /** More devices than probe requests: a doubt. */
  u: fc.constantFrom(4, 4, 4, 99),
  vis: fc.constantFrom(undefined, 2),
});
const step = fc.oneof(
  { weight: 9, arbitrary: fc.record({ what: fc.constant('read' as const), who, signs }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('again' as const), who }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('beat' as const),
      who,
      radio: fc.constantFrom(0, 0, 1, 3),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('move' as const),
      who,
      to: fc.constantFrom(BAKERY.id, BOOKS.id, null),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('renew' as const), who }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('release' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('interval' as const),
      who,
      seconds: fc.constantFrom(60, 300, 3600),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('status' as const),
      who,
      to: fc.constantFrom('active', 'inactive', 'maintenance'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('review' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('look' as const) }) },
);
const story = fc.array(
  fc.record({ step, waitS: fc.constantFrom(300, 300, 600, 3600, 30_000, 90_000) }),
  { minLength: 1, maxLength: 20 },
);
type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

async function play(name: ViewName, steps: Story): Promise<unknown[]> {
  await freshWorld();
  const all = UNIT_VIEWS[name]();
  for (const [i, id] of IDS.entries()) await addUnit(id, TOKEN, i === 4 ? null : BAKERY.id);
  // As a registration has it; readings tell shards of another one, and D1 only by their age.
  await env.DB.prepare("UPDATE devices SET firmware = '6.0'").run();
  await all.unitsChanged();
  const units = IDS.map((id) => new StoryUnit(id, all, TOKEN));
  const looks: unknown[] = [];
  let atS = START_S;
  for (const { step, waitS } of steps) {
    atS += waitS;
    if (step.what === 'review') await all.silence.review(atS - SILENT_AFTER_S, atS);
    else if (step.what === 'look') looks.push(await lookAt(all, atS));
    else await act(all, units[step.who] as StoryUnit, step, atS);
  }
  await all.silence.review(atS - SILENT_AFTER_S, atS);
  return [...looks, await lookAt(all, atS), await lookAt(all, atS + 2 * DAY_S)];
}

type Act = Exclude<Story[number]['step'], { what: 'review' | 'look' }>;

async function act(all: Adapters, unit: StoryUnit, step: Act, atS: number): Promise<void> {
  const { id } = unit;
  const change = (action: 'unit.release_id' | 'unit.reissue') =>
    changeOf({ actor: 'id-ada', nowMs: atS * 1000 }, action, `unit:${id}`, {});
  const run = (sql: string, ...values: unknown[]) =>
    env.DB.prepare(sql)
      .bind(id, ...values)
      .run();
  // Out of service or released, a unit is sent away, the same way in both.
  const send = (sent: Promise<void>) =>
    sent.catch((failure) => expect(failure).toMatchObject({ code: 'unauthenticated' }));
  switch (step.what) {
    case 'read':
      return void (await send(unit.read(atS, { t: atS - 300, ...step.signs })));
    case 'again':
      return void (await send(unit.again(atS)));
    case 'beat':
      return void (await send(unit.beat(atS, step.radio)));
    case 'move':
      await run('UPDATE devices SET location_id = ?2, located_s = ?3 WHERE id = ?1', step.to, atS);
      break;
    case 'renew': {
      unit.token = `${TOKEN}-${atS}`;
      const first = queuedCommand(id, 'send_now', atS * 1000, 'id-ada');
      await all.credentials.reissue(id, await sha256Hex(unit.token), first, change('unit.reissue'));
      break;
    }
    case 'release':
      await all.units.release(id, atS * 1000, change('unit.release_id'));
      break;
    case 'interval': {
      const sql = `INSERT INTO device_configs (device_id, changed_json, interval_max_ms)
        VALUES (?1, json_object('report_interval_ms', ?2), ?2) ON CONFLICT DO UPDATE
        SET changed_json = excluded.changed_json,
          interval_max_ms = MAX(interval_max_ms, excluded.interval_max_ms)`;
      await run(sql, step.seconds * 1000);
      break;
    }
    case 'status':
      await run('UPDATE devices SET status = ?2 WHERE id = ?1', step.to);
      break;
  }
  await all.unitsChanged();
}

/** Everything, as whoever may see it sees it. */
async function lookAt(all: Adapters, atS: number): Promise<unknown> {
  const { fleet, units, adminLists, status, incidents, insights } = all;
  const found: Record<string, unknown> = {};
  for (const ownerId of OWNERS) {
    for (const state of STATES) {
      const filter = { ownerId, state, locationId: undefined, text: undefined };
      found[`fleet ${ownerId} ${state}`] = await walk(2, (last?: { id: string }) =>
        fleet.list({ ...filter, afterId: last?.id, limit: 2 }, atS),
      );
    }
    for (const id of IDS) {
      found[`unit ${ownerId} ${id}`] = [
        await knownToBoth(fleet, id, ownerId),
        await fleet.readings(id, atS - 5 * DAY_S, 10, ownerId),
        await fleet.heartbeats(id, 3, ownerId),
        await units.find(id, ownerId),
      ];
    }
  }
  const text = { ownerId: undefined, locationId: undefined, afterId: undefined, limit: 9 };
  found.searched = await fleet.list({ ...text, text: '0002', state: 'online' }, atS);
  found.placed = await fleet.list({ ...text, locationId: BAKERY.id, text: '', state: 'late' }, atS);
  found.entries = await walk(2, (last?: { device_id: string }) =>
    adminLists.units(last?.device_id ?? '', 2),
  );
  for (const id of [undefined, IDS[0]]) {
    found[`readings ${id}`] = await walk(3, (last?: ReadingKey) =>
      adminLists.readings(id, last, 3),
    );
    found[`heartbeats ${id}`] = await walk(3, (last?: HeartbeatKey) =>
      adminLists.heartbeats(id, last, 3),
    );
  }
  const { units_heard_last_hour } = await status.counts(atS);
  found.counts = [units_heard_last_hour, await incidents.pulse(atS - 7200, atS)];
  for (const { id } of [BAKERY, BOOKS]) {
    const time = [(atS - 2 * DAY_S) * 1000, atS * 1000] as const;
    found[`insights ${id}`] = [
      await insights.stretches(id, ...time),
      await insights.units(id, ...time),
    ];
  }
  const sql = `SELECT device_id, kind, started_s, detail, ended_s IS NULL AS is_open FROM alerts
    WHERE kind <> 'credential' ORDER BY device_id, kind, started_s`;
  found.alerts = (await env.DB.prepare(sql).all()).results;
  return found;
}

/** A unit without its twin, which there was not yet when D1 kept contacts. */
async function knownToBoth(fleet: Adapters['fleet'], id: string, ownerId: string | undefined) {
  const found = await fleet.find(id, ownerId);
  if (!found) return null;
  const { twin: _, config_since_ms: _since, ...known } = found;
  return known;
}

async function walk<T>(limit: number, ask: (last?: T) => Promise<T[]>): Promise<T[]> {
  const all: T[] = [];
  for (;;) {
    const page = await ask(all.at(-1));
    all.push(...page);
    if (page.length < limit) return all;
  }
}

test('a story looks the same from D1 and from shards', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      expect(await play('on shards', steps)).toEqual(await play('in D1', steps));
    }),
    { numRuns: 12 },
  );
}, 300_000);
