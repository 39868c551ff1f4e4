/** Backup and restore of the virtual chip: every byte, over a cable that fails. */
import { afterEach, expect, test, vi } from 'vitest';
import { NorFlash } from '../../firmware/virtual/flash/nor-flash.ts';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import { backUp, backupName, restoreRegions, restoreStopped } from './flash-backup.ts';
import type { FlashProgress, RegionWrite } from './flash-types.ts';
import { systemTime } from './system-time.ts';
import { type BenchOptions, TestBench } from './testing/bench.ts';
import { appImage, testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

/** A prepared unit's flash: 900 KB of it are not empty. */
function content(project = 'jambox-virtual'): Uint8Array<ArrayBuffer> {
  const flash = new Uint8Array(0x800000).fill(0xff);
  flash.set(testBundle().images['partition-table'].bytes, 0x8000);
  flash.set(appImage({ project, payloadBytes: 700_000 }), 0x20000);
  flash.set(noiseBytes(200_000, seededRandom(4)), 0x520000);
  return flash;
}

async function unitOn(options: BenchOptions = {}) {
  const bench = new TestBench(options);
  benches.push(bench);
  const unit = new Unit(systemTime);
  const chip = await unit.connect(bench.unitPort());
  return { bench, unit, chip };
}

const isSame = (bench: TestBench, bytes: Uint8Array) =>
  Buffer.compare(bench.flash.bytes, bytes) === 0;

test('a backup holds every byte, tells how far it is, and reads no empty flash', async () => {
  const flash = content();
  const { bench, unit } = await unitOn({ flash });
  let received = 0;
  bench.toHost = (bytes) => {
    received += bytes.length;
    return bytes;
  };
  const seen: FlashProgress[] = [];
  const backup = await backUp(unit, { onProgress: (progress) => seen.push(progress) });
  expect(Buffer.compare(backup, flash)).toBe(0);
  expect(seen.at(-1)).toEqual({ done: 0x800000, total: 0x800000, remainingMs: 0 });
  const done = seen.map((progress) => progress.done);
  expect(done).toEqual([...done].sort((a, b) => a - b));
  expect(received).toBeLessThan(1_300_000);
});

test('what is lost or damaged on the way is read again', async () => {
  const flash = content();
  const { bench, unit } = await unitOn({ flash });
  let answers = 0;
  bench.toHost = (bytes) => {
    answers++;
    if (answers === 40) return bytes.slice(0, 100);
    if (answers !== 90) return bytes;
    const damaged = bytes.slice();
    damaged[50]! ^= 1;
    return damaged;
  };
  expect(Buffer.compare(await backUp(unit, {}), flash)).toBe(0);
  expect(answers).toBeGreaterThan(90);
});

test('a backup is stopped at any time', async () => {
  const { unit } = await unitOn({ flash: content() });
  const abort = new AbortController();
  const onProgress = ({ done }: FlashProgress) => {
    if (done > 0x40000) abort.abort();
  };
  await expect(backUp(unit, { signal: abort.signal, onProgress })).rejects.toMatchObject({
    code: 'cancelled',
  });
  await unit.ready(); // and the unit can be talked to again
});

test('a backup comes back on an empty unit, and costs nothing on the same', async () => {
  const flash = content();
  const { bench, unit, chip } = await unitOn();
  const plans: RegionWrite[] = [];
  const options = {
    target: chip.target,
    onPlan: (plan: readonly RegionWrite[]) => plans.push(...plan),
  };
  await unit.write(restoreRegions(flash, chip), options);
  expect(isSame(bench, flash)).toBe(true);
  expect(plans.reduce((sum, { toWrite }) => sum + toWrite, 0)).toBeLessThan(1_800_000);
  plans.length = 0;
  await unit.write(restoreRegions(flash, chip), options);
  expect(plans.every(({ toWrite }) => toWrite === 0)).toBe(true);
});

test('what the unit held besides is erased', async () => {
  const { bench, unit, chip } = await unitOn({ flash: new Uint8Array(0x800000).fill(0x5a) });
  const flash = content();
  await unit.write(restoreRegions(flash, chip), { target: chip.target });
  expect(isSame(bench, flash)).toBe(true);
});

test.each([1, 300_000, 800_000])(
  'a cable pulled after %i bytes: restored on, not anew',
  async (bytes) => {
    const flash = content();
    const { bench, unit, chip } = await unitOn();
    bench.pullAfterBytes = bytes;
    const target = chip.target;
    await expect(unit.write(restoreRegions(flash, chip), { target })).rejects.toMatchObject({
      code: 'port_lost',
    });
    const before = new NorFlash(bench.flash.bytes);
    bench.plug();
    await unit.ready();
    await unit.write(restoreRegions(flash, chip), { target });
    expect(isSame(bench, flash)).toBe(true);
    // what stood when it was pulled still stands
    const kept = Math.max(0, bytes - 3 * 0x10000);
    expect(
      Buffer.compare(before.read(0x20000, kept), flash.subarray(0x20000, 0x20000 + kept)),
    ).toBe(0);
  },
);

test('no file is written that is none of this kind of unit', async () => {
  const { chip } = await unitOn();
  expect(() => restoreRegions(new Uint8Array(100), chip)).toThrow(
    /has 8388608 bytes; the file has 100/,
  );
  expect(() => restoreRegions(new Uint8Array(0x800000).fill(0xff), chip)).toThrow(
    /no partition table/,
  );
  const real = content('jambox');
  expect(() => restoreRegions(real, chip)).toThrow(/backup of a real unit/);
  const virtual = content();
  expect(() => restoreRegions(virtual, { ...chip, target: 'esp32s3' })).toThrow(
    /backup of a virtual unit/,
  );
});

test('a file is named after its chip; a restore that stopped says what the unit is', () => {
  const at = new Date('2026-02-01T23:00:00Z');
  expect(backupName('F4:12:FA:00:00:01', at)).toBe('jambox-F412FA000001-2026-02-01.bin');
  expect(restoreStopped(0)).toContain('as it was');
  expect(restoreStopped(1)).toContain('do not mount it');
});
