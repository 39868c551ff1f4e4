/** Making and changing locations by the front door: what is refused, what leaves a trace. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import type { LocationDetail } from '../../shared/contracts/location.ts';
import { ask, freshWorld } from '../testing/world.ts';

beforeEach(freshWorld);
const SAID = {
  name: 'Kiosk',
  time_zone: 'Europe/Madrid',
  address: 'Calle Mayor 1',
  latitude: 40.4,
  longitude: -3.7,
};
const create = (body: object) => ask('ada', '/api/v1/locations', { body });
const change = (id: string, body: object) =>
  ask('ada', `/api/v1/locations/${id}`, { method: 'PUT', body });
const traces = async () =>
  (await env.DB.prepare('SELECT action, target, before_json, after_json FROM audit').all()).results;

test('a new location is there for its administrator, and its id is taken', async () => {
  expect((await create({ id: 'kiosk', ...SAID })).status).toBe(201);
  const got = await ask('ada', '/api/v1/locations/kiosk');
  expect(await got.json()).toEqual({ id: 'kiosk', ...SAID });
  expect((await create({ id: 'kiosk', ...SAID, name: 'Other' })).status).toBe(409);
  expect((await ask('olga', '/api/v1/locations/kiosk')).status).toBe(404);
  expect(await traces()).toHaveLength(1);
});

test('a change says all of it, with a trace of before and after; twice leaves one', async () => {
  const said = { ...SAID, address: null, latitude: null, longitude: null };
  expect((await change('bakery', said)).status).toBe(200);
  expect((await change('bakery', said)).status).toBe(200);
  const own = await (await ask('olga', '/api/v1/locations/bakery')).json<LocationDetail>();
  expect(own).toEqual({ id: 'bakery', ...said });
  const [trace, ...others] = await traces();
  expect([trace?.action, others.length]).toEqual(['location.change', 0]);
  expect(trace?.before_json).toContain('Harbour Street Bakery');
  expect(trace?.after_json).toContain('Kiosk');
  expect((await change('nowhere', said)).status).toBe(404);
});

test.each([
  ['no zone', { time_zone: 'Mars/Base' }],
  ['an offset', { time_zone: '+02:00' }],
  ['half a position', { latitude: null }],
  ['beyond the pole', { latitude: 91 }],
  ['no name', { name: '' }],
  ['two lines', { address: 'a\nb' }],
  ['another word', { colour: 'red' }],
])('%s is refused', async (_what, more) => {
  expect((await change('bakery', { ...SAID, ...more })).status).toBe(400);
  expect((await create({ id: 'kiosk', ...SAID, ...more })).status).toBe(400);
  expect(await traces()).toEqual([]);
});
