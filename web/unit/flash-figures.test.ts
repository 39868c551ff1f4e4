/**
 * What flashing costs by the timing model alone, with apps as large as the real ones: the clock
 * jumps, so a busy machine changes nothing. `npm run bench:flash` measures the same in real time.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import type { FlashRegion } from '../app/flash-types.ts';
import { unitRegions } from '../app/regions.ts';
import { TestBench } from '../app/testing/bench.ts';
import { testBundle } from '../app/testing/images.ts';
import { useJumpingClock } from '../app/testing/jumping-clock.ts';
import { boundMs } from './testing/timing-bound.ts';
import { createUnitConnection } from './unit-connection.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const JAMBOX_BYTES = 770 * 1024;

/** Packs as an app for the chip does, to six tenths. */
function appOf(seed: number): Uint8Array {
  const noise = noiseBytes(JAMBOX_BYTES, seededRandom(seed));
  return noise.map((byte, i) => (i % 100 < 60 ? byte : 0));
}

function regionsOf(app: Uint8Array, identitySeed: number): FlashRegion[] {
  const identity = new Uint8Array(0x6000).fill(0xff);
  identity.set(noiseBytes(256, seededRandom(identitySeed)));
  const jambox: FlashRegion = {
    name: 'JamBox app',
    kind: 'data',
    offset: 0x20000,
    bytes: app,
    sha256: null,
    room: 0x200000,
  };
  return [...unitRegions(testBundle(), identity).slice(0, 3), jambox];
}

/** Its head and 2 % in one place. */
function nextVersion(app: Uint8Array): Uint8Array {
  const next = app.slice();
  const third = Math.floor(app.length / 3);
  for (const [from, length] of [
    [0x20, 0x100],
    [third, Math.floor(app.length / 50)],
  ] as const) {
    for (let at = from; at < from + length; at++) next[at]! ^= 0x55;
  }
  return next;
}

const app = appOf(1);
const bench = new TestBench({ flashTiming: 1 });
const quiet = { item() {}, loader() {}, lost() {} };
const connection = createUnitConnection(bench.serialPort, bench, quiet);
const write = async (regions: FlashRegion[]) =>
  (await connection.write(regions, { target: 'virtual' })).elapsedMs;

let full = 0;
beforeAll(async () => {
  await connection.enterDownload();
  full = await write(regionsOf(app, 1));
});

afterAll(async () => {
  await connection.close();
  bench.dispose();
});

test('a full flash takes as long as the model’s bound, but for 2 %', async () => {
  let bound = 0;
  for (const { bytes, offset } of regionsOf(app, 1)) bound += await boundMs(bytes, offset);
  expect(bound / full).toBeGreaterThan(0.98);
  expect(bound / full).toBeLessThanOrEqual(1);
});

test('an unchanged unit costs its MD5, and little more', async () => {
  const again = await write(regionsOf(app, 1));
  // 806 KB at 4 MB/s: what the chip takes to read them
  expect(again).toBeLessThan(205);
  expect(again / full).toBeLessThan(0.053);
});

test('another identity takes less than two seconds, 2 % changed less than 30 %', async () => {
  expect(await write(regionsOf(app, 2))).toBeLessThan(2000);
  expect((await write(regionsOf(nextVersion(app), 2))) / full).toBeLessThan(0.3);
});
