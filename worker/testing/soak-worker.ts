/**
 * The Worker for the soak: the production code whole, but on a clock that each request brings
 * along, since its units live a month in seconds. Only the soak runs this entry; the production one
 * has no such header. The limiter of requests a minute counts real time, so it is not here.
 * `/stored` tells what there is of a unit and of the place, `/past` what its page would show of it.
 * With `X-Soak-Loose` nothing is a repeat of anything, which the soak must find out.
 */

import { HISTORY_READINGS_MAX } from '../../shared/contracts/history.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { isoTimeMs } from '../../shared/time.ts';
import type { ReadingEntry, ReadingStore } from '../domain/reading.ts';
import { unitHistory } from '../domain/unit-history-page.ts';
import type { Env } from '../env.ts';
import { createApp } from '../http/app.ts';
import { adaptersOf, roomsOf } from '../services.ts';
import { placeFor } from '../shard/places.ts';
import { shardFor } from '../shard/unit-shards.ts';

export { UnitShard } from '../shard/unit-shard.ts';
export { PlaceShard } from '../shard-services.ts';

type App = ReturnType<typeof createApp>;

/** A unit has its own clock: units live side by side, at different times. */
interface Life {
  app: App;
  nowMs: number;
}

const lives = new Map<string, Life>();
// A line for every request would cost more than the request.
console.log = () => {};

/** Each reading that comes is another one. */
function loose(store: ReadingStore): ReadingStore {
  let nth = 0;
  const another = (entry: ReadingEntry) => {
    nth += 1;
    return { ...entry, variant: nth.toString(16).padStart(16, '0') };
  };
  return {
    ...store,
    ingest: (entry, who) => store.ingest(another(entry), who),
    ingestAll: (entries, who) => store.ingestAll(entries.map(another), who),
  };
}

function lifeOf(unit: string, isLoose: boolean, env: Env): Life {
  const known = lives.get(unit);
  if (known) return known;
  const all = adaptersOf(env);
  const readings = isLoose ? loose(all.readings) : all.readings;
  const unitRequests = { take: async () => true };
  const services = roomsOf({ ...all, readings, unitRequests, now: () => life.nowMs });
  const life: Life = { app: createApp(services), nowMs: 0 };
  lives.set(unit, life);
  return life;
}

/** After any reading, Unix seconds. */
const EVER_S = 4_102_444_800;

/** Readings of a unit, and impressions of a place once all that is owed has been handed over. */
async function stored(unit: string, place: string, env: Env) {
  const shard = shardFor(env.UNITS, [0], unit);
  await shard.handOver();
  const buckets = await placeFor({ places: env.PLACES, starts: [0] }, place).buckets(
    ...([place, 0, EVER_S] as const),
  );
  const readings = await shard.readings(unit, 0, EVER_S);
  const rows = readings.map(({ period_start_s: start_s, received_s, is_counted, values }) => {
    const { seq, clock_synced, impressions } = values;
    return { seq, start_s, received_s, dated: clock_synced === 1, is_counted, impressions };
  });
  return { rows, place_impressions: buckets.reduce((sum, b) => sum + b.impressions, 0) };
}

/** The ninety days before a moment, as an operator's page is told of them. */
function past(unit: string, until: string, env: Env) {
  const from = isoTimeMs(Date.parse(until) - 90 * 86_400_000);
  const query = { from, until, limit: HISTORY_READINGS_MAX, cursor: undefined };
  const operator = { user_id: 'id-soak', email: 'soak@example.net', role: 'admin' } as Me;
  return unitHistory(adaptersOf(env), operator, unit, query, Date.parse(until));
}

export default {
  async fetch(request, env, ctx) {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/stored') {
      const [unit, place] = [searchParams.get('unit'), searchParams.get('place')];
      return Response.json(await stored(unit ?? '', place ?? '', env));
    }
    if (pathname === '/past') {
      const [unit, until] = [searchParams.get('unit'), searchParams.get('until')];
      return Response.json(await past(unit ?? '', until ?? '', env));
    }
    const isLoose = request.headers.has('X-Soak-Loose');
    const life = lifeOf(request.headers.get('X-Soak-Unit') ?? '', isLoose, env);
    life.nowMs = Number(request.headers.get('X-Soak-Now'));
    return life.app.fetch(request, env, ctx);
  },
} satisfies ExportedHandler<Env>;
