import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formerShardsOf, HASH_SLOTS, hashSlotOf, shardOf, shardStarts } from './hash-slot.ts';

test('the slots of ids, written in stone', () => {
  // FNV-1a by hand: the offset basis for no byte at all, 0xe40c292c for `a` (the authors' table).
  expect(hashSlotOf('')).toBe((0x811c9dc5 ^ (0x811c9dc5 >>> 12) ^ (0x811c9dc5 >>> 24)) & 0xfff);
  expect(hashSlotOf('a')).toBe((0xe40c292c ^ (0xe40c292c >>> 12) ^ (0xe40c292c >>> 24)) & 0xfff);
  const slots = ['JBNB0001', 'JBNB0002', 'JBNB9999', 'JBNB0000000001'].map(hashSlotOf);
  expect(slots).toEqual([1803, 1689, 1993, 416]);
});

test('ids that count up spread evenly', () => {
  const counts = new Array<number>(64).fill(0);
  for (let n = 0; n < 64_000; n += 1) {
    const slot = hashSlotOf(`JBNB${String(n).padStart(6, '0')}`);
    counts[slot >>> 6] = (counts[slot >>> 6] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(850);
  expect(Math.max(...counts)).toBeLessThan(1150);
});

const starts = fc
  .uniqueArray(fc.integer({ min: 1, max: HASH_SLOTS - 1 }), { maxLength: 20 })
  .map((all) => [0, ...all.sort((a, b) => a - b)]);

test('a split moves the upper part of one shard, and no other slot', () => {
  fc.assert(
    fc.property(starts, fc.integer({ min: 1, max: HASH_SLOTS - 1 }), (before, at) => {
      fc.pre(!before.includes(at));
      const after = [...before, at].sort((a, b) => a - b);
      const split = shardOf(at, before);
      const slots = Array.from({ length: HASH_SLOTS }, (_, slot) => slot);
      const moves = (slot: number) => slot >= at && shardOf(slot, before) === split;
      expect(slots.map((slot) => shardOf(slot, after))).toEqual(
        slots.map((slot) => (moves(slot) ? `units-${at}` : shardOf(slot, before))),
      );
      expect(formerShardsOf(at, after)).toContain(split);
    }),
    { numRuns: 50 },
  );
});

test('names and who came before, written in stone', () => {
  const layouts = ['0', '0 2048', '0 1024 2048'].map((setting) => shardStarts(setting));
  const [a, b] = ['JBNB0001', 'JBNB0003'].map(hashSlotOf) as [number, number];
  expect([a, b]).toEqual([1803, 2091]);
  expect(layouts.map((all) => shardOf(a, all))).toEqual(['units-0', 'units-0', 'units-1024']);
  expect(layouts.map((all) => shardOf(b, all))).toEqual(['units-0', 'units-2048', 'units-2048']);
  expect(layouts.map((all) => formerShardsOf(a, all))).toEqual([[], [], ['units-0']]);
  expect(formerShardsOf(b, [0, 1024, 2048])).toEqual(['units-0', 'units-1024']);
  expect(formerShardsOf(b, [0, 2048], 'places')).toEqual(['places-0']);
});

test('a setting', () => {
  expect(shardStarts('0')).toEqual([0]);
  expect(shardStarts('0 1024, 2048')).toEqual([0, 1024, 2048]);
  expect(shardOf(1023, [0, 1024])).toBe('units-0');
  expect(shardOf(4095, [0, 1024])).toBe('units-1024');
});

test.each(['', '1', '0 0', '0 2048 1024', '0 4096', '0 x', '0 1.5'])(
  'no setting: %j',
  (setting) => {
    expect(() => shardStarts(setting)).toThrow('UNIT_SHARDS');
    expect(() => shardStarts(setting, 'PLACE_SHARDS')).toThrow('PLACE_SHARDS: first slots');
  },
);
