/** The store against a plain map, with power cuts at any byte, and against the shared reader. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameBytes } from '../../../shared/bytes.ts';
import { writeNvs } from '../../../shared/esp/nvs.ts';
import { readNvs } from '../../../shared/esp/nvs-reader.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { KV_TYPE, type KvType } from '../runtime/ports.ts';
import { NvsStore } from './nvs-store.ts';

const SIZE = 0x3000; // three pages: room is made often
const TYPE = [KV_TYPE.u32, KV_TYPE.string, KV_TYPE.blob] as const;

interface Value {
  type: KvType;
  bytes: Uint8Array;
}

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.record({
    type: fc.constant(KV_TYPE.u32),
    bytes: fc.uint8Array({ minLength: 4, maxLength: 4 }),
  }),
  fc.record({
    type: fc.constant(KV_TYPE.string),
    bytes: fc
      .string({ maxLength: 300, unit: 'grapheme-ascii' })
      .map((s) => new TextEncoder().encode(s)),
  }),
  fc.record({
    type: fc.constant(KV_TYPE.blob),
    bytes: fc.uint8Array({ maxLength: 900, size: 'max' }),
  }),
);
interface Step {
  key: string;
  value: Value | null;
  cut: number | null;
}

const step: fc.Arbitrary<Step> = fc.record({
  key: fc.constantFrom('a', 'b', 'period_state', 'd', 'e'),
  value: fc.option(value, { freq: 6 }),
  /** Bytes until the power is cut during this step; mostly none. */
  cut: fc.option(fc.nat({ max: 5000 }), { freq: 2 }),
});

function open(flash: NorFlash): NvsStore {
  return new NvsStore(flash, 0, SIZE, 'jambox');
}

function stored(store: NvsStore, key: string): Value | null {
  for (const type of TYPE) {
    const bytes = store.get(key, type);
    if (bytes) return { type, bytes };
  }
  return null;
}

/** What the shared reader finds under `key`, in the store's terms. */
function readBack(flash: NorFlash, key: string): Value | null {
  const entry = readNvs(flash.bytes).entries.find((e) => e.key === key);
  if (!entry) return null;
  if (entry.type === 'blob') return { type: KV_TYPE.blob, bytes: entry.value };
  if (entry.type === 'string') {
    return { type: KV_TYPE.string, bytes: new TextEncoder().encode(entry.value) };
  }
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Number(entry.value), true);
  return { type: KV_TYPE.u32, bytes };
}

const same = (a: Value | null, b: Value | null) =>
  a === null || b === null ? a === b : a.type === b.type && sameBytes(a.bytes, b.bytes);

/** One step; true when it went through, false when it was refused or cut. */
function run(flash: NorFlash, store: NvsStore, { key, value: next, cut }: Step) {
  flash.cutPowerAfter(cut ?? Number.POSITIVE_INFINITY);
  try {
    if (next) return store.set(key, next.type, next.bytes);
    store.erase(key);
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/power was cut/);
    return null;
  } finally {
    flash.cutPowerAfter(Number.POSITIVE_INFINITY);
  }
}

test('holds what was stored, whole, whenever the power is cut', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
      const flash = new NorFlash(undefined, SIZE);
      let store = open(flash);
      const model = new Map<string, Value | null>();
      for (const one of steps) {
        const before = model.get(one.key) ?? null;
        const done = run(flash, store, one);
        if (done) model.set(one.key, one.value);
        if (done === null) {
          // In the dark: the old value or the new one, also for a reader that repairs nothing.
          const raw = readBack(flash, one.key);
          expect(same(raw, before) || same(raw, one.value)).toBe(true);
          expect(readNvs(flash.bytes).skipped.filter((s) => s.entry !== null)).toEqual([]);
          store = open(flash);
          const now = stored(store, one.key);
          expect(same(now, before) || same(now, one.value)).toBe(true);
          model.set(one.key, now);
        }
      }
      for (const opened of [store, open(flash)]) {
        for (const [key, expected] of model) expect(stored(opened, key)).toEqual(expected);
      }
      for (const [key, expected] of model) expect(readBack(flash, key)).toEqual(expected);
      expect(readNvs(flash.bytes).skipped).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test('survives a cut while it repairs what a cut left', () => {
  const bytes = (n: number) => new Uint8Array(n).fill(n);
  for (let cut = 1; cut < 400; cut += 7) {
    const flash = new NorFlash(undefined, SIZE);
    const store = open(flash);
    store.set('a', KV_TYPE.blob, bytes(200));
    run(flash, store, { key: 'a', value: { type: KV_TYPE.blob, bytes: bytes(100) }, cut });
    flash.cutPowerAfter(1);
    try {
      open(flash);
    } catch {}
    flash.cutPowerAfter(Number.POSITIVE_INFINITY);
    const length = open(flash).get('a', KV_TYPE.blob)?.length;
    expect([100, 200]).toContain(length);
  }
});

test('making room may be cut anywhere: nothing is lost and the store goes on', () => {
  const number = (n: number) => Uint8Array.of(n & 0xff, n >> 8, 0, 0);
  const flash = new NorFlash(undefined, SIZE);
  const store = open(flash);
  store.set('kept', KV_TYPE.string, new Uint8Array(500).fill(0x41));
  let image = flash.bytes.slice();
  let value = 0;
  while (flash.eraseCount === 0) {
    image = flash.bytes.slice();
    store.set('count', KV_TYPE.u32, number(++value));
  }
  // `image` is the flash just before the store erases a page to make room.
  for (let cut = 0; cut < 5500; cut += 41) {
    const again = new NorFlash(image, SIZE);
    const next = { type: KV_TYPE.u32, bytes: number(value) };
    const done = run(again, open(again), { key: 'count', value: next, cut });
    const reopened = open(again);
    const count = reopened.get('count', KV_TYPE.u32);
    expect([number(value - 1), next.bytes]).toContainEqual(count);
    if (done) expect(count).toEqual(next.bytes);
    for (let n = 1; n <= 200; n++) {
      expect(reopened.set('count', KV_TYPE.u32, number(n))).toBe(true);
    }
    expect(open(again).get('kept', KV_TYPE.string)).toHaveLength(500);
    expect(open(again).get('count', KV_TYPE.u32)).toEqual(number(200));
  }
});

test('writes a value that has not changed not at all', () => {
  const flash = new NorFlash(undefined, SIZE);
  const store = open(flash);
  store.set('a', KV_TYPE.string, new TextEncoder().encode('same'));
  const before = flash.bytes.slice();
  store.set('a', KV_TYPE.string, new TextEncoder().encode('same'));
  expect(flash.bytes).toEqual(before);
});

test('makes room for ever when values change, and says when they are too many', () => {
  const flash = new NorFlash(undefined, SIZE);
  const store = open(flash);
  for (let i = 0; i < 2000; i++) {
    expect(store.set('count', KV_TYPE.u32, Uint8Array.of(i & 0xff, i >> 8, 0, 0))).toBe(true);
  }
  expect(flash.eraseCount).toBeGreaterThan(10);
  expect(store.set('big', KV_TYPE.blob, new Uint8Array(SIZE))).toBe(false);
  expect([...store.get('count', KV_TYPE.u32)!]).toEqual([1999 & 0xff, 1999 >> 8, 0, 0]);
  expect(store.get('big', KV_TYPE.blob)).toBe(null);
});

test('takes over an image another program wrote, and other namespaces stay', () => {
  const image = writeNvs(
    [
      { namespace: 'other', key: 'kept', type: 'u8', value: 3n },
      { namespace: 'jambox', key: 'host', type: 'string', value: 'example.net' },
      { namespace: 'jambox', key: 'port', type: 'u16', value: 80n },
    ],
    SIZE,
  );
  const flash = new NorFlash(image, SIZE);
  const store = open(flash);
  expect(new TextDecoder().decode(store.get('host', KV_TYPE.string)!)).toBe('example.net');
  expect([...store.get('port', KV_TYPE.u32)!]).toEqual([80, 0, 0, 0]);
  store.set('port', KV_TYPE.u32, Uint8Array.of(81, 0, 0, 0));
  const { entries, skipped } = readNvs(flash.bytes);
  expect(skipped).toEqual([]);
  expect(entries.map((e) => `${e.namespace}.${e.key}=${e.value}`).sort()).toEqual([
    'jambox.host=example.net',
    'jambox.port=81',
    'other.kept=3',
  ]);
});
