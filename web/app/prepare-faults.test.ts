/**
 * What goes wrong on a bench, at every stage: each is said, costs nothing that was done, and leads
 * on. Which fault is tried where is in docs/faults.md.
 */
import { afterEach, expect, test, vi } from 'vitest';
import { concat } from '../../shared/bytes.ts';
import { noiseBytes, seededRandom } from '../../shared/random.ts';
import { Http } from '../api/http.ts';
import { UnitsApi } from '../api/units.ts';
import { describeError } from './error-messages.ts';
import type { PrepareFlow } from './prepare.ts';
import type { StageId } from './prepare-state.ts';
import { TestBackend, TestOutbox } from './testing/backend.ts';
import { type BenchOptions, TestBench } from './testing/bench.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { opened } from './testing/opened.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const ID = 'JBNB0001';
const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

function benchWith(options: BenchOptions = {}): TestBench {
  const bench = new TestBench(options);
  benches.push(bench);
  return bench;
}

const states = (flow: PrepareFlow) =>
  Object.fromEntries(flow.state.value.stages.map((stage) => [stage.id, stage.state]));

/** When this stage runs, and where it shows progress, is in its middle. */
function inTheMiddleOf(flow: PrepareFlow, id: StageId, then: () => void): void {
  const off = flow.state.subscribe(({ stages }) => {
    const stage = stages.find((one) => one.id === id);
    const writes = id === 'write-provisioning' || id === 'write-unit';
    if (stage?.state !== 'running' || (writes && stage.progress < 0.4)) return;
    off();
    then();
  });
}

const PHASES: readonly StageId[] = [
  ...(['check-id', 'check-firmware', 'write-provisioning', 'start-provisioning'] as const),
  ...(['bringup', 'write-unit', 'register', 'start-unit', 'heartbeat', 'signal'] as const),
];

test.each(PHASES)('power cut at “%s”: said, and trying again prepares the unit', async (stage) => {
  const bench = benchWith({ script: { dbm: stage === 'signal' ? null : -79 } });
  const { flow, backend, outbox, connect } = opened(bench);
  if (stage === 'heartbeat') backend.failing.post = 'unavailable';
  await connect();
  inTheMiddleOf(flow, stage, () => bench.pull());
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'failed', error: { code: 'port_lost' } });
  expect(flow.state.value.advice).toMatch(/[Pp]lug/);
  const kept = backend.units.has(ID) || outbox.entries.length > 0;
  // A token that a unit holds is known here or there: its hash is not lost with the power.
  if (bench.identity().id === ID) expect(kept || flow.state.value.tokenWritten).toBe(true);
  bench.script = { ...bench.script, dbm: -79 };
  backend.failing = {};
  bench.plug();
  await flow.retry();
  expect(flow.state.value).toMatchObject({ result: 'done', error: null });
  expect(bench.identity()).toEqual({ id: ID, tokenSha256: backend.units.get(ID)?.token_sha256 });
});

test.each(['write-provisioning', 'bringup', 'write-unit', 'register', 'heartbeat'] as const)(
  'a page that is gone at “%s”: the next one prepares the same unit',
  async (stage) => {
    const bench = benchWith();
    const backend = new TestBackend();
    const outbox = new TestOutbox();
    const first = opened(bench, { backend, outbox });
    if (stage === 'heartbeat') backend.failing.post = 'unavailable';
    await first.connect();
    inTheMiddleOf(first.flow, stage, () => first.flow.cancel());
    await first.flow.start({ deviceId: ID });
    await first.unit.disconnect();
    backend.failing = {};
    const next = opened(bench, { backend, outbox });
    await next.connect();
    await next.flow.start({ deviceId: ID });
    expect(next.flow.state.value).toMatchObject({ result: 'done', error: null });
    expect(bench.identity().tokenSha256).toBe(backend.units.get(ID)?.token_sha256);
  },
);

const random = seededRandom(12);

test('a unit that answers garbage is said within seconds, with what to do', async () => {
  const bench = benchWith();
  bench.toHost = (bytes) => noiseBytes(bytes.length, random);
  const { connect } = opened(bench);
  const begin = Date.now();
  const failure = await connect().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'no_sync' });
  expect(describeError(failure).advice).toContain('Hold the side button');
  expect(Date.now() - begin).toBeLessThan(60_000);
  expect(bench.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test('one that stops answering garbage is prepared when it is tried again', async () => {
  const bench = benchWith();
  bench.toHost = (bytes) => noiseBytes(bytes.length, random);
  const { flow, unit, connect } = opened(bench);
  await expect(connect()).rejects.toMatchObject({ code: 'no_sync' });
  bench.toHost = (bytes) => bytes;
  await unit.identify();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.result).toBe('done');
});

test('a unit five times as slow as any is prepared', async () => {
  const { flow, connect } = opened(benchWith({ flashTiming: 5 }));
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', error: null });
});

test('what an app goes on printing while the loader is asked for is no answer', async () => {
  const bench = benchWith();
  const log = new TextEncoder().encode('I (4711) wifi: 17 frames, channel 6\r\n');
  let lines = 200;
  // What lay in the buffers of both sides arrives before and between the loader's own bytes.
  bench.toHost = (bytes) => {
    lines -= 1;
    return lines > 0 && bytes.length > 2 ? concat([log, log, bytes]) : bytes;
  };
  const { flow, connect } = opened(bench);
  await connect();
  bench.toHost = (bytes) => bytes;
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', error: null });
});

test('another program lets the port go: trying again takes it', async () => {
  const bench = benchWith();
  await bench.port.open({ baudRate: 115200 });
  const { flow, unit, connect } = opened(bench);
  const failure = await connect().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'port_busy' });
  expect(describeError(failure).advice).not.toBe('');
  await bench.port.close();
  await unit.identify();
  await flow.start({ deviceId: ID });
  expect(flow.state.value.result).toBe('done');
});

const json = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
const refusal = (code: string) => ({ error: { code, message: 'No.', hint: 'Later.' } });
const html = (status: number) =>
  new Response('<!doctype html><title>Welcome to our hotel</title>', {
    status,
    headers: { 'content-type': 'text/html' },
  });

test.each([
  ['goes away', () => Promise.reject(new TypeError('Failed to fetch')), 'cannot be reached'],
  ['answers 429', async () => json(429, refusal('rate_limited')), 'asks for a pause'],
  ['answers 500', async () => json(500, refusal('internal')), 'problem of its own'],
  ['answers 500 in HTML', async () => html(500), 'waits on this computer'],
  ['answers HTML as if all were well', async () => html(200), 'waits on this computer'],
  ['answers 503', async () => json(503, refusal('unavailable')), 'cannot be reached'],
  [
    'says that the session has ended',
    async () => json(401, refusal('unauthenticated')),
    'signed in',
  ],
  ['breaks off in the middle', async () => new Response('{"device_id":"JB'), 'waits on this'],
] as const)('a backend that %s in the middle of a registration', async (_what, answer, words) => {
  const bench = benchWith();
  const http = new Http(
    () => answer() as Promise<Response>,
    async () => 'a-token',
    () => {},
  );
  const api = new UnitsApi(http);
  const { flow, outbox, connect } = opened(bench, { portal: { register: (r) => api.register(r) } });
  await connect();
  await flow.start({ deviceId: ID });
  expect(flow.state.value).toMatchObject({ result: 'done', queued: true });
  const { detail } = flow.state.value.stages.find(({ id }) => id === 'register') ?? {};
  expect(detail).toContain(words);
  const kept = outbox.entries.map(({ request }) => request.token_sha256);
  expect(kept).toEqual([bench.identity().tokenSha256]);
});

test('a session that is over before anything was written: sign in first', async () => {
  const bench = benchWith();
  const { flow, backend, connect } = opened(bench);
  backend.failing.unitStatus = 'unauthenticated';
  await connect();
  await flow.start({ deviceId: ID });
  expect(describeError(flow.state.value.error)).toMatchObject({ action: 'sign-in' });
  expect(bench.flash.bytes.every((byte) => byte === 0xff)).toBe(true);
});

test('the same id from two laptops at once: one unit has it, the other is told', async () => {
  const backend = new TestBackend();
  const [one, two] = [benchWith(), benchWith({ mac: Uint8Array.of(2, 0x4a, 0x42, 0, 0, 2) })];
  const [first, second] = [opened(one, { backend }), opened(two, { backend })];
  await Promise.all([first.connect(), second.connect()]);
  await Promise.all([first.flow.start({ deviceId: ID }), second.flow.start({ deviceId: ID })]);
  const both = [first.flow.state.value, second.flow.state.value];
  const [lost] = both.filter(({ result }) => result === 'failed');
  expect(both.filter(({ result }) => result === 'done')).toHaveLength(1);
  expect(lost?.error).toMatchObject({ code: 'conflict' });
  expect(lost?.error?.message).toContain('the id belongs to another unit');
  const winner = first.flow.state.value.result === 'done' ? one : two;
  expect(backend.units.get(ID)?.token_sha256).toBe(winner.identity().tokenSha256);
  // The way on: another id, for this very unit.
  const loser = winner === one ? second : first;
  await loser.flow.retry({ deviceId: 'JBNB0002' });
  expect(loser.flow.state.value.result).toBe('done');
});

test('a laptop that sleeps for an hour while a unit is waited for looks once more', async () => {
  const bench = benchWith();
  const { flow, backend, connect } = opened(bench);
  backend.failing.post = 'unavailable';
  await connect();
  const done = flow.start({ deviceId: ID });
  await new Promise<void>((resolve) => inTheMiddleOf(flow, 'heartbeat', resolve));
  // Asleep while it was asked: then the clock is an hour on, and the unit has gone on meanwhile.
  const now = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 3_600_000);
  backend.failing = {};
  const known = backend.units.get(ID)!; // it waits for its heartbeat
  const heard = { heartbeatAt: '2026-01-28T12:00:00Z', readingAt: '2026-01-28T12:00:05Z' };
  backend.units.set(ID, { ...known, ...heard });
  await done;
  vi.mocked(Date.now).mockRestore();
  expect(flow.state.value).toMatchObject({ result: 'done', isSeen: true });
  expect(states(flow)).toMatchObject({ heartbeat: 'done', reading: 'done' });
});
