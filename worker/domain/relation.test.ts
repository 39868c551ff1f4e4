/**
 * What an installer has to do with a unit: who is asked at all, since when a preparation counts,
 * and what a refusal names. The rules of the rows themselves are tested over D1 with the routes.
 */
import { describe, expect, test } from 'vitest';
import type { Me, Role } from '../../shared/contracts/portal.ts';
import { isRelated, type RelationStore, requireDestination, requireRelation } from './relation.ts';

const DAY_S = 86_400;
const NOW_S = 1_800_000_000;
const as = (role: Role): Me => ({
  ...{ user_id: `id-${role}`, email: `${role}@example.net`, role, second_factor: false },
});

/** What an installer did: units that he prepared and when, and places of his work orders. */
interface Work {
  prepared?: Record<string, number>;
  orders?: readonly string[];
}

/** Rows of one installer; every question is kept as it was asked. */
function relationsOf({ prepared = {}, orders = [] }: Work) {
  const asked: unknown[][] = [];
  const isSince = (id: string, sinceS: number) => (prepared[id] ?? -1) >= sinceS;
  const store: RelationStore = {
    async works(...question) {
      asked.push(question);
      const [, ids, sinceS] = question;
      return new Set(ids.filter((id) => orders.includes(id) || isSince(id, sinceS)));
    },
    async mayPlace(...question) {
      asked.push(question);
      const [, deviceId, locationId, sinceS] = question;
      return orders.includes(locationId) || isSince(deviceId, sinceS);
    },
  };
  return { store, asked };
}

/** `ok`, or the code of the refusal. */
const outcome = (act: Promise<unknown>) =>
  act.then(
    () => 'ok',
    (failure: { code?: string }) => failure.code,
  );

describe('owners and administrators', () => {
  test.each<Role>(['owner', 'admin'])(
    '%s: nothing is asked, not even for no unit',
    async (role) => {
      const { store, asked } = relationsOf({});
      const by = { person: as(role), nowMs: NOW_S * 1000 };
      for (const id of ['JBNB0001', '', "JBNB0001' OR 1=1"]) {
        expect(await outcome(requireRelation(store, by, id))).toBe('ok');
        expect(await outcome(requireDestination(store, by, id, 'bakery'))).toBe('ok');
      }
      expect(asked).toEqual([]);
    },
  );

  test('but whether they are related is answered by the rows, as for anybody', async () => {
    const { store } = relationsOf({ orders: ['JBNB0001'] });
    const by = { person: as('admin'), nowMs: NOW_S * 1000 };
    expect(await isRelated(store, by, 'JBNB0001')).toBe(true);
    expect(await isRelated(store, by, 'JBNB0002')).toBe(false);
  });
});

describe('an installer', () => {
  const by = (nowMs = NOW_S * 1000) => ({ person: as('installer'), nowMs });

  test('asks for himself, for this unit and place, in this order', async () => {
    const { store, asked } = relationsOf({ orders: ['JBNB0001', 'bakery'] });
    await requireRelation(store, by(), 'JBNB0001');
    await requireDestination(store, by(), 'JBNB0001', 'bakery');
    const since = NOW_S - 7 * DAY_S;
    expect(asked).toEqual([
      ['id-installer', ['JBNB0001'], since],
      ['id-installer', 'JBNB0001', 'bakery', since],
    ]);
  });

  // a week to the second; parts of a second of now neither lengthen nor shorten it
  test.each([
    [0, 0, 'ok'],
    [7 * DAY_S - 1, 0, 'ok'],
    [7 * DAY_S, 0, 'ok'],
    [7 * DAY_S, 999, 'ok'],
    [7 * DAY_S + 1, 0, 'forbidden'],
    [7 * DAY_S + 1, 999, 'forbidden'],
    [30 * DAY_S, 0, 'forbidden'],
  ])('who prepared it %i s ago (and %i ms): %s', async (agoS, ms, expected) => {
    const { store } = relationsOf({ prepared: { JBNB0001: NOW_S - agoS } });
    const now = by(NOW_S * 1000 + ms);
    expect(await outcome(requireRelation(store, now, 'JBNB0001'))).toBe(expected);
    expect(await outcome(requireDestination(store, now, 'JBNB0001', 'bakery'))).toBe(expected);
    expect(await isRelated(store, now, 'JBNB0001')).toBe(expected === 'ok');
    expect(await isRelated(store, now, 'JBNB0002')).toBe(false);
  });

  test('without work learns what to do, in words that name unit or place', async () => {
    const { store } = relationsOf({ orders: ['JBNB0001'] });
    const hint = 'Take a work order for it first, or ask an administrator for one.';
    await expect(requireRelation(store, by(), 'JBNB0002')).rejects.toMatchObject({
      ...{ code: 'forbidden', message: 'You have no work order for JBNB0002 or its place.', hint },
    });
    // work at the unit is no leave to take it elsewhere
    await expect(requireDestination(store, by(), 'JBNB0001', 'books')).rejects.toMatchObject({
      ...{ code: 'forbidden', message: 'You have no work order for the place books.', hint },
    });
  });

  test.each([null, undefined, ''])(
    'who brings it to no other place (%j) needs nothing',
    async (to) => {
      const { store, asked } = relationsOf({});
      expect(await outcome(requireDestination(store, by(), 'JBNB0001', to))).toBe('ok');
      expect(asked).toEqual([]);
    },
  );

  test('a failure of the rows is no leave, and no refusal either', async () => {
    const lost = async () => Promise.reject(new Error('lost'));
    const store: RelationStore = { works: lost, mayPlace: lost };
    await expect(requireRelation(store, by(), 'JBNB0001')).rejects.toThrow('lost');
    await expect(requireDestination(store, by(), 'JBNB0001', 'bakery')).rejects.toThrow('lost');
    await expect(isRelated(store, by(), 'JBNB0001')).rejects.toThrow('lost');
  });
});
