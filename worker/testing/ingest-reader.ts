/**
 * Tells what the shards keep, for the kill trial, which starts it on the folder that the production
 * code has left: `GET /stored` is a list of unit, start of the period and impressions. Knows no
 * writing.
 */
import { shardStarts } from '../domain/hash-slot.ts';
import type { Env } from '../env.ts';
import { shardFor } from '../shard/unit-shards.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

/** After any reading, Unix seconds. */
const EVER_S = 4_102_444_800;

export default {
  async fetch(_request, env) {
    const starts = shardStarts(env.UNIT_SHARDS || '0');
    const { results } = await env.DB.prepare('SELECT id FROM devices').all<{ id: string }>();
    const stored: [string, number, number | null][] = [];
    for (const { id } of results) {
      const kept = await shardFor(env.UNITS, starts, id).readings(id, 0, EVER_S);
      for (const one of kept) stored.push([id, one.period_start_s, one.values.impressions]);
    }
    return Response.json(stored);
  },
} satisfies ExportedHandler<Env>;
