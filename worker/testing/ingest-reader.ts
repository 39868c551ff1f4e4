/**
 * Tells what the shards keep, for the kill trial, which starts it on the folder that the production
 * code has left: readings as unit, start of the period and impressions; then, when places have been
 * handed what they lacked, sums as location, start of the bucket and impressions.
 */
import { shardStarts } from '../domain/hash-slot.ts';
import type { Env } from '../env.ts';
import { placeFor } from '../shard/places.ts';
import { allShards, shardFor } from '../shard/unit-shards.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

/** After any reading, Unix seconds. */
const EVER_S = 4_102_444_800;
/** Calls at a time. */
const AT_ONCE = 50;

type Row = [id: string, start_s: number, impressions: number | null];

async function readings(env: Env, id: string): Promise<Row[]> {
  const starts = shardStarts(env.UNIT_SHARDS || '0');
  const kept = await shardFor(env.UNITS, starts, id).readings(id, 0, EVER_S);
  return kept.map((one) => [id, one.period_start_s, one.values.impressions]);
}

async function sums(env: Env, id: string): Promise<Row[]> {
  const places = { places: env.PLACES, starts: shardStarts(env.PLACE_SHARDS || '0') };
  const buckets = await placeFor(places, id).buckets(id, 0, EVER_S);
  return buckets.map((one) => [id, one.bucket_start_s, one.impressions]);
}

async function all(ids: readonly string[], ask: (id: string) => Promise<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    rows.push(...(await Promise.all(ids.slice(at, at + AT_ONCE).map(ask))).flat());
  }
  return rows;
}

const idsIn = async (env: Env, table: string) => {
  const { results } = await env.DB.prepare(`SELECT id FROM ${table}`).all<{ id: string }>();
  return results.map(({ id }) => id);
};

export default {
  async fetch(_request, env) {
    const kept = await all(await idsIn(env, 'devices'), (id) => readings(env, id));
    const starts = shardStarts(env.UNIT_SHARDS || '0');
    for (const shard of allShards({ shards: env.UNITS, starts })) await shard.handOver();
    const summed = await all(await idsIn(env, 'locations'), (id) => sums(env, id));
    return Response.json({ readings: kept, sums: summed });
  },
} satisfies ExportedHandler<Env>;
