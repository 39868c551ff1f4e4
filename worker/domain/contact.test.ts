/**
 * What a unit's words make of its contact, in whatever order they arrive: the clocks of two
 * requests may differ, readings wait in caches, and a token may be one of before.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Heartbeat } from '../../shared/contracts/heartbeat.ts';
import {
  afterHeartbeat,
  afterReading,
  contactOf,
  keptHeartbeat,
  lastSeenS,
  noContact,
  type UnitContact,
} from './contact.ts';
import { type StoredReading, storedReading } from './stored-reading.ts';
import { entryOf, START_S } from './testing/small-shard.ts';

const ID = 'JBNB0001';

interface Said {
  period: number;
  variant: string;
  receivedS: number;
  generation: number;
}

function readingOf({ period, variant, receivedS, generation }: Said): StoredReading {
  const entry = { ...entryOf(ID, period), variant, received_ms: receivedS * 1000 + 999 };
  return storedReading(entry, { generation, location_id: 'bakery', doubt: null });
}

type Words = Omit<Heartbeat, 'device_id'>;
const heartbeatAt = (receivedS: number, words: Words, acknowledges = true) => {
  return { heartbeat: { device_id: ID, ...words }, received_ms: receivedS * 1000, acknowledges };
};

const said = fc.record({
  period: fc.nat(4),
  variant: fc.constantFrom('s1', 's10', 's2', 'u2-0123456789abcdef'),
  receivedS: fc.integer({ min: 1, max: 40 }),
  generation: fc.constantFrom(3, 3, 3, 2, 4),
});

describe('readings', () => {
  test('in whatever order and however often they come, the contact is the same', () => {
    const all = fc.uniqueArray(said, { selector: (s) => `${s.period} ${s.variant}` });
    fc.assert(
      fc.property(all, fc.nat(), (sayings, turn) => {
        const readings = sayings.map(readingOf);
        const cut = turn % (readings.length + 1);
        const turned = [...readings.slice(cut), ...readings.slice(0, cut), ...readings];
        const contact = readings.reduce(afterReading, noContact(3));
        expect(turned.reduce(afterReading, noContact(3))).toEqual(contact);

        const own = readings.filter(({ generation }) => generation === 3);
        const received = own.map(({ received_s }) => received_s);
        expect(contact.first_reading_s).toBe(own.length > 0 ? Math.min(...received) : null);
        expect(contact.last_reading_s).toBe(own.length > 0 ? Math.max(...received) : null);
        for (const { period_start_s, variant } of own) {
          const { newest } = contact;
          const isBehind = Number(newest?.period_start_s) > period_start_s;
          const isSame = newest?.period_start_s === period_start_s;
          expect(isBehind || (isSame && String(newest?.variant) >= variant)).toBe(true);
        }
        expect(contact.heartbeat).toBeNull();
      }),
    );
  });

  test('the newest period is the one shown, though an older one arrived after it', () => {
    const newer = readingOf({ period: 9, variant: 's9', receivedS: 50, generation: 0 });
    const older = readingOf({ period: 8, variant: 's8', receivedS: 60, generation: 0 });
    const values = { ...newer.values, battery_pct: 40, overflow: 0, send_failures: 7, cached: 2 };
    const contact = [{ ...newer, values }, older].reduce(afterReading, noContact(0));
    expect(contact).toMatchObject({ first_reading_s: 50, last_reading_s: 60 });
    expect(contact.newest).toEqual({
      ...{ period_start_s: START_S + 2700, variant: 's9', received_s: 50 },
      ...{ location_id: 'bakery', firmware: null, cell_rssi_dbm: null, battery_pct: 40 },
      ...{ overflow: 0, cached: 2, send_failures: 7 },
    });
  });
});

const beat = fc.record({
  atS: fc.integer({ min: 1, max: 50 }),
  acknowledges: fc.boolean(),
  firmware: fc.option(fc.constantFrom('5.2', '6.0.1'), { nil: undefined }),
  cell_rssi_dbm: fc.option(fc.integer({ min: -120, max: 0 }), { nil: undefined }),
  battery_pct: fc.option(fc.constantFrom(0, 55, 100), { nil: undefined }),
  radio: fc.option(fc.constantFrom(0, 1, 2, 3), { nil: undefined }),
});

function given<T extends object>(all: T): T {
  const entries = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as T;
}

describe('heartbeats', () => {
  test('each word stands until the next one, and times never go back', () => {
    fc.assert(
      fc.property(fc.array(beat, { minLength: 1, maxLength: 20 }), (beats) => {
        let contact = noContact(1);
        for (const { atS, acknowledges, ...words } of beats) {
          contact = afterHeartbeat(contact, heartbeatAt(atS, given(words) as Words, acknowledges));
        }
        const times = beats.map(({ atS }) => atS);
        const bits = beats.map(({ acknowledges, radio }) => (acknowledges ? (radio ?? 0) : 0));
        const whole = bits.lastIndexOf(0);
        const lastOf = (name: 'firmware' | 'cell_rssi_dbm' | 'battery_pct') =>
          beats.findLast((one) => one[name] !== undefined)?.[name] ?? null;
        expect(contact.heartbeat).toEqual({
          ...{ first_s: Math.min(...times), last_s: Math.max(...times) },
          firmware: lastOf('firmware'),
          cell_rssi_dbm: lastOf('cell_rssi_dbm'),
          battery_pct: lastOf('battery_pct'),
          radio: bits.at(-1),
          radio_since_s: whole === beats.length - 1 ? null : times[whole + 1],
        });
        expect(contact).toMatchObject({ generation: 1, newest: null, last_reading_s: null });
      }),
    );
  });

  test('milliseconds are cut off, not rounded', () => {
    const late = { ...heartbeatAt(0, {}), received_ms: 12_999 };
    const { heartbeat } = afterHeartbeat(noContact(0), late);
    expect(heartbeat).toMatchObject({ first_s: 12, last_s: 12 });
  });

  test.each([
    ['6 names broken ones', true, 2, 2],
    ['6 leaves out what works', true, undefined, 0],
    ['5 never says', false, undefined, null],
    ['5 says something of its own', false, 2, null],
  ])('what is kept of one: %s', (_, acknowledges, radio, kept) => {
    const heartbeat = given({ uptime_s: 0, battery_pct: 0, radio }) as Words;
    const none = { free_kib: null, free_min_kib: null, start_reason: null };
    expect(keptHeartbeat(heartbeatAt(7, heartbeat, acknowledges), null)).toEqual({
      ...none,
      ...{ received_ms: 7000, firmware: null, uptime_s: 0, cell_rssi_dbm: null },
      ...{ battery_pct: 0, radio: kept, location_id: null },
    });
  });
});

describe('what pages see', () => {
  const newest = {
    ...{ period_start_s: 100, variant: 's1', received_s: 200, location_id: 'bakery' },
    ...{ firmware: '6.1', cell_rssi_dbm: -90, battery_pct: 20 },
    ...{ overflow: null, cached: null, send_failures: null },
  };
  const heartbeat = {
    ...{ first_s: 10, last_s: 200, firmware: '6.0', cell_rssi_dbm: -70, battery_pct: 0 },
    ...{ radio: 1, radio_since_s: 150 },
  };
  const both: UnitContact = {
    ...{ generation: 2, heartbeat, newest, first_reading_s: 20, last_reading_s: 300 },
  };

  test('of a unit that said nothing there is only what the registry knows', () => {
    expect(contactOf(ID, noContact(5), '6.0')).toEqual({
      ...{ device_id: ID, generation: 5, first_heartbeat_s: null, first_reading_s: null },
      ...{ twin: null, last_seen_s: null, firmware: '6.0', cell_rssi_dbm: null, battery_pct: null },
      ...{ radio: 0, radio_since_s: null, newest: null },
    });
  });

  test('of one second the heartbeat is the later word, of the next one the reading', () => {
    expect(contactOf(ID, both, null)).toMatchObject({ firmware: '6.0', battery_pct: 0 });
    const later = { ...both, newest: { ...newest, received_s: 201 } };
    expect(contactOf(ID, later, null)).toMatchObject({ firmware: '6.1', battery_pct: 20 });
  });

  test('what the later word leaves out the earlier one says, and then the registry', () => {
    const silent = { ...heartbeat, firmware: null, battery_pct: null };
    const half = { ...both, heartbeat: silent };
    expect(contactOf(ID, half, '1.0')).toMatchObject({ firmware: '6.1', battery_pct: 20 });
    const none = { ...half, newest: { ...newest, firmware: null, battery_pct: null } };
    expect(contactOf(ID, none, '1.0')).toMatchObject({ firmware: '1.0', battery_pct: null });
  });

  test('signal is that of readings, and of heartbeats where those have none', () => {
    expect(contactOf(ID, both, null).cell_rssi_dbm).toBe(-90);
    const mute = { ...both, newest: { ...newest, cell_rssi_dbm: null } };
    expect(contactOf(ID, mute, null).cell_rssi_dbm).toBe(-70);
    expect(contactOf(ID, both, null)).toMatchObject({ radio: 1, radio_since_s: 150 });
  });

  test('it was last heard by whatever came last, not by the newest period', () => {
    expect(lastSeenS(both)).toBe(300);
    expect(lastSeenS({ ...both, last_reading_s: 199 })).toBe(200);
    expect(lastSeenS({ ...both, last_reading_s: null })).toBe(200);
    expect(lastSeenS({ ...both, heartbeat: null })).toBe(300);
    expect(lastSeenS(noContact(0))).toBeNull();
  });
});
