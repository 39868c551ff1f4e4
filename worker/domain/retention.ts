/**
 * Retention: what is older than its time leaves, a bounded number of rows at a run. Readings stay
 * at least as long as a unit may send one again, or a repetition would count twice. Knows no SQL.
 */
import { AppError } from '../../shared/errors.ts';

/** How long rows are kept. */
export interface RetentionTimes {
  readings_days: number;
  heartbeats_days: number;
  /** Raw bodies of webhooks. */
  webhooks_hours: number;
}

/** What a run deletes: rows that are older than these moments, Unix seconds. */
export interface RetentionLimits {
  readings_before_s: number;
  heartbeats_before_s: number;
  webhooks_before_s: number;
}

export type RetentionReport = Record<'readings' | 'heartbeats' | 'webhooks', number>;

export interface RetentionStore {
  /** Deletes up to `rowsMax` rows of each kind; says how many. */
  purge(limits: RetentionLimits, rowsMax: number): Promise<RetentionReport>;
}

/** Ten thousand units send as many readings in five minutes; a run keeps pace with them. */
export const PURGE_ROWS_MAX = 12_000;
/** Device API: a reading may be thirty days old when it arrives. */
const READINGS_DAYS_MIN = 30;
/** A reading without a clock is filed up to one bucket early and looked for one bucket around. */
const BUCKETS_AROUND_S = 600;
const DAY_S = 86_400;
/** A hundred years: more is a slip of the hand. */
const DAYS_MAX = 36_500;

/** Deletes what is too old by now. */
export function purgeOld(
  store: RetentionStore,
  times: RetentionTimes,
  nowMs: number,
): Promise<RetentionReport> {
  const nowS = Math.floor(nowMs / 1000);
  const limits = {
    readings_before_s: nowS - times.readings_days * DAY_S - BUCKETS_AROUND_S,
    heartbeats_before_s: nowS - times.heartbeats_days * DAY_S,
    webhooks_before_s: nowS - times.webhooks_hours * 3600,
  };
  return store.purge(limits, PURGE_ROWS_MAX);
}

/** Settings as text → times; what is left out has its default. */
export interface RetentionSettings {
  RETENTION_READINGS_DAYS?: string;
  RETENTION_HEARTBEATS_DAYS?: string;
  RETENTION_WEBHOOKS_HOURS?: string;
}

/** @throws AppError `internal` for a setting that is no number or would lose readings */
export function retentionTimes(settings: RetentionSettings): RetentionTimes {
  const whole = (name: keyof RetentionSettings, otherwise: number, min: number) => {
    const value = Number(settings[name] || otherwise);
    if (Number.isInteger(value) && value >= min && value <= DAYS_MAX) return value;
    throw new AppError('internal', `${name} must be a whole number, ${min} or more.`, {
      hint: 'Correct it in wrangler.toml; npm run deploy:check tells before you deploy.',
    });
  };
  return {
    readings_days: whole('RETENTION_READINGS_DAYS', 30, READINGS_DAYS_MIN),
    heartbeats_days: whole('RETENTION_HEARTBEATS_DAYS', 90, 1),
    webhooks_hours: whole('RETENTION_WEBHOOKS_HOURS', 48, 1),
  };
}
