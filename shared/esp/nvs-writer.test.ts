/** Where entries come to lie, by the rules of Espressif's generator; and what has no place. */
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import type { NvsEntry } from './nvs-format.ts';
import { readNvs } from './nvs-reader.ts';
import { writeNvs } from './nvs-writer.ts';

const SIZE = 0x6000;
const u8 = (n: number): NvsEntry => ({ namespace: 'a', key: `k${n}`, type: 'u8', value: 1n });
const text = (bytes: number): NvsEntry => ({
  namespace: 'a',
  key: 'text',
  type: 'string',
  value: 'x'.repeat(bytes),
});
const blob = (bytes: number): NvsEntry => ({
  namespace: 'a',
  key: 'blob',
  type: 'blob',
  value: Uint8Array.from({ length: bytes }, (_, i) => i & 0xff),
});
const many = (count: number) => Array.from({ length: count }, (_, n) => u8(n));

/** Per page: its state's low byte, and how many entries its bitmap calls written. */
function pages(image: Uint8Array): [state: number, written: number][] {
  const found: [number, number][] = [];
  for (let at = 0; at < image.length; at += 4096) {
    let written = 0;
    for (const byte of image.subarray(at + 32, at + 64)) {
      for (let shift = 0; shift < 8; shift += 2) if (((byte >> shift) & 3) === 2) written += 1;
    }
    found.push([image[at] ?? 0, written]);
  }
  return found;
}
const [ACTIVE, FULL, EMPTY] = [0xfe, 0xfc, 0xff];

describe('a page has room for 126 entries', () => {
  test.each([
    ['a namespace and 125 numbers fill one', many(125), [[ACTIVE, 126]]],
    [
      'one more opens the next',
      many(126),
      [
        [FULL, 126],
        [ACTIVE, 1],
      ],
    ],
    // The generator opens a new page already where the text would just fill this one.
    [
      'a text that would fill it goes to the next',
      [...many(123), text(31)],
      [
        [FULL, 124],
        [ACTIVE, 2],
      ],
    ],
    ['a text that leaves one entry stays', [...many(122), text(31)], [[ACTIVE, 125]]],
    ['a NUL needs an entry of its own behind 32 bytes', [text(32)], [[ACTIVE, 4]]],
    [
      'a text of a whole page opens one',
      [text(3967)],
      [
        [FULL, 1],
        [ACTIVE, 125],
      ],
    ],
    ['a blob and its index', [blob(32)], [[ACTIVE, 4]]],
    ['a blob of nothing has a piece of nothing', [blob(0)], [[ACTIVE, 3]]],
    [
      'a blob goes on where a page ends',
      [...many(123), blob(64)],
      [
        [FULL, 126],
        [ACTIVE, 3],
      ],
    ],
    [
      'with a piece of nothing if need be',
      [...many(124), blob(32)],
      [
        [FULL, 126],
        [ACTIVE, 3],
      ],
    ],
    [
      'its index opens a page',
      [...many(122), blob(64)],
      [
        [FULL, 126],
        [ACTIVE, 1],
      ],
    ],
    ['or takes the last entry', [...many(122), blob(32)], [[ACTIVE, 126]]],
  ] as const)('%s', (_, entries, expected) => {
    const image = writeNvs(entries, SIZE);
    const empty = new Array(SIZE / 4096 - expected.length).fill([EMPTY, 0]);
    expect(pages(image)).toEqual([...expected, ...empty]);
    expect(readNvs(image)).toEqual({ entries: [...entries], skipped: [] });
  });
});

test('every length of a blob, around every border, comes back', () => {
  for (let before = 119; before <= 125; before += 1) {
    for (const bytes of [1, 31, 32, 33, 63, 64, 65, 96, 3967, 3968, 3999, 4000, 4001, 4032]) {
      const entries = [...many(before), blob(bytes)];
      expect(readNvs(writeNvs(entries, SIZE))).toEqual({ entries, skipped: [] });
    }
  }
});

test('every length of a text, around every border, comes back', () => {
  for (let before = 119; before <= 125; before += 1) {
    for (const bytes of [0, 1, 30, 31, 32, 33, 63, 64, 95, 3998, 3999]) {
      const entries = [...many(before), text(bytes)];
      expect(readNvs(writeNvs(entries, SIZE))).toEqual({ entries, skipped: [] });
    }
  }
});

test('integers of every type, at both ends, and one beyond', () => {
  for (const bits of [8, 16, 32, 64] as const) {
    const ends = [
      [`u${bits}`, 0n, (1n << BigInt(bits)) - 1n],
      [`i${bits}`, -(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n],
    ] as const;
    for (const [type, least, most] of ends) {
      const of = (value: bigint) => ({ ...u8(0), type, value }) as NvsEntry;
      for (const value of [least, most]) {
        expect(readNvs(writeNvs([of(value)], SIZE)).entries).toEqual([of(value)]);
      }
      for (const value of [least - 1n, most + 1n]) {
        expect(() => writeNvs([of(value)], SIZE)).toThrow(`${value} does not fit ${type}`);
      }
    }
  }
});

describe('has no place', () => {
  const namespaces = (count: number) =>
    Array.from({ length: count }, (_, n) => ({ ...u8(n), namespace: `n${n}` }));

  test('254 namespaces are the most', () => {
    const entries = namespaces(254);
    expect(readNvs(writeNvs(entries, SIZE))).toEqual({ entries, skipped: [] });
    expect(() => writeNvs(namespaces(255), SIZE)).toThrow('more than 254 namespaces');
  });

  test.each([0, 0x1000, 0x2000, 0x2fff, 0x3001, 0x3800, -0x3000])('in %i bytes', (size) => {
    expect(() => writeNvs([], size)).toThrow(/is not a multiple of 0x1000 of at least 0x3000/);
  });

  test('the last page stays free for the unit', () => {
    expect(writeNvs(many(2 * 126 - 1), 0x3000)).toHaveLength(0x3000);
    expect(() => writeNvs(many(2 * 126), 0x3000)).toThrow('The values do not fit');
  });

  test.each([
    [{ key: '' }, 'key "" must be 1 to 15 bytes'],
    [{ key: 'a\0b' }, 'without control characters'],
    [{ key: 'a\u0085b' }, 'without control characters'],
    [{ key: 'x'.repeat(16) }, 'must be 1 to 15 bytes'],
    [{ key: `${'ä'.repeat(7)}xy` }, 'must be 1 to 15 bytes'],
    [{ namespace: '' }, 'namespace "" must be 1 to 15 bytes'],
    [{ namespace: 'x'.repeat(16) }, 'namespace "xxxxxxxxxxxxxxxx" must be'],
  ])('%j', (names, words) => {
    expect(() => writeNvs([{ ...u8(0), ...names }], SIZE)).toThrow(words);
  });

  test.each([
    [text(4000), 'too_large'],
    [blob(508_001), 'too_large'],
    [blob(5 * 4096), 'too_large'],
    [{ ...u8(0), value: -1n } as NvsEntry, 'invalid'],
  ])('what is of code %#', (entry, code) => {
    expect(failure(() => writeNvs([entry], SIZE)).code).toBe(code);
  });

  test('one key twice, but for two namespaces and for two letters’ case', () => {
    const twice = { ...u8(0), type: 'u16' } as NvsEntry;
    expect(() => writeNvs([u8(0), twice], SIZE)).toThrow('key "k0" stands twice in "a"');
    const apart = [u8(0), { ...u8(0), key: 'K0' }, { ...u8(0), namespace: 'b' }];
    expect(readNvs(writeNvs(apart, SIZE)).entries).toEqual(apart);
  });

  function failure(run: () => unknown): AppError {
    try {
      run();
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('it was taken');
  }
});
