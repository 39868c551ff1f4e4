/** PINs over real D1: keyed and bound to the unit, the digits and the QR code's secret. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { pinHmac, provesLabel, setPin } from '../domain/pin.ts';
import { addUnit, freshWorld } from '../test/world.ts';
import { d1PinStore } from './pin.ts';

const ID = 'JBNB0001';
const PEPPER = 'p'.repeat(32);
const SECRET = 'abcdefghijklmnopqrstuv';
const T = Date.now();
const store = d1PinStore(env.DB);
const tryIt = (pin: string, id = ID) => provesLabel(store, PEPPER, id, { pin });

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  await setPin(store, PEPPER, { actor: 'id-ada', deviceId: ID }, { pin: '0042' }, T);
});

test('the right one, the wrong one, no unit, no PIN', async () => {
  expect(await tryIt('0042')).toBe(true);
  expect(await tryIt('0043')).toBe(false);
  expect(await tryIt('0042', 'JBNB0404')).toBe(false);
  await addUnit('JBNB0002');
  expect(await tryIt('0042', 'JBNB0002')).toBe(false);
});

test('the secret of a new label proves as well; an old label has none', async () => {
  const secret = (text: string) => provesLabel(store, PEPPER, ID, { secret: text });
  expect(await secret(SECRET)).toBe(false);
  expect(await secret('0042')).toBe(false);
  const label = { pin: '0042', secret: SECRET };
  await setPin(store, PEPPER, { actor: 'id-ada', deviceId: ID }, label, T);
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
