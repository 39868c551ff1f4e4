/** Every kind of difference is named, and none where there is none. */
import { expect, test } from 'vitest';
import { differences, NUMBERS } from './compare.ts';

const START_S = Date.UTC(2026, 10, 30, 9, 5) / 1000;
const counts = Object.fromEntries(NUMBERS.map((name, i) => [name, i]));
const own = (more: object = {}) => ({
  ...{ location_id: 'bakery', bucket_start_s: START_S, ...counts, withheld: false, ...more },
});
const other = (more: object = {}) => ({
  ...{ location_id: 'bakery', bucket_start: '2026-11-30T09:05:00+00:00', revision: 7 },
  ...{ ...counts, withheld: false, ...more },
});
const AT = 'bakery 2026-11-30T09:05:00Z';

test('the same numbers are no difference, whatever the revision', () => {
  expect(differences([own()], [other()])).toEqual([]);
  expect(differences([], [])).toEqual([]);
});

test.each(NUMBERS.filter((name) => name !== 'withheld'))(
  'another %s is named with both',
  (name) => {
    const found = differences([own({ [name]: 90 })], [other({ [name]: 91 })]);
    expect(found).toEqual([`${AT} ${name}: backend 90, Supabase 91`]);
    // Nothing and not known are two things.
    const unknown = differences([own({ [name]: 0 })], [other({ [name]: null })]);
    expect(unknown).toEqual([`${AT} ${name}: backend 0, Supabase null`]);
  },
);

test('what one side lacks is named, and in order', () => {
  const later = { bucket_start_s: START_S + 300 };
  expect(differences([own(later), own()], [])).toEqual([
    `${AT}: Supabase lacks it`,
    'bakery 2026-11-30T09:10:00Z: Supabase lacks it',
  ]);
  expect(differences([], [other()])).toEqual([`${AT}: only Supabase has it`]);
  const books = { location_id: 'books' };
  expect(differences([own(books)], [other()])).toHaveLength(2);
});

test('a number that others may not see, and do', () => {
  const found = differences([own({ visits: null, withheld: true })], [other({ visits: 3 })]);
  expect(found).toEqual([
    `${AT} visits: backend null, Supabase 3`,
    `${AT} withheld: backend true, Supabase false`,
  ]);
});
