/**
 * A shard's units beside their readings: contacts, hours, heartbeats, commands, tokens and moves,
 * each at its borders and as a shard knows them that is opened anew.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { WaitingCommand } from './command-delivery.ts';
import { hashSlotOf } from './hash-slot.ts';
import { HOURLY } from './rate-limit.ts';
import type { ShardFacts } from './shard-facts.ts';
import { MemoryJournal } from './testing/memory-journal.ts';
import { entryOf, factsOf, START_S, shardOn, who } from './testing/small-shard.ts';
import { UnitShard } from './unit-shard.ts';

const ID = 'JBNB0001';
const OTHER = 'JBNB0002';
const NOW_S = START_S + 90_000;

function freshShard() {
  const journal = new MemoryJournal();
  const shard = shardOn(journal);
  shard.commit(START_S);
  return { journal, shard };
}

function anew(shard: UnitShard, journal: MemoryJournal): UnitShard {
  shard.commit(NOW_S);
  return new UnitShard(journal);
}

const beat = (receivedMs: number, more: { ack?: string } = {}, acknowledges = true) => ({
  heartbeat: { device_id: ID, ...more },
  received_ms: receivedMs,
  acknowledges,
});
const heardAt = (shard: UnitShard, atS: number, id = ID) => shard.hear(beat(atS * 1000), who(id));

const arrival = fc.record({
  period: fc.nat(70),
  receivedS: fc.integer({ min: 0, max: 5000 }),
  commits: fc.boolean(),
});

test('opened anew it knows when a unit was heard, in whatever order words arrived', () => {
  fc.assert(
    fc.property(fc.array(arrival, { minLength: 24, maxLength: 70, size: 'max' }), (arrivals) => {
      const { journal, shard } = freshShard();
      for (const { period, receivedS, commits } of arrivals) {
        const received_ms = (START_S + receivedS) * 1000;
        shard.take({ ...entryOf(ID, period), received_ms }, who(ID));
        if (commits) shard.commit(NOW_S);
      }
      shard.commit(NOW_S);
      // What places have is not read again.
      shard.cut();
      shard.commit(NOW_S);
      shard.settle(1);
      shard.commit(NOW_S);
      const contact = shard.record(ID)?.contact;
      expect(anew(shard, journal).record(ID)?.contact).toEqual(contact);
    }),
    { numRuns: 100 },
  );
});

describe('an hour of heartbeats', () => {
  test('has ten; what is refused leaves no trace, and the hour outlives the shard', () => {
    const { journal, shard } = freshShard();
    for (let n = 1; n <= HOURLY.heartbeat; n += 1) {
      expect(heardAt(shard, NOW_S + n).window?.requests).toBe(n);
    }
    const known = shard.record(ID)?.contact;
    for (const at of [20, 30, 3600]) {
      expect(heardAt(shard, NOW_S + at).window?.requests).toBe(HOURLY.heartbeat + 1);
    }
    const again = anew(shard, journal);
    expect(heardAt(again, NOW_S + 3600).window?.requests).toBe(HOURLY.heartbeat + 1);
    expect(again.isPending).toBe(false);
    expect(again.record(ID)?.contact).toEqual(known);
    expect(again.heartbeats(ID, Number.MAX_SAFE_INTEGER, 99)).toHaveLength(HOURLY.heartbeat);
    // It began with the first of them.
    const next = { started_s: NOW_S + 3601, requests: 1 };
    expect(heardAt(again, NOW_S + 3601).window).toEqual(next);
  });

  test('begins anew with a clock that went back', () => {
    const { shard } = freshShard();
    for (let n = 0; n < 20; n += 1) heardAt(shard, NOW_S);
    const window = { started_s: NOW_S - 1, requests: 1 };
    expect(heardAt(shard, NOW_S - 1).window).toEqual(window);
  });

  test('is one of this unit and of this kind', () => {
    const { shard } = freshShard();
    for (let n = 0; n < 20; n += 1) shard.admit(who(ID), 'config', NOW_S);
    expect(heardAt(shard, NOW_S).window?.requests).toBe(1);
    expect(shard.admit(who(ID), 'ota_chunk', NOW_S).window?.requests).toBe(1);
    expect(shard.admit(who(OTHER), 'config', NOW_S).window?.requests).toBe(1);
    expect(shard.admit(who(ID), 'config', NOW_S).window?.requests).toBe(HOURLY.config + 1);
  });

  test.each([
    ['a wrong token', { ...who(ID), token_sha256: 'b'.repeat(64) }, {}],
    ['an inactive unit', who(ID), { status: 'inactive' }],
    ['a unit that nobody knows', who('JBNB0099'), {}],
  ] as const)('does not count %s', (_, credential, facts) => {
    const { shard } = freshShard();
    shard.apply(factsOf(ID, { revision: 2, ...facts }), START_S);
    shard.commit(START_S);
    expect(shard.hear(beat(NOW_S * 1000), credential)).toMatchObject({ window: null });
    expect(shard.take(entryOf(ID, 1), credential).stored).toBe(false);
    expect(shard.isPending).toBe(false);
    expect(shard.record(ID)?.contact.heartbeat).toBeNull();
  });
});

describe('heartbeats', () => {
  test('of one millisecond are one of a unit, and one of each', () => {
    const { shard } = freshShard();
    for (const ms of [5001, 5000, 5001, 5002]) shard.hear(beat(ms), who(ID));
    shard.hear(beat(5001), who(OTHER));
    // What is not written yet is not shown.
    expect(shard.heartbeats(ID, 9000, 9)).toEqual([]);
    shard.commit(NOW_S);
    const times = (id: string, beforeMs: number, limit: number) =>
      shard.heartbeats(id, beforeMs, limit).map(({ received_ms }) => received_ms);
    expect(times(ID, 9000, 9)).toEqual([5002, 5001, 5000]);
    expect(times(ID, 5002, 9)).toEqual([5001, 5000]);
    expect(times(ID, 5002, 1)).toEqual([5001]);
    expect(times(OTHER, 9000, 9)).toEqual([5001]);
    expect(times('JBNB0099', 9000, 9)).toEqual([]);
    const all = (fromMs: number, toMs: number, limit: number) =>
      shard.heartbeatsOfAll(fromMs, toMs, limit).map((h) => `${h.device_id} ${h.received_ms}`);
    expect(all(5000, 5002, 9)).toHaveLength(3);
    expect(all(5001, 5002, 9).sort()).toEqual([`${ID} 5001`, `${OTHER} 5001`]);
    expect(all(0, 9000, 1)).toEqual([`${ID} 5002`]);
    expect(all(0, 9000, 0)).toEqual([]);
  });

  test('bear the place where the unit stood when they came', () => {
    const { shard } = freshShard();
    const placements = [
      { from_s: NOW_S, to_s: NOW_S + 5, location_id: 'bakery' },
      { from_s: NOW_S + 5, to_s: null, location_id: 'books' },
    ];
    shard.apply(factsOf(ID, { revision: 2, placements }), START_S);
    for (const at of [-1, 0, 4, 5]) heardAt(shard, NOW_S + at);
    shard.commit(NOW_S);
    const places = shard.heartbeats(ID, 1e15, 9).map(({ location_id }) => location_id);
    expect(places).toEqual(['books', 'bakery', 'bakery', null]);
  });

  test('of units that left do not take the places of those that are here', () => {
    const { shard } = freshShard();
    shard.hear(beat(1000), who(OTHER));
    for (const ms of [2000, 3000, 4000]) shard.hear(beat(ms), who(ID));
    expect(shard.leave(ID, hashSlotOf(ID), NOW_S)?.heartbeats).toHaveLength(3);
    const here = shard.heartbeatsOfAll(0, 9000, 1).map((h) => `${h.device_id} ${h.received_ms}`);
    expect(here).toEqual([`${OTHER} 1000`]);
    expect(shard.heartbeatsOfAll(0, 900, 1)).toEqual([]);
  });
});

const command = (id: string, more: Partial<WaitingCommand> = {}): WaitingCommand => {
  return { id, name: 'reboot', expires_s: NOW_S + 1000, delivered_s: null, ...more };
};
const told = (shard: UnitShard, id: string, revision: number, more?: Partial<WaitingCommand>) =>
  shard.apply(factsOf(ID, { revision, command: command(id, more) }), NOW_S);
const outcomes = (shard: UnitShard) =>
  shard.news(9).map((n) => n.commands.map(({ id, outcome }) => [id, outcome]));

describe('a command', () => {
  test('is delivered when it was first handed out, across a restart and a newer word', () => {
    const { journal, shard } = freshShard();
    told(shard, 'c1', 2);
    expect(heardAt(shard, NOW_S).command?.id).toBe('c1');
    let again = anew(shard, journal);
    expect(heardAt(again, NOW_S + 5).command?.id).toBe('c1');
    // The registry has not heard of it yet.
    told(again, 'c1', 3);
    again = anew(again, journal);
    expect(again.record(ID)?.waiting).toEqual(command('c1', { delivered_s: NOW_S }));
    expect(again.hear(beat(NOW_S * 1000 + 9, { ack: 'c1' }), who(ID)).command).toBeNull();
    const settled = { id: 'c1', delivered_s: NOW_S, settled_s: NOW_S, outcome: 'acked' };
    expect(again.news(9)).toMatchObject([{ device_id: ID, commands: [settled] }]);
  });

  test('that expires in this second is not handed out any more', () => {
    const { shard } = freshShard();
    told(shard, 'c1', 2);
    expect(heardAt(shard, NOW_S + 999).command?.id).toBe('c1');
    expect(heardAt(shard, NOW_S + 1000).command).toBeNull();
    expect(outcomes(shard)).toEqual([[['c1', 'expired']]]);
    told(shard, 'c1', 3);
    expect(heardAt(shard, NOW_S + 1).command).toBeNull();
  });

  test('that was withdrawn does not come, and one in its place does', () => {
    const { shard } = freshShard();
    told(shard, 'c1', 2);
    heardAt(shard, NOW_S);
    shard.apply(factsOf(ID, { revision: 3 }), NOW_S);
    expect(heardAt(shard, NOW_S + 1).command).toBeNull();
    told(shard, 'c2', 4);
    // An answer to the old one settles nothing.
    const late = shard.hear(beat(NOW_S * 1000 + 50, { ack: 'c1' }), who(ID));
    expect(late.command?.id).toBe('c2');
    expect(outcomes(shard)).toEqual([
      [
        ['c1', null],
        ['c2', null],
      ],
    ]);
  });

  test('of firmware 5 is handed out once, and one to fetch settings with a heartbeat', () => {
    const { journal, shard } = freshShard();
    told(shard, 'c1', 2, { name: 'fetch_config' });
    const reading = { ...entryOf(ID, 1), acknowledges: false };
    expect(shard.take(reading, who(ID)).command).toBeNull();
    const again = anew(shard, journal);
    expect(again.hear(beat(NOW_S * 1000, {}, false), who(ID)).command?.id).toBe('c1');
    expect(again.hear(beat(NOW_S * 1000 + 1, {}, false), who(ID)).command).toBeNull();
    expect(outcomes(again)).toEqual([[['c1', 'delivered']]]);
  });

  test('comes with a repeated reading, too, and news of it are told', () => {
    const { shard } = freshShard();
    shard.take(entryOf(ID, 1), who(ID));
    told(shard, 'c1', 2);
    const again = shard.take(entryOf(ID, 1), who(ID));
    expect(again).toMatchObject({ stored: false, hasNews: true, command: { id: 'c1' } });
  });

  test('does not come back among the last eight that were carried out', () => {
    const { journal, shard } = freshShard();
    for (let n = 1; n <= 9; n += 1) {
      told(shard, `c${n}`, n + 1);
      heardAt(shard, NOW_S + n);
      const acked = { ...entryOf(ID, n), acknowledges: true };
      shard.take({ ...acked, reading: { ...acked.reading, ack: `c${n}` } }, who(ID));
    }
    const again = anew(shard, journal);
    const ids = again.record(ID)?.settled.map(({ id }) => id);
    expect(ids).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((n) => `c${n}`));
    told(again, 'c2', 20);
    expect(again.take(entryOf(ID, 20), who(ID)).command).toBeNull();
  });
});

describe('news', () => {
  const twin = { ...entryOf(ID, 1), variant: 's50' };

  test('that came after a look are not taken for seen', () => {
    const { journal, shard } = freshShard();
    told(shard, 'c1', 2);
    heardAt(shard, NOW_S);
    const [seen] = shard.news(9);
    shard.take(entryOf(ID, 1), who(ID));
    expect(shard.take(twin, who(ID)).doubt).toBe('overlap');
    shard.newsTaken(seen ? [seen] : []);
    expect(shard.news(9)).toHaveLength(1);
    const again = anew(shard, journal);
    const [all] = again.news(9);
    expect(all).toMatchObject({ number: 2, doubted: { doubt: 'overlap' } });
    expect(all?.commands).toHaveLength(1);
    again.newsTaken(all ? [all] : []);
    expect(again.news(9)).toEqual([]);
    const last = anew(again, journal);
    expect(last.news(9)).toEqual([]);
    // Numbers go on, for a late word must not take what comes next.
    expect(last.record(ID)?.news.number).toBe(2);
  });

  test('name the first reading in doubt, and none that an administrator took out', () => {
    const { shard } = freshShard();
    const out = { at_ms: 1, from_s: 0, to_s: START_S + 600, is_counted: false };
    shard.apply(factsOf(ID, { revision: 2, judgements: [out] }), START_S);
    expect(shard.take(entryOf(ID, 1), who(ID))).toMatchObject({
      doubt: 'excluded',
      hasNews: false,
    });
    for (const period of [4, 3]) {
      shard.take(entryOf(ID, period), who(ID));
      shard.take({ ...entryOf(ID, period), variant: `s${90 + period}` }, who(ID));
    }
    expect(shard.news(9)[0]?.doubted?.period_start_s).toBe(START_S + 1200);
    expect([shard.news(0), shard.news(9, OTHER)]).toEqual([[], []]);
    expect(shard.news(9, ID)).toHaveLength(1);
  });
});

test('with a new token a unit is heard for the first time, in the same hour', () => {
  const { journal, shard } = freshShard();
  heardAt(shard, NOW_S);
  shard.take(entryOf(ID, 1), who(ID));
  shard.commit(NOW_S);
  shard.apply(factsOf(ID, { revision: 2, generation: 1, token_sha256: 'b'.repeat(64) }), NOW_S);
  const again = anew(shard, journal);
  const nothing = { heartbeat: null, newest: null, first_reading_s: null, last_reading_s: null };
  expect(again.record(ID)?.contact).toEqual({ generation: 1, ...nothing });
  expect(again.take(entryOf(ID, 2), who(ID)).stored).toBe(false);
  const now = { ...who(ID), token_sha256: 'b'.repeat(64) };
  expect(again.take(entryOf(ID, 2), now).stored).toBe(true);
  expect(again.hear(beat(NOW_S * 1000), now).window?.requests).toBe(2);
  expect(again.record(ID)?.contact.newest?.variant).toBe('s2');
});

describe('a unit that left', () => {
  const slot = hashSlotOf(ID);
  const stays = [OTHER, 'JBNB0003'].filter((id) => hashSlotOf(id) < slot);

  test('is not proven, not heard, not counted and not told of here, also after a restart', () => {
    const { journal, shard } = freshShard();
    told(shard, 'c1', 2);
    heardAt(shard, NOW_S);
    const history = shard.leave(ID, slot, NOW_S);
    expect(history?.record.news.commands).toHaveLength(1);
    for (const one of [shard, anew(shard, journal)]) {
      const nothing = { device: null, window: null };
      expect(heardAt(one, NOW_S + 1)).toMatchObject({ ...nothing, command: null });
      expect(one.admit(who(ID), 'config', NOW_S)).toEqual(nothing);
      expect(one.take(entryOf(ID, 5), who(ID))).toMatchObject({ isMoved: true, stored: false });
      expect([one.facts(ID), one.news(9), one.isPending]).toEqual([null, [], false]);
      expect(one.isMoved(ID)).toBe(true);
      for (const id of stays) expect(one.isMoved(id)).toBe(false);
    }
  });

  test('stays with whoever asked for the lowest slots, though another asks later', () => {
    const { journal, shard } = freshShard();
    shard.leave(ID, slot, NOW_S);
    expect(shard.leave('JBNB0099', 4095, NOW_S)).toBeNull();
    expect(shard.isMoved(ID)).toBe(true);
    expect(anew(shard, journal).isMoved(ID)).toBe(true);
    const unknown = Array.from({ length: 50 }, (_, n) => `JBNB1${String(n).padStart(3, '0')}`);
    const again = anew(shard, journal);
    for (const id of unknown) expect(again.isMoved(id)).toBe(hashSlotOf(id) >= slot);
  });

  test('goes with its hours, its command and its news, and is met once', () => {
    const { shard } = freshShard();
    told(shard, 'c1', 2);
    for (let n = 0; n < HOURLY.heartbeat; n += 1) heardAt(shard, NOW_S + n);
    const history = structuredClone(shard.leave(ID, slot, NOW_S));
    const journal = new MemoryJournal();
    const upper = new UnitShard(journal);
    const facts: ShardFacts = factsOf(ID, { revision: 3, command: command('c1') });
    expect(upper.meet(facts, history, NOW_S)).toBe(0);
    for (const one of [upper, anew(upper, journal)]) {
      expect(one.isMoved(ID)).toBe(false);
      expect(one.record(ID)?.waiting?.delivered_s).toBe(NOW_S);
      expect(one.news(9)[0]?.commands).toHaveLength(1);
      expect(one.heartbeats(ID, 1e15, 99)).toHaveLength(HOURLY.heartbeat);
    }
    expect(heardAt(upper, NOW_S + 60).window?.requests).toBe(HOURLY.heartbeat + 1);
    // An older word than it came with changes nothing.
    expect(upper.meet(factsOf(ID, { revision: 1, status: 'inactive' }), history, NOW_S)).toBe(0);
    expect(upper.facts(ID)?.status).toBe('active');
  });
});
