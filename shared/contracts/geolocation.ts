/** POST /api/geolocation: what a unit hears of Wi-Fi around it, and where that is. No storage. */
import * as v from 'valibot';
import { DeviceId, RssiDbm } from './common.ts';
import { withAliases } from './field-aliases.ts';

/** Access points in one scan (device API). */
const ACCESS_POINTS_MAX = 10;

const AccessPoint = v.object({
  bssid: v.pipe(
    v.string('must be text'),
    v.regex(/^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$/, 'must be a MAC address'),
  ),
  rssi: v.optional(RssiDbm),
  ch: v.optional(
    v.pipe(
      v.number('must be a number'),
      v.integer('must be a whole number'),
      v.minValue(1, 'must be 1 or more'),
      v.maxValue(196, 'must be 196 or less'),
    ),
  ),
});
/** One access point; lives as long as the request does. */
export type AccessPoint = v.InferOutput<typeof AccessPoint>;

export const GeolocationRequest = v.pipe(
  withAliases(
    {
      d: DeviceId,
      wifi: v.pipe(
        v.array(AccessPoint, 'must be a list'),
        v.maxLength(ACCESS_POINTS_MAX, `must not have more than ${ACCESS_POINTS_MAX} entries`),
      ),
    },
    { d: ['device_id'] },
  ),
  v.transform(({ d, wifi }) => ({ device_id: d, wifi })),
);

/** Answer 200, keys in this order; a scan that cannot be placed is no failure of the request. */
export const GeolocationAnswer = v.variant('status', [
  v.object({
    status: v.literal('ok'),
    lat: v.number(),
    lng: v.number(),
    timezone: v.string(),
  }),
  v.object({ status: v.literal('error'), message: v.string() }),
]);
export type GeolocationAnswer = v.InferOutput<typeof GeolocationAnswer>;
