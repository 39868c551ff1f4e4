/** What the page puts on the cable, and what it does when the cable does not deliver it. */
import { afterEach, expect, test, vi } from 'vitest';
import { concat } from '../../shared/bytes.ts';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import type { FlashRegion } from '../app/flash-types.ts';
import { provisioningRegions } from '../app/regions.ts';
import { TestBench } from '../app/testing/bench.ts';
import { testBundle } from '../app/testing/images.ts';
import { useJumpingClock } from '../app/testing/jumping-clock.ts';
import { WireLog } from '../app/testing/wire-log.ts';
import { BLOCK_BYTES, OP } from './stub-frames.ts';
import { writeWithStock } from './testing/stock.ts';
import { createUnitConnection } from './unit-connection.ts';

vi.setConfig({ testTimeout: 120_000 });
useJumpingClock();

const quiet = { item() {}, loader() {}, lost() {} };
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

function plugged(options: ConstructorParameters<typeof TestBench>[0] = {}) {
  const bench = new TestBench(options);
  const connection = createUnitConnection(bench.serialPort, bench, quiet);
  opened.push(async () => {
    await connection.close();
    bench.dispose();
  });
  return { bench, connection, log: new WireLog(bench) };
}

async function downloadMode(options: ConstructorParameters<typeof TestBench>[0] = {}) {
  const unit = plugged(options);
  await unit.connection.enterDownload();
  return unit;
}

const OFFSET = 0x20000;
const region = (bytes: Uint8Array): FlashRegion[] => [
  { name: 'test data', kind: 'data', offset: OFFSET, bytes, sha256: null, room: 0x200000 },
];
const target = { target: 'virtual' } as const;

const random = seededRandom(1);
const noise = (length: number) => noiseBytes(length, random);

const isOp = (bytes: Uint8Array, op: number) => bytes[0] === 0xc0 && bytes[2] === op;

test('a whole preparation at a chip’s own pace breaks no rule of the wire', async () => {
  const { connection, log } = await downloadMode({ flashTiming: 1 });
  await connection.write(provisioningRegions(testBundle()), target);
  expect(log.downloads.length).toBeGreaterThan(2);
  expect(await log.faults()).toEqual([]);
});

test('a block with one flipped bit is sent again, and only that block', async () => {
  const { bench, connection, log } = await downloadMode();
  let flips = 1;
  bench.toUnit = flipped(bench.toUnit, () => flips-- > 0);
  const bytes = noise(100_000);
  log.clear();
  await connection.write(region(bytes), target);
  expect(bench.flash.read(OFFSET, bytes.length)).toEqual(bytes);
  const blocks = log.requests.filter((frame) => frame[1] === OP.deflData);
  expect(blocks).toHaveLength(Math.ceil(bytes.length / BLOCK_BYTES) + 1);
  expect(log.downloads).toHaveLength(1);
});

test('a block that is always damaged is said to have a wrong checksum', async () => {
  const { bench, connection } = await downloadMode();
  bench.toUnit = flipped(bench.toUnit, () => true);
  await expect(connection.write(region(noise(20_000)), target)).rejects.toMatchObject({
    code: 'flash_write_failed',
    message: 'The unit refused to write: the checksum is wrong (0xC1).',
  });
});

/** One bit of the data of a block, which stays clear of SLIP's own bytes. */
function flipped(next: (bytes: Uint8Array) => Uint8Array, when: () => boolean) {
  return (bytes: Uint8Array): Uint8Array => {
    if (!isOp(bytes, OP.deflData) || !when()) return next(bytes);
    const copy = bytes.slice();
    const at = copy.findIndex((byte, i) => i > 1000 && byte > 0x10 && byte < 0x40);
    copy[at]! ^= 1;
    return next(copy);
  };
}

test.each([
  [1, 0],
  [2, 0],
  [700, 0],
  [8000, 0],
  [300, 1], // while the stub writes the block before
])(
  'a block that loses its last %i bytes is written within a second (timing %i)',
  async (lost, flashTiming) => {
    const { bench, connection, log } = await downloadMode({ flashTiming });
    const bytes = noise(60_000);
    const plain = bench.toUnit;
    const times: number[] = [];
    bench.toUnit = (sent) => {
      if (!isOp(sent, OP.deflData)) return plain(sent);
      times.push(performance.now());
      return times.length === 2 ? plain(sent).subarray(0, -lost) : plain(sent);
    };
    log.clear();
    await connection.write(region(bytes), target);
    expect(times[2]! - times[1]!).toBeLessThan(1000);
    // without its last C0 a frame is whole as soon as the next begins
    const again = lost > 1 ? 1 : 0;
    expect(times).toHaveLength(Math.ceil(bytes.length / BLOCK_BYTES) + again);
    expect(bench.flash.read(OFFSET, bytes.length)).toEqual(bytes);
    expect(log.downloads).toHaveLength(1);
  },
);

test('a block damaged anywhere, in any way, is written in the end', async () => {
  const { bench, connection } = await downloadMode();
  let damage: (frame: Uint8Array) => Uint8Array = (frame) => frame;
  bench.toUnit = (sent) => {
    if (!isOp(sent, OP.deflData)) return sent;
    const damaged = damage(sent);
    damage = (frame) => frame;
    return damaged;
  };
  const random = (below: number) => new DataView(noise(4).buffer).getUint32(0) % below;
  for (let i = 0; i < 200; i++) {
    const bytes = noise(3000);
    damage = (frame) => {
      const at = random(frame.length);
      if (i % 4 === 0) return concat([frame.subarray(0, at), frame.subarray(at + 1 + random(9))]);
      if (i % 4 === 1) return concat([frame.subarray(0, at), noise(3), frame.subarray(at)]);
      return frame.map((byte, k) => (k === at ? byte ^ (1 << random(8)) : byte));
    };
    await connection.write(region(bytes), target);
    expect(Buffer.compare(bench.flash.read(OFFSET, bytes.length), bytes), `case ${i}`).toBe(0);
  }
});

test.each([OP.deflBegin, OP.deflData, OP.deflEnd, OP.md5])(
  'an answer to command %i that is lost costs no second start',
  async (op) => {
    const { bench, connection } = await downloadMode();
    const bytes = noise(60_000);
    let lost = 1;
    bench.toHost = (sent) => (isOp(sent, op) && lost-- > 0 ? new Uint8Array(0) : sent);
    await connection.write(region(bytes), target);
    expect(lost).toBeLessThan(1);
    expect(bench.flash.read(OFFSET, bytes.length)).toEqual(bytes);
  },
);

test('a stub that is busy for long is waited for, not disturbed', async () => {
  const { bench, connection, log } = await downloadMode({ flashTiming: 4 });
  const bytes = new Uint8Array(0x20000).fill(0x5a); // one block, two seconds to write
  log.clear();
  await connection.write(region(bytes), target);
  expect(bench.flash.read(OFFSET, bytes.length)).toEqual(bytes);
  expect(log.downloads).toHaveLength(1);
});

test.each([1, 3, 6])('%i missed SYNCs are repeated quickly and silently', async (count) => {
  const { bench, connection } = plugged();
  const times: number[] = [];
  bench.toUnit = (bytes) => {
    if (!isOp(bytes, 0x08)) return bytes;
    times.push(performance.now());
    return times.length <= count ? new Uint8Array(0) : bytes;
  };
  await connection.enterDownload();
  expect(times).toHaveLength(count + 1);
  // 50 ms each, without another reset in between
  expect(times.at(-1)! - times[0]!).toBeLessThan(count * 50 + 250);
});

test('a stub that loses a block on its way up is uploaded again', async () => {
  const { bench, connection } = plugged();
  let lost = 1;
  bench.toUnit = (bytes) => (isOp(bytes, 0x07) && lost-- > 0 ? bytes.subarray(0, -40) : bytes);
  expect(await connection.enterDownload()).toMatchObject({ flashBytes: 0x800000 });
});

test('a chip that refuses the stub says why', async () => {
  const { bench, connection } = plugged();
  bench.toUnit = (bytes) => {
    const copy = bytes.slice();
    if (isOp(bytes, 0x07)) copy[5]! ^= 1; // its checksum
    return copy;
  };
  await expect(connection.enterDownload()).rejects.toMatchObject({
    code: 'unit_refused',
    message: 'The unit refused to write to target RAM: the checksum is wrong (0x07).',
  });
});

test('no register is read or written that an S3 does not have', async () => {
  const ours = await downloadMode({ accessFaults: true });
  await ours.connection.write(region(noise(1000)), target);
  await ours.connection.close();
  // the switch does what it is for: the stock client dies of the first ESP32's registers
  const bench = new TestBench({ accessFaults: true });
  await expect(writeWithStock(bench.serialPort, [])).rejects.toThrow();
  bench.dispose();
});

test.each([1, 2, 3, 4, 5])('flashing with noise on the cable, %i', async (run) => {
  const { bench, connection } = await downloadMode();
  const counts = disturb(bench, run);
  const bytes = noise(400_000 + run);
  await connection.write(region(bytes), target);
  expect(Buffer.compare(bench.flash.read(OFFSET, bytes.length), bytes)).toBe(0);
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(0);
});

/** A stray C0 with junk around it before answers and requests, flipped bits, lost tails. */
function disturb(bench: TestBench, run: number) {
  const counts = { answers: 0, requests: 0, bits: 0, tails: 0 };
  const junk = Uint8Array.of(0x55, 0xc0, 0x13, run, 0x37);
  let sent = 0;
  bench.toHost = (bytes) => {
    if (sent % 3 !== run % 3) return bytes;
    counts.answers++;
    return concat([junk, bytes]);
  };
  bench.toUnit = (bytes) => {
    const kind = (sent++ + 3 * run) % 17;
    const block = isOp(bytes, OP.deflData);
    if (kind === 2) {
      counts.requests++;
      return concat([junk, bytes]);
    }
    if (kind === 8 && block) {
      counts.tails++;
      return bytes.subarray(0, bytes.length - 100 * run);
    }
    if (kind === 13 && block) {
      counts.bits++;
      return bytes.map((byte, i) => (i === 2000 ? byte ^ 0x04 : byte));
    }
    return bytes;
  };
  return counts;
}
