/** A location as an administrator keeps it: where it is, in which time zone. Knows no storage. */
import * as v from 'valibot';
import { LocationId } from './common.ts';
import { degrees } from './fleet.ts';
import { oneLine } from './text.ts';

/** As long as a sign over a door; more does not fit the page. */
const NAME_MAX = 80;
const ADDRESS_MAX = 200;

/** IANA name that this engine knows; engines take offsets as well, which know no summer. */
const TimeZone = v.pipe(
  v.string(),
  v.maxLength(64, 'must be a time zone like Europe/Berlin'),
  v.regex(/^[A-Za-z][\w+/-]*$/, 'must be a time zone like Europe/Berlin'),
  v.check(isTimeZone, 'must be a time zone like Europe/Berlin'),
);

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}

const said = {
  name: oneLine(NAME_MAX),
  time_zone: TimeZone,
  address: v.nullable(oneLine(ADDRESS_MAX)),
  latitude: v.nullable(degrees(90)),
  longitude: v.nullable(degrees(180)),
};
const isPosition = (l: { latitude: number | null; longitude: number | null }) =>
  (l.latitude === null) === (l.longitude === null);
const TOGETHER = 'latitude and longitude belong together';

/** PUT /api/v1/locations/:id: all of it, null for what is not known. */
export const LocationChange = v.pipe(
  v.strictObject(said),
  v.check((l) => isPosition(l), TOGETHER),
);
export type LocationChange = v.InferOutput<typeof LocationChange>;

/** POST /api/v1/locations; the id never changes. */
export const NewLocation = v.pipe(
  v.strictObject({ id: LocationId, ...said }),
  v.check((l) => isPosition(l), TOGETHER),
);
export type NewLocation = v.InferOutput<typeof NewLocation>;

/** GET /api/v1/locations/:id */
export const LocationDetail = v.object({
  id: LocationId,
  name: v.string(),
  time_zone: v.string(),
  address: v.nullable(v.string()),
  latitude: v.nullable(v.number()),
  longitude: v.nullable(v.number()),
});
export type LocationDetail = v.InferOutput<typeof LocationDetail>;
