import * as v from 'valibot';
import { expect, test, vi } from 'vitest';
import { PinRequest } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { Activation, type ActivationPortal } from './activation.ts';
import { makeLabels } from './labels.ts';

const ORIGIN = 'https://bench.example.net';

test('what is printed is what the backend was told, in the form that it takes', async () => {
  const told = new Map<string, { pin: string; secret: string }>();
  const setPin = async (id: string, label: { pin: string; secret: string }) => {
    expect(v.is(PinRequest, label)).toBe(true);
    told.set(id, label);
  };
  const done: number[] = [];
  const ids = ['JBNB0001', 'JBNB0002', 'JBNB12345'];
  const onDone = (count: number) => done.push(count);
  const { labels, failed } = await makeLabels({ setPin, origin: ORIGIN }, ids, onDone);
  expect(failed).toEqual([]);
  expect(done).toEqual([1, 2, 3]);
  for (const { deviceId, pin, address } of labels) {
    expect(pin).toBe(told.get(deviceId)?.pin);
    expect(address).toBe(`${ORIGIN}/activate/${deviceId}#${told.get(deviceId)?.secret}`);
  }
  expect(labels.map(({ deviceId }) => deviceId)).toEqual(ids);
});

test('the page behind a label finds its secret', async () => {
  const activate = vi.fn(async () => {});
  const activation = new Activation({ activate } as unknown as ActivationPortal);
  const setPin = vi.fn(async (_id: string, _label: { secret: string }) => {});
  const { labels } = await makeLabels({ setPin, origin: ORIGIN }, ['JBNB0001']);
  const { pathname, hash } = new URL(labels[0]?.address ?? '');
  expect(activation.keepSecret(pathname.split('/').at(-1) ?? '', hash)).toBe(true);
  await activation.activate('JBNB0001', 'bakery', '');
  const { secret } = setPin.mock.calls[0]?.[1] ?? {};
  expect(activate).toHaveBeenCalledWith('JBNB0001', { secret, location_id: 'bakery' });
});

test('one that fails costs only itself', async () => {
  const setPin = async (id: string) => {
    if (id === 'JBNB0002') throw new AppError('not_found', 'There is no such unit.');
  };
  const ids = ['JBNB0001', 'JBNB0002', 'JBNB0003'];
  const { labels, failed } = await makeLabels({ setPin, origin: ORIGIN }, ids);
  expect(labels.map(({ deviceId }) => deviceId)).toEqual(['JBNB0001', 'JBNB0003']);
  expect(failed).toMatchObject([{ deviceId: 'JBNB0002', error: { code: 'not_found' } }]);
});

test('every PIN comes up about as often, and no two secrets are alike', async () => {
  const setPin = vi.fn(async (_id: string, _label: { pin: string; secret: string }) => {});
  const ids = Array.from({ length: 2000 }, (_, i) => `JBNB${String(i).padStart(4, '0')}`);
  await makeLabels({ setPin, origin: ORIGIN }, ids);
  const made = setPin.mock.calls.map(([, label]) => label);
  expect(new Set(made.map(({ secret }) => secret)).size).toBe(2000);
  const firsts = Array.from({ length: 10 }, () => 0);
  for (const { pin } of made) firsts[Number(pin[0])]! += 1;
  // 200 each, give or take five standard deviations of 13
  for (const count of firsts) expect(Math.abs(count - 200)).toBeLessThan(67);
});
