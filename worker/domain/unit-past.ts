/**
 * A stretch of a unit's past as its shard gives it away: readings as columns, heartbeats, restarts
 * and firmware, newest part first, and only what happened where whoever asks may look. Pure.
 */
import type { FirmwareSince } from '../../shared/contracts/history.ts';
import { isoTimeMs } from '../../shared/time.ts';
import type { KeptReading } from './reading-log.ts';
import { locationAt } from './shard-facts.ts';
import type { KeptHeartbeat, UnitRecord } from './shard-journal.ts';

/** What is looked through. */
export interface PastShard {
  /** Periods that begin in [fromS, toS), oldest first. */
  readings(deviceId: string, fromS: number, toS: number): KeptReading[];
  /** Newest first, those received before a moment. */
  heartbeats(deviceId: string, beforeMs: number, limit: number): KeptHeartbeat[];
  record(deviceId: string): UnitRecord | null;
}

export interface PastQuestion {
  fromS: number;
  untilS: number;
  /** Readings at most, but for those of one period, which stay together. */
  limit: number;
  /** Ids of the locations whose business it is; null: all, and nowhere as well. */
  places: readonly string[] | null;
}

/** Readings as columns, oldest first. */
export interface PastColumns {
  start_s: number[];
  cell_rssi_dbm: (number | null)[];
  cd: (number | null)[];
  sf: (number | null)[];
  of: (number | null)[];
  visits: (number | null)[];
}

export interface PastPage {
  /** The page goes back to here; what is before is on the next one unless this is `fromS`. */
  fromS: number;
  firstMs: number | null;
  readings: PastColumns;
  /** Newest first. */
  heartbeats: KeptHeartbeat[];
  restarts: UnitStart[];
  /** Newest first. */
  firmware: FirmwareSince[];
}

/** A start that was noticed, and how long the unit had run when it was last heard before. */
export interface UnitStart {
  atMs: number;
  ran_s: number;
  /** As a number on the wire; null: it did not say. */
  start_reason: number | null;
}

const DAY_S = 86_400;
/** A clock may be ahead a little; no setting keeps readings for longer. */
const AHEAD_S = DAY_S;
/** Heartbeats looked at for starts and versions: three months of a unit that sends all it may. */
const HEARTBEATS_MAX = 30_000;
/** Heartbeats of one page; ten an hour are let in. */
const HEARTBEATS_SHOWN = 1000;
/** Between a heartbeat's making and its arrival there may be some tries. */
const LATE_MS = 900_000;

export function pastOf(
  shard: PastShard,
  deviceId: string,
  question: PastQuestion,
  keptSinceS: number | null,
): PastPage {
  const { fromS, untilS, limit, places } = question;
  const record = shard.record(deviceId);
  const isSeen = (location: string | null) =>
    places === null || (location !== null && places.includes(location));
  const wasSeen = (atMs: number) =>
    isSeen(record ? locationAt(record.facts, Math.floor(atMs / 1000)) : null);
  const newest = newestReadings(shard, deviceId, question, (r) => isSeen(r.location_id));
  const all = shard.heartbeats(deviceId, Number.MAX_SAFE_INTEGER, HEARTBEATS_MAX);
  const seen = all.filter((beat) => isSeen(beat.location_id));
  const beatsHere = seen.filter((b) => b.received_ms >= fromS * 1000 && isBefore(b, untilS));
  const page = {
    readingsFromS: newest.length > limit ? Number(newest[limit - 1]?.period_start_s) : fromS,
    // whole seconds, for that is what a cursor has
    beatsFromS: Math.ceil((beatsHere[HEARTBEATS_SHOWN]?.received_ms ?? fromS * 1000 - 1) / 1000),
  };
  const pageFromS = Math.max(fromS, page.readingsFromS, page.beatsFromS);
  const isOnPage = (ms: number) => ms >= pageFromS * 1000 && ms < untilS * 1000;
  return {
    fromS: pageFromS,
    firstMs: firstOf(shard, deviceId, keptSinceS ?? 0, untilS, isSeen, seen.at(-1)),
    readings: columnsOf(newest.filter((r) => r.period_start_s >= pageFromS).reverse()),
    heartbeats: beatsHere.filter((beat) => isOnPage(beat.received_ms)),
    restarts: startsOf(all)
      .filter(({ atMs, location_id: told }) => isOnPage(atMs) && wasSeen(atMs) && isSeen(told))
      .map(({ atMs, ran_s, start_reason }) => ({ atMs, ran_s, start_reason })),
    firmware: versionsOf(seen.toReversed(), wordsOf(record, wasSeen)),
  };
}

/** Of a unit that no shard knows. */
export function nothingOf({ fromS }: PastQuestion): PastPage {
  const nothing = { heartbeats: [], restarts: [], firmware: [] };
  return { fromS, firstMs: null, readings: columnsOf([]), ...nothing };
}

const isBefore = ({ received_ms }: KeptHeartbeat, untilS: number) => received_ms < untilS * 1000;

/** Newest first: as many as are asked for, one more, and those of the same periods. */
function newestReadings(
  shard: PastShard,
  deviceId: string,
  { fromS, untilS, limit }: PastQuestion,
  isSeen: (reading: KeptReading) => boolean,
): KeptReading[] {
  const found: KeptReading[] = [];
  let toS = untilS;
  // Back in steps that grow: who asks for a day ends in the first.
  for (let stepS = 8 * DAY_S; toS > fromS && found.length <= limit; stepS *= 4) {
    const beginS = Math.max(fromS, toS - stepS);
    for (const reading of shard.readings(deviceId, beginS, toS).reverse()) {
      if (isSeen(reading)) found.push(reading);
    }
    toS = beginS;
  }
  return found;
}

/** When the first thing was sent that is kept. Unix milliseconds. */
function firstOf(
  shard: PastShard,
  deviceId: string,
  keptSinceS: number,
  untilS: number,
  isSeen: (location: string | null) => boolean,
  oldestBeat: KeptHeartbeat | undefined,
): number | null {
  const beatMs = oldestBeat?.received_ms ?? Number.POSITIVE_INFINITY;
  const endS = Math.min(untilS + AHEAD_S, beatMs / 1000);
  let fromS = 0;
  let toS = keptSinceS + 2 * DAY_S;
  for (let stepS = 2 * DAY_S; fromS < endS; stepS *= 2) {
    const first = shard.readings(deviceId, fromS, toS).find((r) => isSeen(r.location_id));
    if (first) return Math.min(first.period_start_s * 1000, beatMs);
    fromS = toS;
    toS += stepS;
  }
  return Number.isFinite(beatMs) ? beatMs : null;
}

function columnsOf(readings: readonly KeptReading[]): PastColumns {
  return {
    start_s: readings.map((r) => r.period_start_s),
    cell_rssi_dbm: readings.map((r) => r.values.cell_rssi_dbm),
    cd: readings.map((r) => r.values.cached),
    sf: readings.map((r) => r.values.send_failures),
    of: readings.map((r) => r.values.overflow),
    visits: readings.map((r) => r.visits),
  };
}

/**
 * Starts between two heartbeats: it says it runs for less than before, or began much later than it
 * had said. A unit sends one when it starts, so that few are missed, and says why until that was
 * taken.
 * @param beats newest first
 */
export function startsOf(
  beats: readonly Pick<
    KeptHeartbeat,
    'received_ms' | 'uptime_s' | 'start_reason' | 'location_id'
  >[],
): (UnitStart & Pick<KeptHeartbeat, 'location_id'>)[] {
  const told = beats.flatMap(({ uptime_s, ...beat }) => {
    return uptime_s === null ? [] : [{ ...beat, uptime_s }];
  });
  return told.slice(0, -1).flatMap((beat, i) => {
    const before = told[i + 1];
    if (before === undefined) return [];
    const bootMs = beat.received_ms - beat.uptime_s * 1000;
    const isLess = beat.uptime_s < before.uptime_s;
    if (!isLess && bootMs - (before.received_ms - before.uptime_s * 1000) <= LATE_MS) return [];
    // not before it was last heard, whatever the clocks say
    const atMs = Math.max(bootMs, before.received_ms);
    const { start_reason, location_id } = beat;
    return [{ atMs, ran_s: before.uptime_s, start_reason, location_id }];
  });
}

/** What the unit's record remembers of versions, oldest first. */
function wordsOf(record: UnitRecord | null, wasSeen: (atMs: number) => boolean) {
  const all = record?.contact.firmwares ?? [];
  return all.filter(({ since_s }) => wasSeen(since_s * 1000));
}

/**
 * Which version it had since when, newest first: by the heartbeats that are kept, and before them
 * by what the record remembers.
 * @param beats oldest first
 */
export function versionsOf(
  beats: readonly Pick<KeptHeartbeat, 'received_ms' | 'firmware'>[],
  remembered: readonly { version: string; since_s: number }[],
): FirmwareSince[] {
  const told = beats.flatMap(({ received_ms, firmware }) => {
    return firmware === null ? [] : [{ version: firmware, ms: received_ms }];
  });
  const changes = told.filter(({ version }, i) => version !== told[i - 1]?.version);
  const firstMs = changes[0]?.ms ?? Number.POSITIVE_INFINITY;
  const before = remembered.filter(({ since_s }) => since_s * 1000 + 999 < firstMs);
  const isFirstOfAll = remembered.some((one) => {
    return one.version === changes[0]?.version && Math.abs(one.since_s * 1000 - firstMs) <= 1000;
  });
  const isKnown = before.at(-1)?.version === changes[0]?.version;
  const since = (ms: number, i: number) => (i === 0 && !isFirstOfAll ? null : isoTimeMs(ms));
  return [
    ...before.map(({ version, since_s }) => ({ version, since: isoTimeMs(since_s * 1000) })),
    ...changes
      .map(({ version, ms }, i) => ({ version, since: since(ms, i) }))
      .slice(isKnown ? 1 : 0),
  ].reverse();
}
