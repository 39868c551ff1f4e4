/**
 * GET /api/v1/units/:id/doubts and PUT /api/v1/units/:id/sums: readings that break a rule of what a
 * unit can see, and an administrator's word on which readings count. Knows no storage.
 */
import * as v from 'valibot';
import { parseIsoUtc } from '../time.ts';
import { Cursor, DeviceId, Limit } from './common.ts';

const ISO_UTC = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;
/** A moment, ISO 8601 UTC; a date that the calendar has. */
const Moment = v.pipe(
  v.string('must be text'),
  v.regex(ISO_UTC, 'must be a time like 2026-01-28T12:00:00Z'),
  v.check((text) => parseIsoUtc(text) !== null, 'must be a time that the calendar has'),
);

/** Readings are kept for thirty days; a unit sends 1,440 a day at most. */
export const JUDGED_DAYS_MAX = 31;

export const SumsRequest = v.pipe(
  v.strictObject({
    /** Readings whose period begins at `from` or later, and before `to`. */
    from: Moment,
    to: Moment,
    /** Whether these readings count; false takes them out of every sum. */
    counted: v.boolean('must be true or false'),
  }),
  v.check(({ from, to }) => Date.parse(from) < Date.parse(to), 'from must be before to'),
  v.check(
    ({ from, to }) => Date.parse(to) - Date.parse(from) <= JUDGED_DAYS_MAX * 86_400_000,
    `from and to must not be more than ${JUDGED_DAYS_MAX} days apart`,
  ),
);
export type SumsRequest = v.InferOutput<typeof SumsRequest>;

export const SumsAnswer = v.object({
  device_id: DeviceId,
  from: v.string(),
  to: v.string(),
  counted: v.boolean(),
  /** Readings whose standing this changed. */
  changed: v.number(),
});
export type SumsAnswer = v.InferOutput<typeof SumsAnswer>;

export const DoubtsQuery = v.object({
  cursor: v.optional(
    v.pipe(Cursor, v.regex(/^\d{1,11}~[\w-]{0,40}$/, 'must be a cursor of this list')),
  ),
  limit: Limit,
});

/** A reading that breaks a rule, or that somebody took out of the sums. */
const DoubtedReading = v.object({
  period_start: v.string(),
  received_at: v.string(),
  /** What is wrong with it, in words; null when it was taken out by hand. */
  doubt: v.nullable(v.string()),
  counted: v.boolean(),
  judged_at: v.nullable(v.string()),
  impressions: v.number(),
  device_minutes: v.number(),
  visits: v.nullable(v.number()),
});

export const DoubtsPage = v.object({
  readings: v.array(DoubtedReading),
  next_cursor: v.nullable(v.string()),
});
export type DoubtsPage = v.InferOutput<typeof DoubtsPage>;
