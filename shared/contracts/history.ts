/**
 * GET /api/v1/units/:id/history: what a unit sent over a span of time and what follows from it; GET
 * /api/v1/units/:id/trail: who changed what about it. Both a page at a time, newest first, back
 * through everything that is kept. Counts of people only for those who may see figures. Knows no
 * storage.
 */
import * as v from 'valibot';
import { AuditAction } from './audit.ts';
import { Cursor, IsoTime, rowsOfPage } from './common.ts';
import { DetailHeartbeat } from './fleet.ts';
import { StartReason } from './start-reason.ts';

/** Readings of one answer: a month of a unit that sends every five minutes, with room. */
export const HISTORY_READINGS_MAX = 10_000;
/** Days of one question; no setting keeps readings for longer than pages look for them. */
export const HISTORY_DAYS_MAX = 400;

export const HistoryQuery = v.object({
  /** From this moment on; a day before `until` when left out. */
  from: v.optional(IsoTime),
  /** Before that one; now when left out. */
  until: v.optional(IsoTime),
  cursor: v.optional(v.pipe(Cursor, v.regex(/^\d{1,11}$/, 'must be a cursor of this history'))),
  limit: rowsOfPage(HISTORY_READINGS_MAX, HISTORY_READINGS_MAX),
});

const Numbers = v.array(v.nullable(v.number()));

/**
 * Readings as columns, one entry each, oldest first: an object for each would be six times as
 * large. null: the unit did not say.
 */
const HistoryReadings = v.object({
  /** Start of the period, Unix seconds. Two of one period may have the same. */
  start_s: v.array(v.number()),
  /** Signal in dBm, readings waiting on the unit, failed sends in a row, devices left out. */
  cell_rssi_dbm: Numbers,
  cd: Numbers,
  sf: Numbers,
  of: Numbers,
  /** Visits begun; only for those who may see figures. */
  visits: v.optional(Numbers),
});

export const Restart = v.object({
  /** When it started, by how long it says it runs. */
  at: v.string(),
  /** How long it had run when it was last heard before, seconds. */
  ran_s: v.number(),
  /** Left out where the unit said none that is known. */
  reason: v.optional(StartReason),
});
export type Restart = v.InferOutput<typeof Restart>;

export const FirmwareSince = v.object({
  version: v.string(),
  /** When it was first heard with it; null: it had it when the oldest kept word came. */
  since: v.nullable(v.string()),
});
export type FirmwareSince = v.InferOutput<typeof FirmwareSince>;

export const UnitHistory = v.object({
  /** What this page covers: from then on, and before then. */
  from: v.string(),
  until: v.string(),
  /** When the first thing happened that is kept and that whoever asks may see; null: nothing. */
  first_at: v.nullable(v.string()),
  readings: HistoryReadings,
  /** Within the page, newest first. */
  heartbeats: v.array(DetailHeartbeat),
  restarts: v.array(Restart),
  /** Of all times, newest first. */
  firmware: v.array(FirmwareSince),
  /** Where the older part of the span goes on; null at its beginning. */
  next_cursor: v.nullable(Cursor),
});
export type UnitHistory = v.InferOutput<typeof UnitHistory>;

export const TrailQuery = v.object({
  cursor: v.optional(v.pipe(Cursor, v.regex(/^\d{1,15}$/, 'must be a cursor of this list'))),
  limit: rowsOfPage(100, 20),
});

/**
 * Who changed it, as far as it is the reader's business: himself, one of his own people, or what
 * somebody is here; `somebody` is not known any more.
 */
export const TrailActor = v.object({
  is: v.picklist(['you', 'owner', 'staff', 'installer', 'operator', 'system', 'somebody']),
  /** Of the reader's own people; an operator sees everybody's. */
  email: v.nullable(v.string()),
});
export type TrailActor = v.InferOutput<typeof TrailActor>;

const Facts = v.nullable(v.record(v.string(), v.unknown()));

export const UnitTrail = v.object({
  changes: v.array(
    v.object({
      id: v.number(),
      at: v.string(),
      by: TrailActor,
      action: AuditAction,
      /** What it changed, without what is somebody else's. */
      before: Facts,
      after: Facts,
    }),
  ),
  next_cursor: v.nullable(v.string()),
});
export type UnitTrail = v.InferOutput<typeof UnitTrail>;
