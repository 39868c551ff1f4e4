import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Doubt } from './doubt.ts';
import { packReadings, unpackReadings, type WordList } from './reading-codec.ts';
import { READING_COLUMN_NAMES, type ReadingValues, type StoredReading } from './stored-reading.ts';
import { ByteReader, ByteWriter } from './varint.ts';

function wordList(): WordList & { words: string[] } {
  const words = [''];
  return {
    words,
    numberOf(word) {
      if (!words.includes(word)) words.push(word);
      return words.indexOf(word);
    },
    wordOf(number) {
      const word = words[number];
      if (number === 0 || word === undefined) throw new RangeError('no such word');
      return word;
    },
  };
}

const hash = fc.stringMatching(/^[0-9a-f]{16}$/);
const count = fc.option(fc.nat(10_000_000));
const u32 = fc.option(fc.nat(4_294_967_295));
const rssi = fc.option(fc.integer({ min: -127, max: 20 }));
const values = fc.record(
  Object.fromEntries(
    READING_COLUMN_NAMES.map((name) => [name, name.endsWith('_dbm') ? rssi : count]),
  ) as unknown as { [K in keyof ReadingValues]: fc.Arbitrary<ReadingValues[K]> },
);
const reading: fc.Arbitrary<StoredReading> = fc
  .record({
    period_start_s: fc.nat(4_102_444_800),
    kind: fc.constantFrom('seq', 'hash', 'both', 'text'),
    hash,
    text: fc.string({ maxLength: 20 }),
    generation: fc.nat(300),
    location_id: fc.option(fc.constantFrom('bakery', 'books', 'ein-längerer-Name')),
    received_s: fc.nat(4_102_444_800),
    visits: count,
    doubt: fc.option(fc.constantFrom<Doubt>('impressions', 'overlap', 'excluded')),
    values,
    firmware: fc.option(fc.constantFrom('5.3', '6.0.1')),
    seq: u32,
    booted_s: u32,
    age_s: u32,
    battery_pct: fc.option(fc.oneof(fc.nat(100), fc.double({ min: 0, max: 100, noNaN: true }))),
  })
  .map(({ kind, hash: digits, text, firmware, seq, booted_s, age_s, battery_pct, ...r }) => {
    const variants = { seq: `s${seq}`, hash: digits, both: `u${seq}-${digits}`, text };
    const own = { firmware, seq, booted_s, age_s, battery_pct };
    return { ...r, variant: variants[kind], values: { ...r.values, ...own } };
  });

test('whatever is packed comes out again', () => {
  fc.assert(
    fc.property(fc.array(reading, { maxLength: 12 }), (all) => {
      const words = wordList();
      const out = new ByteWriter();
      packReadings(out, all, words);
      expect(unpackReadings(out.take(), words)).toEqual(all);
    }),
    { numRuns: 500 },
  );
});

test('bytes that are cut short are no reading', () => {
  fc.assert(
    fc.property(reading, fc.nat(), (one, at) => {
      const words = wordList();
      const out = new ByteWriter();
      packReadings(out, [one], words);
      const bytes = out.take();
      const cut = 1 + (at % (bytes.length - 1));
      expect(() => unpackReadings(bytes.subarray(0, cut), words)).toThrow(RangeError);
    }),
  );
});

/** A day of a v5.x unit in a shop, as its log has it. */
function day(): StoredReading[] {
  return Array.from({ length: 288 }, (_, n) => {
    const u = 40 + Math.round(60 * Math.sin(n / 46) ** 2);
    const own: Partial<ReadingValues> = {
      ...{ impressions: u * 4, device_minutes: u, dwell_0_1: u >> 2, dwell_1_5: u >> 3 },
      ...{ dwell_5_10: 3, dwell_10plus: 1, rssi_immediate: 4, rssi_near: u >> 2, rssi_far: u >> 1 },
      ...{ rssi_remote: u >> 2, probe_rssi_avg_dbm: -62, probe_rssi_weakest_dbm: -88 },
      ...{ probe_rssi_strongest_dbm: -45, ble_impressions: 200, ble_unique: 85, ble_apple: 56 },
      ...{ ble_other: 29, ble_rssi_avg_dbm: -68, cell_rssi_dbm: -85, overflow: 0, cached: 0 },
      ...{ send_failures: 0, age_s: 3, clock_synced: 1, booted_s: 1_790_000_000 },
    };
    const none = Object.fromEntries(READING_COLUMN_NAMES.map((name) => [name, null]));
    return {
      period_start_s: 1_795_000_000 + n * 300,
      variant: (n * 2654435761).toString(16).padStart(16, 'a').slice(-16),
      generation: 1,
      location_id: 'bakery',
      received_s: 1_795_000_304 + n * 300,
      visits: u >> 1,
      doubt: null,
      values: { ...(none as unknown as ReadingValues), ...own, firmware: '5.3' },
    };
  });
}

test('a usual reading takes about 40 bytes, a tenth of its JSON', () => {
  const all = day();
  const out = new ByteWriter();
  packReadings(out, all, wordList());
  const each = out.length / all.length;
  expect(each).toBeLessThan(45);
  expect(JSON.stringify(all).length / all.length / each).toBeGreaterThan(10);
});

test('whole numbers, short and long, of both signs', () => {
  const whole = fc.oneof(fc.nat(300), fc.maxSafeInteger().map(Math.abs));
  const signed = fc.integer({ min: -(2 ** 51), max: 2 ** 51 });
  fc.assert(
    fc.property(whole, signed, fc.double(), (a, b, c) => {
      const out = new ByteWriter();
      out.uint(a);
      out.int(b);
      out.float64(c);
      out.u32(a % 2 ** 32);
      const source = new ByteReader(out.take());
      expect([source.uint(), source.int(), source.float64(), source.u32()]).toEqual([
        a,
        b,
        c,
        a % 2 ** 32,
      ]);
      expect(source.isAtEnd).toBe(true);
    }),
  );
  expect(() => new ByteReader(new Uint8Array(20).fill(0xff)).uint()).toThrow(RangeError);
});
