/**
 * A unit's request: its token, who it says to be, and the count that notices units gone wild. Knows
 * no resource.
 */
import type { Context } from 'hono';
import { toAppError } from '../../../shared/errors.ts';
import { watch } from '../../domain/anomaly.ts';
import {
  type Credential,
  notAuthenticated,
  proveUnit,
  type UnitFacts,
  type UnitFinder,
} from '../../domain/credential.ts';
import { shortSha256Hex } from '../../domain/digest.ts';
import type { Admitted, MinuteLimiter } from '../../domain/rate-limit.ts';
import { bearerToken } from '../kernel/bearer.ts';
import { logFailure, write } from '../kernel/log.ts';
import type { HttpEnv } from '../kernel/types.ts';
import type { UnitServices } from './services.ts';

/** Tokens are 43 characters; hand-made ones of old units may differ, none is longer than this. */
const TOKEN_MAX = 128;

/** SHA-256 of the bearer token. @throws AppError `unauthenticated` without one */
export async function tokenOf(c: Context<HttpEnv>): Promise<string> {
  const sha256 = tokenIn(c.req.header('Authorization'));
  if (sha256 === null) throw notAuthenticated();
  return sha256;
}

/** The same of an `Authorization` header; null without one. */
export function tokenIn(header: string | undefined): string | null {
  const token = bearerToken(header, TOKEN_MAX);
  return token ? shortSha256Hex(token) : null;
}

/**
 * Only the one query that a faulty request costs. Where the request names no unit, that of any
 * unit will do. @throws AppError `unauthenticated`
 */
export async function proveSender(
  units: UnitFinder,
  { query, text }: { query: Record<string, string>; text: string | undefined },
  tokenSha256: string,
): Promise<void> {
  const deviceId = text === undefined ? (query.d ?? query.device_id) : namedIn(text);
  if (deviceId !== undefined) {
    const credential: Credential = { device_id: deviceId, token_sha256: tokenSha256 };
    proveUnit(await units.facts(deviceId), credential);
  } else if (!(await units.isHeld(tokenSha256))) {
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
 * @param known what the handler has found out already; `requests`: how many it counts as
 */
export async function countRequest(
  services: UnitServices,
  requestId: string,
  deviceId: string,
  known?: Pick<UnitFacts, 'floods'> & { isOver?: boolean | undefined; requests?: number },
) {
  // Flagged already: nothing to find out, and no round trip for each request of a flood.
  if (known?.floods) return;
  try {
    const { anomalies } = services;
    const { isOver } = known ?? {};
    // Whoever stored it has counted it already.
    if (isOver === false) return;
    const unitRequests = isOver ? OVER : services.unitRequests;
    const requests = isOver ? 1 : (known?.requests ?? 1);
    let flagged = false;
    for (let i = 0; i < requests && !flagged; i += 1) {
      flagged = await watch(unitRequests, anomalies, deviceId, services.now());
    }
    if (flagged) {
      write('error', { event: 'anomaly', request_id: requestId, device_id: deviceId });
    }
  } catch (failure) {
    logFailure(requestId, toAppError(failure, 'unavailable'));
  }
}

/** For {@link countRequest}, of a request that a shard has counted. */
export const countedBy = ({ device, isOver }: Admitted) => ({ floods: device.floods, isOver });

const OVER: MinuteLimiter = { take: async () => false };
