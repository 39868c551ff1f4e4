/**
 * What an owner says of a day of the own shop under /api/v1/locations/:id/shop-days: till numbers
 * and a note. The owner's data: nobody else reads them. Knows no storage.
 */
import * as v from 'valibot';
import { CivilDate } from './common.ts';
import { noteText } from './text.ts';

/** A shop with a sale a second is none of ours. */
const SALES_MAX = 100_000;
/** In the shop's own currency. */
const TAKINGS_MAX = 1_000_000_000;
const NOTE_MAX = 200;
/** Days in one import: three years. */
const DAYS_AT_ONCE = 1100;
/** No till of ours is older; a date before is a slip. */
export const FIRST_DAY = '2000-01-01';

export const ShopDate = v.pipe(
  CivilDate,
  v.check((day) => day >= FIRST_DAY, `must not be before ${FIRST_DAY}`),
);

/** Number of sales, as the till counts receipts. */
const Sales = v.pipe(
  v.number('must be a number'),
  v.integer('must be a whole number'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(SALES_MAX, `must not be over ${SALES_MAX}`),
);
const Takings = v.pipe(
  v.number('must be a number'),
  v.minValue(0, 'must not be negative'),
  v.maxValue(TAKINGS_MAX, `must not be over ${TAKINGS_MAX}`),
  v.check((n) => Math.abs(n * 100 - Math.round(n * 100)) < 1e-4, 'must not have over two decimals'),
);
const Note = v.pipe(
  noteText(NOTE_MAX),
  v.transform((text) => text.trim() || null),
);

const said = { sales: v.nullable(Sales), takings: v.nullable(Takings), note: v.nullable(Note) };
/** What is said of a day; null = nothing. */
export const SaidOfDay = v.strictObject(said);
export type SaidOfDay = v.InferOutput<typeof SaidOfDay>;

/**
 * PUT …/shop-days/:day: all that is said of the day. `seen`: what was said of it when it was
 * changed; where that is no longer so, 409. Without it the last writer wins.
 */
export const ShopDayRequest = v.strictObject({ ...said, seen: v.optional(SaidOfDay) });
export type ShopDayRequest = v.InferOutput<typeof ShopDayRequest>;

export const ShopDay = v.object({
  day: CivilDate,
  sales: v.nullable(v.number()),
  takings: v.nullable(v.number()),
  note: v.nullable(v.string()),
});
export type ShopDay = v.InferOutput<typeof ShopDay>;

export const TillDay = v.strictObject({
  day: ShopDate,
  sales: v.nullable(Sales),
  takings: v.nullable(Takings),
});
export type TillDay = v.InferOutput<typeof TillDay>;

/**
 * POST …/shop-days: till numbers of many days; notes stay. Each day once. The last writer wins: a
 * till’s file is right about its days, whatever was typed before.
 */
export const ShopDaysImport = v.strictObject({
  days: v.pipe(
    v.array(TillDay),
    v.minLength(1, 'must not be empty'),
    v.maxLength(DAYS_AT_ONCE, `must not be more than ${DAYS_AT_ONCE} days`),
    v.check(
      (days) => new Set(days.map(({ day }) => day)).size === days.length,
      'must have each day once',
    ),
  ),
});

/** GET …/shop-days?from&to, both inclusive; all that there is when left out. */
export const ShopDaysQuery = v.object({ from: v.optional(CivilDate), to: v.optional(CivilDate) });

/** By day. */
export const ShopDays = v.object({ days: v.array(ShopDay) });
/**
 * How many days an import, or taking all of them out, was about. Who takes all out means all that
 * there is: the last writer wins.
 */
export const ShopDaysChanged = v.object({ days: v.number() });
