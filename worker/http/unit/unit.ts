/**
 * What units call (docs/formats/device-api.md). Answers are compact and bare; the correlation id
 * stays in the log. Each further resource is a file beside this one. Knows no SQL.
 */
import { type Context, Hono } from 'hono';
import { type Heartbeat, HeartbeatRequest } from '../../../shared/contracts/heartbeat.ts';
import { ReadingRequest } from '../../../shared/contracts/reading.ts';
import { takeHeartbeat } from '../../domain/heartbeat.ts';
import { takeReading } from '../../domain/reading.ts';
import { compactJson, deviceFailures } from '../kernel/errors.ts';
import { write } from '../kernel/log.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { unitConfig } from './config.ts';
import { geolocation } from './geolocation.ts';
import { unitUpdates } from './ota.ts';
import { counted, receivedBody } from './request.ts';

export function deviceRoutes(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError(deviceFailures(services));

  app.post('/reading', async (c) => {
    const { body, token_sha256 } = await receivedBody(services, c, ReadingRequest);
    const credential = { device_id: body.d, token_sha256 };
    const { readings, now } = services;
    const { answer, device } = await takeReading(readings, body, credential, now());
    await counted(services, c, body.d, device);
    return compactJson(answer, 201);
  });
  app.post('/heartbeat', async (c) => {
    const { body, token_sha256 } = await receivedBody(services, c, HeartbeatRequest);
    const credential = { device_id: body.device_id, token_sha256 };
    const answer = await takeHeartbeat(services.heartbeats, body, credential, services.now());
    await counted(services, c, body.device_id);
    logNote(c, body);
    return compactJson(answer, 200);
  });
  unitConfig(app, services);
  geolocation(app, services);
  unitUpdates(app, services);

  const posts = ['/reading', '/heartbeat', '/geolocation', '/ota/check', '/ota/complete'];
  for (const path of posts) {
    app.all(path, () => compactJson({ error: 'use POST' }, 405, { Allow: 'POST' }));
  }
  app.all('/ota/chunk', () => compactJson({ error: 'use GET' }, 405, { Allow: 'GET, HEAD' }));
  return app;
}

/** What a proven unit says it could not do: nobody else would learn of it. */
function logNote(c: Context<HttpEnv>, { device_id, config_version, note }: Heartbeat): void {
  if (note === undefined) return;
  const request_id = c.get('requestId');
  write('info', { event: 'unit_note', request_id, unit: device_id, config_version, note });
}
