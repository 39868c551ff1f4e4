/** Ids taken along, as a browser asks for them. */
import { beforeEach, expect, test } from 'vitest';
import type { Reservations } from '../../../shared/contracts/provisioning.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { ask, freshWorld, type Name, TOKEN } from '../../testing/world.ts';

const HOLDER = '1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed';
const ADDRESS = '/api/v1/reservations';
beforeEach(freshWorld);

const idsOf = async (answer: Response) =>
  (await answer.json<Reservations>()).reservations.map(({ device_id }) => device_id);

test('are asked for, listed, become units, are given back', async () => {
  const body = { holder: HOLDER, count: 3 };
  expect(await idsOf(await ask('ines', ADDRESS, { body }))).toHaveLength(3);
  expect(await idsOf(await ask('ines', ADDRESS, { body }))).toHaveLength(3);
  const unit = {
    device_id: 'JBNB0002',
    token_sha256: await sha256Hex(TOKEN),
    mac: '02:4A:42:00:00:01',
    firmware: '6.0.0',
  };
  expect((await ask('ada', '/api/v1/units', { body: unit })).status).toBe(409);
  expect((await ask('ines', '/api/v1/units', { body: unit })).status).toBe(201);
  expect(await idsOf(await ask('ines', ADDRESS))).toEqual(['JBNB0001', 'JBNB0003']);
  const back = await ask('ines', `${ADDRESS}/release`, { body: { device_ids: ['JBNB0001'] } });
  expect(await idsOf(back)).toEqual(['JBNB0003']);
  expect(await idsOf(await ask('ada', ADDRESS))).toEqual([]);
});

test.each([
  { holder: HOLDER, count: 0 },
  { holder: HOLDER, count: 51 },
  { holder: HOLDER, count: 1.5 },
  { holder: 'short', count: 1 },
  { holder: `${HOLDER}\n`, count: 1 },
  { count: 1 },
])('%j is refused in words and holds nothing', async (body) => {
  const refused = await ask('ines', ADDRESS, { body });
  expect(refused.status).toBe(400);
  expect(await refused.text()).toMatch(/holder|count/);
  expect(await idsOf(await ask('ines', ADDRESS))).toEqual([]);
});

test.each<Name>(['olga', 'otto'])('%s, who installs nothing, holds none', async (who) => {
  expect((await ask(who, ADDRESS)).status).toBe(403);
  expect((await ask(who, ADDRESS, { body: { holder: HOLDER, count: 1 } })).status).toBe(403);
});
