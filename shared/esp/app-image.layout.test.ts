/**
 * The image's bytes at the places where docs/formats/app-image.md has them: put together here a
 * second time, because writer and reader with the same wrong place would understand each other.
 */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AppError } from '../errors.ts';
import { type AppImageSpec, readAppImage, writeAppDescriptor, writeAppImage } from './app-image.ts';

interface Parts {
  header?: Record<number, number>;
  segments?: [load: number, data: Uint8Array][];
  hash?: boolean;
}

const u32 = (value: number) => [value, value >>> 8, value >>> 16, value >>> 24].map((b) => b & 255);

/** An image by the table, byte after byte; `header` puts other bytes into its first 24. */
function byHand({ header = {}, segments = [[0x3c000020, words(1)]], hash = true }: Parts = {}) {
  const head = [0xe9, segments.length, 2, 0x3f, ...u32(0x40375a14), 0xee, 0, 0, 0];
  head.push(9, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0, hash ? 1 : 0);
  for (const [at, byte] of Object.entries(header)) head[Number(at)] = byte;
  const body = segments.flatMap(([load, data]) => [...u32(load), ...u32(data.length), ...data]);
  const image = [...head, ...body];
  const checksum = segments.reduce((sum, [, data]) => data.reduce((s, b) => s ^ b, sum), 0xef);
  while (image.length % 16 !== 15) image.push(0);
  image.push(checksum);
  if (hash) image.push(...createHash('sha256').update(Uint8Array.from(image)).digest());
  return Uint8Array.from(image);
}

/** `count` words of four bytes, no two alike. */
function words(count: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length: count * 4 }, (_, i) => (i * 37 + seed * 11) & 0xff);
}

const SPEC: AppImageSpec = {
  entry: 0x40375a14,
  segments: [{ loadAddress: 0x3c000020, data: words(1) }],
};

describe('writes what the table says', () => {
  // The checksum ends a line of sixteen: a header and a segment's head make 32, words the rest.
  test.each([0, 1, 2, 3, 4, 5, 7, 8, 63, 64])('of one segment of %i words', (count) => {
    const data = words(count);
    const written = writeAppImage({ ...SPEC, segments: [{ loadAddress: 0x3c000020, data }] });
    expect(Buffer.compare(written, byHand({ segments: [[0x3c000020, data]] }))).toBe(0);
  });

  test('of sixteen segments, with settings of its own', () => {
    const segments = Array.from({ length: 16 }, (_, i) => [0x42000020 + i, words(i, i)] as const);
    const written = writeAppImage({
      ...SPEC,
      chipId: 0x0102,
      spiMode: 0,
      speedSize: 0x4f,
      segments: segments.map(([loadAddress, data]) => ({ loadAddress, data })),
    });
    expect(readAppImage(written).segments).toHaveLength(16);
    const header = { 2: 0, 3: 0x4f, 12: 2, 13: 1 };
    expect(Buffer.compare(written, byHand({ header, segments: segments.map(([...s]) => s) }))).toBe(
      0,
    );
  });

  test.each([
    ['no segment', []],
    ['seventeen segments', Array.from({ length: 17 }, () => SPEC.segments[0]!)], // SPEC has one
    ['half a word', [{ loadAddress: 0, data: new Uint8Array(6) }]],
  ])('and refuses %s: that is a fault of the caller', (_, segments) => {
    expect(() => writeAppImage({ ...SPEC, segments })).toThrow(RangeError);
  });
});

describe('reads from where the table says', () => {
  test.each([
    ['chipId', { 12: 0x34, 13: 0x12 }, 0x1234],
    ['entry', { 4: 1, 5: 2, 6: 3, 7: 0x84 }, 0x84030201],
    ['spiMode', { 2: 3 }, 3],
    ['speedSize', { 3: 0x2f }, 0x2f],
    ['maxRevision', { 17: 0x63, 18: 0 }, 99],
    ['maxRevision', {}, 0xffff],
    // Full revision: major × 100 + minor. The byte before it has the major alone, of old tools.
    ['minRevision', {}, 0],
    ['minRevision', { 14: 2 }, 200],
    ['minRevision', { 15: 0x2d, 16: 1 }, 301],
    ['minRevision', { 14: 1, 15: 2 }, 2],
  ] as const)('%s, of %j', (field, header, value) => {
    expect(readAppImage(byHand({ header }))[field]).toBe(value);
  });

  test('images of any segments, with and without a hash, in a partition or alone', () => {
    const segment = fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(40).map(words));
    const segments = fc.array(segment, { minLength: 1, maxLength: 16 });
    fc.assert(
      fc.property(segments, fc.boolean(), fc.nat(40), (parts, hash, behind) => {
        const image = byHand({ segments: parts, hash });
        const partition = new Uint8Array(image.length + behind).fill(0xff);
        partition.set(image);
        const read = readAppImage(partition);
        expect(read.length).toBe(image.length);
        expect(read.sha256 !== null).toBe(hash);
        expect(read.segments.map((s) => [s.loadAddress, [...s.data]])).toEqual(
          parts.map(([load, data]) => [load, [...data]]),
        );
      }),
    );
  });

  test('a descriptor: fields of 32 and 16 bytes, with and without their NUL', () => {
    const bytes = new Uint8Array(256);
    const put = (text: string, at: number) => bytes.set(new TextEncoder().encode(text), at);
    bytes.set([...u32(0xabcd5432), ...u32(7)]);
    put('v'.repeat(32), 16);
    put('jambox', 48);
    put('12:34:56', 80);
    put('Jan 28 2026', 96);
    put('v5.4-dirty', 112);
    bytes.set(words(8), 144);
    bytes[176] = 0x55; // belongs to no field
    const read = readAppImage(byHand({ segments: [[0x3c000020, bytes]] })).descriptor;
    expect(read).toEqual({
      secureVersion: 7,
      version: 'v'.repeat(32),
      projectName: 'jambox',
      time: '12:34:56',
      date: 'Jan 28 2026',
      idfVersion: 'v5.4-dirty',
      elfSha256: words(8),
    });
    bytes[176] = 0;
    bytes[47] = 0;
    const again = { ...read!, version: 'v'.repeat(31) }; // read was compared above
    expect(writeAppDescriptor(again)).toEqual(bytes);
  });

  test.each([
    ['version', 31],
    ['projectName', 31],
    ['idfVersion', 31],
    ['time', 15],
    ['date', 15],
  ])('a descriptor’s %s has %i bytes and its NUL, never more', (field, bytes) => {
    const blank = { secureVersion: 0, version: '', projectName: '', time: '', date: '' };
    const of = (length: number) =>
      writeAppDescriptor({
        ...blank,
        idfVersion: '',
        elfSha256: new Uint8Array(32),
        [field]: 'x'.repeat(length),
      });
    expect(of(bytes).filter((byte) => byte === 0x78)).toHaveLength(bytes);
    expect(() => of(bytes + 1)).toThrow(`longer than ${bytes} bytes`);
  });

  test.each([
    ['version', 16, 32],
    ['projectName', 48, 32],
    ['time', 80, 16],
    ['date', 96, 16],
    ['idfVersion', 112, 32],
  ] as const)('a descriptor’s %s ends where the next field begins', (field, at, length) => {
    const bytes = new Uint8Array(256).fill(0x78); // all of it one long x, but for the magic
    bytes.set(u32(0xabcd5432));
    const full = readAppImage(byHand({ segments: [[0, bytes]] })).descriptor;
    expect(full?.[field]).toBe('x'.repeat(length));
    expect(full?.elfSha256).toEqual(bytes.slice(0, 32).fill(0x78));
    bytes[at] = 0;
    expect(readAppImage(byHand({ segments: [[0, bytes]] })).descriptor?.[field]).toBe('');
  });

  test.each([
    ['is too short for one', words(63)],
    ['begins with something else', words(64)],
    ['is empty', words(0)],
  ])('no descriptor where the first segment %s', (_, data) => {
    expect(readAppImage(byHand({ segments: [[0, data]] })).descriptor).toBeNull();
  });
});

describe('refuses, and says why', () => {
  const whole = byHand({ segments: [[0, words(2)]] }); // head 24, segment 8 + 8, end 48, hash 80
  const cut = (bytes: number) => whole.subarray(0, bytes);

  test.each([
    ['nothing', cut(0), 'image_truncated', 'it has only 0 bytes'],
    ['a head that is cut', cut(23), 'image_truncated', 'it has only 23 bytes'],
    ['a head alone', cut(24), 'image_truncated', 'segment 0 is missing'],
    ['a segment’s head that is cut', cut(31), 'image_truncated', 'segment 0 is missing'],
    ['a segment without its bytes', cut(32), 'image_truncated', 'needs 8 bytes, 0 are there'],
    ['a segment that is cut', cut(39), 'image_truncated', 'needs 8 bytes, 7 are there'],
    ['no checksum', cut(40), 'image_truncated', 'ends before its checksum'],
    ['a checksum just cut off', cut(47), 'image_truncated', 'ends before its checksum'],
    ['no hash', cut(48), 'image_truncated', 'ends before its hash'],
    ['a hash that is cut', cut(79), 'image_truncated', 'ends before its hash'],
    ['no segments', byHand({ header: { 1: 0 } }), 'image_corrupt', 'it claims 0 segments'],
    ['too many segments', byHand({ header: { 1: 17 } }), 'image_corrupt', 'claims 17 segments'],
    ['a wrong checksum', flipped(47), 'image_corrupt', 'its bytes give 0x'],
    ['a wrong hash', flipped(79), 'image_corrupt', 'its SHA-256 does not match'],
    ['a hash flag of 2', byHand({ header: { 23: 2 } }), 'image_corrupt', 'its hash flag is 2'],
  ])('%s', (_, image, code, words) => {
    const error = failure(() => readAppImage(image));
    expect(error.message).toContain(words);
    expect(error.code).toBe(code);
  });

  function flipped(at: number): Uint8Array {
    const image = whole.slice();
    image[at] = (image[at] ?? 0) ^ 0x10;
    return image;
  }

  function failure(run: () => unknown): AppError {
    try {
      run();
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    throw new Error('it was taken');
  }
});
