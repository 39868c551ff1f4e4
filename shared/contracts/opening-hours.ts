/** When an owner's shop is open. Knows no storage. */
import * as v from 'valibot';

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const Opens = v.pipe(v.string(), v.regex(CLOCK, 'must be a time like 09:30'));
const Closes = v.pipe(
  v.string(),
  v.regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time like 18:00, up to 24:00'),
);

export const OpeningTime = v.pipe(
  v.strictObject({
    /** 1 = Monday … 7 = Sunday (ISO 8601). */
    weekday: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(7)),
    opens: Opens,
    /** Before `opens`: on the day after. */
    closes: Closes,
  }),
  v.check(({ opens, closes }) => opens !== closes, 'must not close when it opens'),
);
export type OpeningTime = v.InferOutput<typeof OpeningTime>;

/** Three times a day for seven days. */
const TIMES_MAX = 21;

const Times = v.pipe(
  v.array(OpeningTime),
  v.maxLength(TIMES_MAX, `must not be more than ${TIMES_MAX} times`),
  v.check(
    (times) => new Set(times.map((t) => `${t.weekday} ${t.opens}`)).size === times.length,
    'must not open twice at the same time',
  ),
);

/** GET and PUT /api/v1/locations/:id/opening-hours; empty = not said, which is not *closed*. */
export const OpeningHours = v.object({ opening_hours: Times });
export type OpeningHours = v.InferOutput<typeof OpeningHours>;

/**
 * PUT: instead of what was said before. `seen`: what that was when it was changed; where it is no
 * longer so, 409. Without it the last writer wins.
 */
export const OpeningHoursRequest = v.object({ opening_hours: Times, seen: v.optional(Times) });
export type OpeningHoursRequest = v.InferOutput<typeof OpeningHoursRequest>;
