/** The flasher on the real chip model: what it leaves out, what it notices, what it says. */
import { afterEach, expect, test, vi } from 'vitest';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import type { FlashRegion, RegionWrite, WriteProgress } from '../app/flash-types.ts';
import type { ConnectionListener } from '../app/ports.ts';
import { provisioningRegions } from '../app/regions.ts';
import { TestBench } from '../app/testing/bench.ts';
import { appImage, testBundle } from '../app/testing/images.ts';
import { useJumpingClock } from '../app/testing/jumping-clock.ts';
import { createUnitConnection } from './unit-connection.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const quiet: ConnectionListener = { item() {}, loader() {}, lost() {} };
const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

async function downloadMode(options: ConstructorParameters<typeof TestBench>[0] = {}) {
  const bench = new TestBench(options);
  const connection = createUnitConnection(bench.serialPort, bench, quiet);
  opened.push(async () => {
    await connection.close();
    bench.dispose();
  });
  await connection.enterDownload();
  return { bench, connection };
}

const data = (bytes: Uint8Array, offset = 0x20000): FlashRegion => ({
  name: 'test data',
  kind: 'data',
  offset,
  bytes,
  sha256: null,
  room: 0x200000,
});
/** Does not compress: every block carries its own size. */
const noise = (length: number) => noiseBytes(length, seededRandom(1));

const EFUSE = 0x60007000;

test.each([
  ['in secure download mode', EFUSE + 0x3c, 1 << 5, 'secure download mode'],
  ['with secure boot', EFUSE + 0x38, 1 << 20, 'signed firmware only'],
  ['with encrypted flash', EFUSE + 0x34, 1 << 18, 'encrypted'],
])('a chip %s is refused, and its flash is as it was', async (_, address, word, words) => {
  const bench = new TestBench({ efuseWords: new Map([[address, word]]) });
  const before = bench.flash.read(0, 0x1000);
  const connection = createUnitConnection(bench.serialPort, bench, quiet);
  opened.push(async () => {
    await connection.close();
    bench.dispose();
  });
  await expect(connection.enterDownload()).rejects.toMatchObject({
    code: 'chip_locked',
    message: expect.stringContaining(words),
  });
  expect(bench.flash.read(0, 0x1000)).toEqual(before);
});

test('flash whose encryption was switched off again is open', async () => {
  const { connection } = await downloadMode({ efuseWords: new Map([[EFUSE + 0x34, 3 << 18]]) });
  await connection.write([data(noise(100))], { target: 'virtual' });
});

test('an app below the chip’s security version is refused before anything is erased', async () => {
  const efuseWords = new Map([[EFUSE + 0x3c, 0b11 << 14]]);
  const { bench, connection } = await downloadMode({ efuseWords });
  const app = (secureVersion: number): FlashRegion => ({
    ...data(appImage({ project: 'jambox-virtual', secureVersion })),
    kind: 'image',
  });
  await connection.write([app(2)], { target: 'virtual' });
  const before = bench.flash.read(0x20000, 0x10000);
  await expect(connection.write([app(1)], { target: 'virtual' })).rejects.toMatchObject({
    code: 'image_too_old',
    message: expect.stringContaining('security version 1; this unit starts none below 2'),
  });
  expect(bench.flash.read(0x20000, 0x10000)).toEqual(before);
});

test('regions land where they belong and are skipped the second time', async () => {
  const { bench, connection } = await downloadMode();
  const regions = provisioningRegions(testBundle());
  const first = await connection.write(regions, { target: 'virtual' });
  // an erased otadata is there already on an erased chip
  const inPlace = first.regions.filter((r) => r.reason === 'same');
  expect(inPlace.map((r) => r.name)).toEqual(['boot selection']);
  for (const { offset, bytes } of regions) {
    expect(bench.flash.read(offset, bytes.length)).toEqual(Uint8Array.from(bytes));
  }
  const second = await connection.write(regions, { target: 'virtual' });
  expect(second.regions.every((r) => r.toWrite === 0)).toBe(true);
});

test.each([1, 255, 4095, 4097, 0x4000, 0x4001, 70_001, 300_000])(
  '%i bytes are written exactly',
  async (length) => {
    const { bench, connection } = await downloadMode();
    const bytes = noise(length);
    await connection.write([data(bytes)], { target: 'virtual' });
    expect(bench.flash.read(0x20000, length)).toEqual(bytes);
  },
);

test('old content is replaced, neighbours are left alone', async () => {
  const flash = new Uint8Array(0x800000).fill(0x5a);
  const { bench, connection } = await downloadMode({ flash });
  await connection.write([data(noise(10_000))], { target: 'virtual' });
  expect(bench.flash.read(0x20000, 10_000)).toEqual(noise(10_000));
  expect(bench.flash.bytes[0x1ffff]).toBe(0x5a);
  expect(bench.flash.bytes[0x23000]).toBe(0x5a);
});

test('a write that was interrupted goes on where it was', async () => {
  const bytes = noise(400_000);
  const flash = new Uint8Array(0x800000).fill(0xff);
  flash.set(bytes.subarray(0, 250_000), 0x20000);
  const { bench, connection } = await downloadMode({ flash });
  const written = new Set<number>();
  const program = bench.flash.program.bind(bench.flash);
  bench.flash.program = (offset, page) => {
    written.add(offset >> 16);
    program(offset, page);
  };
  const seen: WriteProgress[] = [];
  await connection.write([data(bytes)], { target: 'virtual', onProgress: (p) => seen.push(p) });
  expect(bench.flash.read(0x20000, bytes.length)).toEqual(bytes);
  // 250,000 bytes are three whole 64 KB blocks and some: the fourth is written again
  expect([...written]).toEqual([5, 6, 7, 8]);
  expect(seen.find((p) => p.stage === 'write')?.done).toBeGreaterThan(3 * 0x10000);
});

test.each([1, 2, 3, 4, 5, 6])(
  'a cable pulled after %i times 64 KB: what was written by then is not written again',
  async (pulled) => {
    const bytes = noise(7 * 0x10000);
    const { bench, connection } = await downloadMode();
    bench.pullAfterBytes = pulled * 0x10000;
    const write = () => connection.write([data(bytes)], { target: 'virtual' });
    await expect(write()).rejects.toMatchObject({ code: 'port_lost' });
    bench.plug();
    await connection.enterDownload();
    const { regions } = await write();
    expect(bench.flash.read(0x20000, bytes.length)).toEqual(bytes);
    // the block on the cable and the one before it, which the stub may have had in its RAM
    expect(regions[0]!.toWrite).toBeLessThanOrEqual(bytes.length - (pulled - 2) * 0x10000);
    expect(regions[0]!.toWrite).toBeGreaterThanOrEqual(bytes.length - pulled * 0x10000);
  },
);

test('the plan is told before anything is erased, and only what changed is erased', async () => {
  const bytes = noise(6 * 0x10000);
  const flash = new Uint8Array(0x800000).fill(0xff);
  flash.set(bytes, 0x20000);
  flash[0x20000 + 0x10000 + 5]! ^= 0xff;
  const before = flash.slice();
  const { bench, connection } = await downloadMode({ flash });
  const erased = vi.spyOn(bench.flash, 'erase');
  let planned: unknown;
  const onPlan = (plan: readonly RegionWrite[]) => {
    expect(Buffer.compare(bench.flash.bytes, before)).toBe(0);
    [planned] = plan;
  };
  await connection.write([data(bytes)], { target: 'virtual', onPlan });
  const size = { bytes: bytes.length, toWrite: 0x10000 };
  expect(planned).toMatchObject({ name: 'test data', offset: 0x20000, ...size, reason: 'changed' });
  expect(erased.mock.calls).toEqual([[0x30000, 0x10000]]);
  expect(bench.flash.read(0x20000, bytes.length)).toEqual(bytes);
});

test('progress only grows and ends at the total, in uncompressed bytes', async () => {
  const { connection } = await downloadMode();
  const seen: WriteProgress[] = [];
  const regions = [data(noise(200_000)), data(noise(50_000), 0x220000)];
  await connection.write(regions, { target: 'virtual', onProgress: (p) => seen.push(p) });
  const done = seen.filter((p) => p.stage !== 'check').map((p) => p.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(seen.at(-1)).toMatchObject({ done: 250_000, total: 250_000 });
});

test('the time left is reported and shrinks', async () => {
  const { connection } = await downloadMode({ flashTiming: 1 });
  const seen: WriteProgress[] = [];
  await connection.write([data(noise(400_000))], {
    target: 'virtual',
    onProgress: (p) => seen.push(p),
  });
  const left = seen.map((p) => p.remainingMs).filter((ms) => ms !== null);
  expect(left.length).toBeGreaterThan(3);
  expect(left.at(-1)).toBe(0);
  expect(left[0]).toBeGreaterThan(left.at(-2) ?? 0);
});

test('a flash that does not take the bytes is found out', async () => {
  const { bench, connection } = await downloadMode();
  const program = bench.flash.program.bind(bench.flash);
  bench.flash.program = (offset, bytes) => {
    const worn = bytes.slice();
    if (offset === 0x21000) worn[3] = 0;
    program(offset, worn);
  };
  await expect(
    connection.write([data(noise(20_000).map((b) => b | 1))], { target: 'virtual' }),
  ).rejects.toMatchObject({ code: 'verify_failed' });
});

test.each([
  ['overlapping', [data(noise(5000)), data(noise(10), 0x21000)], 'image_corrupt'],
  ['not on a sector', [data(noise(10), 0x20010)], 'image_corrupt'],
  ['beyond the flash', [data(noise(10), 0x700000)], 'flash_too_small'],
  ['empty', [data(new Uint8Array(0))], 'image_truncated'],
])('regions %s are refused with flash untouched', async (_name, regions, code) => {
  const { bench, connection } = await downloadMode();
  await expect(connection.write(regions, { target: 'virtual' })).rejects.toMatchObject({ code });
  expect(bench.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test('download mode entered with the button is left by the watchdog', async () => {
  const { bench, connection } = await downloadMode();
  await connection.write(provisioningRegions(testBundle()), { target: 'virtual' });
  await connection.close();
  bench.pull();
  bench.holdBoot(true);
  bench.plug();
  bench.holdBoot(false);
  const again = createUnitConnection(bench.serialPort, bench, quiet);
  opened.push(() => again.close());
  await again.runApp();
  expect(await again.request({ cmd: 'hello' })).toMatchObject({ app: 'provisioning' });
});
