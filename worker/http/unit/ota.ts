/** POST /api/ota/check, GET /api/ota/chunk and POST /api/ota/complete for units. */
import type { Hono } from 'hono';
import {
  OtaCheckRequest,
  OtaChunkQuery,
  OtaCompleteRequest,
} from '../../../shared/contracts/ota.ts';
import { checkForUpdate, chunkOf, recordUpdate } from '../../domain/ota.ts';
import { admit } from '../../domain/rate-limit.ts';
import { compactJson } from '../kernel/errors.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { counted, receivedBody, receivedQuery } from './request.ts';

export function unitUpdates(app: Hono<HttpEnv>, services: Services): void {
  const { admission, ota, now } = services;

  app.post('/ota/check', async (c) => {
    const { body, token_sha256 } = await receivedBody(services, c, OtaCheckRequest);
    const { device_id, version } = body;
    await admit(admission, { device_id, token_sha256 }, 'ota_check', now());
    await counted(services, c, device_id);
    return compactJson(await checkForUpdate(ota, device_id, version), 200);
  });

  app.get('/ota/chunk', async (c) => {
    const { body, token_sha256 } = await receivedQuery(services, c, OtaChunkQuery);
    await admit(admission, { device_id: body.device_id, token_sha256 }, 'ota_chunk', now());
    return compactJson(await chunkOf(ota, body), 200);
  });

  app.post('/ota/complete', async (c) => {
    const { body, token_sha256 } = await receivedBody(services, c, OtaCompleteRequest);
    const { device_id } = body;
    await admit(admission, { device_id, token_sha256 }, 'ota_complete', now());
    await counted(services, c, device_id);
    await recordUpdate(ota, body, now());
    return compactJson({ status: 'ok' }, 200);
  });
}
