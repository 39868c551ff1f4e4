/** What a month of a fleet costs at Cloudflare, from what one shard was measured to take. Pure. */

import { ASSUMED, beyond } from '../costs/assumed.ts';
import { CLOUDFLARE, LOG_SHARE, OBJECTS, WORKERS_PAID_DOLLARS } from '../costs/prices.ts';
import type { Usual } from './play.ts';

const DAY_S = 86_400;
const MINUTES_A_DAY = 1440;
/** Bytes that a Durable Object is billed as, whatever it uses: 128 MB. */
const OBJECT_GB = 0.128;
/** A heartbeat is a row of its own and one of its unit's record. */
const HEARTBEAT_ROWS = 2;
/** Checkpoints of a location: one each four hours, and one more for the day before. */
const PLACE_ROWS_A_DAY = 7;
/** A unit's contact goes into the registry four times a day. */
const CONTACTS_A_DAY = 4;

export interface Fleet {
  units: number;
  /** Shards of units, and as many of places. */
  shards: number;
  usual: Usual;
  /** Of Worker and object together, for a reading: `npm run bench:ingest`. */
  cpu_ms: number;
}

export interface Bill extends Fleet {
  /** Dollars by what they are for. */
  dollars: Record<string, number>;
  /** Of one unit in a month. */
  each: number;
}

/** What a fleet takes of Cloudflare in a month, by the names of the price list. */
export type Taken = Record<
  'requests' | 'cpu_ms' | 'log_lines' | 'rows_written' | keyof typeof OBJECTS,
  number
>;

/** Units and shards alone: neither people nor jobs. */
export function monthOf({ units, shards, usual, cpu_ms }: Fleet): Taken {
  const { readings_a_day, repeated, heartbeats_a_day, configs_a_day, days_a_month } = ASSUMED;
  const month = (aDay: number) => aDay * days_a_month;
  const readings = units * readings_a_day;
  const requests = readings * (1 + repeated) + units * (heartbeats_a_day + configs_a_day);
  const handOvers = shards * shards * MINUTES_A_DAY;
  const locations = units / ASSUMED.units_a_location;
  const rows =
    readings * usual.rows +
    units * heartbeats_a_day * HEARTBEAT_ROWS +
    locations * PLACE_ROWS_A_DAY +
    handOvers;
  return {
    requests: month(requests),
    cpu_ms: month(requests * cpu_ms),
    log_lines: month(requests * LOG_SHARE),
    rows_written: month(units * CONTACTS_A_DAY),
    object_requests: month(requests + handOvers),
    object_gb_s: month(2 * shards * DAY_S * OBJECT_GB),
    object_rows_written: month(rows),
    object_bytes: readings * ASSUMED.readings_kept_days * usual.bytes,
  };
}

export function billOf(fleet: Fleet): Bill {
  const taken = monthOf(fleet);
  const dollars = {
    plan: WORKERS_PAID_DOLLARS,
    requests: beyond(taken.requests, CLOUDFLARE.requests),
    CPU: beyond(taken.cpu_ms, CLOUDFLARE.cpu_ms),
    'object requests': beyond(taken.object_requests, OBJECTS.object_requests),
    duration: beyond(taken.object_gb_s, OBJECTS.object_gb_s),
    rows: beyond(taken.object_rows_written, OBJECTS.object_rows_written),
    storage: beyond(taken.object_bytes, OBJECTS.object_bytes),
    registry: beyond(taken.rows_written, CLOUDFLARE.rows_written),
    logs: beyond(taken.log_lines, CLOUDFLARE.log_lines),
  } satisfies Record<string, ReturnType<typeof beyond>>;
  const total = Object.values(dollars).reduce((sum, part) => sum + part, 0);
  return { ...fleet, dollars, each: total / fleet.units };
}
