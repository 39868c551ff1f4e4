import { expect, test } from 'vitest';
import { carryOutErasures, type Erasure, type ErasureStore, keepersInTurn } from './erasure.ts';

const PLACES: Erasure[] = ['bakery', 'books', 'café'].map((location_id) => {
  return { location_id, device_ids: [] };
});

function storeOf(waiting: string[], failed: string[] = []): ErasureStore {
  return {
    waiting: async (limit) =>
      PLACES.filter((place) => waiting.includes(place.location_id)).slice(0, limit),
    done: async (id) => void waiting.splice(waiting.indexOf(id), 1),
    failed: async (id) => void failed.push(id),
  };
}

test('keepers have their turn in order, and the place is done after the last', async () => {
  const waiting = ['bakery', 'books'];
  const seen: string[] = [];
  const keeper = (name: string) => ({
    async forgetPlace({ location_id }: Erasure) {
      expect(waiting).toContain(location_id);
      seen.push(`${name} ${location_id}`);
    },
  });
  const both = keepersInTurn([keeper('shards'), keeper('Supabase')]);
  expect(await carryOutErasures(storeOf(waiting), both)).toEqual({ erased: 2 });
  expect(seen).toEqual(['shards bakery', 'Supabase bakery', 'shards books', 'Supabase books']);
  expect(waiting).toEqual([]);
});

test('a place that fails waits behind the others, is told, and is tried again', async () => {
  const [waiting, failed] = [['bakery', 'books', 'café'], [] as string[]];
  const later: string[] = [];
  const half = keepersInTurn([
    {
      async forgetPlace({ location_id }) {
        if (location_id === 'bakery') throw new Error('no answer');
      },
    },
    { forgetPlace: async ({ location_id }) => void later.push(location_id) },
  ]);
  await expect(carryOutErasures(storeOf(waiting, failed), half)).rejects.toThrow('no answer');
  expect([waiting, failed, later]).toEqual([['bakery'], ['bakery'], ['books', 'café']]);
});
