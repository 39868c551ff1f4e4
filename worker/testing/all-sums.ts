/**
 * What D1 has summed up and shards owe to places, beside what it has to be: the sums of all
 * readings that count.
 */
import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { bucketStart, COUNT_FIELDS } from '../../shared/metrics/bucket.ts';
import { type PlaceSum, PlaceSums } from '../domain/place-delta.ts';
import { countsOf } from '../domain/stored-reading.ts';
import { UnitShard } from '../domain/unit-shard.ts';
import { SqlJournal } from '../shard/journal.ts';
import { allShards, type UnitShards } from '../shard/unit-shards.ts';
import { kept } from './own-shards.ts';

/** What D1 has summed up and what the shards owe, of all places. */
export async function allSums(units: UnitShards): Promise<PlaceSum[]> {
  const sums = new PlaceSums();
  const base = await env.DB.prepare('SELECT * FROM rollups').all<PlaceSum>();
  for (const row of base.results) sums.addSum(row);
  for (const { id } of allShards(units)) {
    const stub = env.UNITS.get(id);
    const deltas = await runInDurableObject(stub, (_, { storage }) => {
      const shard = new UnitShard(new SqlJournal(storage));
      shard.cut();
      return shard.deltas('here');
    });
    for (const delta of deltas) for (const sum of delta.sums) sums.addSum(sum);
  }
  return inOrder(sums.list());
}

/** What that has to be. */
export async function sumsOfReadings(units: UnitShards, ids: readonly string[]) {
  const sums = new PlaceSums();
  for (const id of ids) {
    for (const reading of await kept(units, id)) {
      const { location_id, is_counted, period_start_s } = reading;
      if (!is_counted || location_id === null) continue;
      sums.add(location_id, bucketStart(period_start_s), countsOf(reading));
    }
  }
  return inOrder(sums.list());
}

/** A bucket without readings has no visits that anybody knows. */
function inOrder(sums: readonly PlaceSum[]): PlaceSum[] {
  return sums
    .filter(({ readings }) => readings > 0)
    .map((sum) => ({
      ...Object.fromEntries(COUNT_FIELDS.map((name) => [name, sum[name]])),
      ...{ location_id: sum.location_id, bucket_start_s: sum.bucket_start_s },
      ...{ visits: sum.visits, visits_known: sum.visits_known },
    }))
    .sort((a, b) =>
      `${a.location_id} ${a.bucket_start_s}` < `${b.location_id} ${b.bucket_start_s}` ? -1 : 1,
    ) as PlaceSum[];
}
