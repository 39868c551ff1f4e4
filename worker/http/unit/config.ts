/** GET /api/config/:id for units; changing it is in the admin API and the portal. */
import type { Hono } from 'hono';
import * as v from 'valibot';
import { DEVICE_ID_PATTERN } from '../../../shared/contracts/common.ts';
import { readConfig, shortConfig } from '../../domain/config.ts';
import { notAuthenticated } from '../../domain/device.ts';
import { admit } from '../../domain/rate-limit.ts';
import { compactJson } from '../kernel/errors.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { counted, receivedQuery } from './request.ts';

/** v5.x sends no query; its old backend demanded `d`. */
const Query = v.object({
  d: v.optional(v.string()),
  device_id: v.optional(v.string()),
  full: v.optional(v.string()),
});

export function unitConfig(app: Hono<HttpEnv>, services: Services): void {
  app.get('/config/:id', async (c) => {
    const device_id = c.req.param('id');
    const { body, token_sha256 } = await receivedQuery(services, c, Query);
    const named = body.d ?? body.device_id ?? device_id;
    // Another id in the query is a token used for another unit.
    if (named !== device_id || !DEVICE_ID_PATTERN.test(device_id)) throw notAuthenticated();
    const now = services.now();
    await admit(services.admission, { device_id, token_sha256 }, 'config', now);
    const config = await readConfig(services.configs, device_id);
    await counted(services, c, device_id);
    return compactJson(body.full === '1' ? config : shortConfig(config), 200);
  });
}
