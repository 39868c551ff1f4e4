/**
 * A configuration from the page to the unit and back, by the front door: wanted, fetched, in use;
 * and what an owner hears of it whose unit came from others.
 */
import { beforeEach, expect, test } from 'vitest';
import type { UnitDetail } from '../../../shared/contracts/fleet.ts';
import { addUnit, ask, freshWorld, get, type Name, send } from '../../testing/world.ts';

const ID = 'JBNB0001';
const unit = `/api/v1/units/${ID}`;
const detail = async (who: Name) => (await ask(who, `${unit}/detail`)).json<UnitDetail>();
const put = async (path: string, body: object, who: Name = 'ada') => {
  expect((await ask(who, `${unit}${path}`, { method: 'PUT', body })).status).toBe(200);
};
const beat = (more: object) => send('/api/heartbeat', { d: ID, v: '6.0.0', ...more });

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

test('wanted, fetched, in use: each with its moment, and what could not be done', async () => {
  expect((await detail('olga')).twin).toEqual({
    ...{ wanted_since: null, fetched: null, reported: null, note: null },
  });
  await beat({ cfg: 0 });
  const before = Date.now();
  await put('/config', { report_interval_ms: 600_000 }, 'olga');
  const wanted = await detail('olga');
  expect(wanted.config_version).toBeGreaterThan(1);
  expect(Date.parse(wanted.twin.wanted_since ?? '')).toBeGreaterThanOrEqual(before - 1000);
  expect(wanted.twin).toMatchObject({ fetched: null, reported: { version: 0 } });

  expect((await get(`/api/config/${ID}`)).status).toBe(200);
  expect((await detail('olga')).twin.fetched).toMatchObject({ version: wanted.config_version });

  await beat({ cfg: wanted.config_version, note: 'cannot hop to <b>channel 13</b>' });
  expect((await detail('olga')).twin).toMatchObject({
    reported: { version: wanted.config_version },
    note: { text: 'cannot hop to <b>channel 13</b>' },
  });
});

test('a unit of 5.x that names no version: what it fetched is all that is known', async () => {
  await put('/config', { report_interval_ms: 600_000 });
  await send('/api/heartbeat', { d: ID, v: '5.9.0' });
  await get(`/api/config/${ID}`);
  expect((await detail('ada')).twin).toMatchObject({ fetched: { version: 2 }, reported: null });
});

test('whoever gets the unit hears nothing of what was before', async () => {
  await put('/config', { report_interval_ms: 600_000 });
  await get(`/api/config/${ID}`);
  await beat({ cfg: 2, note: 'of the shop before' });
  await put('/place', { location_id: 'books' });
  const { twin, config_version } = await detail('otto');
  expect(config_version).toBe(3);
  expect(twin).toEqual({ wanted_since: null, fetched: null, reported: null, note: null });
});
