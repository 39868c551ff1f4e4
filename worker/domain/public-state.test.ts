/** What a label's reader learns without an account: one answer for what is no business of his. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { PublicState } from '../../shared/contracts/provisioning.ts';
import { adaptersOf } from '../services.ts';
import { addUnit, ask, freshWorld, reading, send, TOKEN } from '../testing/world.ts';
import { publicState } from './public-state.ts';

const ID = 'JBNB0001';
const look = async (id: string) =>
  (await ask(null, `/api/v1/units/${id}/state`)).json<PublicState>();
const setStatus = (id: string, status: string) =>
  ask('ada', `/api/v1/units/${id}/status`, { method: 'PUT', body: { status } });

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID, TOKEN);
});

test('a unit that is heard: since when, and nothing of whose it is', async () => {
  await send('/api/reading', reading(ID, 600, { vis: 3 }));
  const state = await look(ID);
  expect(Object.keys(state).sort()).toEqual(['device_id', 'last_seen_at', 'state']);
  expect(state.state).toBe('online');
  expect(state.last_seen_at).toMatch(/:00\.000Z$/);
  expect(Date.now() - Date.parse(state.last_seen_at ?? '')).toBeLessThan(120_000);
});

test('never heard, not there, and out of service are one answer', async () => {
  const id = 'JBNB0099';
  await addUnit('JBNB0002', 'other-unit-token-abcdefghijklmnopqrstuvwxyz0');
  const withdrawn = reading('JBNB0002', 600);
  await send('/api/reading', withdrawn, {
    token: 'other-unit-token-abcdefghijklmnopqrstuvwxyz0',
  });
  expect((await look('JBNB0002')).state).toBe('online');
  expect((await setStatus('JBNB0002', 'inactive')).status).toBe(200);
  const none = await look(id);
  expect(none).toEqual({ device_id: id, state: 'new', last_seen_at: null });
  for (const other of [ID, 'JBNB0002']) {
    expect(await look(other)).toEqual({ ...none, device_id: other });
  }
});

test('what is no id is refused without being looked up', async () => {
  for (const id of ['JBNB', '%3Cscript%3E', 'JBNB0001%00', 'x'.repeat(300)]) {
    expect((await ask(null, `/api/v1/units/${id}/state`)).status, id).toBe(400);
  }
});

test('a network that looks at many is braked, another is not', async () => {
  const taken: Record<string, number> = {};
  const strangerLooks = {
    async take(key: string) {
      taken[key] = (taken[key] ?? 0) + 1;
      return taken[key] <= 2;
    },
  };
  const ports = { fleet: adaptersOf(env).fleet, strangerLooks };
  const from = (network: string | undefined) => publicState(ports, ID, network, Date.now());
  for (const network of ['192.0.2.7', undefined]) {
    await from(network);
    await from(network);
    await expect(from(network)).rejects.toMatchObject({ code: 'rate_limited', retryAfterS: 60 });
  }
  await expect(from('192.0.2.8')).resolves.toMatchObject({ state: 'new' });
});
