/** POST /api/geolocation for units. Nothing of the scan is kept or logged. */
import type { Context, Hono } from 'hono';
import {
  type GeolocationAnswer,
  GeolocationRequest,
} from '../../../shared/contracts/geolocation.ts';
import { toAppError } from '../../../shared/errors.ts';
import { placeByScan } from '../../domain/geolocation.ts';
import { admit } from '../../domain/rate-limit.ts';
import { compactJson } from '../kernel/errors.ts';
import { logError } from '../kernel/log.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { counted, receivedBody } from './request.ts';

export function geolocation(app: Hono<HttpEnv>, services: Services): void {
  app.post('/geolocation', async (c) => {
    const { body, token_sha256 } = await receivedBody(services, c, GeolocationRequest);
    const { device_id, wifi } = body;
    const who = { device_id, token_sha256 };
    await admit(services.admission, who, 'geolocation', services.now());
    await counted(services, c, device_id);
    const placed = placeByScan(services, device_id, wifi, services.now());
    return compactJson(await placed.catch((failure: unknown) => told(c, failure)), 200);
  });
}

/** The unit asks again another day; why it failed is for the log. */
function told(c: Context<HttpEnv>, failure: unknown): GeolocationAnswer {
  logError(c, toAppError(failure));
  return { status: 'error', message: 'geolocation is not available now' };
}
