/** One setting decides for every shard: none is ever asked elsewhere by mistake. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { PlaceSums } from '../domain/place-delta.ts';
import type { Env } from '../env.ts';
import { adaptersOf } from '../services.ts';
import { deliverDeltas } from './hand-over.ts';
import { within } from './jurisdiction.ts';

/** A namespace that notes where it is asked to be, and has no objects anywhere else. */
function namespace(asked: string[]) {
  const there = { idFromName: (name: string) => name, get: () => ({ add: async () => {} }) };
  const refuses = () => {
    throw new Error('asked without a jurisdiction');
  };
  return {
    idFromName: refuses,
    get: refuses,
    jurisdiction(name: string) {
      asked.push(name);
      return there;
    },
  };
}

test('left out or empty, it is the namespace itself', () => {
  expect(within(env.UNITS, undefined)).toBe(env.UNITS);
  expect(within(env.UNITS, '')).toBe(env.UNITS);
});

test('the Worker asks its shards where it is told, and they each other', async () => {
  const asked: string[] = [];
  const elsewhere = { SHARD_JURISDICTION: 'eu', PLACE_SHARDS: '0 2048' };
  const set = { UNITS: namespace(asked), PLACES: namespace(asked), ...elsewhere };
  adaptersOf({ ...env, ...set } as unknown as Env);
  expect(asked).toEqual(['eu', 'eu']);
  const sums = new PlaceSums();
  const counts = { readings: 1, impressions: 1, device_minutes: 1, visits: null } as never;
  sums.add('bakery', 0, counts);
  await deliverDeltas(set as never, [{ source: 's', epoch: 1, settled: 0, sums: sums.list() }]);
  expect(asked).toEqual(['eu', 'eu', 'eu']);
});
