import { expect, test } from 'vitest';
import { BackendNetwork } from '../network/backend-network.ts';
import { SteppedClock } from '../runtime/stepped-clock.ts';
import { FaultyNetwork, type NetworkFaults } from './faulty-network.ts';

const ANSWER = '{"status":"ok","server_time":"2026-11-20T10:00:00.000000+00:00"}';
const REQUEST = 'POST /api/heartbeat HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}';

/** One request over a network with `faults`: what the unit sees, what the backend gets. */
async function exchange(faults: Partial<NetworkFaults>) {
  const clock = new SteppedClock();
  const seen = { text: '', closed: false, error: '', atMs: 0, requests: 0 };
  const inner = new BackendNetwork(async () => {
    seen.requests += 1;
    return { status: 200, body: ANSWER };
  });
  const network = new FaultyNetwork(inner, (ms, fn) => clock.schedule(clock.now() + ms, fn));
  Object.assign(network.faults, faults);
  const connection = network.connect('sensors.example.net', 80, {
    onOpen: () => connection.write(new TextEncoder().encode(REQUEST)),
    onData: (bytes) => {
      seen.text += new TextDecoder().decode(bytes);
      seen.atMs = clock.now();
    },
    onClose: () => {
      seen.closed = true;
    },
    onError: (reason) => {
      seen.error = reason;
    },
  });
  while (!clock.runTo(60_000, () => network.pending() !== null)) await network.pending();
  return seen;
}

test('without faults it is not there', async () => {
  const seen = await exchange({});
  expect(seen).toMatchObject({ closed: true, error: '', requests: 1 });
  expect(seen.text).toContain(ANSWER);
});

test('an unreachable backend refuses and hears nothing', async () => {
  const seen = await exchange({ unreachable: true });
  expect(seen).toMatchObject({ text: '', closed: false, requests: 0 });
  expect(seen.error).toMatch(/^refused/);
});

test('a status is answered without the backend', async () => {
  const seen = await exchange({ status: 503 });
  expect(seen).toMatchObject({ closed: true, requests: 0 });
  expect(seen.text).toMatch(/^HTTP\/1\.1 503 /);
});

test('slow bytes take their time and arrive whole', async () => {
  const plain = await exchange({});
  const seen = await exchange({ bytesPerS: 20 });
  expect(seen.text).toBe(plain.text);
  expect(seen.closed).toBe(true);
  expect(seen.atMs).toBe((plain.text.length * 1000) / 20);
});

test('repeats go where they should', async () => {
  expect((await exchange({ duplicateRequests: true })).requests).toBe(2);
  const twice = await exchange({ duplicateAnswers: true });
  const once = await exchange({});
  expect(twice).toMatchObject({ text: once.text.repeat(2), requests: 1 });
});

test('a lost answer was given nevertheless', async () => {
  const lost = { text: '', requests: 1 };
  expect(await exchange({ lostAnswers: 'closed' })).toMatchObject({ ...lost, closed: true });
  expect(await exchange({ lostAnswers: 'silent' })).toMatchObject({ ...lost, closed: false });
});

test('a wrong clock moves server_time and nothing else', async () => {
  const plain = await exchange({});
  const seen = await exchange({ clockOffsetS: -90 });
  expect(seen.text).toBe(plain.text.replace('10:00:00', '09:58:30'));
});
