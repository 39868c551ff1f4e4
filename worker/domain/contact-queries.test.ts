/**
 * Questions about many units against a straight look at all of them, and the registry's copies
 * through random lives: what a review of silence relies on.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SILENT_AFTER_S, unitState } from '../../shared/metrics/unit-state.ts';
import { contactOf, lastSeenS, noContact, type UnitContact } from './contact.ts';
import { type ContactCopies, copyContacts } from './contact-copies.ts';
import {
  type ContactCopy,
  type ContactedUnit,
  ContactOutbox,
  contactsOf,
  heardCounts,
  isNews,
  mergeIds,
  unitsInState,
} from './contact-queries.ts';
import { idOf } from './testing/shard-fakes.ts';

const NOW_S = 1_795_000_000;
const HOUR_S = 3600;
const STATES = ['new', 'online', 'late', 'silent'] as const;

const unit = fc.record({
  n: fc.nat(300),
  status: fc.constantFrom('active' as const, 'active' as const, 'maintenance' as const),
  interval_s: fc.constantFrom<number>(60, 300, 3600, 43_200),
  quietS: fc.option(fc.oneof(fc.nat(4000), fc.nat(200_000)), { nil: null }),
});
type Drawn = typeof unit extends fc.Arbitrary<infer T> ? T : never;
const units = fc.uniqueArray(unit, { selector: ({ n }) => n, maxLength: 60 });

function contacted({ n, status, interval_s, quietS }: Drawn): ContactedUnit {
  const last_reading_s = quietS === null ? null : NOW_S - quietS;
  const contact = { ...noContact(0), last_reading_s, first_reading_s: last_reading_s };
  return { facts: { device_id: idOf(n), status, interval_s }, contact };
}

test('ids in a state, walked page by page over several shards, are all of them once', () => {
  fc.assert(
    fc.property(
      units,
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      (all, a, b) => {
        const shards = [0, 1, 2].map((k) => all.filter(({ n }) => n % 3 === k).map(contacted));
        for (const state of STATES) {
          const found: string[] = [];
          for (let after: string | null = ''; after !== null; ) {
            const from: string = after;
            const answers = shards.map((some) => unitsInState(some, state, NOW_S, from, a));
            const { ids, through } = mergeIds(answers, a, b);
            found.push(...ids);
            after = through;
          }
          const expected = all
            .map(contacted)
            .filter(({ facts, contact }) => {
              return unitState(lastSeenS(contact), NOW_S, facts.interval_s) === state;
            })
            .map(({ facts }) => facts.device_id);
          expect(found).toEqual(expected.sort());
        }
      },
    ),
  );
});

test('who was in time and is overdue counts by its own interval', () => {
  const seen = (quietS: number, interval_s = 300, status = 'active' as const) =>
    contacted({ n: quietS, status, interval_s, quietS });
  const all = [
    seen(10),
    seen(1201),
    seen(3601),
    seen(3602, 3600),
    seen(9000),
    { ...seen(20), facts: { ...seen(20).facts, status: 'inactive' as const } },
    { ...seen(30), contact: noContact(0) },
  ];
  // Two hours of baseline: 9,000 s are more than those and twenty minutes.
  expect(heardCounts(all, NOW_S, NOW_S - 7200)).toEqual({ units: 4, late: 2, heard: 3 });
});

/** A unit's life: for each five minutes whether it sends, and what else happens to it. */
const step = fc.record({
  sends: fc.boolean(),
  radio: fc.constantFrom(0, 0, 0, 0, 1),
  evicted: fc.constantFrom(false, false, false, true),
  /** So many steps of silence after it. */
  pause: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(400) }),
});

test('a copy is exact once a unit is quiet, at most six hours old, seldom written', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), async (steps) => {
      let contact: UnitContact = noContact(0);
      let copy: ContactCopy | undefined;
      let writes = 0;
      const copies: ContactCopies = {
        of: async () => (copy ? [copy] : []),
        async put([one]) {
          copy = one;
          writes += 1;
        },
      };
      const facts = {
        device_id: idOf(1),
        status: 'active' as const,
        interval_s: 300,
      };
      let outbox = new ContactOutbox();
      let nowS = NOW_S;
      let changes = 1;
      const job = async () => {
        const all = [{ facts, contact }];
        const news = async (atS: number, limit: number) => outbox.news(all, atS, limit);
        await copyContacts({ news, copied: async (some) => outbox.copied(some) }, copies, nowS);
        const seenS = lastSeenS(contact);
        if (seenS === null) return expect(copy).toBeUndefined();
        const behindS = seenS - Number(copy?.last_seen_s);
        expect(behindS).toBeGreaterThanOrEqual(0);
        expect(behindS).toBeLessThan(6 * HOUR_S);
        if (nowS - seenS >= 2 * HOUR_S) expect(behindS).toBe(0);
        // What the review asks: a copy that looks silent is of a unit that is.
        const isSilent = nowS - seenS >= SILENT_AFTER_S;
        expect(nowS - Number(copy?.last_seen_s) >= SILENT_AFTER_S).toBe(isSilent);
        expect(copy?.radio).toBe(contact.heartbeat?.radio ?? 0);
      };
      for (const { sends, radio, evicted, pause } of steps) {
        nowS += 300;
        const before = contact.heartbeat?.radio ?? 0;
        if (sends) {
          const heartbeat = contactHeartbeat(contact, nowS, radio);
          contact = {
            ...contact,
            last_reading_s: nowS,
            first_reading_s: contact.first_reading_s ?? nowS,
            heartbeat,
          };
          if (radio !== before) changes += 1;
        }
        if (evicted) outbox = new ContactOutbox();
        await job();
        for (let n = 0; n < pause; n += 1) {
          nowS += 300;
          await job();
        }
      }
      const pauses = steps.filter(({ pause }) => pause > 0).length;
      const hours = (nowS - NOW_S) / HOUR_S;
      const gaps = steps.filter(({ sends }) => !sends).length;
      expect(writes).toBeLessThanOrEqual(changes * 2 + pauses * 2 + hours / 6 + gaps / 20 + 2);
    }),
    { numRuns: 60 },
  );
});

function contactHeartbeat(contact: UnitContact, nowS: number, radio: number) {
  const before = contact.heartbeat;
  const said = { firmware: '6.0', cell_rssi_dbm: -70, battery_pct: null };
  const radio_since_s = radio === 0 ? null : (before?.radio_since_s ?? nowS);
  return { ...said, first_s: before?.first_s ?? nowS, last_s: nowS, radio, radio_since_s };
}

test('a shard that began anew offers everything, and nothing is written again', async () => {
  const all = Array.from({ length: 700 }, (_, n) =>
    contacted({ n, status: 'active', interval_s: 300, quietS: 10 }),
  );
  const kept = new Map<string, ContactCopy>();
  const asked: number[] = [];
  const copies: ContactCopies = {
    async of(ids) {
      asked.push(ids.length);
      return ids.flatMap((id) => kept.get(id) ?? []);
    },
    async put(some) {
      for (const one of some) kept.set(one.device_id, one);
    },
  };
  const copyAll = (outbox: ContactOutbox) =>
    copyContacts(
      {
        news: async (nowS, limit) => outbox.news(all, nowS, limit),
        copied: async (some) => outbox.copied(some),
      },
      copies,
      NOW_S,
    );
  const outbox = new ContactOutbox();
  expect(await copyAll(outbox)).toBe(700);
  expect(await copyAll(outbox)).toBe(0);
  expect(asked).toEqual([500, 200]);
  expect(await copyAll(new ContactOutbox())).toBe(0);
  expect(kept.get(idOf(3))).toMatchObject(
    contactOf(idOf(3), (all[3] as ContactedUnit).contact, null),
  );
});

describe('what is news to the registry', () => {
  const copy: ContactCopy = {
    ...{ device_id: idOf(1), generation: 2, first_heartbeat_s: 50, first_reading_s: 60 },
    ...{ last_seen_s: NOW_S - 8 * HOUR_S, firmware: '6.0', radio: 0, radio_since_s: null },
  };
  const since = (quietS: number): ContactCopy => ({ ...copy, last_seen_s: NOW_S - quietS });

  test.each([
    ['heard as it is there', copy, false],
    ['heard before what is there', { ...copy, last_seen_s: 100 }, false],
    ['heard six hours after it', since(2 * HOUR_S), true],
    ['heard more than six hours after it', since(2 * HOUR_S - 1), true],
    ['another token', { ...copy, generation: 3 }, true],
    ['a first heartbeat', { ...copy, first_heartbeat_s: 49 }, true],
    ['a first reading', { ...copy, first_reading_s: null }, true],
    ['a receiver that does not listen', { ...copy, radio: 1 }, true],
    ['since when it does not', { ...copy, radio_since_s: 70 }, true],
    ['another firmware', { ...copy, firmware: '6.1' }, true],
    ['a firmware that it did not name', { ...copy, firmware: null }, false],
    ['one that was never heard', { ...copy, generation: 3, last_seen_s: null }, false],
  ])('%s', (_, contact, is) => {
    expect(isNews(contact, copy, NOW_S)).toBe(is);
  });

  test('a copy is renewed after six hours of reports, or two of quiet', () => {
    const old = { ...copy, last_seen_s: NOW_S };
    const at = (seenS: number, nowS: number) =>
      isNews({ ...copy, last_seen_s: NOW_S + seenS }, old, NOW_S + nowS);
    expect(at(6 * HOUR_S - 1, 6 * HOUR_S)).toBe(false);
    expect(at(6 * HOUR_S, 6 * HOUR_S)).toBe(true);
    expect(at(1, 2 * HOUR_S)).toBe(false);
    expect(at(1, 2 * HOUR_S + 1)).toBe(true);
    expect(at(0, 9 * HOUR_S)).toBe(false);
  });

  test('all is, of a unit without a copy or whose copy was never heard', () => {
    expect(isNews(copy, undefined, NOW_S)).toBe(true);
    expect(isNews(copy, { ...copy, last_seen_s: null }, NOW_S)).toBe(true);
    expect(isNews({ ...copy, last_seen_s: null }, undefined, NOW_S)).toBe(false);
  });
});

test('an outbox offers so many at a time, and what was copied no more', () => {
  const all = [1, 2, 3].map((n) =>
    contacted({ n, status: 'active', interval_s: 300, quietS: n === 2 ? null : 10 }),
  );
  const outbox = new ContactOutbox();
  const offered = (limit: number) => outbox.news(all, NOW_S, limit).map((c) => c.device_id);
  expect([offered(0), offered(1), offered(9)]).toEqual([[], [idOf(1)], [idOf(1), idOf(3)]]);
  outbox.copied(outbox.news(all, NOW_S, 1));
  expect(offered(1)).toEqual([idOf(3)]);
  // An outbox remembers a copy, not the object it was told of.
  const [copy] = outbox.news(all, NOW_S, 9);
  if (copy === undefined) throw new Error('one is left');
  outbox.copied([copy]);
  copy.radio = 3;
  expect(offered(9)).toEqual([]);
});

test('who is late, expected and heard, at each border', () => {
  const one = (quietS: number, interval_s: number) =>
    heardCounts([contacted({ n: 1, status: 'active', interval_s, quietS })], NOW_S, NOW_S - 7200);
  // Twenty minutes at least, three reports else.
  expect(one(1200, 60)).toEqual({ units: 1, late: 0, heard: 1 });
  expect(one(1201, 60)).toEqual({ units: 1, late: 1, heard: 1 });
  expect(one(1203, 401)).toEqual({ units: 1, late: 0, heard: 1 });
  expect(one(1204, 401)).toEqual({ units: 1, late: 1, heard: 1 });
  expect(one(3600, 300)).toEqual({ units: 1, late: 1, heard: 1 });
  expect(one(3601, 300)).toEqual({ units: 1, late: 1, heard: 0 });
  expect(one(8400, 300)).toEqual({ units: 1, late: 1, heard: 0 });
  expect(one(8401, 300)).toEqual({ units: 0, late: 0, heard: 0 });
  expect(one(-30, 300)).toEqual({ units: 1, late: 0, heard: 1 });
});

test('contacts are those that a shard has, in the order in which they are asked for', () => {
  const all = [1, 2].map((n) =>
    contacted({ n, status: 'active', interval_s: 300, quietS: 10 * n }),
  );
  const record = (id: string) => all.find(({ facts }) => facts.device_id === id) ?? null;
  const found = contactsOf({ record }, [idOf(2), idOf(9), idOf(1)]);
  expect(found.map((c) => [c.device_id, c.last_seen_s, c.firmware])).toEqual([
    [idOf(2), NOW_S - 20, null],
    [idOf(1), NOW_S - 10, null],
  ]);
  expect(contactsOf({ record }, [])).toEqual([]);
});

test('lists of several shards are complete up to the first end that may not be one', () => {
  expect(mergeIds([], 2, 9)).toEqual({ ids: [], through: null });
  expect(mergeIds([['b'], ['a']], 2, 9)).toEqual({ ids: ['a', 'b'], through: null });
  expect(mergeIds([['b', 'd'], ['a'], ['c', 'e']], 2, 9)).toEqual({
    ...{ ids: ['a', 'b', 'c', 'd'], through: 'd' },
  });
  expect(mergeIds([['b', 'd'], ['a']], 2, 3)).toEqual({ ids: ['a', 'b', 'd'], through: 'd' });
  expect(mergeIds([['b', 'c'], ['a']], 3, 2)).toEqual({ ids: ['a', 'b'], through: 'b' });
});
