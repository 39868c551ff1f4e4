/** Entries of a row, and records in less room: what is written is what is read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noContact } from './contact.ts';
import {
  compacted,
  ENTRY,
  entriesOf,
  entriesOfUnit,
  NO_NEWS,
  SharedTexts,
  tagOf,
  type UnitRecord,
  writeEntry,
} from './shard-journal.ts';
import { factsOf } from './testing/small-shard.ts';
import { type ByteReader, ByteWriter } from './varint.ts';

const entry = fc.record({
  kind: fc.constantFrom(...Object.values(ENTRY)),
  unit: fc.oneof(fc.nat(20), fc.nat(100_000)),
  bytes: fc.uint8Array({ maxLength: 300 }),
});

test('a row gives its entries back in order, each with its own bytes', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), (entries) => {
      const out = new ByteWriter();
      for (const { kind, unit, bytes } of entries) writeEntry(out, kind, unit, bytes);
      const read = [...entriesOf(out.take())].map(({ kind, unit, source }) => {
        const bytes: number[] = [];
        while (!source.isAtEnd) bytes.push(source.byte());
        // Who reads too far meets the end of the entry, not the next one.
        expect(() => source.byte()).toThrow(RangeError);
        return { kind, unit, bytes };
      });
      expect(read).toEqual(entries.map((one) => ({ ...one, bytes: [...one.bytes] })));
    }),
    { numRuns: 60 },
  );
});

test('of a row, the entries of one unit and kind are those among all', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), fc.nat(20), (entries, unit) => {
      const out = new ByteWriter();
      for (const { kind, unit, bytes } of entries) writeEntry(out, kind, unit, bytes);
      const row = out.take();
      const textOf = (source: ByteReader) => {
        const bytes: number[] = [];
        while (!source.isAtEnd) bytes.push(source.byte());
        return bytes;
      };
      for (const kind of Object.values(ENTRY)) {
        const among = [...entriesOf(row)].filter((one) => one.kind === kind && one.unit === unit);
        const own = Array.from(entriesOfUnit(row, kind, unit), textOf);
        expect(own).toEqual(among.map(({ source }) => textOf(source)));
      }
    }),
    { numRuns: 60 },
  );
});

test('numbers of kinds are on disk: none may change', () => {
  expect(ENTRY).toEqual({ reading: 0, packed: 1, sums: 2, cut: 3, settled: 4 });
  expect(tagOf(8)).toEqual({ kind: 0, unit: 1 });
  expect(tagOf(8 * 100_000 + 7)).toEqual({ kind: 7, unit: 100_000 });
});

test('a row that was cut off is an error, not a shorter row', () => {
  const out = new ByteWriter();
  writeEntry(out, ENTRY.reading, 3, new Uint8Array([1, 2, 3]));
  const bytes = out.take();
  for (let end = 1; end < bytes.length; end += 1) {
    expect(() => [...entriesOf(bytes.subarray(0, end))]).toThrow(RangeError);
  }
  expect([...entriesOf(new Uint8Array())]).toEqual([]);
});

const judgement = { at_ms: 1, from_s: 0, to_s: 9, is_counted: false };
const bare: UnitRecord = {
  ...{ facts: factsOf('JBNB0001', { placements: [] }), waiting: null, settled: [], judged: [] },
  ...{ contact: noContact(0), windows: {}, news: { ...NO_NEWS } },
};
const newest = {
  ...{ period_start_s: 1, variant: 's1', received_s: 2, location_id: 'bakery', firmware: '6.0' },
  ...{ cell_rssi_dbm: null, battery_pct: 0, overflow: 0, cached: null, send_failures: 0 },
};
const heartbeat = {
  ...{ first_s: 1, last_s: 2, firmware: '6.0', cell_rssi_dbm: -70, battery_pct: null },
  ...{ radio: 2, radio_since_s: 1 },
};
const full: UnitRecord = {
  facts: factsOf('JBNB0002', { firmware: '6.0', judgements: [judgement] }),
  waiting: { id: '00000001', name: 'reboot', expires_s: 9, delivered_s: 3 },
  settled: [{ id: '00000000', delivered_s: 1, settled_s: 2, outcome: 'acked' }],
  judged: [{ ...judgement, row: 4, changed: 0 }],
  contact: { generation: 3, heartbeat, newest, first_reading_s: 1, last_reading_s: 2 },
  windows: { heartbeat: { started_s: 1, requests: 11 } },
  news: { number: 2, doubted: null, commands: [] },
  moved: true,
};

test.each([
  ['nothing', bare],
  ['everything', full],
  ['a heartbeat alone', { ...full, contact: { ...full.contact, newest: null } }],
  ['readings alone', { ...full, contact: { ...full.contact, heartbeat: null } }],
  ['news that were taken', { ...bare, news: { ...NO_NEWS, number: 7 } }],
])('a record with %s is the same in less room', (_, record) => {
  const before = structuredClone(record);
  expect(compacted(record, new SharedTexts())).toEqual(before);
  expect(record).toEqual(before);
});

test('records with nothing in them share it', () => {
  const texts = new SharedTexts();
  const [a, b] = [compacted(bare, texts), compacted(structuredClone(bare), texts)];
  expect(a.windows).toBe(b.windows);
  expect(a.settled).toBe(b.judged);
  expect(a.news).toBe(NO_NEWS);
  // What all share nobody may change.
  expect(Object.isFrozen(a.windows)).toBe(true);
  expect(() => (a.settled as unknown[]).push(1)).toThrow(TypeError);
});
