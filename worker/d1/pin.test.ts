/** PINs over real D1: keyed, five tries, locked for an hour whatever comes at once. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { pinHmac, setPin, tryPin } from '../domain/pin.ts';
import { addUnit, freshWorld } from '../test/world.ts';
import { d1PinStore } from './pin.ts';

const ID = 'JBNB0001';
const PEPPER = 'p'.repeat(32);
const T = Date.now();
const store = d1PinStore(env.DB);
const tryIt = (pin: string, atMs = T, id = ID) => tryPin(store, PEPPER, id, pin, atMs);
const wrong = { code: 'unauthenticated', message: 'Unknown unit or wrong PIN.' };
const locked = { code: 'rate_limited' };

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
  await setPin(store, PEPPER, { actor: 'id-ada', deviceId: ID }, '0042', T);
});

test('the right one, the wrong one, no unit, no PIN', async () => {
  await expect(tryIt('0042')).resolves.toBeUndefined();
  await expect(tryIt('0043')).rejects.toMatchObject(wrong);
  await expect(tryIt('0042', T, 'JBNB0404')).rejects.toMatchObject(wrong);
  await addUnit('JBNB0002');
  await expect(tryIt('0042', T, 'JBNB0002')).rejects.toMatchObject(wrong);
});

test('five wrong in a row lock for an hour, for the right one as well', async () => {
  for (let i = 0; i < 5; i += 1) await expect(tryIt('9999')).rejects.toMatchObject(wrong);
  await expect(tryIt('0042', T + 1000)).rejects.toMatchObject({ ...locked, retryAfterS: 3599 });
  await expect(tryIt('0042', T + 3_599_000)).rejects.toMatchObject(locked);
  await expect(tryIt('0042', T + 3_601_000)).resolves.toBeUndefined();
});

test('a right one in between starts the count again', async () => {
  for (const pin of ['1', '2', '3', '4', '0042', '5', '6', '7', '8'])
    await tryIt(pin).catch(() => {});
  await expect(tryIt('0042')).resolves.toBeUndefined();
});

test('tries at once cannot outrun the lock', async () => {
  const tries = Array.from({ length: 40 }, (_, i) => tryIt(String(1000 + i)).catch((e) => e.code));
  const codes = await Promise.all(tries);
  expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(5);
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(35);
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
