/**
 * The makers of units' routes, below /api, and of the webhook. A request that does not fit is only
 * explained to a unit that holds the right token; without one, the answer is the same 401 as
 * always. Answers are compact and bare; the correlation id stays in the log.
 */
import type { Context } from 'hono';
import { READING_BODY_MAX } from '../../../shared/contracts/reading.ts';
import { AppError } from '../../../shared/errors.ts';
import { equalInConstantTime, notAuthenticated } from '../../domain/credential.ts';
import { compactJson, unitFailures } from '../kernel/errors.ts';
import { type RouteFacts, type Route as RouteIn, routesOf } from '../kernel/route.ts';
import type { HttpEnv } from '../kernel/types.ts';
import { proveSender, tokenOf } from './request.ts';
import type { UnitServices } from './services.ts';

export type Route = RouteIn<UnitServices>;

/** A secret shorter than this counts as none. */
const SECRET_MIN = 24;

const common = {
  prefix: '/api',
  bodyMax: READING_BODY_MAX,
  encode: (_c: unknown, answer: object, { answers }: RouteFacts) =>
    compactJson(answer, Number(Object.keys(answers)[0])),
  fail: (services: UnitServices, c: Context<HttpEnv>, failure: Error) =>
    unitFailures(services)(failure, c),
};

/** A route for units with a token. Whether it is the unit's, the handler's use-case proves. */
export const route = routesOf<UnitServices, { token_sha256: string }>({
  ...common,
  guard: async (_services, c) => ({ token_sha256: await tokenOf(c) }),
  async misfit({ unitFinder }, { token_sha256 }, { part, query, text }, failure) {
    // What is no unit's address is a token used for another unit.
    if (part === 'params') return notAuthenticated();
    await proveSender(unitFinder, { query, text }, token_sha256);
    return failure;
  },
});

/** A route for Hologram's cloud. A wrong secret finds nothing, but counts. */
export const webhookRoute = routesOf<UnitServices, object>({
  ...common,
  async guard({ hologramSecret: secret }, c) {
    const set = secret !== undefined && secret.length >= SECRET_MIN;
    const given = c.req.param('secret') ?? '';
    if (equalInConstantTime(set ? secret : '', given) && set) return {};
    throw new AppError('unauthenticated', 'wrong secret');
  },
});
