/**
 * The Worker for `npm run bench:sync`: the production code whole, and
 * `POST /fill?epoch=…&places=…`, which hands over a day of a unit for each place. Only the bench
 * runs this entry.
 */
import { BUCKET_S, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import type { PlaceSum } from '../domain/place-delta.ts';
import type { Env } from '../env.ts';
import worker from '../index.ts';
import { placeFor } from '../shard/places.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

// A line for every request would cost more than the request.
console.log = () => {};

const DAY_S = 86_400;

function dayOf(location_id: string, toS: number): PlaceSum[] {
  return Array.from({ length: DAY_S / BUCKET_S }, (_, i) => {
    const counts = COUNT_FIELDS.map((name) => [name, Math.floor(Math.random() * 500)]);
    return {
      ...(Object.fromEntries(counts) as Omit<PlaceSum, 'location_id'>),
      ...{ location_id, bucket_start_s: toS - (i + 1) * BUCKET_S, readings: 1 },
      ...{ visits: Math.floor(Math.random() * 90), visits_known: 1 },
    };
  });
}

async function fill(epoch: number, places: readonly string[], env: Env): Promise<void> {
  const toS = Math.floor(Date.now() / 1000 / BUCKET_S) * BUCKET_S;
  const sums = places.flatMap((place) => dayOf(place, toS));
  const shard = placeFor({ places: env.PLACES, starts: [0] }, places[0] ?? '');
  await shard.add({ source: 'bench', epoch, settled: epoch - 1, sums });
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/fill') return worker.fetch(request, env, ctx);
    const places = searchParams.get('places')?.split(',') ?? [];
    await fill(Number(searchParams.get('epoch')), places, env);
    return new Response('filled');
  },
} satisfies ExportedHandler<Env>;
