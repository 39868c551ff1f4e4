/** The outbox of what shards have to hear of their units, on a real D1. */
import { env } from 'cloudflare:workers';
import { beforeEach, expect, test } from 'vitest';
import { tellShards } from '../domain/shard-registry.ts';
import { addUnit, freshWorld } from '../testing/world.ts';
import { d1ShardRegistry } from './shard-facts.ts';

const AWAY = 120;
const HERE = 30;

beforeEach(freshWorld);

const idOf = (n: number) => `JBNB${String(n).padStart(4, '0')}`;

test('units of a shard that is away, more than one run takes, keep nobody else back', async () => {
  for (let n = 1; n <= AWAY + HERE; n += 1) await addUnit(idOf(n));
  const registry = d1ShardRegistry(env.DB);
  const heard: string[] = [];
  let isAway = true;
  const shards = {
    async apply({ device_id }: { device_id: string }) {
      if (isAway && device_id <= idOf(AWAY)) throw new Error('no answer');
      heard.push(device_id);
      return 0;
    },
  };
  for (let run = 0; run < 2; run += 1) {
    await expect(tellShards(registry, shards)).rejects.toThrow('no answer');
  }
  expect(heard.toSorted()).toEqual(Array.from({ length: HERE }, (_, i) => idOf(AWAY + 1 + i)));

  // What changes meanwhile is told at once, whoever waits.
  const change = "UPDATE devices SET status = 'maintenance' WHERE id = ?1";
  await env.DB.prepare(change)
    .bind(idOf(AWAY + 7))
    .run();
  await expect(tellShards(registry, shards)).rejects.toThrow('no answer');
  expect(heard.at(-1)).toBe(idOf(AWAY + 7));

  isAway = false;
  for (let run = 0; run < 2; run += 1) await tellShards(registry, shards);
  expect(await registry.waiting(1)).toEqual([]);
  expect(new Set(heard).size).toBe(AWAY + HERE);
  const tries = 'SELECT SUM(tries) AS n FROM shard_facts';
  expect(await env.DB.prepare(tries).first('n')).toBe(0);
});
