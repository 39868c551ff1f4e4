/** What gets through to shards and to the registry when some of it does not. */
import { expect, test } from 'vitest';
import type { ShardFacts } from './shard-facts.ts';
import { type ShardNews, type ShardRegistry, tellNews, tellShards } from './shard-registry.ts';
import { factsOf } from './testing/small-shard.ts';

/** A registry in which units wait; `gone` have no row any more. */
function registryOf(waiting: readonly string[], gone: readonly string[] = []) {
  const sent: string[] = [];
  const failed: string[] = [];
  const learnt: ShardNews[] = [];
  const registry: ShardRegistry = {
    shardFacts: async (id) => (gone.includes(id) ? null : factsOf(id, { revision: 7 })),
    waiting: async (limit) => waiting.slice(0, limit),
    sent: async (facts) => void sent.push(...facts.map((f) => `${f.device_id} ${f.revision}`)),
    failed: async (ids) => void failed.push(...ids),
    learn: async (news) => void learnt.push(...news),
  };
  return { registry, sent, failed, learnt };
}
const names = (n: number) => Array.from({ length: n }, (_, i) => `JBNB${i}`);

test('only those that heard it are noted, and the first failure is thrown', async () => {
  const { registry, sent, failed } = registryOf(names(7));
  const applied: string[] = [];
  const apply = async ({ device_id }: ShardFacts) => {
    applied.push(device_id);
    if (device_id === 'JBNB1') throw new Error('the first one');
    if (device_id === 'JBNB5') throw new Error('the second one');
    return 0;
  };
  await expect(tellShards(registry, { apply })).rejects.toThrow('the first one');
  // One that does not answer keeps nobody else back.
  expect(applied.toSorted()).toEqual(names(7));
  expect(sent).toEqual([0, 2, 3, 4, 6].map((n) => `JBNB${n} 7`));
  expect(failed).toEqual(['JBNB1', 'JBNB5']);
});

test('a unit that is gone is passed over, and shifts nobody else', async () => {
  const { registry, sent } = registryOf(names(5), ['JBNB0', 'JBNB3']);
  const apply = async ({ device_id }: ShardFacts) => {
    if (device_id === 'JBNB1') throw new Error('away');
    return 0;
  };
  await expect(tellShards(registry, { apply })).rejects.toThrow('away');
  expect(sent).toEqual(['JBNB2 7', 'JBNB4 7']);
  const quiet = registryOf(names(2), ['JBNB0']);
  expect(await tellShards(quiet.registry, { apply: async () => 0 })).toBe(1);
});

test('three at most hear it side by side, a hundred at most in one go', async () => {
  const { registry, sent } = registryOf(names(130));
  let [running, most] = [0, 0];
  const apply = async () => {
    running += 1;
    most = Math.max(most, running);
    await Promise.resolve();
    running -= 1;
    return 0;
  };
  expect(await tellShards(registry, { apply })).toBe(100);
  expect(most).toBe(3);
  expect(sent).toHaveLength(100);
});

test('where nobody waits no shard is asked', async () => {
  const { registry } = registryOf([]);
  const apply = async () => {
    throw new Error('nobody was to hear anything');
  };
  expect(await tellShards(registry, { apply })).toBe(0);
});

const newsOf = (device_id: string, number: number): ShardNews => {
  return { device_id, number, doubted: null, commands: [] };
};

test('news are taken once the registry has them, by the number they had then', async () => {
  const { registry, learnt } = registryOf([]);
  const taken: unknown[] = [];
  const all = [newsOf('JBNB0001', 3), newsOf('JBNB0002', 9)];
  const source = {
    news: async () => all,
    newsTaken: async (some: unknown) => {
      expect(learnt).toEqual(all);
      taken.push(some);
    },
  };
  expect(await tellNews(registry, source)).toBe(2);
  expect(taken).toEqual([
    [
      { device_id: 'JBNB0001', number: 3 },
      { device_id: 'JBNB0002', number: 9 },
    ],
  ]);
});

test('what the registry does not learn stays the shard’s, and nothing is no news', async () => {
  const taken: unknown[] = [];
  const newsTaken = async (some: unknown) => void taken.push(some);
  const learn = async () => {
    throw new Error('the registry is away');
  };
  const some = { news: async () => [newsOf('JBNB0001', 1)], newsTaken };
  await expect(tellNews({ learn }, some)).rejects.toThrow('is away');
  expect(await tellNews({ learn }, { news: async () => [], newsTaken })).toBe(0);
  expect(taken).toEqual([]);
});
