/** Where and whether a time counts, at the borders of stays and judgements. */
import { expect, test } from 'vitest';
import { judgementAt, locationAt, unitFactsOf } from './shard-facts.ts';
import { factsOf } from './testing/small-shard.ts';

const placements = [
  { from_s: 100, to_s: 200, location_id: 'bakery' },
  { from_s: 200, to_s: 300, location_id: 'books' },
  // Taken back in the same second.
  { from_s: 350, to_s: 350, location_id: 'cafe' },
  { from_s: 400, to_s: null, location_id: 'dairy' },
];

test.each([
  [99, null],
  [100, 'bakery'],
  [199, 'bakery'],
  [200, 'books'],
  [299, 'books'],
  [300, null],
  [350, null],
  [399, null],
  [400, 'dairy'],
  [4e9, 'dairy'],
])('a period that begins at %d was counted at %s', (atS, location) => {
  expect(locationAt(factsOf('JBNB0001', { placements }), atS)).toBe(location);
});

test('a unit that never stood anywhere counts nowhere', () => {
  expect(locationAt(factsOf('JBNB0001', { placements: [] }), 0)).toBeNull();
});

test('where two stays overlap the later one holds', () => {
  const both = [
    { from_s: 0, to_s: null, location_id: 'bakery' },
    { from_s: 50, to_s: 60, location_id: 'books' },
  ];
  const at = (atS: number) => locationAt(factsOf('JBNB0001', { placements: both }), atS);
  expect([at(49), at(50), at(59), at(60)]).toEqual(['bakery', 'books', 'books', 'bakery']);
});

const word = (at_ms: number, from_s: number, to_s: number, is_counted: boolean) => {
  return { at_ms, from_s, to_s, is_counted };
};

test('the last word on a time holds, up to its end and not with it', () => {
  const words = [word(1, 0, 100, false), word(2, 50, 150, true), word(3, 60, 60, false)];
  const at = (startS: number) => judgementAt(words, startS)?.at_ms;
  expect([0, 49, 50, 60, 99, 100, 149, 150].map(at)).toEqual([1, 1, 2, 2, 2, 2, 2, undefined]);
  expect(judgementAt([], 5)).toBeUndefined();
});

test('what a request is proven with says nothing else of the unit', () => {
  const facts = factsOf('JBNB0001', { floods: 1, config_version: 7, status: 'maintenance' });
  const { token_sha256 } = facts;
  expect(unitFactsOf(facts)).toEqual({
    ...{ token_sha256, status: 'maintenance', config_version: 7, floods: 1 },
  });
});
