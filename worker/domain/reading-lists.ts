/**
 * Pages of what the units of one shard sent, newest first, for lists over many units; and one page
 * of those of several shards. Pure.
 */
import type { HeartbeatKey, ReadingKey } from './admin-list.ts';
import type { KeptReading } from './reading-log.ts';
import type { KeptHeartbeat, UnitRecord } from './shard-journal.ts';

export type ListedReading = KeptReading & Pick<ReadingKey, 'device_id'>;
export type ListedHeartbeat = KeptHeartbeat & Pick<HeartbeatKey, 'device_id'>;

/** What is looked through. */
export interface ListedShard {
  records(): Iterable<Pick<UnitRecord, 'facts' | 'contact'>>;
  readings(deviceId: string, fromS: number, toS: number): KeptReading[];
  /** Of all units, in [fromMs, toMs), newest first. */
  heartbeatsOfAll(fromMs: number, toMs: number, limit: number): ListedHeartbeat[];
}

const DAY_S = 86_400;
/** A clock may be ahead a little; no setting keeps readings for longer. */
const AHEAD_S = DAY_S;
const KEPT_S = 400 * DAY_S;

/** Of one unit newest first; of all: by unit, the last one first. */
export function readingsBefore(
  shard: ListedShard,
  deviceId: string | undefined,
  before: ReadingKey | undefined,
  limit: number,
  nowS: number,
): ListedReading[] {
  const found: ListedReading[] = [];
  for (const id of deviceId === undefined ? idsBefore(shard, before) : [deviceId]) {
    const from = before?.device_id === id ? before : undefined;
    for (const reading of newestFirst(shard, id, from, nowS)) {
      if (found.length >= limit) return found;
      found.push({ device_id: id, ...reading });
    }
  }
  return found;
}

/** Last id first; without units that cannot have sent any. */
function idsBefore(shard: ListedShard, before: ReadingKey | undefined): string[] {
  const ids: string[] = [];
  for (const { facts, contact } of shard.records()) {
    if (before !== undefined && facts.device_id > before.device_id) continue;
    // What came with an earlier token is not in the contact.
    const isSilent = contact.last_reading_s === null && facts.generation === 0;
    if (!isSilent) ids.push(facts.device_id);
  }
  return ids.sort().reverse();
}

/** A unit's readings before a key, back in steps that grow: most who ask end in the first. */
function* newestFirst(
  shard: Pick<ListedShard, 'readings'>,
  id: string,
  before: ReadingKey | undefined,
  nowS: number,
): Generator<KeptReading> {
  const endS = nowS - KEPT_S;
  let toS = Math.min(before ? before.period_start_s + 1 : Infinity, nowS + AHEAD_S);
  for (let stepS = 2 * DAY_S; toS > endS; stepS *= 16) {
    const fromS = toS - stepS;
    const readings = shard.readings(id, fromS, toS).reverse();
    yield* readings.filter((r) => before === undefined || isBefore(r, before));
    toS = fromS;
  }
}

function isBefore(
  r: Pick<ReadingKey, 'period_start_s' | 'variant'>,
  { period_start_s, variant }: ReadingKey,
): boolean {
  return (
    r.period_start_s < period_start_s ||
    (r.period_start_s === period_start_s && r.variant < variant)
  );
}

/** Of all units, newest first; in one millisecond the unit with the last id first. */
export function heartbeatsBefore(
  shard: ListedShard,
  before: HeartbeatKey | undefined,
  limit: number,
): ListedHeartbeat[] {
  const at = (ms: number) => shard.heartbeatsOfAll(ms, ms + 1, Number.MAX_SAFE_INTEGER);
  const beforeMs = before?.received_ms ?? Number.MAX_SAFE_INTEGER;
  const beside = before ? at(beforeMs).filter((h) => h.device_id < before.device_id) : [];
  const older = shard.heartbeatsOfAll(0, beforeMs, limit);
  // The last millisecond may hold more than those.
  const lastMs = older.length >= limit ? older.at(-1)?.received_ms : undefined;
  const whole =
    lastMs === undefined ? older : [...older.filter((h) => h.received_ms > lastMs), ...at(lastMs)];
  return mergeHeartbeats([beside, whole], limit);
}

/** One page of those of several shards, each of which has as many. */
export function mergeReadings(
  pages: readonly (readonly ListedReading[])[],
  limit: number,
): ListedReading[] {
  const order = (a: ListedReading, b: ListedReading) =>
    compare(b.device_id, a.device_id) ||
    b.period_start_s - a.period_start_s ||
    compare(b.variant, a.variant);
  return pages.flat().sort(order).slice(0, limit);
}

/** The same of heartbeats. */
export function mergeHeartbeats(
  pages: readonly (readonly ListedHeartbeat[])[],
  limit: number,
): ListedHeartbeat[] {
  const order = (a: ListedHeartbeat, b: ListedHeartbeat) =>
    b.received_ms - a.received_ms || compare(b.device_id, a.device_id);
  return pages.flat().sort(order).slice(0, limit);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
