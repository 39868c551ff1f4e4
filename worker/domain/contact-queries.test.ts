/**
 * Questions about many units against a straight look at all of them, and the registry's copies
 * through random lives: what a review of silence relies on.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SILENT_AFTER_S, unitState } from '../../shared/metrics/unit-state.ts';
import { contactOf, lastSeenS, noContact, type UnitContact } from './contact.ts';
import { type ContactCopies, copyContacts } from './contact-copies.ts';
import {
  type ContactCopy,
  type ContactedUnit,
  ContactOutbox,
  heardCounts,
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
