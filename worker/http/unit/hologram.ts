/** POST /api/hologram/:secret: the webhook that Hologram's cloud posts units' messages to. */
import { type Context, Hono } from 'hono';
import { HOLOGRAM_BODY_MAX, HologramMessage } from '../../../shared/contracts/hologram.ts';
import { ReadingRequest } from '../../../shared/contracts/reading.ts';
import { AppError } from '../../../shared/errors.ts';
import { equalInConstantTime } from '../../domain/device.ts';
import { takeMessage } from '../../domain/hologram.ts';
import { parseAs, parseJson, readText } from '../kernel/body.ts';
import { compactJson, deviceFailures } from '../kernel/errors.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';
import { counted } from './request.ts';

/** A secret shorter than this is taken for none. */
const SECRET_MIN = 24;

export function hologram(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError(deviceFailures(services));
  app.post('/:secret', async (c) => {
    guard(services.hologramSecret, c.req.param('secret'));
    const message = parseAs(HologramMessage, await bodyOf(c));
    const { device_id, ...answer } = await takeMessage(
      services,
      message,
      (value) => parseAs(ReadingRequest, value),
      services.now(),
    );
    if (device_id) await counted(services, c, device_id);
    return compactJson(answer, 200);
  });
  app.all('/:secret', () => compactJson({ error: 'use POST' }, 405, { Allow: 'POST' }));
  return app;
}

/** Without a secret there is no webhook; a wrong one finds nothing either, but counts. */
function guard(secret: string | undefined, given: string): void {
  const set = secret !== undefined && secret.length >= SECRET_MIN;
  if (equalInConstantTime(set ? secret : '', given) && set) return;
  throw new AppError('unauthenticated', 'wrong secret');
}

async function bodyOf(c: Context<HttpEnv>): Promise<unknown> {
  return parseJson(await readText(c.req.raw, HOLOGRAM_BODY_MAX));
}
