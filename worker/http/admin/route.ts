/** The makers of the admin API's routes, below /api, and of the monitor's. Answered as JSON. */
import type { Context } from 'hono';
import { portalError } from '../kernel/errors.ts';
import { encodeJson } from '../kernel/etag.ts';
import { type Route as RouteIn, routesOf } from '../kernel/route.ts';
import type { HttpEnv } from '../kernel/types.ts';
import { admin, type Caller, monitor } from './guard.ts';
import type { AdminServices } from './services.ts';

export type Route = RouteIn<AdminServices>;

/** The largest body but for a patch, which has a limit of its own, is a move: under 1 KiB. */
const BODY_MAX = 4096;

const common = {
  prefix: '/api',
  bodyMax: BODY_MAX,
  encode: encodeJson,
  fail: (_services: unknown, c: Context<HttpEnv>, failure: Error) => portalError(failure, c),
};

/** A route for the holder of the admin key and for administrators. */
export const route = routesOf<AdminServices, Caller>({ ...common, guard: admin });

/** A route for the holder of the monitor's key. */
export const monitorRoute = routesOf<AdminServices, object>({ ...common, guard: monitor });
