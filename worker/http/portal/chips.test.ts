/**
 * A chip is its MAC: under which ids it is registered can be asked, and an id that its chip has
 * left is free for another, without taking anything from anybody.
 */

import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { ChipUnits, UnitStatus } from '../../../shared/contracts/portal.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { addUnit, ask, freshWorld, type Name, reading, send, TOKEN } from '../../testing/world.ts';

const MAC = '02:4A:42:00:00:01';
const OTHER = '02:4A:42:00:00:02';

interface Chip {
  mac: string;
  token: string;
  token_age_s?: number;
}

async function register(who: Name, id: string, { mac, token, ...more }: Chip) {
  const body = {
    device_id: id,
    token_sha256: await sha256Hex(token),
    mac,
    firmware: '6.0.0',
    ...more,
  };
  return await ask(who, '/api/v1/units', { body });
}
const idsOf = async (mac: string) => {
  const answer = await (await ask('ines', `/api/v1/chips/${mac}`)).json<ChipUnits>();
  return answer.units.map((unit) => unit.device_id);
};
const statusOf = async (id: string) =>
  await (await ask('ada', `/api/v1/units/${id}`)).json<UnitStatus>();
const token = (n: number) => `${TOKEN.slice(0, -1)}${n}`;

beforeEach(freshWorld);

test('a chip given another id leaves the one it had, which is free again', async () => {
  expect((await register('ines', 'JBNB0001', { mac: MAC, token: token(1) })).status).toBe(201);
  expect(await idsOf(MAC)).toEqual(['JBNB0001']);
  expect((await register('ines', 'JBNB0002', { mac: MAC, token: token(2) })).status).toBe(201);
  expect(await idsOf(MAC)).toEqual(['JBNB0002']);
  expect(await statusOf('JBNB0001')).toMatchObject({ registered: false, mac: null });
  // what its former token says is nobody's word any more
  expect((await send('/api/reading', reading('JBNB0001', 600), { token: token(1) })).status).toBe(
    401,
  );
  // another chip gets the id without asking for a replacement, even by somebody else
  expect((await register('ada', 'JBNB0001', { mac: OTHER, token: token(3) })).status).toBe(201);
  expect(await statusOf('JBNB0001')).toMatchObject({ registered: true, mac: OTHER });
  expect((await send('/api/reading', reading('JBNB0001', 600), { token: token(3) })).status).toBe(
    201,
  );
});

test('twenty ids of one chip do not stay taken', async () => {
  for (let n = 1; n <= 20; n++) {
    const id = `JBNB00${String(n).padStart(2, '0')}`;
    expect((await register('ada', id, { mac: MAC, token: token(n % 10) + n })).status).toBe(201);
  }
  expect(await idsOf(MAC)).toEqual(['JBNB0020']);
  const free = await ask('ada', '/api/v1/units/reserve', { body: {} });
  expect((await free.json<{ device_id: string }>()).device_id).toBe('JBNB0001');
});

test('an id of others stays: who has nothing to do with it cannot free it', async () => {
  await addUnit('JBNB0001');
  await env.DB.prepare("UPDATE devices SET mac = ?1 WHERE id = 'JBNB0001'").bind(MAC).run();
  expect((await register('ines', 'JBNB0002', { mac: MAC, token: token(2) })).status).toBe(201);
  expect((await idsOf(MAC)).sort()).toEqual(['JBNB0001', 'JBNB0002']);
  expect((await ask('ines', '/api/v1/units/JBNB0001/release', { method: 'POST' })).status).toBe(
    403,
  );
  expect((await ask('ada', '/api/v1/units/JBNB0001/release', { method: 'POST' })).status).toBe(200);
  expect(await idsOf(MAC)).toEqual(['JBNB0002']);
});

test('the owner of the place it leaves is notified, and keeps what was counted there', async () => {
  await addUnit('JBNB0001');
  await send('/api/reading', reading('JBNB0001', 600, { vis: 3 }));
  const day = async () =>
    (await ask('olga', '/api/v1/locations/bakery/insights?day=today')).json<object>();
  const before = await day();
  await ask('ada', '/api/v1/units/JBNB0001/release', { method: 'POST' });
  const { results } = await env.DB.prepare('SELECT kind, detail FROM alerts').all();
  expect(results).toEqual([{ kind: 'credential', detail: 'ada@example.net' }]);
  const figures = (value: object) => JSON.stringify(value).match(/"visits":\d+/g);
  expect(figures(await day())).toEqual(figures(before));
});

test('a withdrawal is not ended by leaving the id', async () => {
  await addUnit('JBNB0001');
  await ask('ada', '/api/v1/units/JBNB0001/status', {
    method: 'PUT',
    body: { status: 'inactive' },
  });
  expect((await ask('ada', '/api/v1/units/JBNB0001/release', { method: 'POST' })).status).toBe(409);
  expect((await register('ines', 'JBNB0001', { mac: OTHER, token: token(3) })).status).toBe(409);
});

test('what was queued before the release comes too late', async () => {
  expect((await register('ines', 'JBNB0001', { mac: MAC, token: token(1) })).status).toBe(201);
  expect((await register('ines', 'JBNB0002', { mac: MAC, token: token(2) })).status).toBe(201);
  const late = await register('ines', 'JBNB0001', {
    mac: OTHER,
    token: token(3),
    token_age_s: 3600,
  });
  expect(late.status).toBe(409);
  // and an old registration of this chip does not take away its newer id
  const old = await register('ines', 'JBNB0003', { mac: MAC, token: token(4), token_age_s: 3600 });
  expect(old.status).toBe(201);
  expect(await idsOf(MAC)).toContain('JBNB0002');
});
