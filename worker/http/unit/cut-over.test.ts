/**
 * A Worker from before the cut-over that is still at work when D1 is closed: its units keep what it
 * does not take. Enters by the front door.
 */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { d1MoveSource } from '../../d1/cut-over.ts';
import { roomsOf } from '../../services.ts';
import { earlierAdapters } from '../../testing/earlier/stores.ts';
import { readLikeAnOldUnit, wireText } from '../../testing/old-unit.ts';
import { addUnit, freshWorld, nowS, TOKEN } from '../../testing/world.ts';
import { createFetch } from '../app.ts';

const ID = 'JBNB0001';
const old = createFetch(roomsOf(earlierAdapters(env)));

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

async function post(path: string, body: object): Promise<Response> {
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${TOKEN}` };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const ctx = { waitUntil() {}, passThroughOnException() {} } as unknown as ExecutionContext;
  return await old(new Request(`http://devices.example.net${path}`, init), env, ctx);
}

test('a Worker of before answers what a v5.x unit does not take for success', async () => {
  const reading = { d: ID, t: nowS() - 600, i: 1, u: 1, ts: 1 };
  const heartbeat = { device_id: ID, firmware: '5.3', uptime_s: 7 };
  expect((await post('/api/reading', reading)).status).toBe(201);
  expect((await post('/api/heartbeat', heartbeat)).status).toBe(200);
  await d1MoveSource(env.DB, () => Date.now()).left(0, 0);
  for (const refused of [
    await post('/api/reading', { ...reading, t: nowS() - 300 }),
    await post('/api/heartbeat', heartbeat),
  ]) {
    // What was deployed before knows nothing of it; a failure is all that it can see.
    expect(refused.status).toBe(500);
    expect(readLikeAnOldUnit(await wireText(refused)).success).toBe(false);
  }
});
