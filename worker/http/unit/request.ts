/**
 * A unit's request as every device route takes it in: token, body or query, and afterwards the
 * count that notices units gone wild. A request that does not fit is only explained to a unit that
 * holds the right token; without one, the answer is the same 401 as always. Knows no resource.
 */
import type { Context } from 'hono';
import type * as v from 'valibot';
import { READING_BODY_MAX } from '../../../shared/contracts/reading.ts';
import { toAppError } from '../../../shared/errors.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { watch } from '../../domain/anomaly.ts';
import {
  type Credential,
  type DeviceFacts,
  type DeviceFinder,
  notAuthenticated,
  proveDevice,
} from '../../domain/device.ts';
import { bearerToken } from '../kernel/bearer.ts';
import { parseAs, parseJson, readText } from '../kernel/body.ts';
import { logError, write } from '../kernel/log.ts';
import type { HttpEnv, Services } from '../kernel/types.ts';

/** Tokens are 43 characters; hand-made ones of old units may differ, none is longer than this. */
const TOKEN_MAX = 128;

/** A request that fits, and who says to have sent it. Nothing is proven yet. */
export interface Received<B> {
  body: B;
  token_sha256: string;
}

/** The body of a POST. @throws AppError `unauthenticated`, `invalid`, `too_large` */
export async function receivedBody<S extends v.GenericSchema>(
  services: Services,
  c: Context<HttpEnv>,
  schema: S,
): Promise<Received<v.InferOutput<S>>> {
  const token_sha256 = await tokenOf(c);
  const text = await readText(c.req.raw, READING_BODY_MAX);
  return fitting(services, () => parseAs(schema, parseJson(text)), namedIn(text), token_sha256);
}

/** The query of a GET. @throws AppError `unauthenticated`, `invalid` */
export async function receivedQuery<S extends v.GenericSchema>(
  services: Services,
  c: Context<HttpEnv>,
  schema: S,
): Promise<Received<v.InferOutput<S>>> {
  const query = c.req.query();
  const named = query.d ?? query.device_id;
  return fitting(services, () => parseAs(schema, query), named, await tokenOf(c));
}

/** SHA-256 of the bearer token. @throws AppError `unauthenticated` without one */
export async function tokenOf(c: Context<HttpEnv>): Promise<string> {
  const token = bearerToken(c.req.header('Authorization'), TOKEN_MAX);
  if (!token) throw notAuthenticated();
  return await sha256Hex(token);
}

async function fitting<T>(
  services: Services,
  parse: () => T,
  named: string | undefined,
  token_sha256: string,
): Promise<{ body: T; token_sha256: string }> {
  try {
    return { body: parse(), token_sha256 };
  } catch (invalid) {
    await proveSender(services.devices, named, token_sha256);
    throw invalid;
  }
}

/**
 * Only the one query that a faulty request costs. Where no unit can be made out, that of any unit
 * will do. @throws AppError `unauthenticated`
 */
async function proveSender(
  devices: DeviceFinder,
  device_id: string | undefined,
  token_sha256: string,
): Promise<void> {
  if (device_id !== undefined) {
    const credential: Credential = { device_id, token_sha256 };
    proveDevice(await devices.facts(device_id), credential);
  } else if (!(await devices.isHeld(token_sha256))) {
    throw notAuthenticated();
  }
}

/** The id in a body that may be no JSON at all. */
function namedIn(text: string): string | undefined {
  return /"(?:d|device_id)"\s*:\s*"([^"]*)"/.exec(text)?.[1];
}

/**
 * After a unit has proven itself: counts the request. Counting must not cost a reading, so that a
 * failure of it only goes to the log.
 */
export async function counted(
  services: Services,
  c: Context<HttpEnv>,
  deviceId: string,
  known?: Pick<DeviceFacts, 'floods'>,
) {
  // Flagged already: nothing to find out, and no round trip for each request of a flood.
  if (known?.floods) return;
  try {
    const { unitRequests, anomalies } = services;
    const flagged = await watch(unitRequests, anomalies, deviceId, services.now());
    if (flagged) {
      write('error', { event: 'anomaly', request_id: c.get('requestId'), device_id: deviceId });
    }
  } catch (failure) {
    logError(c, toAppError(failure, 'unavailable'));
  }
}
