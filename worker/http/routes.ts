/**
 * The route table: everything the Worker answers, in one list. The app, 405s, the doors, headers,
 * the document, the server of `npm start`, `deploy:check` and the tests follow from it. A route
 * gets the services of its own room and no others.
 */
import * as v from 'valibot';
import { monitorRoutes } from './admin/monitor.ts';
import { adminRoutes } from './admin/unit.ts';
import { portalError } from './kernel/errors.ts';
import { type RouteFacts, type Route as RouteIn, routesOf } from './kernel/route.ts';
import { docsRoutes } from './portal/docs.ts';
import { portalRoutes } from './portal/routes.ts';
import type { Services } from './services.ts';
import { unitRoutes } from './unit/routes.ts';

export type Route = RouteIn<Services>;

/** Outside /api, for whoever watches the service. */
const route = routesOf<Services, object>({
  prefix: '',
  bodyMax: 0,
  guard: async () => ({}),
  encode: (c, answer) => c.json(answer),
  fail: (_services, c, failure) => portalError(failure, c),
});

/** Answered on every hostname. */
export const HEALTH_PATH = '/health';

/** Shallow: a database in trouble must not make the platform take the Worker away. */
const health = route({
  method: 'GET',
  path: HEALTH_PATH,
  summary: 'Whether the Worker answers',
  who: 'public',
  answers: { 200: v.object({ status: v.literal('ok') }) },
  handle: async () => ({ status: 'ok' }),
});

/** A room's routes as routes of the whole. */
function within<R extends 'unit' | 'portal' | 'admin'>(
  room: R,
  routes: readonly RouteIn<Services[R]>[],
): Route[] {
  return routes.map(({ run, ...facts }) => ({
    ...facts,
    run: (services, c) => run(services[room], c),
  }));
}

/** Every route with its path from the root. */
export const allRoutes: readonly Route[] = [
  health,
  ...within('admin', monitorRoutes),
  ...within('portal', portalRoutes),
  ...within(
    'portal',
    docsRoutes(() => allRoutes),
  ),
  ...within('unit', unitRoutes),
  ...within('admin', adminRoutes),
];

/** Whose buffers are short and whose hostname takes plain HTTP: units, and Hologram for them. */
export const isOfUnits = ({ who }: RouteFacts) => who === 'unit' || who === 'webhook';

const patternOf = ({ path }: RouteFacts) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`);

const UNITS = allRoutes.filter(isOfUnits).map(patternOf);
/** What others have at units' addresses. */
const OTHERS = allRoutes
  .filter((facts) => !isOfUnits(facts))
  .map((facts) => ({ method: facts.method as string, pattern: patternOf(facts) }));

/** Units' alone, and whole in the table: most of what they ask, without a pattern to try. */
const EXACT = new Set(
  allRoutes
    .filter((route) => isOfUnits(route) && !route.path.includes('{'))
    .map(({ path }) => path)
    .filter((path) => !OTHERS.some(({ pattern }) => pattern.test(path))),
);

/** Whether the request is for a unit's own route, whatever the answer will be. */
export function isUnits({ method, path }: { method: string; path: string }): boolean {
  if (EXACT.has(path)) return true;
  if (!UNITS.some((pattern) => pattern.test(path))) return false;
  return !OTHERS.some((other) => other.method === method && other.pattern.test(path));
}
