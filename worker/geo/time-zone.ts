/** The time zone of a point, from the library's own map: no request, no key. */
import lookUp from '@photostructure/tz-lookup';
import type { TimeZoneAt } from '../domain/unit-change.ts';

/** At sea it is the nautical zone, like Etc/GMT+8. */
export const timeZoneAt: TimeZoneAt = (latitude, longitude) => lookUp(latitude, longitude);
