/** PINs over real D1: keyed and bound to the unit, the digits and the QR code's secret. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { pepperId, pinHmac, provesLabel, setPin } from '../domain/pin.ts';
import { addUnit, freshWorld } from '../testing/world.ts';
import { d1PinStore } from './pin.ts';

const ID = 'JBNB0001';
const PEPPER = 'p'.repeat(32);
const SECRET = 'abcdefghijklmnopqrstuv';
const T = Date.now();
const BY = { actor: 'id-ada', nowMs: T };
const ports = { pins: d1PinStore(env.DB), pinPepper: PEPPER };
const tryIt = (pin: string, id = ID) => provesLabel(ports, id, { pin });

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  await setPin(ports, BY, ID, { pin: '0042' });
});

test('the right one, the wrong one, no unit, no PIN', async () => {
  expect(await tryIt('0042')).toBe(true);
  expect(await tryIt('0043')).toBe(false);
  expect(await tryIt('0042', 'JBNB0404')).toBe(false);
  await addUnit('JBNB0002');
  expect(await tryIt('0042', 'JBNB0002')).toBe(false);
});

test('the secret of a new label proves as well; an old label has none', async () => {
  const secret = (text: string) => provesLabel(ports, ID, { secret: text });
  expect(await secret(SECRET)).toBe(false);
  expect(await secret('0042')).toBe(false);
  const label = { pin: '0042', secret: SECRET };
  await setPin(ports, BY, ID, label);
  expect(await secret(SECRET)).toBe(true);
  expect(await secret(`${SECRET.slice(1)}w`)).toBe(false);
  expect(await tryIt('0042')).toBe(true);
  const kept = JSON.stringify((await env.DB.prepare('SELECT * FROM device_pins').all()).results);
  expect(kept).not.toContain(SECRET);
  expect(kept).not.toContain('0042"');
});

test('the hash is bound to key and unit, and needs a real key', async () => {
  const mine = await pinHmac(PEPPER, ID, '0042');
  expect(mine).toMatch(/^[0-9a-f]{64}$/);
  expect(await pinHmac(PEPPER, 'JBNB0002', '0042')).not.toBe(mine);
  expect(await pinHmac('q'.repeat(32), ID, '0042')).not.toBe(mine);
  for (const pepper of [undefined, '', 'short']) {
    await expect(pinHmac(pepper, ID, '0042')).rejects.toMatchObject({ code: 'internal' });
  }
});

test('while the pepper is being changed labels of both prove, and which is known', async () => {
  const next = 'n'.repeat(40);
  const label = { pin: '0042', secret: SECRET };
  await addUnit('JBNB0002');
  const now = { ...ports, pinPepper: next };
  const both = { ...now, pinPepperOld: PEPPER };
  await setPin(now, BY, 'JBNB0002', label);
  const proves = (id: string, keys = now) => provesLabel(keys, id, { pin: '0042' });
  expect([await proves(ID), await proves('JBNB0002')]).toEqual([false, true]);
  expect([await proves(ID, both), await proves('JBNB0002', both)]).toEqual([true, true]);
  expect(await provesLabel(both, ID, { pin: '0043' })).toBe(false);
  expect(await provesLabel(both, 'JBNB0002', { secret: SECRET })).toBe(true);
  const { results } = await env.DB.prepare(
    'SELECT device_id, pepper_id FROM device_pins ORDER BY device_id',
  ).all();
  expect(results).toEqual([
    { device_id: ID, pepper_id: await pepperId(PEPPER) },
    { device_id: 'JBNB0002', pepper_id: await pepperId(next) },
  ]);
  expect(await pepperId(next)).toMatch(/^[0-9a-f]{8}$/);
});
