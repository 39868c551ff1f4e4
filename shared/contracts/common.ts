/** Pieces that several contracts share. Knows no HTTP, no storage. */

import * as v from 'valibot';
import { parseIsoUtc } from '../time.ts';
import { textClass } from './text.ts';

/** Digits of the longest id: a hundred million units, ten times the largest fleet in any plan. */
const DEVICE_DIGITS_MAX = 8;
/** Highest number of an id. */
export const DEVICE_NUMBER_MAX = 10 ** DEVICE_DIGITS_MAX - 1;

/**
 * `JBNB` and four digits, as printed on the label; from ten thousand on as many as the number has.
 * So each number has one id: `JBNB00042` beside `JBNB0042` would be taken for it. As a part of
 * larger patterns.
 */
export const DEVICE_ID = `JBNB(?:\\d{4}|[1-9]\\d{4,${DEVICE_DIGITS_MAX - 1}})`;
export const DEVICE_ID_PATTERN = new RegExp(`^${DEVICE_ID}$`);

export const DeviceId = v.pipe(
  v.string('device id must be text'),
  v.regex(DEVICE_ID_PATTERN, 'device id must be JBNB and four to eight digits, like JBNB0042'),
);

/** SHA-256 of a token, 64 lowercase hex digits. */
export const Sha256Hex = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 lowercase hex digits'),
);

/** A location's id: a short name that never changes. */
export const LocationId = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be a location id like harbour-street-bakery'),
);

const DATE = '\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';

/** {@link CivilDate} where something else may stand, too: `notOne` says all of it. */
export const civilDate = (notOne: string) =>
  v.pipe(
    v.string(notOne),
    v.regex(new RegExp(`^${DATE}$`), notOne),
    v.check((day) => parseIsoUtc(day) !== null, 'must be a date that the calendar has'),
  );
/** A civil date `YYYY-MM-DD` in the location's time zone; one that the calendar has. */
export const CivilDate = civilDate('must be a date like 2026-01-28');

const CLOCK = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?';
const ISO_UTC = new RegExp(`^${DATE}(T${CLOCK}(Z|\\+00:00))?$`);

/** A moment, ISO 8601 in UTC, or a date; one that the calendar has. */
export const IsoTime = v.pipe(
  v.string(),
  v.regex(ISO_UTC, 'must be a time like 2026-01-28T12:00:00Z'),
  v.check((text) => parseIsoUtc(text) !== null, 'must be a time like 2026-01-28T12:00:00Z'),
);

/** Counts: whole, 0 … 10,000,000 (device-api: a five-minute period cannot hold more). */
export const COUNT_MAX = 10_000_000;
export const Count = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(COUNT_MAX, `must not be over ${COUNT_MAX}`),
);

/** RSSI in dBm, −127 … 20 (range of the chip's int8 and of the modem's report). */
export const RssiDbm = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(-127, 'must be −127 dBm or more'),
  v.maxValue(20, 'must be 20 dBm or less'),
);

/** Where a list goes on: what the page before said in `next_cursor`. */
export const Cursor = v.pipe(v.string(), v.minLength(1), v.maxLength(64), textClass('opaque'));

/** Rows of one page of a list, as the query says it: 1 … `max`, `otherwise` when left out. */
export const rowsOfPage = (max: number, otherwise: number) =>
  v.optional(
    v.pipe(
      v.string(),
      v.regex(new RegExp(`^\\d{1,${`${max}`.length}}$`), 'must be a whole number'),
      v.toNumber(),
      v.minValue(1, 'must be 1 or more'),
      v.maxValue(max, `must not be over ${max}`),
    ),
    `${otherwise}`,
  );
export const Limit = rowsOfPage(200, 50);

/**
 * What is wrong with a value, in one line that names the field: `i: must not be negative`.
 * @param issues valibot's issues, at least one
 */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  if (!first) return 'invalid';
  const path = first.path?.map((p) => String(p.key)).join('.') ?? '';
  const missing = first.received === 'undefined' && first.kind === 'schema';
  const what = missing ? 'is missing' : first.message;
  return path ? `${path}: ${what}` : what;
}
