/**
 * What a unit's requests are to its shard: they need nothing else on their way, are not answered
 * as if they had been taken where it cannot be reached, and are proven by one token at a time. By
 * the front door.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { sha256Hex } from '../../../shared/hash.ts';
import { adaptersOf, roomsOf } from '../../services.ts';
import { keptReadings } from '../../testing/kept.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import { addUnit, ask, freshWorld, get, nowS, reading, send, TOKEN } from '../../testing/world.ts';
import { createFetch } from '../app.ts';

const ID = 'JBNB0001';
/** Two periods: number, start, age, impressions, devices. */
const batch = (agoS: number) => {
  const row = (n: number) => [n, nowS() - agoS - 300 * n, 0, 10, 4];
  return { d: ID, fw: '6.0.0', r: [row(2), row(1)] };
};

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

describe('on its way a request', () => {
  /** Calls of the registry, and of the platform's limiters, that a request makes. */
  async function callsOf(request: () => Promise<Response>): Promise<[number, number, number]> {
    const prepared = vi.spyOn(Object.getPrototypeOf(env.DB), 'prepare');
    const limited = vi.spyOn(Object.getPrototypeOf(env.UNIT_REQUESTS), 'limit');
    const { status } = await request();
    const calls = [prepared.mock.calls.length, limited.mock.calls.length] as const;
    vi.restoreAllMocks();
    return [status, ...calls];
  }

  test.each<[string, number, () => Promise<Response>]>([
    ['a usual reading', 201, () => send('/api/reading', reading(ID, 900))],
    ['the same again', 201, () => send('/api/reading', reading(ID, 600))],
    ['one for the schema', 201, () => send('/api/reading', reading(ID, 1200, { extra: [] }))],
    ['a batch', 201, () => send('/api/reading/batch', batch(1500))],
    ['a heartbeat', 200, () => send('/api/heartbeat', { d: ID, v: '6.0.0', uptime: 7 })],
    ['its configuration', 200, () => get(`/api/config/${ID}`)],
  ])('%s: no registry, no limiter', async (_name, status, request) => {
    await send('/api/reading', reading(ID, 600));
    expect(await callsOf(request)).toEqual([status, 0, 0]);
  });

  test('whose unit its shard has not met needs the registry', async () => {
    const [status, statements] = await callsOf(() => send('/api/reading', reading(ID, 600)));
    expect([status, statements > 0]).toEqual([201, true]);
  });
});

test('a shard that cannot be reached: 503 with a pause, no success to an old unit', async () => {
  const lost = () => Promise.reject(new Error('Network connection lost.'));
  const stub = new Proxy({}, { get: (_, name) => (name === 'then' ? undefined : lost) });
  const gone = { idFromName: (name: string) => env.UNITS.idFromName(name), get: () => stub };
  const worker = createFetch(roomsOf(adaptersOf({ ...env, UNITS: gone as never })));
  const ctx = { waitUntil() {}, passThroughOnException() {} } as unknown as ExecutionContext;
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
  for (const [path, body] of [
    ['/api/reading', reading(ID, 600)],
    ['/api/reading', reading(ID, 600, { extra: [] })],
    ['/api/reading/batch', batch(600)],
    ['/api/heartbeat', { d: ID, v: '5.3' }],
  ] as const) {
    // The pause is drawn by lot.
    for (let time = 0; time < 50; time += 1) {
      const text = JSON.stringify(body);
      const sized = { ...headers, 'Content-Length': String(text.length) };
      const init = { method: 'POST', headers: sized, body: text };
      const url = `http://devices.example.net${path}`;
      const answer = await worker(new Request(url, init), env, ctx);
      expect([path, answer.status]).toEqual([path, 503]);
      expect(Number(answer.headers.get('Retry-After'))).toBeGreaterThanOrEqual(5);
      expect(readLikeAnOldUnit(await wireText(answer)).success).toBe(false);
    }
  }
  expect(await keptReadings()).toEqual([]);
});

test('a token that changes while the unit posts: all of it once, by one at a time', async () => {
  const tokenOf = (n: number) => `${TOKEN.slice(0, -1)}${n}`;
  const register = async (token: string) => {
    const hash = { token_sha256: await sha256Hex(token), replace: true };
    const body = { device_id: ID, mac: '02:4A:42:00:00:01', firmware: '6.0.0', ...hash };
    return await ask('ada', '/api/v1/units', { body });
  };
  expect((await register(tokenOf(0))).status).toBe(201);
  for (let round = 0; round < 4; round += 1) {
    const [old, next] = [{ token: tokenOf(round) }, { token: tokenOf(round + 1) }];
    const sent = Array.from({ length: 12 }, (_, n) => {
      const place = 12 * round + n;
      return reading(ID, 600 + 300 * place, { i: 100 + place });
    });
    const posted = sent.map((one) => send('/api/reading', one, old));
    const changed = register(next.token);
    const answers = await Promise.all(posted);
    expect((await changed).status).toBe(201);
    for (const { status } of answers) expect([201, 401]).toContain(status);
    expect((await send('/api/reading', sent[0] ?? '', old)).status).toBe(401);
    for (const [n, one] of sent.entries()) {
      const again = await send('/api/reading', one, next);
      expect(again.status).toBe(201);
      const { note } = await again.json<{ note?: string }>();
      expect(note === 'duplicate_ignored').toBe(answers[n]?.status === 201);
    }
  }
  expect((await keptReadings()).map(({ impressions }) => impressions).sort()).toEqual(
    Array.from({ length: 48 }, (_, n) => 100 + n),
  );
});
