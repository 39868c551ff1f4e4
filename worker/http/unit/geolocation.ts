/** POST /api/geolocation for units. Keeps and logs nothing of the scan. */
import type { Context } from 'hono';
import { GeolocationAnswer, GeolocationRequest } from '../../../shared/contracts/geolocation.ts';
import { toAppError } from '../../../shared/errors.ts';
import { placeByScan } from '../../domain/geolocation.ts';
import { admit } from '../../domain/rate-limit.ts';
import { logError } from '../kernel/log.ts';
import type { HttpEnv } from '../kernel/types.ts';
import { countedBy, countRequest } from './request.ts';
import { type Route, route } from './route.ts';

const wifi = [
  { bssid: 'AA:BB:CC:DD:EE:FF', rssi: -65, ch: 6 },
  { bssid: 'AA:BB:CC:DD:EE:00', rssi: -71, ch: 11 },
];

export const geolocationRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/geolocation',
    summary: 'Where the unit is, by the Wi-Fi around it',
    who: 'unit',
    body: GeolocationRequest,
    answers: { 200: GeolocationAnswer },
    example: { body: { d: 'JBNB0001', wifi } },
    async handle({ services, token_sha256, body: { device_id, wifi }, nowMs, c }) {
      const who = { device_id, token_sha256 };
      const admitted = await admit(services.admission, who, 'geolocation', nowMs);
      await countRequest(services, c.get('requestId'), device_id, countedBy(admitted));
      const placed = placeByScan(services, device_id, wifi, services.now());
      return placed.catch((failure: unknown) => unavailable(c, failure));
    },
  }),
];

/** The unit asks again another day; why it failed is for the log. */
function unavailable(c: Context<HttpEnv>, failure: unknown): GeolocationAnswer {
  logError(c, toAppError(failure));
  return { status: 'error', message: 'geolocation is not available now' };
}
