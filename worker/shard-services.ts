/**
 * Settings → adapters behind the domain's ports for what is kept in shards: readings, heartbeats
 * and sums; and what shards of places work with. The half of the composition root for shards.
 */
import { d1AnomalyStore } from './d1/anomaly.ts';
import { d1ContactCopies } from './d1/contact-copies.ts';
import { d1MoveSource, d1Predecessor } from './d1/cut-over.ts';
import { d1EarlierSums, d1SumMoves } from './d1/earlier-sums.ts';
import { d1FleetRegistry } from './d1/fleet-registry.ts';
import { d1StandingUnits } from './d1/insights.ts';
import { d1Judgements } from './d1/judgement.ts';
import { d1ShardRegistry } from './d1/shard-facts.ts';
import { d1SmallCountStore } from './d1/small-counts.ts';
import { d1Stores } from './d1/stores.ts';
import { d1ListRegistry, d1UnitRegistry } from './d1/unit-registry.ts';
import type { AnomalyStore } from './domain/anomaly.ts';
import { copyContacts, silenceByCopies } from './domain/contact-copies.ts';
import type { PlaceKeeper } from './domain/erasure.ts';
import { shardStarts } from './domain/hash-slot.ts';
import { retentionTimes } from './domain/retention.ts';
import { shardFleetStore } from './domain/shard-fleet.ts';
import { tellNews, tellShards } from './domain/shard-registry.ts';
import {
  shardIncidentStore,
  shardListStore,
  shardRetentionStore,
  shardStatusStore,
  shardUnitStore,
} from './domain/shard-units.ts';
import { sharedTraffic } from './domain/small-counts.ts';
import { moveSums } from './domain/sum-moves.ts';
import { moveUnits } from './domain/unit-moves.ts';
import type { Env } from './env.ts';
import { shardAdmissionStore, shardHeartbeatStore } from './shard/heartbeat-store.ts';
import { shardInsightsStore } from './shard/insights-store.ts';
import { shardJudgementStore } from './shard/judgement-store.ts';
import { within } from './shard/jurisdiction.ts';
import { shardPlaceKeeper } from './shard/place-keeper.ts';
import { type PlacePorts, PlaceShard as PlaceShardObject } from './shard/place-shard.ts';
import {
  adoptSums,
  countedReadings,
  formerPlace,
  type Places,
  placeSync,
  pushAgainTo,
} from './shard/places.ts';
import { shardReadingStore } from './shard/reading-store.ts';
import { shardContacts, shardHistory } from './shard/unit-queries.ts';
import {
  allShards,
  newsIn,
  shardDirectory,
  shardMoveSources,
  type UnitShards,
} from './shard/unit-shards.ts';
import { supabaseFootTraffic } from './supabase/foot-traffic.ts';

/** How old figures on a page may be that somebody else has just asked for. */
const FRESH_MS = 1000;

/** As often as the job runs: each run is another turn of those that are to be moved. */
const MOVES_EVERY_MS = 300_000;

const now = () => Date.now();

/** Every shard that anything here asks is where the setting says. */
function inJurisdiction(env: Env): Env {
  const { UNITS, PLACES, SHARD_JURISDICTION: name } = env;
  return { ...env, UNITS: within(UNITS, name), PLACES: within(PLACES, name) };
}

/** Laid over what D1 alone does: see services.ts. */
export function onShards(given: Env, isDevelopment: boolean) {
  const env = inJurisdiction(given);
  // Who may have something of a place that is to be forgotten.
  const keepers: PlaceKeeper[] = [shardPlaceKeeper(unitsIn(env), placesIn(env))];
  return { ...readingsOf(env), ...placesOf(env, isDevelopment), keepers };
}

function unitsIn(env: Env): UnitShards {
  const registry = d1ShardRegistry(env.DB);
  const before = d1Predecessor(env.DB, registry, retentionTimes(env));
  return { shards: env.UNITS, starts: shardStarts(env.UNIT_SHARDS || '0'), registry, before };
}

/** Where readings are kept, and how that place hears of changes to units. */
function readingsOf(env: Env) {
  const units = unitsIn(env);
  const { registry } = units;
  const directory = shardDirectory(units);
  return {
    ...shardViews(env.DB, units, placesIn(env)),
    admission: shardAdmissionStore(units),
    anomalies: anomaliesTold(d1AnomalyStore(env.DB), () => tellShards(registry, directory)),
    heartbeats: shardHeartbeatStore(units),
    judgements: shardJudgementStore(units, d1Judgements(env.DB)),
    readings: shardReadingStore(units, env.SHARD_CALLS !== 'single'),
    unitsChanged: () => tellShards(registry, directory),
    newsOfUnits: () => tellAllNews(units),
    unitsMoved: () => {
      const sources = [d1MoveSource(env.DB, now), ...shardMoveSources(units)];
      const introduce = async (deviceId: string) => {
        const facts = await registry.shardFacts(deviceId);
        if (facts) await directory.apply(facts);
      };
      return moveUnits(sources, introduce, Math.floor(now() / MOVES_EVERY_MS));
    },
  };
}

/** What a shard knows as flagged it does not have flagged again, request by request. */
function anomaliesTold(store: AnomalyStore, tell: () => Promise<unknown>): AnomalyStore {
  return {
    ...store,
    async flag(...args) {
      const isNew = await store.flag(...args);
      if (isNew) await tell();
      return isNew;
    },
  };
}

const DAY_S = 86_400;
/** Units of one shard whose news go into the registry in one run. */
const NEWS_AT_ONCE = 200;

async function tellAllNews(units: UnitShards): Promise<number> {
  const counts = allShards(units).map((shard) => {
    return tellNews(units.registry, newsIn(shard, NEWS_AT_ONCE));
  });
  return (await Promise.all(counts)).reduce((all, n) => all + n, 0);
}

const placesIn = (env: Env): Places => {
  return { places: env.PLACES, starts: shardStarts(env.PLACE_SHARDS || '0', 'PLACE_SHARDS') };
};

/** Brings to places what shards of units owe them. */
async function handOverAll(units: Pick<UnitShards, 'shards' | 'starts'>): Promise<void> {
  await Promise.all(allShards(units).map((shard) => shard.handOver()));
}

/** Where sums are kept, and what is made of them. */
function placesOf(env: Env, isDevelopment: boolean) {
  const places = placesIn(env);
  const units = { shards: env.UNITS, starts: shardStarts(env.UNIT_SHARDS || '0') };
  const ages = {
    freshMs: isDevelopment ? 0 : FRESH_MS,
    // Readings go by whole days.
    readingsKeptS: (retentionTimes(env).readings_days + 1) * DAY_S,
  };
  return {
    places: placeSync(places, () => handOverAll(units)),
    pushAgain: pushAgainTo(places, () => handOverAll(units)),
    insights: shardInsightsStore(places, units, d1StandingUnits(env.DB), ages),
    sumsMoved: () => moveSums(d1SumMoves(env.DB, now), (days) => adoptSums(places, days)),
  };
}

/** A shard of places with what this Worker gives it. */
export class PlaceShard extends PlaceShardObject<Env> {
  protected readonly ports: PlacePorts = {
    footTraffic: sharedTraffic(
      d1SmallCountStore(this.env.DB),
      supabaseFootTraffic({
        url: this.env.SUPABASE_URL,
        serviceKey: this.env.SUPABASE_SERVICE_KEY,
      }),
    ),
    earlier: d1EarlierSums(this.env.DB, now),
    former: formerPlace(placesIn(inJurisdiction(this.env)), this.ctx.id),
    rollups_days: retentionTimes(this.env).rollups_days,
  };
}

/** Everything that shows units, from what shards know of them laid over the registry. */
function shardViews(db: D1Database, units: UnitShards, places: Places) {
  const d1 = d1Stores(db);
  const contacts = shardContacts(units);
  const history = shardHistory(units);
  const copies = d1ContactCopies(db);
  const registry = d1FleetRegistry(db);
  return {
    adminLists: shardListStore(d1ListRegistry(db), contacts, history, async (...asked) => {
      await handOverAll(units);
      return await countedReadings(places, ...asked);
    }),
    fleet: shardFleetStore(registry, contacts, history),
    unitPast: { past: history.past, placesOf: registry.placesOf },
    incidents: shardIncidentStore(d1.incidents, contacts),
    retention: shardRetentionStore(d1.retention, history),
    silence: silenceByCopies(d1.silence, (nowS) => copyContacts(contacts, copies, nowS)),
    status: shardStatusStore(d1.status, contacts),
    units: shardUnitStore(d1.units, d1UnitRegistry(db), contacts),
  };
}
