/**
 * The cable pulled, and the power with it, while units get apps as large as the real ones: at every
 * 64 KB of both, and in every phase of talking to the chip. What was verified is not written again.
 */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { OP } from '../unit/stub-frames.ts';
import { createUnitConnection } from '../unit/unit-connection.ts';
import type { FlashRegion } from './flash-types.ts';
import { PrepareFlow } from './prepare.ts';
import { provisioningRegions, unitRegions } from './regions.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { TestBench } from './testing/bench.ts';
import { appImage, bundleSource, testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const ID = 'JBNB0001';
/** Of the ROM; esptool-js sends them. */
const [SYNC, MEM_DATA] = [0x08, 0x07];
const BLOCK = 0x10000;
const PROVISIONING_BYTES = 714 * 1024;
const JAMBOX_BYTES = 770 * 1024;
/** Header, descriptor and hash take less beside the payload. */
const HEAD_BYTES = 600;

const bundle = testBundle('virtual', {
  provisioning: appImage({
    project: 'provisioning-virtual',
    payloadBytes: PROVISIONING_BYTES - HEAD_BYTES,
    seed: 2,
  }),
  jambox: appImage({
    project: 'jambox-virtual',
    payloadBytes: JAMBOX_BYTES - HEAD_BYTES,
    seed: 3,
  }),
});

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const quiet = { item() {}, loader() {}, lost() {} };

/** Writes `regions` on `flash`, with the cable pulled after so many bytes erased and programmed. */
async function pulledAt(flash: Uint8Array, regions: FlashRegion[], count: number) {
  const bench = new TestBench({ flash });
  const connection = createUnitConnection(bench.serialPort, bench, quiet);
  ends.push(async () => {
    await connection.close();
    bench.dispose();
  });
  await connection.enterDownload();
  bench.flash.cutPowerAfter(count);
  const write = () => connection.write(regions, { target: 'virtual' });
  await expect(write()).rejects.toMatchObject({ code: 'port_lost' });
  bench.plug();
  await connection.enterDownload();
  const { regions: report } = await write();
  for (const { offset, bytes } of regions) {
    expect(Buffer.compare(bench.flash.read(offset, bytes.length), bytes)).toBe(0);
  }
  return report.at(-1)!;
}

/** The last is erased sector by sector: it has no middle to be pulled in. */
const wholeBlocksOf = (bytes: number) =>
  Array.from({ length: Math.floor(bytes / BLOCK) }, (_, i) => i);

const erased = new Uint8Array(0x800000).fill(0xff);
/** The app alone, on a unit that holds everything else. */
const provisioning = provisioningRegions(bundle).slice(-1);
const prepared = erased.slice();
for (const { offset, bytes } of provisioning) prepared.set(bytes, offset);
const jambox = unitRegions(bundle, new Uint8Array(0x6000)).filter(({ kind, offset }) => {
  return kind === 'image' && offset === 0x20000;
});

describe.each([
  ['provisioning', erased, provisioning],
  ['jambox', prepared, jambox],
] as const)('the %s app', (_name, flash, regions) => {
  const { length } = regions[0]!.bytes;
  // a block is erased, then programmed: in the middle of either, turn by turn
  test.each(wholeBlocksOf(length))('pulled in block %i: only from there on', async (block) => {
    const within = block % 2 === 0 ? BLOCK + 0x7000 : 0x3000;
    const { toWrite } = await pulledAt(flash, [...regions], block * 2 * BLOCK + within);
    expect(toWrite).toBe(length - block * BLOCK);
  });
});

/**
 * What is sent in each phase, and how often before; the cable is pulled instead of sending it. What
 * the page says at that moment shows that it is the phase that is meant.
 */
const PHASES: readonly [name: string, op: number, before: number, says: string][] = [
  ['the first SYNC', SYNC, 0, ''],
  ['reading who the chip is', OP.readReg, 5, ''],
  ['uploading the stub', MEM_DATA, 1, ''],
  ['reading the partition table', OP.readFlash, 0, ''],
  ['comparing', OP.md5, 1, 'Comparing the bootloader.'],
  ['the first BEGIN', OP.deflBegin, 0, 'Comparing the test program.'],
  ['writing the first app', OP.deflData, 20, 'Writing the test program.'],
  ['the END of the first app', OP.deflEnd, 3, 'Writing the test program.'],
  ['verifying the first app', OP.md5, 10, 'Verifying the test program.'],
  ['the SYNC between the phases', SYNC, 1, ''],
  ['the first BEGIN of phase 2', OP.deflBegin, 4, 'Comparing the boot selection.'],
  ['writing the second app', OP.deflData, 60, 'Writing the JamBox program.'],
  ['verifying the second app', OP.md5, 22, 'Verifying the JamBox program.'],
];

async function flowOn(bench: TestBench, backend: TestBackend) {
  const unit = new Unit(systemTime);
  const parts = { unit, portal: backend, outbox: new TestOutbox(), time: systemTime };
  const flow = new PrepareFlow({ ...parts, firmware: bundleSource(bundle) });
  return { flow, connect: () => unit.connect(bench.unitPort()) };
}

test.each(PHASES)('pulled at %s: said, and on from there', async (_name, op, before, says) => {
  const backend = new TestBackend();
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const bench = new TestBench({ script: { post } });
  ends.push(() => bench.dispose());
  const { flow, connect } = await flowOn(bench, backend);
  let seen = 0;
  let isPulled = false;
  let said = '';
  bench.toUnit = (bytes) => {
    // frames go out one by one: delimiter, direction, op
    if (isPulled || bytes[0] !== 0xc0 || bytes[2] !== op || seen++ < before) return bytes;
    isPulled = true;
    said = flow.state.value.stages.find(({ state }) => state === 'running')?.detail ?? '';
    bench.pull();
    return bytes.subarray(0, 0);
  };
  const first = await connect().then(
    () => null,
    (error: unknown) => error,
  );
  if (first === null) await flow.start({ deviceId: ID });
  expect(isPulled).toBe(true);
  expect(said).toBe(says);
  expect(first ?? flow.state.value.error).toMatchObject({ code: 'port_lost' });
  const stands = bench.flash.bytes.slice();
  bench.plug();
  if (first === null) await flow.retry();
  else {
    await connect();
    await flow.start({ deviceId: ID });
  }
  expect(flow.state.value.error).toBeNull();
  expect(flow.state.value.result).toBe('done');
  expect(bench.identity().tokenSha256).toBe(backend.units.get(ID)?.token_sha256);
  expect(isKept(stands, flow)).toBe(true);
});

/** What stood in whole blocks when the cable went is in no plan of the second try. */
function isKept(stands: Uint8Array, flow: PrepareFlow): boolean {
  const plans = flow.state.value.stages.flatMap(({ plan }) => plan ?? []);
  return provisioning.concat(jambox).every(({ name, offset, bytes }) => {
    const plan = plans.find((region) => region.name === name);
    if (!plan) return true; // phase 1 was left out
    const same = wholeBlocksOf(bytes.length).filter((block) => {
      const [from, to] = [block * BLOCK, Math.min((block + 1) * BLOCK, bytes.length)];
      return (
        Buffer.compare(stands.subarray(offset + from, offset + to), bytes.subarray(from, to)) === 0
      );
    });
    return plan.toWrite <= bytes.length - same.length * BLOCK;
  });
}

test.each(['start-provisioning', 'start-unit'] as const)(
  'pulled at the reset of %s: said, and on from there',
  async (stage) => {
    const backend = new TestBackend();
    const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
    const bench = new TestBench({ script: { post } });
    ends.push(() => bench.dispose());
    const { flow, connect } = await flowOn(bench, backend);
    await connect();
    let isPulled = false;
    flow.state.subscribe(({ stages }) => {
      const now = stages.find(({ id }) => id === stage);
      if (isPulled || now?.state !== 'running') return;
      isPulled = true;
      queueMicrotask(() => bench.pull());
    });
    const started = flow.start({ deviceId: ID });
    await started;
    expect(flow.state.value.error).toMatchObject({ code: 'port_lost' });
    bench.plug();
    await flow.retry();
    expect(flow.state.value.result).toBe('done');
    const [plan] = flow.state.value.stages.flatMap(({ plan: of }) => of ?? []).slice(-2);
    expect(plan?.name).toBe('JamBox program');
  },
);
