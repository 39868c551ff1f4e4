/**
 * The whole preparation with nothing standing in for the unit: the real firmware from the bundle on
 * the whole virtual board, its modem's TCP over real sockets. That is real time, which is mostly
 * waiting: each test has a board and a server of its own, and they wait side by side.
 */
import { existsSync, promises } from 'node:fs';
import { afterAll, expect, test, vi } from 'vitest';
import { startDeviceServer } from '../../e2e/testing/device-server.ts';
import { NodeNetwork } from '../../firmware/virtual/network/node-network.ts';
import { listText } from '../../scripts/vite/firmware-list.ts';
import { firmwareSource } from '../unit/firmware-source.ts';
import { PrepareFlow } from './prepare.ts';
import { systemTime } from './system-time.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { boardBench } from './testing/board-bench.ts';
import { Unit } from './unit.ts';

vi.setConfig({ testTimeout: 60_000 });

const FOLDER = new URL('../public/', import.meta.url);
const built = existsSync(new URL('firmware/virtual/manifest.json', FOLDER));
const NOT_BUILT = 'the firmware is not built (npm run build:firmware)';
/** Fast enough for a test; bring-up alone takes half a minute of the unit's time. */
const SPEED = 60;

const ends: (() => void)[] = [];
afterAll(() => {
  for (const end of ends) end();
});

const fromDisk = firmwareSource(async (url) => {
  if (url === '/firmware/bundles.json') return new Response(listText(FOLDER.pathname));
  return new Response(new Uint8Array(await promises.readFile(new URL(`.${url}`, FOLDER))));
});

async function setUp() {
  const backend = new TestBackend();
  const server = await startDeviceServer((kind, id, hash) => backend.post(kind, id, hash));
  const route = () => ({ host: '127.0.0.1', port: server.port });
  const { board, unitPort } = boardBench({
    seed: 3,
    speed: SPEED,
    network: new NodeNetwork({ route }),
  });
  ends.push(() => {
    board.dispose();
    server.close();
  });
  const unit = new Unit(systemTime);
  const parts = {
    unit,
    portal: backend,
    outbox: new TestOutbox(),
    firmware: fromDisk,
    time: systemTime,
  };
  await unit.connect(unitPort);
  const anotherPage = async () => {
    const other = new Unit(systemTime);
    await other.connect(unitPort);
    return new PrepareFlow({ ...parts, unit: other });
  };
  return { backend, board, unit, flow: new PrepareFlow(parts), anotherPage };
}

test.concurrent('a blank board reports its first reading', async ({ skip }) => {
  skip(!built, NOT_BUILT);
  const { backend, unit, flow } = await setUp();
  await flow.start({ deviceId: 'JBNB0001' });
  expect(flow.state.value.error).toBeNull();
  expect(flow.state.value.result).toBe('done');
  expect(flow.state.value.steps.every((s) => ['ok', 'warning'].includes(s.state))).toBe(true);
  expect(backend.units.get('JBNB0001')?.readingAt).not.toBeNull();
  expect(unit.state.value.hello).toMatchObject({ app: 'jambox', device_id: 'JBNB0001' });
  await unit.refreshStatus();
  expect(unit.state.value.status?.online).toBe(true);
});

test.concurrent('what the firmware noted of its link is read by the next page', async ({
  skip,
}) => {
  skip(!built, NOT_BUILT);
  const { unit, flow, anotherPage } = await setUp();
  await flow.start({ deviceId: 'JBNB0001', action: 'bringup' });
  expect(flow.state.value.result).toBe('done');
  await unit.disconnect();
  const next = await anotherPage();
  await next.start({ deviceId: 'JBNB0001' });
  expect(next.state.value.error).toBeNull();
  const skipped = next.state.value.stages.filter(({ state }) => state === 'skipped');
  expect(skipped.map(({ id }) => id)).toEqual([
    ...['write-provisioning', 'start-provisioning', 'bringup'],
  ]);
});

test.concurrent('a denied registration gives the step, the modem’s words and what to try', async ({
  skip,
}) => {
  skip(!built, NOT_BUILT);
  const { board, flow } = await setUp();
  board.setSpeed(600);
  board.modem.setRegistration('denied');
  await flow.start({ deviceId: 'JBNB0001' });
  const { error, steps } = flow.state.value;
  expect(error?.code).toBe('bringup_failed');
  expect(steps[6]).toMatchObject({ state: 'failed' });
  expect(steps[6]?.said).toContain('CEREG');
  expect(error?.hint).toContain('plan');
  board.modem.setRegistration('roaming');
  board.setSpeed(SPEED);
  await flow.retry();
  expect(flow.state.value.result).toBe('done');
});

test.concurrent.for([1, 2, 3, 5, 6, 7, 9, 10, 11, 12] as const)(
  'the firmware’s step %i fails: said with words and advice',
  async (step, { skip }) => {
    skip(!built, NOT_BUILT);
    const { board, flow } = await setUp();
    board.setSpeed(1000);
    board.modem.failStep(step);
    await flow.start({ deviceId: 'JBNB0001' });
    const { error, steps } = flow.state.value;
    expect(error?.code).toBe('bringup_failed');
    expect(error?.message).toContain(`Step ${step},`);
    expect(steps[step - 1]).toMatchObject({ state: 'failed', hint: error?.hint });
  },
);
