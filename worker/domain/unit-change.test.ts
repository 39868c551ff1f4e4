/**
 * Changes of a unit, on real D1: two people at once, each before every call of the other. What one
 * did not name he does not change, and what an administrator withdrew stays withdrawn.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, BAKERY, BOOKS, count, freshWorld, type Name, PEOPLE } from '../testing/world.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';
import { moveUnit, renameUnit, type ServiceStatus, setUnitStatus } from './unit-change.ts';

const ID = 'JBNB0001';
const NOW = Date.now();
const HERE = { latitude: 37.8, longitude: -122.4 };

const { unitChanges } = d1Stores(env.DB);
const sound = { unitChanges, timeZoneAt: () => 'America/Los_Angeles' };
type Ports = typeof sound;
const as = (who: Name) => ({
  user_id: `id-${who}`,
  email: `${who}@example.net`,
  role: PEOPLE[who],
  second_factor: false,
});
const by = (actor: string) => ({ actor, nowMs: NOW });
const toBooks = (ports: Ports) => moveUnit(ports, by('id-ada'), ID, { location_id: BOOKS.id });
const toHere = (ports: Ports) => moveUnit(ports, by('id-ines'), ID, HERE);
const rename = (ports: Ports) => renameUnit(ports.unitChanges, by('id-ines'), ID, { name: 'Door' });
const setStatus = (ports: Ports, who: Name, status: ServiceStatus) =>
  setUnitStatus(ports.unitChanges, { person: as(who), nowMs: NOW }, ID, { status });
const traces = async () => {
  const sql = 'SELECT actor, action, before_json, after_json FROM audit ORDER BY id';
  return (await env.DB.prepare(sql).all<Record<string, string>>()).results;
};
const fresh = async () => {
  await freshWorld();
  await addUnit(ID);
  return sound;
};

beforeEach(fresh);

describe('two people at once', () => {
  test('coordinates that one corrects bring the unit back to no shop', async () => {
    const met = await eachInterruption(fresh, toHere, toBooks, async (before, outcomes) => {
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await unitChanges.look(ID), before).toMatchObject({ location_id: BOOKS.id });
    });
    expect(met).toEqual(['unitChanges.look', 'unitChanges.move', 'end']);
  });

  test('nor does a move take the coordinates away that the other corrects', async () => {
    const sameOwners = async () => {
      const ports = await fresh();
      const sql = "INSERT INTO memberships VALUES ('id-olga', 'books'), ('id-otto', 'bakery')";
      await env.DB.prepare(sql).run();
      return ports;
    };
    await eachInterruption(sameOwners, toBooks, toHere, async (before) => {
      expect(await unitChanges.look(ID), before).toMatchObject({ ...HERE, location_id: BOOKS.id });
    });
  });

  test('a new name changes neither place nor status', async () => {
    for (const other of [toBooks, (p: Ports) => setStatus(p, 'ada', 'inactive')]) {
      await eachInterruption(fresh, other, rename, async (_before, outcomes) => {
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
        expect(await count('audit')).toBe(2);
      });
      expect((await unitChanges.look(ID))?.status === 'inactive').toBe(other !== toBooks);
    }
  });

  test.each<ServiceStatus>(['active', 'maintenance'])(
    'what an administrator withdraws does not become %s by an installer who looked before',
    async (status) => {
      const act = (ports: Ports) => setStatus(ports, 'ines', status);
      const withdraw = (ports: Ports) => setStatus(ports, 'ada', 'inactive');
      const met = await eachInterruption(fresh, act, withdraw, async (before, [acted]) => {
        expect((await unitChanges.look(ID))?.status, before).toBe('inactive');
        expect(acted?.status).toBe(before === 'end' ? 'fulfilled' : 'rejected');
        // a refusal leaves no trace
        expect(await count('audit')).toBe(before === 'end' ? 2 : 1);
      });
      expect(met).toHaveLength(3);
    },
  );
});

test('each failing call leaves all or nothing, with its trace or without', async () => {
  for (const act of [toHere, toBooks, rename, (p: Ports) => setStatus(p, 'ada', 'inactive')]) {
    const before = await unitChanges.look(ID);
    const failed = await eachFailure(fresh, act, async ({ call, side, thrown }) => {
      expect(thrown).toBeInstanceOf(Error);
      const isDone = side === 'after' && !call.endsWith('.look');
      expect(await count('audit')).toBe(isDone ? 1 : 0);
      if (!isDone) expect(await unitChanges.look(ID)).toEqual(before);
    });
    expect(failed).toHaveLength(2);
    await fresh();
  }
});

describe('a move', () => {
  test('tells from where to where, and only what was named changes', async () => {
    await toHere(sound);
    await toBooks(sound);
    expect(await traces()).toMatchObject([
      {
        actor: 'id-ines',
        action: 'unit.move',
        before_json: JSON.stringify({ location_id: BAKERY.id, latitude: null, longitude: null }),
        after_json: JSON.stringify({ location_id: BAKERY.id, ...HERE }),
      },
      { actor: 'id-ada', action: 'unit.move' },
    ]);
    const [, second] = await traces();
    expect(JSON.parse(second?.after_json ?? '')).toMatchObject({ location_id: BOOKS.id });
  });

  test('by null leaves the place, by nothing it stays', async () => {
    await moveUnit(sound, by('id-ada'), ID, { location_id: null });
    expect((await unitChanges.look(ID))?.location_id).toBeNull();
    await moveUnit(sound, by('id-ada'), ID, HERE);
    expect(await unitChanges.look(ID)).toMatchObject({ location_id: null, ...HERE });
    const zone = env.DB.prepare('SELECT time_zone, place_source FROM devices');
    expect(await zone.first()).toEqual({
      time_zone: 'America/Los_Angeles',
      place_source: 'manual',
    });
  });

  test('to others leaves them no coordinates of before, but those that come with it', async () => {
    await toHere(sound);
    await toBooks(sound);
    expect(await unitChanges.look(ID)).toMatchObject({ latitude: null, longitude: null });
    const both = { location_id: BAKERY.id, latitude: 0, longitude: 0 };
    await moveUnit(sound, by('id-ada'), ID, both);
    expect(await unitChanges.look(ID)).toMatchObject(both);
  });
});

test('of a unit that is not there nothing is changed', async () => {
  for (const act of [
    () => renameUnit(unitChanges, by('id-ada'), 'JBNB0099', { name: 'x' }),
    () => moveUnit(sound, by('id-ada'), 'JBNB0099', HERE),
    () =>
      setUnitStatus(unitChanges, { person: as('ada'), nowMs: NOW }, 'JBNB0099', {
        status: 'active',
      }),
  ]) {
    await expect(act()).rejects.toMatchObject({ code: 'not_found' });
  }
  expect(await count('audit')).toBe(0);
});

test('who may end which status', async () => {
  const statuses = ['active', 'maintenance', 'inactive'] as const;
  for (const who of ['olga', 'ines', 'ada'] as const) {
    for (const [from, to] of statuses.flatMap((a) => statuses.map((b) => [a, b] as const))) {
      await env.DB.prepare('UPDATE devices SET status = ?1').bind(from).run();
      const tried = await setStatus(sound, who, to).then(
        () => to,
        ({ code }) => code,
      );
      const isRefused = from === 'inactive' && who !== 'ada';
      expect([who, from, to, tried]).toEqual([who, from, to, isRefused ? 'conflict' : to]);
    }
  }
});
