/** The pieces that contracts are made of, at their edges, and the words for what does not fit. */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import {
  CivilDate,
  COUNT_MAX,
  Count,
  Cursor,
  DEVICE_ID_PATTERN,
  DeviceId,
  describeIssues,
  LocationId,
  RssiDbm,
  Sha256Hex,
} from './common.ts';
import { ALL_RECEIVERS, RECEIVERS, Receiver, receiversOf } from './receiver.ts';

const reasonOf = (schema: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(schema, value);
  return success ? '' : describeIssues(issues);
};

describe.each([
  ['a unit’s id', DeviceId, ['JBNB0000', 'JBNB9999', 'JBNB10000', 'JBNB99999999']],
  ['a hash', Sha256Hex, ['0'.repeat(64), 'abcdef0123456789'.repeat(4)]],
  ['a location', LocationId, ['a', '0', 'harbour-street-bakery', 'a-', 'x'.repeat(64)]],
  ['a day', CivilDate, ['0001-01-01', '2024-02-29', '2026-12-31', '9999-12-31']],
  ['a cursor', Cursor, ['x', 'x'.repeat(64), 'JBNB0001~5', ' ']],
] as const)('%s', (_, schema, taken) => {
  test.each(taken)('may be %j', (text) => expect(v.parse(schema, text)).toBe(text));

  test('is no text that is longer, shorter, or has something around it', () => {
    const odd = taken.flatMap((text) => [`${text}${'x'.repeat(65)}`, `${text}\n`.repeat(40)]);
    for (const text of ['', ...odd]) expect(reasonOf(schema, text)).not.toBe('');
    for (const value of [null, 42, ['a'], { length: 1 }, true]) {
      expect(reasonOf(schema, value)).not.toBe('');
    }
  });
});

test.each([
  [
    DeviceId,
    [
      ...['jbnb0042', 'JBNB042', 'JBNB00042', 'JBNB00010042', 'JBNB100000000', 'JBNB004A'],
      ...[' JBNB0042', 'JBNB0042\n', 'JBNB٠٠٤٢', 'JBNB1234٥', '12345'],
    ],
  ],
  [
    Sha256Hex,
    ['A'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64), `${'a'.repeat(64)}\n`],
  ],
  [LocationId, ['-a', 'A', 'a_b', 'a b', 'a/b', '../a', 'ä', 'x'.repeat(65), 'a\n']],
  [CivilDate, ['2026-02-29', '1900-02-29', '2026-00-01', '2026-01-00', '2026-01-32', '26-01-28']],
  [CivilDate, ['2026-1-28', '2026/01/28', '2026-01-28T00:00Z', '+002026-01-28', '2026-01-28 ']],
] as const)('refused: %#', (schema, texts) => {
  for (const text of texts) expect([text, reasonOf(schema, text)]).not.toEqual([text, '']);
});

test('the pattern of ids has no memory: asked twice it says the same', () => {
  expect([DEVICE_ID_PATTERN.test('JBNB0042'), DEVICE_ID_PATTERN.test('JBNB0042')]).toEqual([
    true,
    true,
  ]);
});

test.each([
  [Count, [0, 1, COUNT_MAX], [-1, COUNT_MAX + 1, 0.5, Number.NaN, Infinity, '1', null, 2 ** 53]],
  [RssiDbm, [-127, 0, 20], [-128, 21, -50.5, Number.NaN, -Infinity, '-50', null]],
] as const)('numbers: %#', (schema, taken, refused) => {
  for (const value of taken) expect(v.parse(schema, value)).toBe(value);
  for (const value of refused) expect([value, v.is(schema, value)]).toEqual([value, false]);
});

describe('the words for what does not fit', () => {
  const Deep = v.strictObject({
    list: v.array(v.object({ n: v.pipe(v.number('must be a number'), v.minValue(1, 'too low')) })),
    word: v.picklist(['a', 'b'], 'must be a or b'),
  });

  test.each([
    [{ list: [], word: 'c' }, 'word: must be a or b'],
    [{ list: [] }, 'word: is missing'],
    [{ list: [{ n: 1 }, { n: 0 }], word: 'a' }, 'list.1.n: too low'],
    [{ list: [{}], word: 'a' }, 'list.0.n: is missing'],
    [{ list: [{ n: undefined }], word: 'a' }, 'list.0.n: is missing'], // as it is in JSON
    [{ list: [{ n: 'x' }], word: 'c' }, 'list.0.n: must be a number'],
  ])('of %j: %s', (value, words) => {
    expect(reasonOf(Deep, value)).toBe(words);
  });

  test('one who checks the whole names no field, and nothing at all is invalid', () => {
    const Whole = v.pipe(
      v.string('must be text'),
      v.check((text) => text === 'x', 'must be x'),
    );
    expect(reasonOf(Whole, 'y')).toBe('must be x');
    expect(reasonOf(Whole, undefined)).toBe('is missing');
    expect(describeIssues([])).toBe('invalid');
  });
});

describe('receivers and their bits', () => {
  test('each has its bit, and all of them are all', () => {
    const bits = Receiver.options.map((name) => RECEIVERS[name]);
    expect(bits.reduce((all, bit) => all | bit, 0)).toBe(ALL_RECEIVERS);
    expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(ALL_RECEIVERS);
  });

  test.each([
    [0, []],
    [1, ['wifi']],
    [2, ['bluetooth']],
    [3, ['wifi', 'bluetooth']],
    [4, []], // of later firmware
    [0xfe, ['bluetooth']],
  ])('%i names %j', (bits, names) => expect(receiversOf(bits)).toEqual(names));

  test('bits of today are the receivers that they name', () => {
    fc.assert(
      fc.property(fc.nat(255), (bits) => {
        const named = receiversOf(bits).reduce((all, name) => all | RECEIVERS[name], 0);
        expect(named).toBe(bits & ALL_RECEIVERS);
      }),
    );
  });
});
