/** The maker of people's routes, below /api/v1: guarded by sign-in and role, answered as JSON. */
import type { Context } from 'hono';
import { AppError } from '../../../shared/errors.ts';
import { requireRole } from '../../domain/person.ts';
import { portalError } from '../kernel/errors.ts';
import { encodeJson } from '../kernel/etag.ts';
import { type Route as RouteIn, routesOf } from '../kernel/route.ts';
import type { HttpEnv } from '../kernel/types.ts';
import { type Caller, person } from './guard.ts';
import type { PortalServices } from './services.ts';

export type Route = RouteIn<PortalServices>;

/** The largest body is a work order with its note: under 3 KiB. */
const BODY_MAX = 4096;

const common = {
  prefix: '/api/v1',
  bodyMax: BODY_MAX,
  encode: encodeJson,
  fail: (_services: unknown, c: Context<HttpEnv>, failure: Error) => portalError(failure, c),
};

/** A route for people with one of the roles in `who`. */
export const route = routesOf<PortalServices, Caller>({
  ...common,
  async guard(services, c, { who }) {
    const caller = await person(services, c);
    if (!Array.isArray(who)) throw new AppError('internal', `No role is named for ${c.req.path}.`);
    requireRole(caller.person, ...who);
    return caller;
  },
});

/** A route for everybody; its handler learns of no person. */
export const publicRoute = routesOf<PortalServices, object>({ ...common, guard: async () => ({}) });
