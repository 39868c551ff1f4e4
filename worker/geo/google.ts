/**
 * Google's Geolocation API behind the domain's port. Source of shapes and errors:
 * developers.google.com/maps/documentation/geolocation. Sends access points and nothing that names
 * the unit. Knows no unit.
 */
import * as v from 'valibot';
import type { AccessPoint } from '../../shared/contracts/geolocation.ts';
import { AppError } from '../../shared/errors.ts';
import type { Geolocator } from '../domain/geolocation.ts';

const ENDPOINT = 'https://www.googleapis.com/geolocation/v1/geolocate';
/** A v5.x unit waits for 5 s; it does not hear an answer after that. */
const TIMEOUT_MS = 4000;

const Found = v.object({
  location: v.object({ lat: v.number(), lng: v.number() }),
  accuracy: v.number(),
});

export interface GoogleOptions {
  key: string;
  endpoint?: string;
  timeoutMs?: number;
}

export function googleGeolocator(options: GoogleOptions): Geolocator {
  return {
    async locate(wifi) {
      const response = await ask(options, wifi);
      // 404 notFound: the request was fine, the access points are unknown.
      if (response.status === 404) return null;
      if (!response.ok) throw refused(response.status);
      const found = v.safeParse(Found, await response.json().catch(() => null));
      if (!found.success) {
        throw new AppError('unavailable', 'The geolocation service answered in an unknown form.');
      }
      const { location, accuracy } = found.output;
      return { latitude: location.lat, longitude: location.lng, accuracy_m: accuracy };
    },
  };
}

async function ask(options: GoogleOptions, wifi: readonly AccessPoint[]): Promise<Response> {
  const { key, endpoint = ENDPOINT, timeoutMs = TIMEOUT_MS } = options;
  const body = {
    // Without it Google would place the Worker's own address.
    considerIp: false,
    wifiAccessPoints: wifi.map(({ bssid, rssi, ch }) => ({
      macAddress: bssid.replaceAll('-', ':').toUpperCase(),
      signalStrength: rssi,
      channel: ch,
    })),
  };
  try {
    return await fetch(`${endpoint}?key=${encodeURIComponent(key)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch {
    // The cause would carry the address, and with it the key, into the log.
    throw new AppError('unavailable', 'The geolocation service does not answer.');
  }
}

/** 400 keyInvalid and 403 (quota, disabled) are ours to mend; 429 and 5xx pass by themselves. */
function refused(status: number): AppError {
  const ours = status === 400 || status === 403;
  return ours
    ? new AppError('internal', `The geolocation service refuses our key or quota (${status}).`)
    : new AppError('unavailable', `The geolocation service failed (${status}).`);
}
