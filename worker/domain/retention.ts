/**
 * Retention: what is older than its time leaves, a bounded number of rows at a run. Readings stay
 * at least as long as a unit may send one again, or a repetition would count twice. Knows no SQL.
 */
import { AppError } from '../../shared/errors.ts';

/** How long each table keeps its rows. */
export interface RetentionTimes {
  readings_days: number;
  heartbeats_days: number;
  /** Raw bodies of webhooks. */
  webhooks_hours: number;
  /** Sums per location and bucket. */
  rollups_days: number;
  /** What people and units did: audit, ended alerts and commands, results of updates. */
  traces_days: number;
}

/** What a run deletes: rows that are older than these moments, Unix seconds. */
export interface RetentionLimits {
  readings_before_s: number;
  heartbeats_before_s: number;
  webhooks_before_s: number;
  rollups_before_s: number;
  traces_before_s: number;
  /** What ended by itself: reservations and brakes. */
  ended_before_s: number;
  /** What was answered to changes of people. */
  answers_before_s: number;
}

/** Each kind of row that grows with time. */
export const RETAINED = [
  'readings',
  'heartbeats',
  'webhooks',
  'rollups',
  'audit',
  'alerts',
  'commands',
  'update_results',
  'work_orders',
  'notices',
  'mails',
  'reservations',
  'brakes',
  'placements',
  'judgements',
  'incidents',
  'answers',
] as const;
export type RetentionReport = Record<(typeof RETAINED)[number], number>;

/** Rows that were deleted; shards drop whole tables by themselves, so of them what is left. */
export type PurgeReport = RetentionReport & { on_shards?: KeptSince };

/** The oldest that shards may hold, Unix seconds; null: nothing. */
export interface KeptSince {
  readings_since_s: number | null;
  heartbeats_since_s: number | null;
}

export interface RetentionStore {
  /**
   * Whether shards had taken over all that was kept in the database before there were shards, and
   * Supabase had its sums, before this moment. Unix seconds.
   */
  isTakenOver(beforeS: number): Promise<boolean>;
  /** Takes away where that was kept. @returns whether it did so now */
  dropTakenOver(): Promise<boolean>;
  /** Deletes up to `rowsMax` rows of each kind; says how many. */
  purge(limits: RetentionLimits, rowsMax: number): Promise<PurgeReport>;
}

/** Of each kind in an hour: enough for four commands a day of a quarter of a million units. */
export const PURGE_ROWS_MAX = 40_000;
/** Device API: a reading may be thirty days old when it arrives. */
const READINGS_DAYS_MIN = 30;
/** A reading without a clock lies up to one bucket early; its repeat looks one bucket around. */
const BUCKETS_AROUND_S = 600;
/** The page compares with the same weekday of eight weeks, and late readings add to a month. */
const ROLLUPS_DAYS_MIN = 92;
/** Whoever asks can look up what somebody did last quarter, in every quarter. */
const TRACES_DAYS_MIN = 92;
/** A page may be closed so long between a change and its answer. */
const ANSWERS_DAYS = 31;
const DAY_S = 86_400;
/** A hundred years: more is a slip of the hand. */
const DAYS_MAX = 36_500;

/**
 * How long the database keeps what shards have taken over: time to see that nothing is missing, and
 * to go back to a moment before (docs/drills.md).
 */
const TAKEN_OVER_DAYS = 7;
/** After every moment there is. */
const ALL_S = 99_999_999_999;

/** Deletes what is too old by now, and what shards have had for a while. */
export async function purgeOld(
  store: RetentionStore,
  times: RetentionTimes,
  nowMs: number,
): Promise<PurgeReport> {
  const nowS = Math.floor(nowMs / 1000);
  const isTakenOver = await store.isTakenOver(nowS - TAKEN_OVER_DAYS * DAY_S);
  const orAll = (beforeS: number) => (isTakenOver ? ALL_S : beforeS);
  const limits = {
    readings_before_s: orAll(nowS - times.readings_days * DAY_S - BUCKETS_AROUND_S),
    heartbeats_before_s: orAll(nowS - times.heartbeats_days * DAY_S),
    webhooks_before_s: nowS - times.webhooks_hours * 3600,
    rollups_before_s: orAll(nowS - times.rollups_days * DAY_S),
    traces_before_s: nowS - times.traces_days * DAY_S,
    ended_before_s: nowS - DAY_S,
    answers_before_s: nowS - ANSWERS_DAYS * DAY_S,
  };
  const report = await store.purge(limits, PURGE_ROWS_MAX);
  const left = report.readings + report.heartbeats + report.rollups;
  if (isTakenOver && left === 0) await store.dropTakenOver();
  return report;
}

/** Settings as text → times; what they leave out has its default. */
export interface RetentionSettings {
  RETENTION_READINGS_DAYS?: string;
  RETENTION_HEARTBEATS_DAYS?: string;
  RETENTION_WEBHOOKS_HOURS?: string;
  RETENTION_ROLLUPS_DAYS?: string;
  RETENTION_TRACES_DAYS?: string;
}

/** @throws AppError `internal` for a setting that is no number or would lose readings */
export function retentionTimes(settings: RetentionSettings): RetentionTimes {
  const whole = (name: keyof RetentionSettings, otherwise: number, min: number) => {
    const value = Number(settings[name] || otherwise);
    if (Number.isInteger(value) && value >= min && value <= DAYS_MAX) return value;
    throw new AppError(
      'internal',
      `${name} must be a whole number, ${min} or more, ${DAYS_MAX} at most.`,
      {
        hint: 'Correct it in wrangler.toml; npm run deploy:check tells before you deploy.',
      },
    );
  };
  return {
    readings_days: whole('RETENTION_READINGS_DAYS', 30, READINGS_DAYS_MIN),
    heartbeats_days: whole('RETENTION_HEARTBEATS_DAYS', 90, 1),
    webhooks_hours: whole('RETENTION_WEBHOOKS_HOURS', 48, 1),
    rollups_days: whole('RETENTION_ROLLUPS_DAYS', 800, ROLLUPS_DAYS_MIN),
    traces_days: whole('RETENTION_TRACES_DAYS', 400, TRACES_DAYS_MIN),
  };
}
