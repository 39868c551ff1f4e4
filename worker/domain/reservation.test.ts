/**
 * Reserved ids, on real D1 against the test's own table: one holds an id, nobody holds more
 * than he may, and a clock that goes back takes nothing from anybody.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { deviceIdOf } from '../../shared/device-id.ts';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld, type Name, PEOPLE } from '../testing/world.ts';
import { releaseId, reserveId } from './reservation.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const DAY_MS = 86_400_000;
const { reservations } = d1Stores(env.DB);
const by = (who: Name, nowMs = NOW) => ({
  person: { user_id: `id-${who}`, email: `${who}@x`, role: PEOPLE[who], second_factor: false },
  nowMs,
});
const fresh = async () => {
  await freshWorld();
  return { reservations };
};
beforeEach(fresh);
const code = (act: Promise<unknown>) =>
  act.then(
    () => 'done',
    (failure: { code: string }) => failure.code,
  );

test('whoever does what when: an id has one holder, for a day from his last word', async () => {
  const IDS = ['JBNB0001', 'JBNB0002', 'JBNB0003'] as const;
  const step = fc.record({
    who: fc.constantFrom<Name>('ines', 'ada', 'otto'),
    id: fc.constantFrom(...IDS),
    act: fc.constantFrom('reserve', 'reserve', 'release', 'any'),
    plus_ms: fc.constantFrom(0, 1000, DAY_MS - 1000, DAY_MS, -5000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 12, maxLength: 20 }), async (steps) => {
      await env.DB.prepare('DELETE FROM reservations').run();
      const held = new Map<string, { who: Name; ends_s: number }>();
      let nowMs = NOW;
      for (const { who, id, act, plus_ms } of steps) {
        nowMs += plus_ms;
        const nowS = nowMs / 1000;
        const isHeld = (one: string) => (held.get(one)?.ends_s ?? 0) > nowS;
        const ends_s = nowS + DAY_MS / 1000;
        if (act === 'release') {
          const isHis = held.has(id) && (who === 'ada' || held.get(id)?.who === who);
          const got = await code(releaseId(reservations, by(who, nowMs), id));
          expect(got).toBe(isHis ? 'done' : 'not_found');
          if (isHis) held.delete(id);
        } else if (act === 'any') {
          const all = Array.from({ length: 9 }, (_, n) => `JBNB000${n + 1}`);
          const free = all.find((one) => !isHeld(one));
          const got = await reserveId(reservations, by(who, nowMs), undefined);
          expect(got.device_id).toBe(free);
          held.set(got.device_id, { who, ends_s });
        } else {
          const mayHave = !isHeld(id) || held.get(id)?.who === who;
          const got = await code(reserveId(reservations, by(who, nowMs), id));
          expect(got).toBe(mayHave ? 'done' : 'conflict');
          if (mayHave) held.set(id, { who, ends_s });
        }
      }
      const sql = 'SELECT device_id, user_id, expires_s FROM reservations ORDER BY device_id';
      const { results } = await env.DB.prepare(sql).all();
      expect(results).toEqual(
        [...held.entries()]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([device_id, { who, ends_s }]) => ({
            ...{ device_id, user_id: `id-${who}`, expires_s: ends_s },
          })),
      );
    }),
    { numRuns: 8 },
  );
});

describe('two at once', () => {
  test('who asks for any id get different ones, also when one overtakes', async () => {
    let first = '';
    await eachInterruption(
      fresh,
      async (p) => {
        first = (await reserveId(p.reservations, by('ines'), undefined)).device_id;
      },
      (p) => reserveId(p.reservations, by('otto'), undefined),
      async (before, outcomes) => {
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled']);
        expect(await count('reservations')).toBe(2);
        expect(first).toBe(before === 'end' ? 'JBNB0001' : 'JBNB0002');
      },
    );
  });

  test('who ask for the same id: one has it, the other is told so', async () => {
    await eachInterruption(
      fresh,
      (p) => reserveId(p.reservations, by('ines'), 'JBNB0007'),
      (p) => reserveId(p.reservations, by('otto'), 'JBNB0007'),
      async (_before, outcomes) => {
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        expect(await count('audit')).toBe(1);
      },
    );
  });
});

describe('a hundred', () => {
  const hold = (who: Name, n: number, ends_s = NOW / 1000 + 60) =>
    env.DB.prepare(
      `INSERT INTO reservations (device_id, user_id, expires_s)
       SELECT printf('JBNB%04d', value), ?2, ?3 FROM json_each(?1)`,
    )
      .bind(JSON.stringify(Array.from({ length: n }, (_, i) => i + 1)), `id-${who}`, ends_s)
      .run();

  test('are what one may hold; an own one goes on, an administrator has no bound', async () => {
    await hold('ines', 99);
    expect(await code(reserveId(reservations, by('ines'), undefined))).toBe('done');
    expect(await code(reserveId(reservations, by('ines'), undefined))).toBe('rate_limited');
    expect(await code(reserveId(reservations, by('ines'), 'JBNB0500'))).toBe('rate_limited');
    expect(await code(reserveId(reservations, by('ines'), 'JBNB0001'))).toBe('done');
    expect(await code(reserveId(reservations, by('otto'), 'JBNB0500'))).toBe('done');
    await releaseId(reservations, by('ines'), 'JBNB0001');
    expect(await code(reserveId(reservations, by('ines'), undefined))).toBe('done');
    await fresh();
    await hold('ada', 100);
    expect(await code(reserveId(reservations, by('ada'), undefined))).toBe('done');
  });

  test('that have ended count no more', async () => {
    await hold('ines', 100, NOW / 1000);
    expect((await reserveId(reservations, by('ines'), undefined)).device_id).toBe('JBNB0001');
  });
});

test('a unit’s id is not to be had, and a lost answer can be asked for again', async () => {
  await addUnit('JBNB0001');
  expect(await code(reserveId(reservations, by('ada'), 'JBNB0001'))).toBe('conflict');
  const failed = await eachFailure(
    fresh,
    (p) => reserveId(p.reservations, by('ines'), 'JBNB0002'),
    async () => {
      const again = await reserveId(reservations, by('ines', NOW + 1000), 'JBNB0002');
      expect(again.expires_at).toBe('2026-06-02T12:00:01.000Z');
      expect(await count('reservations')).toBe(1);
    },
  );
  expect(failed).toEqual(['reservations.reserve']);
});

describe('a large fleet', () => {
  /** Registers units with these numbers, as many at once as they are. */
  const register = (from: number, to: number) =>
    env.DB.prepare(
      `WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
       INSERT INTO devices (id, token_sha256, registered_s)
       SELECT printf('JBNB%04d', i), printf('%064x', i), 0 FROM n WHERE TRUE
       ON CONFLICT (id) DO UPDATE SET released_s = NULL`,
    )
      .bind(from, to)
      .run();
  const leave = (number: number, gone: boolean) =>
    env.DB.prepare(
      gone
        ? 'DELETE FROM devices WHERE id = ?1'
        : 'UPDATE devices SET released_s = 1 WHERE id = ?1',
    )
      .bind(deviceIdOf(number))
      .run();
  const next = async () => (await reserveId(reservations, by('ada'), undefined)).device_id;

  test('without four digits left goes on with five, and back to what is released', async () => {
    await register(1, 9998);
    expect([await next(), await next(), await next()]).toEqual([
      ...['JBNB9999', 'JBNB10000', 'JBNB10001'],
    ]);
    await register(9999, 10_001);
    expect(await next()).toBe('JBNB10002');
    await leave(77, false);
    expect([await next(), await next()]).toEqual(['JBNB0077', 'JBNB10003']);
  });

  test('a search begins where all below is taken', async () => {
    await register(1, 3000);
    await next();
    expect(await next()).toBe('JBNB3002');
    const floor = env.DB.prepare('SELECT number FROM id_floor');
    expect(await floor.first('number')).toBe(3001);
  });

  test('the last id of all is one, and then every id is taken', async () => {
    await env.DB.prepare('UPDATE id_floor SET number = 99999999').run();
    expect(await next()).toBe('JBNB99999999');
    await expect(next()).rejects.toMatchObject({
      code: 'conflict',
      message: 'Every id is taken.',
    });
  });

  test('whatever comes and goes: what is offered is the lowest that is free', async () => {
    const number = fc.integer({ min: 9996, max: 10_003 });
    const step = fc.record({ number, act: fc.constantFrom('add', 'add', 'release', 'go', 'ask') });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 25 }), async (steps) => {
        await fresh();
        await register(1, 9995);
        const taken = new Set<number>();
        for (const { number, act } of steps) {
          if (act === 'add') {
            await register(number, number);
            taken.add(number);
          } else if (act === 'ask') {
            let lowest = 9996;
            while (taken.has(lowest)) lowest += 1;
            expect(await next()).toBe(deviceIdOf(lowest));
            await env.DB.prepare('DELETE FROM reservations').run();
          } else {
            await leave(number, act === 'go');
            taken.delete(number);
          }
        }
      }),
      { numRuns: 6 },
    );
  });
});
