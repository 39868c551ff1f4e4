/** A box of units, one after the other, on the real chip model: no click and no typing between. */
import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import type { UnitPort } from './ports.ts';
import { PrepareFlow } from './prepare.ts';
import { Series, type SeriesUnit, SHOWN_MAX } from './series.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { TestBench } from './testing/bench.ts';
import { bundleSource, testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

/** Another unit, whose chip counts on from the last. */
function anotherBench(backend: TestBackend): TestBench {
  const mac = Uint8Array.of(0x02, 0x4a, 0x42, 0, 0, benches.length + 1);
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const bench = new TestBench({ mac, script: { post } });
  benches.push(bench);
  return bench;
}

function setUp({ hasLanes = false } = {}) {
  const backend = new TestBackend();
  const lane = () => {
    const unit = new Unit(systemTime);
    const prepare = new PrepareFlow({
      unit,
      portal: backend,
      outbox: new TestOutbox(),
      firmware: bundleSource(testBundle()),
      time: systemTime,
    });
    return { unit, prepare };
  };
  const { unit, prepare } = lane();
  const heard: SeriesUnit['result'][] = [];
  let arrive: (port: UnitPort) => void = () => {};
  let next = 4;
  const world = { failNext: false, reserved: [] as string[], ids: [] as string[] };
  const series = new Series({
    unit,
    prepare,
    time: systemTime,
    ...(hasLanes && { newLane: lane }),
    onArrival(fn) {
      arrive = fn;
      return () => {
        arrive = () => {};
      };
    },
    idsOf: async (mac) =>
      [...backend.units.values()].filter((u) => u.mac === mac).map((u) => u.device_id),
    async nextId() {
      if (world.failNext) throw new AppError('unavailable', 'The backend cannot be reached.');
      const id = world.ids.shift() ?? `JBNB${String(next++).padStart(4, '0')}`;
      world.reserved.push(id);
      return id;
    },
    ended: (result) => heard.push(result),
  });
  const another = () => anotherBench(backend);
  const plugPort = (port: UnitPort) => arrive(port);
  const plug = (bench: TestBench) => arrive(bench.unitPort());
  /** Heard, not looked for: with a clock that jumps, it may be over between two looks. */
  const preparing = () =>
    new Promise<void>((resolve) => {
      const stop = series.state.subscribe(({ phase }) => {
        if (phase !== 'preparing') return;
        stop();
        resolve();
      });
    });
  const waits = () => vi.waitFor(() => expect(series.state.value.phase).toBe('unit'), 30_000);
  return {
    backend,
    unit,
    prepare,
    series,
    heard,
    world,
    another,
    plug,
    plugPort,
    waits,
    preparing,
  };
}

test('five units, no click between them: each its own id, all in one place', async () => {
  const { backend, series, heard, another, plug, waits } = setUp();
  series.begin({ locationId: 'bakery' });
  for (let i = 0; i < 5; i++) {
    const bench = another();
    plug(bench);
    await vi.waitFor(() => expect(series.state.value.units).toHaveLength(i + 1), 30_000);
    await waits();
    bench.pull();
  }
  const { units } = series.state.value;
  expect(units.map((one) => one.result)).toEqual(Array(5).fill('done'));
  const ids = ['JBNB0004', 'JBNB0005', 'JBNB0006', 'JBNB0007', 'JBNB0008'];
  expect(units.map((one) => one.deviceId).reverse()).toEqual(ids);
  expect(new Set(units.map((one) => one.mac)).size).toBe(5);
  expect([...backend.units.values()].every((one) => one.location_id === 'bakery')).toBe(true);
  expect(heard).toEqual(Array(5).fill('done'));
});

test('one that was prepared and comes back is left as it is, and runs', async () => {
  const { series, unit, another, plug, waits, world } = setUp();
  series.begin({});
  const bench = another();
  plug(bench);
  await vi.waitFor(() => expect(series.state.value.units).toHaveLength(1), 30_000);
  const { tokenSha256 } = bench.identity();
  bench.pull();
  bench.plug();
  plug(bench);
  await vi.waitFor(() => expect(series.state.value.error).not.toBeNull(), 30_000);
  await waits();
  expect(series.state.value.error?.message).toBe('JBNB0004 was prepared just now and runs.');
  expect(unit.state.value).toMatchObject({ phase: 'running', hello: { device_id: 'JBNB0004' } });
  expect(bench.identity().tokenSha256).toBe(tokenSha256);
  expect(world.reserved).toEqual(['JBNB0004']);
});

test('a chip that has an id keeps it; no free one is used up', async () => {
  const { backend, series, another, plug, world } = setUp();
  const token_sha256 = 'a3'.repeat(32);
  const mac = '02:4A:42:00:00:01';
  await backend.register({ device_id: 'JBNB0042', token_sha256, mac, firmware: '6.0.0' });
  series.begin({});
  plug(another());
  await vi.waitFor(() => expect(series.state.value.units).toHaveLength(1), 30_000);
  expect(series.state.value.units[0]).toMatchObject({ deviceId: 'JBNB0042', result: 'done' });
  expect(world.reserved).toEqual([]);
});

test('what fails is said, and the next unit is waited for; the same one tries again', async () => {
  const { series, heard, world, another, plug, waits } = setUp();
  world.failNext = true;
  series.begin({});
  const bench = another();
  plug(bench);
  await vi.waitFor(() => expect(series.state.value.error?.code).toBe('unavailable'), 30_000);
  await waits();
  world.failNext = false;
  bench.pullAfterBytes = 60_000;
  plug(bench);
  await vi.waitFor(() => expect(heard).toEqual(['failed']), 30_000);
  expect(series.state.value.units[0]).toMatchObject({ deviceId: 'JBNB0004', result: 'failed' });
  bench.plug();
  plug(bench);
  await vi.waitFor(() => expect(heard).toEqual(['failed', 'done']), 30_000);
  expect(series.state.value.units).toHaveLength(1);
  expect(series.state.value.units[0]).toMatchObject({ deviceId: 'JBNB0004', result: 'done' });
});

test('a unit that arrives while another is prepared is next; ended, none is taken', async () => {
  const { series, heard, another, plug, preparing, world } = setUp();
  series.begin({});
  const begun = preparing();
  plug(another());
  await begun;
  plug(another());
  await vi.waitFor(() => expect(heard).toEqual(['done', 'done']), 30_000);
  expect(series.state.value.units.map((one) => one.mac).reverse()).toEqual([
    '02:4A:42:00:00:01',
    '02:4A:42:00:00:02',
  ]);
  series.end();
  plug(another());
  expect(series.state.value.phase).toBe('off');
  expect(world.reserved).toEqual(['JBNB0004', 'JBNB0005']);
});

test('the unit’s own port, back after a reset, is no other unit', async () => {
  const { series, heard, unit, another, plugPort, preparing } = setUp();
  series.begin({});
  const port = another().unitPort();
  const begun = preparing();
  plugPort(port);
  await begun;
  plugPort(port);
  await vi.waitFor(() => expect(heard).toEqual(['done']), 30_000);
  expect(series.state.value).toMatchObject({ phase: 'unit', error: null });
  expect(unit.state.value.phase).toBe('running');
});

/** Several at once. */
const withLanes = () => setUp({ hasLanes: true });

test('four units at once: a lane each, no id twice, all in one place', async () => {
  const { backend, series, heard, world, another, plug } = withLanes();
  series.begin({ locationId: 'bakery' });
  const benches = [another(), another(), another(), another()];
  let together = 0;
  series.state.subscribe(({ lanes }) => {
    together = Math.max(together, lanes.filter(({ phase }) => phase === 'preparing').length);
  });
  for (const bench of benches) plug(bench);
  await vi.waitFor(() => expect(heard).toEqual(Array(4).fill('done')), 60_000);
  expect(together).toBeGreaterThan(1);
  expect(series.state.value).toMatchObject({ phase: 'unit', count: { done: 4, failed: 0 } });
  expect(series.state.value.lanes).toHaveLength(4);
  expect(new Set(series.state.value.doneIds).size).toBe(4);
  expect(new Set(world.reserved).size).toBe(4);
  const held = benches.map((bench) => bench.identity().id);
  expect([...held].sort()).toEqual([...series.state.value.doneIds].sort());
  for (const one of series.state.value.units)
    expect(backend.units.get(one.deviceId)?.mac).toBe(one.mac);
  expect([...backend.units.values()].every((one) => one.location_id === 'bakery')).toBe(true);
});

test('an id that was given out twice is used once: the second lane takes the next', async () => {
  const { series, heard, world, another, plug } = withLanes();
  world.ids = ['JBNB0004', 'JBNB0004', 'JBNB0005'];
  series.begin({});
  plug(another());
  plug(another());
  await vi.waitFor(() => expect(heard).toEqual(['done', 'done']), 60_000);
  expect([...series.state.value.doneIds].sort()).toEqual(['JBNB0004', 'JBNB0005']);
});

test('one unit under two handles is prepared once', async () => {
  const { series, heard, another, plug, plugPort, world, preparing } = withLanes();
  series.begin({});
  const bench = another();
  const begun = preparing();
  plug(bench);
  await begun;
  plugPort({ ...bench.unitPort(), isOpen: () => true });
  await vi.waitFor(() => expect(heard).toEqual(['done']), 60_000);
  expect(world.reserved).toEqual(['JBNB0004']);
  expect(series.state.value.lanes).toHaveLength(1);
});

test('a lane whose cable is pulled fails alone; the next unit takes its place', async () => {
  const { series, heard, another, plug } = withLanes();
  series.begin({});
  const [bad, good] = [another(), another()];
  bad.pullAfterBytes = 60_000;
  plug(bad);
  plug(good);
  await vi.waitFor(() => expect([...heard].sort()).toEqual(['done', 'failed']), 60_000);
  plug(another());
  await vi.waitFor(() => expect(heard).toHaveLength(3), 60_000);
  expect(series.state.value.lanes).toHaveLength(2);
  expect(series.state.value.count).toEqual({ done: 2, failed: 1, cancelled: 0 });
});

test('of many units a few are shown, all are counted', async () => {
  const { series, another, plug, waits } = setUp();
  series.begin({});
  for (let i = 0; i < SHOWN_MAX + 2; i++) {
    const bench = another();
    plug(bench);
    await vi.waitFor(() => expect(series.state.value.doneIds).toHaveLength(i + 1), 30_000);
    await waits();
    bench.pull();
  }
  const { units, count, doneIds } = series.state.value;
  expect(units).toHaveLength(SHOWN_MAX);
  expect(units[0]?.deviceId).toBe(doneIds[0]);
  expect(count.done).toBe(SHOWN_MAX + 2);
});
