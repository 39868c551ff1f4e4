/**
 * Geolocation without an account: every access point of the demo street is known, and any other is
 * placed near it by its address, always at the same spot. For development and tests only.
 */
import type { AccessPoint } from '../../shared/contracts/geolocation.ts';
import type { Geolocator, Position } from '../domain/geolocation.ts';

/** An access point with this first half is unknown: so that one can try that as well. */
const UNKNOWN_OUI = '00:00:00';

/** Organisation part of the address → a city of the demo places. */
const CITIES: Record<string, readonly [number, number]> = {
  'AA:BB:CC': [34.0522, -118.2437],
  '02:00:01': [52.52, 13.405],
  '02:00:02': [-33.8688, 151.2093],
};
const HOME = [34.0522, -118.2437] as const;
/** About a hundred metres to each side. */
const SPREAD_DEGREES = 0.001;

export function demoGeolocator(): Geolocator {
  return {
    async locate(wifi): Promise<Position | null> {
      const known = wifi.filter(({ bssid }) => oui(bssid) !== UNKNOWN_OUI);
      const first = known[0];
      if (!first) return null;
      const [latitude, longitude] = CITIES[oui(first.bssid)] ?? HOME;
      const shift = (spread(first) - 0.5) * SPREAD_DEGREES;
      return { latitude: latitude + shift, longitude: longitude - shift, accuracy_m: 40 };
    },
  };
}

const oui = (bssid: string) => bssid.replaceAll('-', ':').toUpperCase().slice(0, 8);

/** 0 … 1 from the last octet. */
function spread({ bssid }: AccessPoint): number {
  return Number.parseInt(bssid.slice(-2), 16) / 255;
}
