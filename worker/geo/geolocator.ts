/** Which geolocation provider there is: Google with a key, the fixture in development. */
import { AppError } from '../../shared/errors.ts';
import type { Geolocator } from '../domain/geolocation.ts';
import { fixtureGeolocator } from './fixture.ts';
import { googleGeolocator } from './google.ts';

export function geolocatorOf(key: string | undefined, development: boolean): Geolocator {
  if (key) return googleGeolocator({ key });
  if (development) return fixtureGeolocator();
  return {
    locate: () => Promise.reject(new AppError('internal', 'GEOLOCATION_KEY is not set.')),
  };
}
