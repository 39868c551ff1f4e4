/** Every length of a stream's tail, on the cable and in flash, under both stubs. */
import { afterAll, expect, test, vi } from 'vitest';
import { TestBench } from '../app/test/bench.ts';
import { WireLog } from '../app/test/wire-log.ts';
import { divide, zlibCompress } from './compress.ts';
import { BLOCK_BYTES } from './stub-commands.ts';
import { createUnitLink } from './unit-link.ts';

vi.setConfig({ testTimeout: 1_000_000 });

/** Every so many-th length is flashed; 1 takes minutes: `TAIL_STEP=1 npm run unit wire-tails`. */
const TAIL_STEP = Number(process.env.TAIL_STEP ?? 97);
const OFFSET = 0x20000;

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

let seed = 1;
function noise(length: number): Uint8Array {
  return Uint8Array.from({ length }, () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed >>> 24;
  });
}

/** One window of the stub's inflater, of which `random` bytes do not compress. */
function window(random: number): Uint8Array {
  const bytes = new Uint8Array(0x8000);
  bytes.set(noise(random));
  return bytes;
}

test('a stream of any length is divided into full blocks without a mere tail', () => {
  const stream = new Uint8Array(3 * BLOCK_BYTES + 1);
  for (let length = 1; length <= stream.length; length++) {
    const sizes = divide(stream.subarray(0, length), BLOCK_BYTES).map((block) => block.length);
    const [sum, smallest] = [sizes.reduce((a, b) => a + b), Math.min(...sizes)];
    const fits =
      sizes.length === Math.ceil(length / BLOCK_BYTES) && Math.max(...sizes) <= BLOCK_BYTES;
    if (sum !== length || !fits || (sizes.length > 1 && smallest < BLOCK_BYTES / 2)) {
      expect.fail(`${length} bytes are divided into ${sizes}`);
    }
  }
});

test.each(['1.2.2', 'legacy'] as const)(
  'every length of tail is written as the stub wants it: %s',
  async (stubVersion) => {
    const bench = new TestBench({ stubVersion });
    const link = createUnitLink(bench.serialPort, bench, { item() {}, loader() {}, lost() {} });
    closing.push(async () => {
      await link.close();
      bench.dispose();
    });
    const log = new WireLog(bench);
    await link.enterDownload();
    expect(await log.faults()).toEqual([]);
    const tails = new Set<number>();
    const place = { kind: 'data', offset: OFFSET, sha256: null, room: 0x200000 } as const;
    for (let random = BLOCK_BYTES - 64; random <= 2 * BLOCK_BYTES; random += TAIL_STEP) {
      log.clear();
      const bytes = window(random);
      await link.write([{ ...place, name: 'test data', bytes }], { target: 'virtual' });
      expect(await log.faults(), `${random} random bytes`).toEqual([]);
      tails.add((await zlibCompress(bytes)).length % BLOCK_BYTES);
      expect(Buffer.compare(bench.flash.read(OFFSET, bytes.length), bytes)).toBe(0);
    }
    expect(tails.size).toBeGreaterThan((0.99 * BLOCK_BYTES) / TAIL_STEP - 1);
  },
);
