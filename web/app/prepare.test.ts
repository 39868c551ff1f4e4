import { afterEach, expect, test, vi } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { PrepareFlow } from './prepare.ts';
import type { StageId } from './prepare-state.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { type BenchOptions, TestBench } from './testing/bench.ts';
import { appImage, bundleSource, testBundle } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const ID = 'JBNB0001';
const OTHER_MAC = '02:4A:42:00:00:99';
const REAL_MAC = Uint8Array.of(0xf4, 0x12, 0xfa, 0, 0, 1);

const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

async function setUp(options: BenchOptions = {}, bundle = testBundle()) {
  const backend = new TestBackend();
  const outbox = new TestOutbox();
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const bench = new TestBench({ ...options, script: { post, ...options.script } });
  benches.push(bench);
  const unit = new Unit(systemTime);
  const firmware = bundleSource(bundle);
  const flow = new PrepareFlow({ unit, portal: backend, outbox, firmware, time: systemTime });
  const connect = () => unit.connect(bench.unitPort());
  return { backend, outbox, bench, unit, flow, connect };
}

const states = (flow: PrepareFlow) =>
  Object.fromEntries(flow.state.value.stages.map((stage) => [stage.id, stage.state]));

const erased = (bench: TestBench) => bench.flash.bytes.every((byte) => byte === 0xff);

test('a blank chip becomes a unit that reports', async () => {
  const { backend, bench, flow, connect, unit } = await setUp();
  const chip = await connect();
  expect(chip).toMatchObject({ mac: '02:4A:42:00:00:01', target: 'virtual', flashBytes: 0x800000 });
  expect(chip.name).toMatch(/^ESP32-S3/);
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error).toBeNull();
  expect(flow.state.value.result).toBe('done');
  expect(new Set(Object.values(states(flow)))).toEqual(new Set(['done']));
  expect(flow.state.value.steps.map((step) => step.state)).toEqual(Array(12).fill('ok'));
  expect(bench.identity()).toEqual({ id: ID, tokenSha256: backend.units.get(ID)?.token_sha256 });
  expect(unit.state.value).toMatchObject({ phase: 'running', hello: { device_id: ID } });
  expect(unit.state.value.readings.length).toBeGreaterThan(0);
});

test('the token is nowhere but in flash', async () => {
  const { backend, bench, flow, connect, unit } = await setUp();
  await connect();
  const seen: string[] = [];
  flow.state.subscribe((state) => seen.push(JSON.stringify(state)));
  await flow.start({ deviceId: ID });
  const flash = new TextDecoder('latin1').decode(bench.flash.read(0x12000, 0x6000));
  const token = /[\w-]{43}/.exec(flash)?.[0] ?? '';
  expect(token).toHaveLength(43);
  const reported = [...seen, JSON.stringify(unit.state.value), JSON.stringify([...backend.units])];
  expect(reported.join()).not.toContain(token);
});

test.each(['JBNB1', 'jbnb0001', 'JBNB00011', ''])(
  'malformed id %j is refused with flash untouched',
  async (deviceId) => {
    const { bench, flow, connect } = await setUp();
    await connect();
    await flow.start({ deviceId });
    expect(flow.state.value.error?.code).toBe('invalid');
    expect(erased(bench)).toBe(true);
  },
);

test('an id of another unit is refused before erasing; replacing it on purpose works', async () => {
  const { backend, bench, flow, connect } = await setUp();
  await backend.register({ device_id: ID, token_sha256: 'a', mac: OTHER_MAC, firmware: '' });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('conflict');
  expect(erased(bench)).toBe(true);
  await flow.retry({ replace: true });
  expect(flow.state.value.result).toBe('done');
  expect(backend.units.get(ID)?.mac).toBe('02:4A:42:00:00:01');
});

test('preparing the same unit again renews its token without asking', async () => {
  const { backend, flow, connect } = await setUp();
  await connect();
  await flow.start({ deviceId: ID });
  const before = backend.units.get(ID)?.token_sha256;
  await flow.start({ deviceId: ID });
  expect(flow.state.value.result).toBe('done');
  expect(states(flow)).toMatchObject({ 'write-provisioning': 'skipped', bringup: 'skipped' });
  expect(backend.units.get(ID)?.token_sha256).not.toBe(before);
});

test('what is written, and why, is told of every region', async () => {
  const { flow, connect } = await setUp();
  await connect();
  await flow.start({ deviceId: ID });
  const planOf = (id: StageId) => flow.state.value.stages.find((stage) => stage.id === id)?.plan;
  expect(planOf('write-provisioning')?.map(({ name, reason }) => [name, reason])).toEqual([
    ['bootloader', 'other'],
    ['partition table', 'other'],
    ['boot selection', 'same'],
    ['network settings', 'other'],
    ['test program', 'other'],
  ]);
  const second = planOf('write-unit');
  expect(second?.filter(({ toWrite }) => toWrite === 0).map(({ name }) => name)).toEqual([
    'bootloader',
    'partition table',
  ]);
});

test('an id taken between check and registration says what the unit holds now', async () => {
  const { backend, flow, connect } = await setUp();
  await connect();
  backend.failing.register = 'conflict';
  await flow.start({ deviceId: ID });
  const { error, tokenWritten, advice } = flow.state.value;
  expect(error?.code).toBe('conflict');
  expect(error?.message).toContain('The unit is now JBNB0001, but the server refused it');
  expect(advice).toContain('Choose another id');
  expect(tokenWritten).toBe(true);
  backend.failing = {};
  await flow.retry({ deviceId: 'JBNB0002' });
  expect(flow.state.value).toMatchObject({ result: 'done', tokenWritten: false });
});

test('without a backend the hash waits in the outbox and the page says so', async () => {
  const { backend, bench, outbox, flow, connect } = await setUp();
  await connect();
  backend.failing = { unitStatus: 'unavailable', register: 'unavailable', post: 'unavailable' };
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', queued: true });
  expect(states(flow)).toMatchObject({ register: 'warning', heartbeat: 'skipped' });
  expect(flow.state.value.stages.find((s) => s.id === 'register')?.detail).toContain('waits');
  expect(outbox.entries[0]?.request.token_sha256).toBe(bench.identity().tokenSha256);
});

test('a page closed while registering loses nothing: the hash is kept first', async () => {
  const { backend, bench, outbox, flow, connect } = await setUp();
  await connect();
  const asked = new Promise<void>((resolve) => {
    backend.register = () => {
      resolve();
      return new Promise(() => {}); // the answer never comes
    };
  });
  const running = flow.start({ deviceId: ID });
  await asked;
  expect(outbox.entries[0]?.request.token_sha256).toBe(bench.identity().tokenSha256);
  flow.cancel();
  await running;
  expect(outbox.entries).toHaveLength(1);
});

test('what the backend has taken does not stay in the outbox', async () => {
  const { outbox, flow, connect } = await setUp();
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', queued: false });
  expect(outbox.entries).toEqual([]);
});

test('nobody may use this role: refused before erasing', async () => {
  const { backend, bench, flow, connect } = await setUp();
  await connect();
  backend.failing.unitStatus = 'unauthenticated';
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('unauthenticated');
  expect(erased(bench)).toBe(true);
});

test('another chip is refused', async () => {
  const { bench, connect, unit } = await setUp({ chip: 'esp32c3' });
  await expect(connect()).rejects.toMatchObject({ code: 'wrong_chip' });
  expect(unit.state.value.error?.message).toContain('ESP32-C3');
  expect(erased(bench)).toBe(true);
});

const damaged = () => {
  const image = appImage({ project: 'jambox-virtual' });
  image[5000] = image[5000]! ^ 1;
  return image;
};
test.each([
  ['virtual images for a real chip', { mac: REAL_MAC }, testBundle(), 'image_wrong_target'],
  ['real images for a virtual chip', {}, testBundle('esp32s3'), 'image_wrong_target'],
  [
    'one real image among virtual ones',
    {},
    testBundle('virtual', { provisioning: appImage({ project: 'provisioning' }) }),
    'image_wrong_target',
  ],
  [
    'an image for another chip',
    {},
    testBundle('virtual', { provisioning: appImage({ project: 'p-virtual', chipId: 5 }) }),
    'image_wrong_chip',
  ],
  [
    'a truncated image',
    {},
    testBundle('virtual', {
      provisioning: appImage({ project: 'p-virtual' }).subarray(0, 9000),
    }),
    'image_truncated',
  ],
  ['a damaged image', {}, testBundle('virtual', { provisioning: damaged() }), 'image_corrupt'],
  [
    'an image too big for its partition',
    {},
    testBundle('virtual', {
      provisioning: appImage({ project: 'p-virtual', payloadBytes: 0x200000 }),
    }),
    'image_too_big',
  ],
])('%s: refused with flash untouched', async (_name, options, bundle, code) => {
  const { bench, flow, connect } = await setUp(options, bundle);
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe(code);
  expect(flow.state.value.result).toBe('failed');
  expect(erased(bench)).toBe(true);
});

test('bytes that are not those of the manifest: refused with flash untouched', async () => {
  const bundle = testBundle();
  const images = { ...bundle.images, jambox: { ...bundle.images.jambox, sha256: '0'.repeat(64) } };
  const provisioning = { ...bundle.images.provisioning, sha256: '0'.repeat(64) };
  const { bench, flow, connect } = await setUp(
    {},
    { ...bundle, images: { ...images, provisioning } },
  );
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('image_corrupt');
  expect(erased(bench)).toBe(true);
});

test.each([3000, 5500, 14_000, 40_000, 60_000, 95_000])(
  'cable pulled after %i bytes: said, and trying again succeeds',
  async (bytes) => {
    const { backend, bench, flow, connect } = await setUp();
    await connect();
    bench.pullAfterBytes = bytes;
    await flow.start({ deviceId: ID });
    expect(flow.state.value.result).toBe('failed');
    expect(flow.state.value.error?.code).toBe('port_lost');
    expect(flow.state.value.advice).toMatch(/[Pp]lug/);
    bench.plug();
    await flow.retry();
    expect(flow.state.value.error).toBeNull();
    expect(flow.state.value.result).toBe('done');
    expect(bench.identity().tokenSha256).toBe(backend.units.get(ID)?.token_sha256);
  },
);

test('cable pulled while the unit runs: the flow ends, and trying again succeeds', async () => {
  const { backend, bench, flow, connect } = await setUp();
  await connect();
  backend.failing.post = 'unavailable';
  const done = flow.start({ deviceId: ID });
  await until(flow, 'heartbeat');
  bench.pull();
  await done;
  expect(flow.state.value.error?.code).toBe('port_lost');
  bench.plug();
  backend.failing = {};
  await flow.retry();
  expect(flow.state.value.result).toBe('done');
});

test('a cable that stays out is said, not waited for for ever', async () => {
  const { bench, flow, connect } = await setUp();
  await connect();
  bench.pull();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('port_lost');
  await flow.retry();
  expect(flow.state.value.error?.code).toBe('port_lost');
});

test('a port in other hands is said', async () => {
  const { bench, connect } = await setUp();
  await bench.port.open({ baudRate: 115200 });
  await expect(connect()).rejects.toMatchObject({ code: 'port_busy' });
});

test('stopped on purpose while writing; trying again succeeds', async () => {
  const { flow, connect } = await setUp();
  await connect();
  const off = flow.state.subscribe((state) => {
    const stage = state.stages.find((s) => s.id === 'write-provisioning');
    if (stage?.state === 'running' && stage.progress > 0.3) flow.cancel();
  });
  await flow.start({ deviceId: ID });
  off();
  expect(flow.state.value.result).toBe('cancelled');
  expect(flow.state.value.advice).toMatch(/^The unit’s firmware may be incomplete/);
  await flow.retry();
  expect(flow.state.value.result).toBe('done');
});

test.each(Array.from({ length: 12 }, (_, i) => i + 1))(
  'bring-up that fails at step %i: step, words and advice',
  async (step) => {
    const said = step === 7 ? '+CEREG: 0,3' : '+CME ERROR: 100';
    const { backend, bench, flow, connect } = await setUp({ script: { failStep: { step, said } } });
    await connect();
    await flow.start({ deviceId: ID });
    const { error, steps, result } = flow.state.value;
    expect(result).toBe('failed');
    expect(error).toBeInstanceOf(AppError);
    expect(error?.code).toBe('bringup_failed');
    expect(error?.message).toContain(`Step ${step}`);
    expect(error?.message).toContain(said);
    expect(error?.hint).not.toBe('');
    expect(steps[step - 1]).toMatchObject({ state: 'failed', said, hint: error?.hint });
    expect(bench.identity().id).toBeNull();
    expect(backend.units.size).toBe(0);
  },
);

test('an app that says nothing is said', async () => {
  const { flow, connect } = await setUp({ script: { silent: true } });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('unit_silent');
  expect(states(flow)['start-provisioning']).toBe('failed');
});

/** A second unit on another cable, for the same flow. */
function secondUnit(backend: TestBackend, options: BenchOptions = {}) {
  const post: TestBackend['post'] = (kind, id, hash) => backend.post(kind, id, hash);
  const mac = Uint8Array.of(0x02, 0x4a, 0x42, 0, 0, 0xbb);
  const bench = new TestBench({ mac, ...options, script: { post, ...options.script } });
  benches.push(bench);
  return bench;
}

test('Try again with another unit on the cable writes nothing to it', async () => {
  const { backend, bench, flow, connect, unit } = await setUp();
  await connect();
  bench.pullAfterBytes = 40_000;
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('port_lost');
  const other = secondUnit(backend);
  await unit.connect(other.unitPort());
  await flow.retry();
  expect(flow.state.value.error?.code).toBe('another_unit');
  expect(flow.state.value.error?.message).toContain('02:4A:42:00:00:BB');
  expect(erased(other)).toBe(true);
  expect(backend.units.size).toBe(0);
  // the first one again: it goes on
  bench.plug();
  await connect();
  await flow.retry();
  expect(flow.state.value).toMatchObject({ result: 'done', mac: '02:4A:42:00:00:01' });
});

test('a link that one unit has proven says nothing of the next', async () => {
  const { backend, flow, connect, unit } = await setUp();
  await connect();
  await flow.start({ deviceId: ID });
  expect([...flow.state.value.provenMacs]).toEqual(['02:4A:42:00:00:01']);
  const other = secondUnit(backend);
  await unit.connect(other.unitPort());
  await flow.start({ deviceId: 'JBNB0002' });
  expect(flow.state.value.result).toBe('done');
  expect(states(flow).bringup).toBe('done');
  expect(unit.state.value.lines.some((line) => line.text.includes('JBNB0001'))).toBe(false);
});

test('a pull in phase 2 does not cost phase 1 again', async () => {
  const { backend, bench, flow, connect } = await setUp();
  await connect();
  const off = flow.state.subscribe((state) => {
    const stage = state.stages.find((s) => s.id === 'write-unit');
    if (stage?.state === 'running' && stage.progress > 0.3 && bench.powered) bench.pull();
  });
  await flow.start({ deviceId: ID });
  off();
  expect(flow.state.value.error?.code).toBe('port_lost');
  expect(states(flow)['write-unit']).toBe('failed');
  bench.plug();
  await flow.retry();
  expect(flow.state.value.result).toBe('done');
  expect(states(flow)).toMatchObject({ 'write-provisioning': 'skipped', bringup: 'skipped' });
  expect(bench.identity().tokenSha256).toBe(backend.units.get(ID)?.token_sha256);
});

test('an app that says it runs on another chip is not believed', async () => {
  const { bench, flow, connect, unit } = await setUp({ script: { mac: '02:4a:42:00:00:bb' } });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('another_unit');
  expect(unit.state.value.phase).toBe('lost');
  expect(bench.identity().id).toBeNull();
});

test('a browser without room is found out before anything is erased', async () => {
  const { bench, outbox, flow, connect } = await setUp();
  await connect();
  outbox.full = true;
  await flow.start({ deviceId: ID });
  expect(flow.state.value.error?.code).toBe('storage_full');
  expect(erased(bench)).toBe(true);
});

test.each([
  [-79, 'done', 'good, −79 dBm'],
  [-111, 'warning', 'very weak, −111 dBm'],
] as const)('a signal of %i dBm is described in words', async (dbm, state, said) => {
  const { flow, connect } = await setUp({ script: { dbm } });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', signalDbm: dbm });
  expect(states(flow).signal).toBe(state);
  expect(flow.state.value.stages.find((s) => s.id === 'signal')?.detail).toContain(said);
});

test('a first reading that holds nobody is a warning', async () => {
  const { flow, connect } = await setUp({ script: { impressions: 0 } });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', firstReading: { impressions: 0 } });
  expect(states(flow).reading).toBe('warning');
});

test('what another chip with this id has sent is no milestone of this one', async () => {
  const { backend, flow, connect } = await setUp({ script: { post: () => 401 } });
  await connect();
  const { register } = backend;
  backend.register = async (request) => {
    const status = await register.call(backend, request);
    // taken over by another chip at once, which is heard
    const known = backend.units.get(ID)!;
    const heard = { heartbeatAt: '2026-01-28T12:00:00Z', readingAt: '2026-01-28T12:00:05Z' };
    backend.units.set(ID, { ...known, mac: OTHER_MAC, ...heard });
    return status;
  };
  const done = flow.start({ deviceId: ID });
  await until(flow, 'heartbeat');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  expect(states(flow).heartbeat).toBe('running');
  flow.cancel();
  await done;
});

function until(flow: PrepareFlow, stage: string): Promise<void> {
  return new Promise((resolve) => {
    const off = flow.state.subscribe(() => {
      if (states(flow)[stage] !== 'running') return;
      off();
      resolve();
    });
  });
}
