/**
 * Images that no generator makes: as units leave them after power cuts and changed values. Put
 * together here byte for byte by the tables of docs/formats/nvs.md, with zlib's CRC.
 */
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readNvs } from './nvs-reader.ts';

const [ACTIVE, FULL, FREEING] = [0xfffffffe, 0xfffffffc, 0xfffffff8];
const crc = (bytes: Uint8Array) => crc32(bytes, 0xffffffff);

interface Entry {
  ns?: number;
  type?: number;
  key?: string;
  data?: readonly number[];
  payload?: readonly number[];
  chunk?: number;
  span?: number;
  /** `10` written, `00` erased, `11` empty. */
  bits?: number;
  /** Flips a bit at this byte once all is written. */
  damage?: number;
}

const word = (value: number) => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);

function page(sequence: number, entries: readonly Entry[], state = FULL): Buffer {
  const bytes = Buffer.alloc(4096, 0xff);
  bytes.set([...word(state), ...word(sequence), 0xfe]);
  bytes.set(word(crc(bytes.subarray(4, 28))), 28);
  let index = 0;
  for (const entry of entries) {
    const payload = Buffer.from(entry.payload ?? []);
    const room = 1 + Math.ceil(payload.length / 32);
    const at = 64 + index * 32;
    const head = bytes.subarray(at, at + 32).fill(0);
    const { ns = 1, type = 1, span = room, chunk = 0xff, key = 'k', bits = 0b10 } = entry;
    head.set([ns, type, span, chunk]);
    head.write(key, 8, 16);
    const sized = [payload.length & 0xff, payload.length >> 8, 0xff, 0xff, ...word(crc(payload))];
    head.fill(0xff, 24).set(entry.data ?? (entry.payload ? sized : [7]), 24);
    head.set(word(crc(Buffer.concat([head.subarray(0, 4), head.subarray(8)]))), 4);
    bytes.set(payload, at + 32);
    for (let i = index; i < index + room; i += 1) {
      const byte = 32 + Math.floor(i / 4);
      bytes[byte] = (bytes[byte] ?? 0) & ~((0b11 ^ bits) << ((i % 4) * 2));
    }
    if (entry.damage !== undefined) bytes[at + entry.damage] = (bytes[at + entry.damage] ?? 0) ^ 4;
    index += room;
  }
  return bytes;
}

/** Namespace 1 is `a`. */
const A: Entry = { ns: 0, key: 'a', data: [1] };
const u8 = (key: string, value: number, more: Entry = {}) => ({ ...more, key, data: [value] });
const EMPTY = Buffer.alloc(4096, 0xff);

function read(...pages: readonly Buffer[]) {
  const { entries, skipped } = readNvs(Buffer.concat(pages));
  return {
    values: entries.map(({ namespace, key, value }) => [
      `${namespace}.${key}`,
      value instanceof Uint8Array ? [...value] : value,
    ]),
    skipped: skipped.map((one) => [one.page, one.entry, one.reason]),
  };
}
const values = (...pages: readonly Buffer[]) => read(...pages).values;

describe('which value is the last', () => {
  test('of a page, the later one, in its later place', () => {
    const written = [A, u8('x', 1), u8('y', 2), u8('x', 3)];
    expect(values(page(0, written))).toEqual([
      ['a.y', 2n],
      ['a.x', 3n],
    ]);
  });

  test.each([
    ['lie in order', [0, 1]],
    ['lie the other way round', [1, 0]],
    ['were numbered far apart', [5, 4_000_000_000]],
  ])('of pages that %s, that of the larger sequence', (_, [first = 0, second = 0]) => {
    const pages = [page(first, [A, u8('x', first === 0 ? 1 : 2)]), page(second, [u8('x', 9)])];
    const last = first < second ? 9n : 2n;
    expect(values(...pages)).toEqual([['a.x', last]]);
  });

  test('erased entries do not count, nor what was never written', () => {
    const written = [A, u8('x', 1, { bits: 0 }), u8('y', 2, { bits: 0b11 }), u8('z', 3)];
    expect(read(page(0, written))).toEqual({ values: [['a.z', 3n]], skipped: [] });
  });

  test('a page that was being copied when the power went counts below its copy', () => {
    const old = page(3, [A, u8('x', 1), u8('y', 2)], FREEING);
    const copy = page(4, [A, u8('x', 5)], ACTIVE);
    expect(read(copy, EMPTY, old)).toEqual({
      values: [
        ['a.y', 2n],
        ['a.x', 5n],
      ],
      skipped: [],
    });
  });

  test('a name of two namespaces is two names, and one key in both two values', () => {
    const b: Entry = { ns: 0, key: 'b', data: [2] };
    expect(values(page(0, [A, b, u8('x', 1), u8('x', 2, { ns: 2 })]))).toEqual([
      ['a.x', 1n],
      ['b.x', 2n],
    ]);
  });

  test('a namespace may be named behind its values, on a later page', () => {
    expect(values(page(0, [u8('x', 1)]), page(1, [A]))).toEqual([['a.x', 1n]]);
  });
});

describe('integers', () => {
  const bytes = [0xfe, 0xff, 0x80, 0x7f, 0x01, 0x02, 0x03, 0x84];

  test.each([
    [0x01, 0xfen],
    [0x11, -2n],
    [0x02, 0xfffen],
    [0x12, -2n],
    [0x04, 0x7f80fffen],
    [0x14, 0x7f80fffen],
    [0x08, 0x840302017f80fffen],
    [0x18, 0x840302017f80fffen - (1n << 64n)],
  ])('type 0x%s takes as many bytes as it has', (type, value) => {
    expect(values(page(0, [A, { type, data: bytes }]))).toEqual([['a.k', value]]);
  });
});

describe('blobs', () => {
  const chunk = (number: number, payload: number[]) => ({ type: 0x42, chunk: number, payload });
  const index = (total: number, count: number, first = 0) => ({
    type: 0x48,
    data: [...word(total), count, first],
  });
  const MISSING = 'a chunk of this blob is missing';

  test.each([
    ['in one piece', [chunk(0, [1, 2]), index(2, 1)], [1, 2]],
    ['in pieces', [chunk(0, [1]), chunk(1, [2, 3]), index(3, 2)], [1, 2, 3]],
    ['whose pieces lie in any order', [chunk(1, [2]), index(2, 2), chunk(0, [1])], [1, 2]],
    ['with nothing in it', [chunk(0, []), index(0, 1)], []],
    ['with nothing of it', [index(0, 0)], []],
    ['of the other version', [chunk(0x80, [1]), chunk(0x81, [2]), index(2, 2, 0x80)], [1, 2]],
    ['beside what is left of an older', [chunk(0, [9]), chunk(0x80, [1]), index(1, 1, 0x80)], [1]],
    ['written again', [chunk(0, [9]), index(1, 1), chunk(0, [1]), index(1, 1)], [1]],
  ])('%s', (_, entries, value) => {
    expect(read(page(0, [A, ...entries]))).toEqual({ values: [['a.k', value]], skipped: [] });
  });

  test('over pages', () => {
    const pages = [page(0, [A, chunk(0, [1])]), page(1, [chunk(1, [2]), index(2, 2)])];
    expect(values(...pages)).toEqual([['a.k', [1, 2]]]);
  });

  test.each([
    ['a piece of it is gone', [chunk(0, [1]), index(2, 2)]],
    ['its first piece is gone', [chunk(1, [1]), index(1, 1)]],
    ['a piece is too short', [chunk(0, [1]), index(2, 1)]],
    ['a piece is another key’s', [{ ...chunk(0, [1]), key: 'l' }, index(1, 1)]],
    ['a piece is another namespace’s', [{ ...chunk(0, [1]), ns: 2 }, index(1, 1)]],
    ['a piece is damaged', [{ ...chunk(0, [1]), damage: 32 }, index(1, 1)]],
  ])('is left out and said where %s', (_, entries) => {
    const found = read(page(0, [A, ...entries]));
    expect(found.values).toEqual([]);
    expect(found.skipped.at(-1)?.[2]).toBe(MISSING);
  });
});

describe('what does not prove itself is left out and said, the next one is read', () => {
  const text = { type: 0x21, payload: [0x61, 0] };

  test.each([
    ['the key is damaged', { damage: 8 }, 'entry CRC does not match'],
    ['the value is damaged', { damage: 24 }, 'entry CRC does not match'],
    ['the last byte is damaged', { damage: 31 }, 'entry CRC does not match'],
    ['its CRC is damaged', { damage: 4 }, 'entry CRC does not match'],
    ['the text is damaged', { ...text, damage: 32 }, 'data CRC does not match'],
    ['it has no room for its text', { ...text, data: [33, 0] }, 'data CRC does not match'],
    ['it has no entry at all', { span: 0 }, 'span 0 leaves the page'],
    ['it goes beyond the page', { span: 126 }, 'span 126 leaves the page'],
    ['its type is new', { type: 0x22 }, 'type 0x22 is not known'],
    ['its namespace has no name', { ns: 9 }, 'namespace 9 has no name'],
  ])('where %s', (_, entry, reason) => {
    const found = read(page(0, [A, { key: 'odd', ...entry }, u8('x', 1)]));
    expect(found.skipped).toEqual([[0, 1, reason]]);
    expect(found.values).toEqual([['a.x', 1n]]);
  });

  test('a text that claims more than its entries is none, though all its bytes are right', () => {
    const long = { type: 0x21, span: 2, payload: new Array<number>(40).fill(0x61) };
    const found = read(page(0, [A, long]));
    expect(found.values).toEqual([]);
    expect(found.skipped[0]).toEqual([0, 1, 'data CRC does not match']);
  });

  test('a page without a header is not empty where its bitmap has begun', () => {
    const begun = Buffer.from(EMPTY);
    begun[32] = 0xfe;
    expect(read(begun).skipped).toEqual([[0, null, 'it has no header and is not empty']]);
  });

  test('an older value stands in for a newer one that is damaged', () => {
    expect(values(page(0, [A, u8('x', 1), u8('x', 2, { damage: 24 })]))).toEqual([['a.x', 1n]]);
  });

  test('an entry may reach up to the end of its page', () => {
    const full = { type: 0x41, key: 'b', payload: new Array<number>(124 * 32).fill(5) };
    expect(values(page(0, [A, full]))).toEqual([['a.b', full.payload]]);
    const filled = Array.from({ length: 125 }, (_, n) => u8(`x${n}`, n));
    expect(values(page(0, [A, ...filled]))).toHaveLength(125);
  });

  test.each([
    [0, 'its state is none that a unit reads', 0xf0],
    [4, 'page header CRC does not match', 1],
    [12, 'page header CRC does not match', 0],
    [28, 'page header CRC does not match', 0],
  ])('a page whose header is wrong at byte %i: %s', (at, reason, byte) => {
    const broken = page(0, [A, u8('x', 1)]);
    broken[at] = byte;
    expect(read(broken, page(1, [A, u8('y', 2)]))).toEqual({
      values: [['a.y', 2n]],
      skipped: [[0, null, reason]],
    });
  });

  test('a state that no unit writes is none, even where all is empty', () => {
    const empty = page(0, [], 0xffffffff);
    const reason = 'its state is none that a unit reads';
    expect(read(empty)).toEqual({ values: [], skipped: [[0, null, reason]] });
    expect(read(EMPTY, EMPTY)).toEqual({ values: [], skipped: [] });
  });
});
