/** What a unit holds already decides what is done; parts of a preparation by themselves. */
import { afterEach, expect, test, vi } from 'vitest';
import { sameBytes } from '../../shared/bytes.ts';
import { readNvs, writeNvs } from '../../shared/esp/nvs.ts';
import { writePartitionTable } from '../../shared/esp/partition-table.ts';
import type { PrepareFlow } from './prepare.ts';
import type { StageId } from './prepare-state.ts';
import { TestBackend } from './testing/backend.ts';
import { type BenchOptions, TestBench } from './testing/bench.ts';
import { testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { opened } from './testing/opened.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const ID = 'JBNB0001';
const PHASE_1: readonly StageId[] = ['write-provisioning', 'start-provisioning', 'bringup'];

const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

/** With this unit on its cable, and connected. */
async function connected(bench: TestBench, backend = new TestBackend()) {
  const page = opened(bench, { backend });
  await page.connect();
  return page;
}

function benchWith(options: BenchOptions = {}): TestBench {
  const bench = new TestBench(options);
  benches.push(bench);
  return bench;
}

/** Flash as a unit has it whose state holds this. */
function flashWith(state: Uint8Array): Uint8Array {
  const flash = new Uint8Array(0x800000).fill(0xff);
  flash.set(state, 0x9000);
  return flash;
}

const proof = (value: bigint, namespace = 'jambox') =>
  writeNvs([{ namespace, key: 'cellular_ok', type: 'u32', value }], 0x6000);

const states = (flow: PrepareFlow) =>
  Object.fromEntries(flow.state.value.stages.map((stage) => [stage.id, stage.state]));

const appOf = (bench: TestBench, role: 'jambox' | 'provisioning') => {
  const { bytes } = testBundle().images[role];
  return bench.flash.read(0x20000, bytes.length).every((byte, i) => byte === bytes[i]);
};

test('a link that the unit’s own state says is proven is not tested again', async () => {
  const { flow } = await connected(benchWith({ flash: flashWith(proof(1n)) }));
  await flow.start({ deviceId: ID });
  expect(flow.state.value.result).toBe('done');
  for (const id of PHASE_1) expect(states(flow)[id]).toBe('skipped');
  const { detail } = flow.state.value.stages.find(({ id }) => id === 'bringup') ?? {};
  expect(detail).toBe('Left out: this unit has proven its link before.');
});

test.each([
  ['says it is not', proof(0n)],
  ['says it of somebody else', proof(1n, 'other')],
  ['cannot be read', proof(1n).map((byte, i) => (i > 64 ? byte ^ 0x10 : byte))],
  ['is empty', new Uint8Array(0x6000).fill(0xff)],
])('where its state %s, the link is tested', async (_what, state) => {
  const { flow } = await connected(benchWith({ flash: flashWith(state) }));
  await flow.start({ deviceId: ID });
  expect(states(flow)).toMatchObject({ bringup: 'done', signal: 'done' });
});

test('who wants it has a proven link tested again', async () => {
  const { flow } = await connected(benchWith({ flash: flashWith(proof(1n)) }));
  await flow.start({ deviceId: ID, proveAgain: true });
  expect(states(flow)).toMatchObject({ 'write-provisioning': 'done', bringup: 'done' });
});

test('the test of the link alone registers nobody and ends with the test firmware', async () => {
  const bench = benchWith();
  const { flow, backend } = await connected(bench);
  await flow.start({ deviceId: '', action: 'bringup' });
  expect(flow.state.value).toMatchObject({ result: 'done', action: 'bringup', deviceId: '' });
  expect(states(flow)).toMatchObject({ bringup: 'done', 'write-unit': 'skipped' });
  expect(states(flow)).toMatchObject({ register: 'skipped', signal: 'skipped' });
  expect(backend.units.size).toBe(0);
  expect(appOf(bench, 'provisioning')).toBe(true);
  const { entries } = readNvs(bench.flash.read(0x12000, 0x6000));
  expect(entries.map(({ key }) => key)).toEqual(['apn', 'bands']);
});

test('a proven link is tested all the same by who tests nothing else', async () => {
  const { flow } = await connected(benchWith({ flash: flashWith(proof(1n)) }));
  await flow.start({ deviceId: '', action: 'bringup' });
  expect(states(flow)).toMatchObject({ bringup: 'done' });
});

test('a prepared unit stays who it is through a test of its link; firmware mends it', async () => {
  const bench = benchWith();
  const first = await connected(bench);
  await first.flow.start({ deviceId: ID });
  const identity = bench.identity();
  expect(identity.id).toBe(ID);
  await first.unit.disconnect();

  const second = await connected(bench, first.backend);
  await second.flow.start({ deviceId: '', action: 'bringup' });
  expect(second.flow.state.value).toMatchObject({ result: 'done', deviceId: ID });
  expect(bench.identity()).toEqual(identity);
  expect(appOf(bench, 'jambox')).toBe(false);

  await second.flow.start({ deviceId: '', action: 'flash' });
  expect(second.flow.state.value).toMatchObject({ result: 'done', deviceId: ID, error: null });
  expect(states(second.flow)).toMatchObject({
    ...{ 'write-provisioning': 'skipped', bringup: 'skipped', register: 'skipped' },
    ...{ 'write-unit': 'done', 'start-unit': 'done', heartbeat: 'skipped' },
  });
  expect(bench.identity()).toEqual(identity);
  expect(appOf(bench, 'jambox')).toBe(true);
  expect(first.backend.units.get(ID)?.token_sha256).toBe(identity.tokenSha256);
});

test('firmware alone is not written to a unit without an identity', async () => {
  const bench = benchWith();
  const { flow } = await connected(bench);
  await flow.start({ deviceId: '', action: 'flash' });
  expect(flow.state.value.error).toMatchObject({
    code: 'invalid',
    message: 'This unit has no identity that it could keep.',
  });
  expect(bench.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test('nor to one that would have to be erased for it, and nothing is erased', async () => {
  const flash = flashWith(proof(1n));
  const app = {
    type: 0,
    subtype: 0x10,
    offset: 0x10000,
    size: 0x300000,
    label: 'factory',
    flags: 0,
  };
  flash.set(writePartitionTable([app]), 0x8000);
  const bench = benchWith({ flash });
  const { flow } = await connected(bench);
  await flow.start({ deviceId: '', action: 'flash', eraseAll: true });
  expect(flow.state.value.error?.message).toBe('This unit has no identity that it could keep.');
  expect(sameBytes(bench.flash.bytes, flash)).toBe(true);
});
