/** Units whose flash is divided in another way: refused untouched, erased on consent, resumed. */
import { afterEach, expect, test, vi } from 'vitest';
import {
  PARTITION_TABLE_OFFSET,
  parsePartitionsCsv,
  writePartitionTable,
} from '../../shared/esp/partition-table.ts';
import { eraseQuestion } from './other-layout.ts';
import { PrepareFlow } from './prepare.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { TestBench } from './testing/bench.ts';
import { appImage, bundleSource, testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const OTHER_TABLE = writePartitionTable(
  parsePartitionsCsv(`
nvs,      data, nvs,     0x9000,   0x5000
otadata,  data, ota,     0xe000,   0x2000
factory,  app,  factory, 0x10000,  0x100000
storage,  data, spiffs,  0x110000, 0x80000
`),
);
const STORAGE_AT = 0x110000;

function otherUnit(): Uint8Array {
  const flash = new Uint8Array(0x800000).fill(0xff);
  flash.set(OTHER_TABLE, PARTITION_TABLE_OFFSET);
  flash.set(appImage({ project: 'blink' }), 0x10000);
  for (let at = STORAGE_AT; at < STORAGE_AT + 0x80000; at++) flash[at] = at & 0x7f;
  return flash;
}

const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

async function setUp(flash: Uint8Array) {
  const backend = new TestBackend();
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const bench = new TestBench({ flash, script: { post } });
  benches.push(bench);
  const unit = new Unit(systemTime);
  const firmware = bundleSource(testBundle());
  const parts = { unit, portal: backend, outbox: new TestOutbox(), firmware, time: systemTime };
  await unit.connect(bench.unitPort());
  return { bench, flow: new PrepareFlow(parts) };
}

const start = { deviceId: 'JBNB0001' };
const stageOf = (flow: PrepareFlow, id: string) =>
  flow.state.value.stages.find((stage) => stage.id === id);
const isErased = (bench: TestBench, from: number, length: number) =>
  bench.flash.read(from, length).every((byte) => byte === 0xff);

test('another layout is refused untouched: what differs, and what would be lost', async () => {
  const { bench, flow } = await setUp(otherUnit());
  await flow.start(start);
  const { error, result } = flow.state.value;
  expect(result).toBe('failed');
  expect(error?.code).toBe('other_layout');
  expect(error?.message).toContain('its “nvs” is 20 KB at 0x9000 instead of 24 KB at 0x9000');
  expect(error?.message).toMatch(/; and \d+ more\./);
  expect(error?.hint).toContain('Nothing was written');
  expect(Buffer.compare(bench.flash.bytes, otherUnit())).toBe(0);
  const facts = eraseQuestion(error)?.facts.join('\n');
  expect(facts).toContain('The app “blink”, version 6.0.0.');
  expect(facts).toContain('Settings in “nvs”, 20 KB');
  expect(facts).toContain('Data in “storage”, 512 KB');
});

test('on consent all of it is erased, and the unit is prepared', async () => {
  const { bench, flow } = await setUp(otherUnit());
  await flow.start(start);
  await flow.retry({ eraseAll: true });
  expect(flow.state.value.error).toBeNull();
  expect(flow.state.value.result).toBe('done');
  expect(stageOf(flow, 'erase')).toMatchObject({ state: 'done', progress: 1 });
  expect(isErased(bench, STORAGE_AT, 0x80000)).toBe(true);
  expect(bench.identity().id).toBe('JBNB0001');
});

test.each([0, 1, 5, 9])(
  'a cable pulled after %i erased blocks: what it is, and on from there',
  async (blocks) => {
    const { bench, flow } = await setUp(otherUnit());
    await flow.start(start);
    const erase = bench.flash.erase.bind(bench.flash);
    const erased: number[] = [];
    bench.flash.erase = (offset, length) => {
      if (erased.length === blocks) {
        bench.flash.erase = erase;
        bench.pull();
        return;
      }
      erased.push(offset);
      erase(offset, length);
    };
    await flow.retry({ eraseAll: true });
    const { error, advice } = flow.state.value;
    expect(error?.code).toBe('port_lost');
    expect(advice).toContain('The unit is partly erased: it does not start');
    expect(erased).not.toContain(0);
    bench.plug();
    const again = vi.spyOn(bench.flash, 'erase');
    await flow.retry();
    expect(flow.state.value.result).toBe('done');
    expect(
      again.mock.calls.slice(0, 9 - blocks).map(([offset]) => erased.includes(offset)),
    ).toEqual(Array(9 - blocks).fill(false));
    expect(isErased(bench, STORAGE_AT, 0x80000)).toBe(true);
  },
);

test('stopped while it is erased: said in which state it is', async () => {
  const { bench, flow } = await setUp(otherUnit());
  await flow.start(start);
  const erase = bench.flash.erase.bind(bench.flash);
  bench.flash.erase = (offset, length) => {
    flow.cancel();
    erase(offset, length);
  };
  await flow.retry({ eraseAll: true });
  expect(flow.state.value.result).toBe('cancelled');
  expect(flow.state.value.advice).toContain('partly erased');
});

test('stopped between the erase and the first write: it holds nothing', async () => {
  const { flow } = await setUp(otherUnit());
  await flow.start(start);
  const off = flow.state.subscribe(() => {
    if (stageOf(flow, 'write-provisioning')?.state === 'running') flow.cancel();
  });
  await flow.retry({ eraseAll: true });
  off();
  expect(flow.state.value.result).toBe('cancelled');
  expect(flow.state.value.advice).toContain('it holds nothing now');
  await flow.retry();
  expect(flow.state.value.result).toBe('done');
});

test('a table that cannot be read is another layout; one begun by us is none', async () => {
  const flash = otherUnit();
  flash[PARTITION_TABLE_OFFSET + 4]! ^= 1;
  const damaged = await setUp(flash);
  await damaged.flow.start(start);
  expect(damaged.flow.state.value.error?.message).toContain('its partition table cannot be read');
  const begun = new Uint8Array(0x800000).fill(0xff);
  begun.set(testBundle().images['partition-table'].bytes.subarray(0, 0x55), PARTITION_TABLE_OFFSET);
  const ours = await setUp(begun);
  await ours.flow.start(start);
  expect(ours.flow.state.value.result).toBe('done');
});

test('the same layout in other bytes is the same: nothing is erased, even on consent', async () => {
  const flash = new Uint8Array(0x800000).fill(0xff);
  const table = testBundle().images['partition-table'].bytes.slice();
  // a generator without MD5 leaves the closing entry erased
  const end = table.findIndex((byte, i) => i % 32 === 0 && byte === 0xeb);
  table.fill(0xff, end, end + 32);
  table[end - 1] = 0x01; // a bit of the flags, which say nothing of the division
  flash.set(table, PARTITION_TABLE_OFFSET);
  flash.fill(0, STORAGE_AT, STORAGE_AT + 16);
  const { bench, flow } = await setUp(flash);
  await flow.start({ ...start, eraseAll: true });
  expect(flow.state.value.result).toBe('done');
  expect(stageOf(flow, 'erase')?.state).toBe('skipped');
  expect(isErased(bench, STORAGE_AT, 16)).toBe(false);
});
