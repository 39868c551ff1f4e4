/**
 * Registering units, on real D1: what is delivered late, twice or only in part undoes nothing that
 * others did since, takes no unit to others, and leaves a chip one id.
 */
import { env } from 'cloudflare:workers';
import { describe, expect, test } from 'vitest';
import { adaptersOf } from '../services.ts';
import { BAKERY, BOOKS, count, freshWorld, giveWork, type Name, PEOPLE } from '../testing/world.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';
import {
  chipUnits,
  type Registration,
  type RegistrationPorts,
  registerUnit,
  releaseUnit,
  unitStatus,
} from './unit.ts';
import { moveUnit, setUnitStatus } from './unit-change.ts';

const ID = 'JBNB0001';
const MAC = '02:4A:42:00:00:01';
const HASH = 'a'.repeat(64);
const OTHER_HASH = 'b'.repeat(64);
const NOW = Date.now();
const HOUR_MS = 3_600_000;

const stores = adaptersOf(env);
const ports: RegistrationPorts = stores;
const as = (who: Name) => ({
  user_id: `id-${who}`,
  email: `${who}@example.net`,
  role: PEOPLE[who],
  second_factor: false,
});
const by = (who: Name, nowMs: number) => ({ person: as(who), nowMs });
const wanted = (more: Partial<Registration> = {}): Registration => ({
  device_id: ID,
  token_sha256: HASH,
  mac: MAC,
  firmware: '6.0.0',
  location_id: BAKERY.id,
  replace: false,
  ...more,
});
const register = (who: Name, more?: Partial<Registration>, nowMs = NOW, through = ports) =>
  registerUnit(through, by(who, nowMs), wanted(more));
const move = (location_id: string | null, nowMs: number) =>
  moveUnit({ ...stores, timeZoneAt: () => 'Etc/UTC' }, { actor: 'id-ada', nowMs }, ID, {
    location_id,
  });
const row = (id = ID) => env.DB.prepare('SELECT * FROM devices WHERE id = ?1').bind(id).first();
const fresh = async () => {
  await freshWorld();
  return { units: stores.units, locations: stores.locations, relations: stores.relations };
};

describe('the same registration again', () => {
  test.each([
    ['to another shop', BOOKS.id],
    ['to no shop', null],
  ])('does not undo that somebody moved the unit since, %s', async (_name, to) => {
    await fresh();
    await register('ines', {}, NOW - 2 * HOUR_MS);
    await move(to, NOW - HOUR_MS);
    const before = await row();
    const again = await register('ines', { token_age_s: 7200 });
    expect(again).toMatchObject({ created: false, status: { location_id: to } });
    expect(await row()).toEqual(before);
    expect(await count('audit')).toBe(2);
  });

  test('may name another place while nobody has moved the unit', async () => {
    await fresh();
    await register('ines', {}, NOW - HOUR_MS);
    const again = await register('ines', { location_id: BOOKS.id });
    expect(again.status.location_id).toBe(BOOKS.id);
    // and says nothing of a place when it names none
    const third = await register('ines', { location_id: undefined, firmware: '6.0.1' });
    expect(third.status).toMatchObject({ location_id: BOOKS.id, firmware: '6.0.1' });
  });

  test('loses to a move made while it is being done', async () => {
    const asked = await eachInterruption(
      async () => {
        const sound = await fresh();
        await register('ines', {}, NOW - 2 * HOUR_MS);
        return sound;
      },
      (through) => register('ines', { location_id: undefined, firmware: '6.0.1' }, NOW, through),
      () => move(BOOKS.id, NOW - 1000),
      async () => expect((await row())?.location_id).toBe(BOOKS.id),
    );
    expect(asked).toContain('units.amend');
  });

  test('by somebody who did not prepare the unit takes it to nobody else’s shop', async () => {
    await fresh();
    await register('ada', {}, NOW - HOUR_MS);
    const taken = register('ines', { location_id: BOOKS.id });
    await expect(taken).rejects.toMatchObject({ code: 'forbidden' });
    expect((await row())?.location_id).toBe(BAKERY.id);
  });
});

describe('replacing a registration', () => {
  const replaced = (location_id: string | undefined, who: Name = 'ines') =>
    register(who, { token_sha256: OTHER_HASH, replace: true, location_id });

  test('is no way around that work at one shop takes no unit to another', async () => {
    await fresh();
    await register('ada', {}, NOW - HOUR_MS);
    await giveWork('ines', BAKERY.id);
    const before = await row();
    await expect(replaced(BOOKS.id)).rejects.toMatchObject({
      code: 'forbidden',
      message: 'You have no work order for the place books.',
    });
    expect(await row()).toEqual(before);
    expect([await count('audit'), await count('commands')]).toEqual([1, 1]);
  });

  test.each<[string, string | undefined, Name, () => Promise<unknown>]>([
    ['stays where it is', undefined, 'ines', async () => {}],
    ['stays where it is by name', BAKERY.id, 'ines', async () => {}],
    ['has work at both', BOOKS.id, 'ines', () => giveWork('ines', BOOKS.id)],
    ['is an administrator', BOOKS.id, 'ada', async () => {}],
  ])('may where the unit or who replaces it %s', async (_name, to, who, arrange) => {
    await fresh();
    await register('ada', {}, NOW - HOUR_MS);
    await giveWork('ines', BAKERY.id);
    await arrange();
    const done = await replaced(to, who);
    expect(done).toMatchObject({ created: true, status: { location_id: to ?? BAKERY.id } });
  });

  test('an id that its chip has left is free for any place', async () => {
    await fresh();
    await register('ada', {}, NOW - 2 * HOUR_MS);
    await releaseUnit(ports, by('ada', NOW - HOUR_MS), ID);
    expect((await replaced(BOOKS.id)).status.location_id).toBe(BOOKS.id);
  });
});

describe('whatever fails half-way', () => {
  const LEFT = 'JBNB0002';
  const left = async () => {
    const sound = await fresh();
    const old = { device_id: LEFT, token_sha256: OTHER_HASH };
    await register('ines', old, NOW - HOUR_MS);
    return sound;
  };
  const known = async () => {
    const devices = await env.DB.prepare(
      'SELECT id, token_sha256, mac, location_id, status, released_s IS NULL AS held FROM devices',
    ).all();
    return [devices.results, await count('commands')];
  };

  test('delivered again it is whole: one command, and one id of the chip', async () => {
    await left();
    await register('ines');
    const whole = await known();
    const failed = await eachFailure(
      left,
      (through) => register('ines', {}, NOW, through),
      async ({ thrown }) => {
        expect(thrown).toBeInstanceOf(Error);
        await register('ines', { token_age_s: 60 }, NOW + 60_000);
        expect(await known()).toEqual(whole);
        const { units } = await chipUnits(stores.units, MAC);
        expect(units.map((unit) => unit.device_id)).toEqual([ID]);
      },
    );
    expect(failed).toEqual([
      ...['locations.find', 'units.add', 'units.ofChip'],
      ...['relations.works', 'units.release', 'units.find'],
    ]);
  });

  test('delivered again after the chip got a newer id, it takes that id nothing', async () => {
    await fresh();
    await register('ines', {}, NOW - 2 * HOUR_MS);
    await register('ines', { device_id: LEFT, token_sha256: OTHER_HASH }, NOW - HOUR_MS);
    const again = register('ines', { token_age_s: 7200 });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
  });

  test('nor does one that does not know how old its token is', async () => {
    await fresh();
    await register('ada', {}, NOW - 2 * HOUR_MS);
    // who has nothing to do with the chip's older id leaves it to those who have
    await register('ines', { device_id: LEFT, token_sha256: OTHER_HASH }, NOW - HOUR_MS);
    const before = [await row(ID), await row(LEFT)];
    expect((await register('ada')).created).toBe(false);
    expect([await row(ID), await row(LEFT)]).toEqual(before);
  });

  test('no trace holds a token’s hash', async () => {
    await left();
    await register('ines');
    await register('ines', { firmware: '6.0.1' });
    await register('ada', { token_sha256: 'c'.repeat(64), replace: true });
    const { results } = await env.DB.prepare('SELECT * FROM audit').all();
    expect(results).toHaveLength(5);
    expect(JSON.stringify(results)).not.toMatch(/[abc]{64}/);
  });
});

describe('releasing an id', () => {
  const registered = async () => {
    const sound = await fresh();
    await register('ines', {}, NOW - HOUR_MS);
    return sound;
  };
  const release = (through = ports, nowMs = NOW) => releaseUnit(through, by('ines', nowMs), ID);

  test('again changes nothing and leaves no second trace', async () => {
    await registered();
    expect(await release()).toMatchObject({ registered: false, mac: null });
    expect(await release(ports, NOW + 1000)).toMatchObject({ registered: false });
    expect(await count('audit')).toBe(2);
  });

  test.each<[string, () => Promise<unknown>]>([
    [
      'takes it out of service',
      () => setUnitStatus(stores.unitChanges, by('ada', NOW), ID, { status: 'inactive' }),
    ],
    [
      'registers another chip',
      () => register('ada', { token_sha256: OTHER_HASH, replace: true }, NOW + 1000),
    ],
    ['releases it', () => releaseUnit(ports, by('ada', NOW), ID)],
  ])('is done or refused, never only answered, when another %s', async (_name, other) => {
    await eachInterruption(
      registered,
      (through) => release(through),
      other,
      async (_before, [released]) => {
        const last = await stores.units.find(ID);
        if (released?.status === 'rejected') {
          expect(released.reason.code).toMatch(/^(conflict|forbidden)$/);
        } else if (last?.released_s === null) {
          // somebody took the id behind the release, which has its trace
          expect(await count('audit')).toBe(3);
        }
      },
    );
  });

  test('a clock that went back does not make an answer of nothing', async () => {
    await registered();
    const early = release(ports, NOW - 2 * HOUR_MS);
    await expect(early).rejects.toMatchObject({ code: 'conflict' });
    expect((await stores.units.find(ID))?.released_s).toBeNull();
  });

  test('is for who has to do with the unit, and there must be one', async () => {
    await fresh();
    await register('ada', {}, NOW - HOUR_MS);
    await expect(release()).rejects.toMatchObject({ code: 'forbidden' });
    const none = releaseUnit(ports, by('ada', NOW), 'JBNB0099');
    await expect(none).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('how far a unit has come', () => {
  const ask = (who: Name, id = ID) => unitStatus(stores.units, stores.locations, as(who), id);

  test('is told to its owner, to nobody else’s, and never with the token', async () => {
    await fresh();
    await register('ines');
    for (const who of ['olga', 'ines', 'ada'] as const) {
      const told = await ask(who);
      expect(told).toMatchObject({ registered: true, location_id: BAKERY.id });
      expect(JSON.stringify(told)).not.toContain(HASH);
    }
    await expect(ask('otto')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an id that nobody registered is nothing to an owner, free to an installer', async () => {
    await fresh();
    expect(await ask('ines')).toMatchObject({ registered: false, status: null, mac: null });
    await expect(ask('olga')).rejects.toMatchObject({ code: 'not_found' });
    await register('ines', { location_id: undefined });
    await expect(ask('olga')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('an id that was released is as good as never used', async () => {
    await fresh();
    const never = await ask('ines');
    await register('ines', {}, NOW - HOUR_MS);
    await releaseUnit(ports, by('ines', NOW), ID);
    expect(await ask('ines')).toEqual(never);
    await expect(ask('olga')).rejects.toMatchObject({ code: 'not_found' });
  });
});

test.each(['olga', 'otto'] as const)('an owner (%s) registers nothing', async (who) => {
  await fresh();
  await expect(register(who)).rejects.toMatchObject({ code: 'forbidden' });
  expect(await row()).toBeNull();
});

test('an unknown place and an id that another holds are refused, without a trace', async () => {
  await fresh();
  const nowhere = register('ines', { location_id: 'nowhere' });
  await expect(nowhere).rejects.toMatchObject({ code: 'invalid' });
  const hold = 'INSERT INTO reservations (device_id, user_id, expires_s) VALUES (?1, ?2, ?3)';
  await env.DB.prepare(hold)
    .bind(ID, 'id-ada', Math.floor(NOW / 1000) + 60)
    .run();
  await expect(register('ines')).rejects.toMatchObject({ code: 'conflict' });
  expect([await row(), await count('audit'), await count('commands')]).toEqual([null, 0, 0]);
  expect((await register('ada')).created).toBe(true);
  expect(await count('reservations')).toBe(0);
});
