/** Ids that a browser takes along, on real D1: asked again they are the same, and never two's. */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld, type Name, PEOPLE } from '../testing/world.ts';
import { giveBack, ownReservations, releaseId, reserveId, takeAlong } from './reservation.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const DAY_MS = 86_400_000;
const { reservations } = d1Stores(env.DB);
const by = (who: Name, nowMs = NOW) => ({
  person: { user_id: `id-${who}`, email: `${who}@x`, role: PEOPLE[who], second_factor: false },
  nowMs,
});
const LAPTOP = 'laptop-0000-0000';
const PHONE = 'phone-0000-00000';
const fresh = async () => {
  await freshWorld();
  return { reservations };
};
beforeEach(fresh);

const take = async (who: Name, holder: string, count: number, nowMs = NOW) =>
  (await takeAlong(reservations, by(who, nowMs), { holder, count })).reservations;
const ids = (held: readonly { device_id: string }[]) => held.map(({ device_id }) => device_id);

test('asked again it is the same ids, held for the full time anew', async () => {
  const first = await take('ines', LAPTOP, 3);
  expect(ids(first)).toEqual(['JBNB0001', 'JBNB0002', 'JBNB0003']);
  expect(first[0]?.expires_at).toBe('2026-06-15T12:00:00.000Z');
  const again = await take('ines', LAPTOP, 3, NOW + DAY_MS);
  expect(ids(again)).toEqual(ids(first));
  expect(again[2]?.expires_at).toBe('2026-06-16T12:00:00.000Z');
  expect(await count('reservations')).toBe(3);
  expect(await count('audit')).toBe(6);
});

test('whatever of it fails: nothing is held, or exactly what is answered next time', async () => {
  const failed = await eachFailure(
    fresh,
    (p) => takeAlong(p.reservations, by('ines'), { holder: LAPTOP, count: 4 }),
    async () => {
      expect(ids(await take('ines', LAPTOP, 4, NOW + 1000))).toHaveLength(4);
      expect(await count('reservations')).toBe(4);
    },
  );
  expect(failed).toEqual(['reservations.takeAlong', 'reservations.list']);
});

test('two browsers, two people, and a single id: nobody has another’s', async () => {
  const all = [
    ...(await take('ines', LAPTOP, 2)),
    ...(await take('ines', PHONE, 2)),
    ...(await take('otto', LAPTOP, 2)),
    await reserveId(reservations, by('ada'), undefined),
  ];
  expect(new Set(ids(all)).size).toBe(7);
  const { reservations: own } = await ownReservations(reservations, by('ines'));
  expect(own.map(({ holder }) => holder)).toEqual([LAPTOP, LAPTOP, PHONE, PHONE]);
});

test('two at once get different ones', async () => {
  await eachInterruption(
    fresh,
    (p) => takeAlong(p.reservations, by('ines'), { holder: LAPTOP, count: 3 }),
    (p) => takeAlong(p.reservations, by('otto'), { holder: PHONE, count: 3 }),
    async (_before, outcomes) => {
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
      expect(await count('reservations')).toBe(6);
    },
  );
});

describe('what is taken', () => {
  test('by units and by others is stepped over; what a unit used is filled up', async () => {
    await addUnit('JBNB0002');
    await reserveId(reservations, by('ada'), 'JBNB0004');
    expect(ids(await take('ines', LAPTOP, 3))).toEqual(['JBNB0001', 'JBNB0003', 'JBNB0005']);
    await addUnit('JBNB0003');
    expect(ids(await take('ines', LAPTOP, 3))).toEqual(['JBNB0001', 'JBNB0005', 'JBNB0006']);
  });

  test('and has ended is free again, for whoever comes', async () => {
    await take('ines', LAPTOP, 2);
    const later = NOW + 14 * DAY_MS;
    expect(ids(await take('ada', PHONE, 2, later - 1000))).toEqual(['JBNB0003', 'JBNB0004']);
    expect(ids(await take('otto', PHONE, 2, later))).toEqual(['JBNB0001', 'JBNB0002']);
    await expect(releaseId(reservations, by('ines', later), 'JBNB0001')).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

test('a hundred are what one may hold in all; an administrator has no bound', async () => {
  expect(await take('ines', LAPTOP, 50)).toHaveLength(50);
  expect(await take('ines', PHONE, 40)).toHaveLength(40);
  const third = 'tablet-0000-0000';
  expect(await take('ines', third, 50)).toHaveLength(10);
  await expect(take('ines', 'fourth-0000-0000', 1)).rejects.toMatchObject({ code: 'rate_limited' });
  expect(await take('ines', third, 50)).toHaveLength(10);
  for (const holder of [LAPTOP, PHONE, third]) {
    expect(await take('ada', holder, 50)).toHaveLength(50);
  }
});

test('what is given back is free; what is another’s stays, with no trace', async () => {
  await take('ines', LAPTOP, 3);
  await take('otto', LAPTOP, 1);
  const before = await count('audit');
  const back = ['JBNB0001', 'JBNB0003', 'JBNB0004', 'JBNB0099'];
  const left = await giveBack(reservations, by('ines'), back);
  expect(ids(left.reservations)).toEqual(['JBNB0002']);
  expect(await count('reservations')).toBe(2);
  expect((await count('audit')) - before).toBe(2);
  expect(ids(await take('ines', LAPTOP, 3))).toEqual(['JBNB0001', 'JBNB0002', 'JBNB0003']);
});
