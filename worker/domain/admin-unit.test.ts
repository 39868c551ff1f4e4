/** Units of the admin API over real D1: a token shown once and kept nowhere, a link of one unit. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { linkHologram, regenerateToken, registerByAdmin } from './admin-unit.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const BY = { actor: 'admin-key', nowMs: 7_999 };
const ID = 'JBNB0001';
async function fresh() {
  await freshWorld();
  for (const id of ['JBNB0002', 'JBNB0003']) await addUnit(id, id.repeat(6));
  return d1Stores(env.DB);
}
type Ports = Awaited<ReturnType<typeof fresh>>;
const register = ({ adminUnits }: Ports) => registerByAdmin(adminUnits, BY, ID);
const unit = (id = ID) =>
  env.DB.prepare('SELECT * FROM devices WHERE id = ?1').bind(id).first<Record<string, unknown>>();

test('a token of 256 bits, of which the hash alone is kept', async () => {
  const ports = await fresh();
  const tokens = [await register(ports), await regenerateToken(ports.credentials, BY, ID)];
  expect(new Set(tokens).size).toBe(2);
  for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/);
  expect(await unit()).toMatchObject({
    ...{ token_sha256: await sha256Hex(tokens[1] ?? ''), registered_s: 7, location_id: null },
  });
  for (const table of ['devices', 'audit', 'commands']) {
    const rows = JSON.stringify((await env.DB.prepare(`SELECT * FROM ${table}`).all()).results);
    for (const token of tokens) expect(rows).not.toContain(token);
  }
});

test('an id that is taken or reserved keeps its token; who has none gets none', async () => {
  const ports = await fresh();
  const before = await unit('JBNB0002');
  const sql = 'INSERT INTO reservations (device_id, user_id, expires_s) VALUES (?1, ?2, 8)';
  await env.DB.prepare(sql).bind('JBNB0004', 'id-ines').run();
  for (const id of ['JBNB0002', 'JBNB0004']) {
    await expect(registerByAdmin(ports.adminUnits, BY, id)).rejects.toMatchObject({
      code: 'conflict',
    });
  }
  expect(await unit('JBNB0002')).toEqual(before);
  await expect(regenerateToken(ports.credentials, BY, ID)).rejects.toMatchObject({
    code: 'not_found',
  });
  expect([await count('audit'), await count('commands')]).toEqual([0, 0]);
  const later = { ...BY, nowMs: 8_000 };
  expect(await registerByAdmin(ports.adminUnits, later, 'JBNB0004')).toHaveLength(43);
});

test('whatever fails or meets, a unit has one token, one trace and one command', async () => {
  const check = async () => {
    expect([await count('audit'), await count('commands')]).toEqual([1, 1]);
    expect(await unit()).not.toBeNull();
  };
  await eachFailure(fresh, register, async (_broken, ports) => {
    await register(ports).catch((failure) => expect(failure.code).toBe('conflict'));
    await check();
  });
  await eachInterruption(fresh, register, register, async (_before, outcomes) => {
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const token = outcomes.find((o) => o.status === 'fulfilled');
    const held = (await unit())?.token_sha256;
    expect(await sha256Hex((token as PromiseFulfilledResult<string>).value)).toBe(held);
    await check();
  });
});

test('a device of Hologram’s is one unit’s, and free again when that lets go', async () => {
  const ports = await fresh();
  const link = (id: string, to: number | null) => linkHologram(ports.adminUnits, BY, id, to);
  await link('JBNB0002', 7);
  await link('JBNB0002', 7);
  await expect(link('JBNB0003', 7)).rejects.toMatchObject({ code: 'conflict' });
  await expect(link('JBNB0099', 8)).rejects.toMatchObject({ code: 'not_found' });
  expect((await unit('JBNB0003'))?.hologram_device_id).toBeNull();
  await link('JBNB0002', null);
  await link('JBNB0003', 7);
  expect((await unit('JBNB0003'))?.hologram_device_id).toBe(7);
});
