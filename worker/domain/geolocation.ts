/**
 * Where a unit stands by its own Wi-Fi scan, through a provider. A place set by hand wins
 * (unit-change.ts).
 * Only the provider gets the access points: nothing stores or logs them. Knows no
 * HTTP, no SQL and no provider.
 */
import type { AccessPoint, GeolocationAnswer } from '../../shared/contracts/geolocation.ts';
import type { TimeZoneAt } from './unit-change.ts';

/** A point on the WGS 84 ellipsoid; accuracy is the radius in metres. */
export interface Position {
  latitude: number;
  longitude: number;
  accuracy_m: number | null;
}

/** Finds where access points are. */
export interface Geolocator {
  /** Null when they are unknown. @throws AppError `unavailable`, `internal` when refused */
  locate(wifi: readonly AccessPoint[]): Promise<Position | null>;
}

/** A position as the unit's row keeps it. */
export interface Geolocation extends Position {
  time_zone: string;
  source: 'manual' | 'automatic';
}

export interface GeolocationStore {
  read(deviceId: string): Promise<Geolocation | null>;
  /** Keeps an automatic place, unless there is a manual one. */
  found(deviceId: string, place: Geolocation, nowS: number): Promise<void>;
}

/** A single access point says little: Google wants two (Geolocation API, "WiFi access points"). */
const WIFI_MIN = 2;

/** Places a unit by its scan. The unit learns of a failure of the provider, and tries again. */
export async function placeByScan(
  parts: { geolocations: GeolocationStore; geolocator: Geolocator; timeZoneAt: TimeZoneAt },
  deviceId: string,
  wifi: readonly AccessPoint[],
  nowMs: number,
): Promise<GeolocationAnswer> {
  const known = await parts.geolocations.read(deviceId);
  if (known?.source === 'manual') return answer(known);
  if (wifi.length < WIFI_MIN) {
    return { status: 'error', message: `needs ${WIFI_MIN} access points or more` };
  }
  const position = await parts.geolocator.locate(wifi);
  if (!position) return { status: 'error', message: 'these access points are not known' };
  const time_zone = parts.timeZoneAt(position.latitude, position.longitude);
  const place: Geolocation = { ...position, time_zone, source: 'automatic' };
  await parts.geolocations.found(deviceId, place, Math.floor(nowMs / 1000));
  // A place that somebody gave it meanwhile wins.
  return answer((await parts.geolocations.read(deviceId)) ?? place);
}

/** Five decimals are a metre, and keep the answer short. */
function answer({ latitude, longitude, time_zone }: Geolocation): GeolocationAnswer {
  const short = (degrees: number) => Math.round(degrees * 1e5) / 1e5;
  return { status: 'ok', lat: short(latitude), lng: short(longitude), timezone: time_zone };
}
