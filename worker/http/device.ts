/**
 * What units call: readings and heartbeats (docs/formats/device-api.md). Answers are compact and
 * bare; the correlation id stays in the log. Knows no SQL.
 */
import { Hono } from 'hono';
import type * as v from 'valibot';
import { HeartbeatRequest } from '../../shared/contracts/heartbeat.ts';
import { READING_BODY_MAX, ReadingRequest } from '../../shared/contracts/reading.ts';
import { AppError } from '../../shared/errors.ts';
import { type Credential, notAuthenticated, proveDevice } from '../domain/device.ts';
import { takeHeartbeat } from '../domain/heartbeat.ts';
import { takeReading } from '../domain/reading.ts';
import { bearerToken } from './bearer.ts';
import { parseAs, parseJson, readText } from './body.ts';
import { compactJson, deviceError } from './errors.ts';
import type { HttpEnv, Services } from './types.ts';

/** Tokens are 43 characters; hand-made ones of old units may differ, none is longer than this. */
const TOKEN_MAX = 128;

export function deviceRoutes(services: Services): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  app.onError(deviceError);

  app.post('/reading', async (c) => {
    const { body, token_sha256 } = await received(services, c.req.raw, ReadingRequest);
    const credential = { device_id: body.d, token_sha256 };
    const answer = await takeReading(services.readings, body, credential, services.now());
    return compactJson(answer, 201);
  });

  app.post('/heartbeat', async (c) => {
    const { body, token_sha256 } = await received(services, c.req.raw, HeartbeatRequest);
    const credential = { device_id: body.device_id, token_sha256 };
    const answer = await takeHeartbeat(services.heartbeats, body, credential, services.now());
    return compactJson(answer, 200);
  });

  const onlyPost = () => compactJson({ error: 'use POST' }, 405, { Allow: 'POST' });
  app.all('/reading', onlyPost);
  app.all('/heartbeat', onlyPost);
  return app;
}

/**
 * The parsed body and the hash of the token. A body that does not fit is only explained to a unit
 * that holds the right token; without one, the answer is the same 401 as always.
 */
async function received<S extends v.GenericSchema>(
  services: Services,
  request: Request,
  schema: S,
) {
  const token = bearerToken(request.headers.get('Authorization') ?? undefined, TOKEN_MAX);
  if (!token) throw notAuthenticated();
  const token_sha256 = await sha256Hex(token);
  const value = parseJson(await readText(request, READING_BODY_MAX));
  try {
    return { body: parseAs(schema, value), token_sha256 };
  } catch (invalid) {
    await proveSender(services, value, token_sha256);
    throw invalid;
  }
}

async function proveSender(services: Services, value: unknown, token_sha256: string) {
  const named = value as { d?: unknown; device_id?: unknown } | null;
  const device_id = named?.d ?? named?.device_id;
  if (typeof device_id !== 'string') throw new AppError('invalid', 'd: is missing');
  const credential: Credential = { device_id, token_sha256 };
  proveDevice(await services.devices.facts(device_id), credential);
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((b) => b.toString(16).padStart(2, '0')).join('');
}
