/** Every length of a stream's tail, on the cable and in flash, under both stubs. */

import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import { TestBench } from '../app/testing/bench.ts';
import { useJumpingClock } from '../app/testing/jumping-clock.ts';
import { WireLog } from '../app/testing/wire-log.ts';
import { divide, zlibCompress } from './compress.ts';
import { BLOCK_BYTES } from './stub-frames.ts';
import { createUnitConnection } from './unit-connection.ts';

vi.setConfig({ testTimeout: 1_000_000, hookTimeout: 1_000_000 });
useJumpingClock();

/** Every so many-th length is flashed; 1 takes minutes: `TAIL_STEP=1 npm run unit wire-tails`. */
const TAIL_STEP = Number(process.env.TAIL_STEP ?? 97);
const OFFSET = 0x20000;
const WINDOW_BYTES = 0x8000;
/** Noise of the right length nearly always packs to what is wanted. */
const TRIES_MAX = 500;
/** After so many, other noise is tried. */
const TRIES_OF_ONE = 8;

const closing: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of closing) await close();
});

const random = seededRandom(1);

let noise = noiseBytes(WINDOW_BYTES, random);

/**
 * One window of the stub's inflater whose zlib stream has exactly `packedBytes`: so much noise that
 * it fits. A window, because only there the output may be whole before the stream ends.
 */
async function windowOf(packedBytes: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(WINDOW_BYTES);
  let noisy = packedBytes - 40;
  for (let i = 0; i < TRIES_MAX; i++) {
    if (i % TRIES_OF_ONE === TRIES_OF_ONE - 1) noise = noiseBytes(WINDOW_BYTES, random);
    bytes.fill(0);
    bytes.set(noise.subarray(0, noisy));
    const length = (await zlibCompress(bytes)).length;
    if (length === packedBytes) return bytes;
    noisy += packedBytes - length;
  }
  throw new Error(`no noise packs to ${packedBytes} bytes`);
}

/** The shortest, the longest and every {@link TAIL_STEP}th between. */
const tails = Array.from({ length: BLOCK_BYTES + 1 }, (_, tail) => tail).filter(
  (tail) => tail < 8 || tail > BLOCK_BYTES - 8 || tail % TAIL_STEP === 0,
);

/** Both stubs are sent the same. */
const windows = new Map<number, Uint8Array>();
beforeAll(async () => {
  for (const tail of tails) windows.set(tail, await windowOf(BLOCK_BYTES + tail));
});

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
    const connection = createUnitConnection(bench.serialPort, bench, {
      item() {},
      loader() {},
      lost() {},
    });
    closing.push(async () => {
      await connection.close();
      bench.dispose();
    });
    const log = new WireLog(bench);
    await connection.enterDownload();
    expect(await log.faults()).toEqual([]);
    const place = { kind: 'data', offset: OFFSET, sha256: null, room: 0x200000 } as const;
    expect(windows.size).toBe(tails.length);
    for (const [tail, bytes] of windows) {
      log.clear();
      await connection.write([{ ...place, name: 'test data', bytes }], { target: 'virtual' });
      expect(await log.faults(), `tail of ${tail} bytes`).toEqual([]);
      const sent = log.downloads[0]!.blocks.reduce((sum, block) => sum + block.length, 0);
      expect(sent).toBe(BLOCK_BYTES + tail);
      expect(Buffer.compare(bench.flash.read(OFFSET, bytes.length), bytes)).toBe(0);
    }
  },
);
