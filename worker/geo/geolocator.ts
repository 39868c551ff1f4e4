/** Which geolocation provider there is: Google with a key, the demo street in development. */
import { AppError } from '../../shared/errors.ts';
import type { Geolocator } from '../domain/geolocation.ts';
import { demoGeolocator } from './demo.ts';
import { googleGeolocator } from './google.ts';

export function geolocatorOf(key: string | undefined, development: boolean): Geolocator {
  if (key) return googleGeolocator({ key });
  if (development) return demoGeolocator();
  return {
    locate: () => Promise.reject(new AppError('internal', 'GEOLOCATION_KEY is not set.')),
  };
}
