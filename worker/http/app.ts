/** The Worker's HTTP face, made from the route table, and what surrounds it. Knows no adapter. */
import { Hono } from 'hono';
import { AppError } from '../../shared/errors.ts';
import { portalError } from './kernel/errors.ts';
import { type Method, wrongMethod, wrongMethodShort } from './kernel/methods.ts';
import type { HttpEnv } from './kernel/types.ts';
import { allRoutes, isOfUnits, type Route } from './routes.ts';
import type { Services } from './services.ts';
import { surround } from './surround.ts';
import { quickReading } from './unit/quick-reading.ts';

/** @param routes the table; tests bring one of their own */
export function createApp(services: Services, routes = allRoutes): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  surround(app, services);
  app.onError(portalError);
  app.notFound((c) => portalError(noSuchRoute(), c));
  const isDevelopment = services.settings.environment === 'development';
  const open = routes.filter(({ development }) => isDevelopment || !development);
  for (const route of open) {
    app.on(route.method, honoPath(route), (c) => route.run(services, c));
  }
  refuseOtherMethods(app, open);
  return app;
}

/** Hono writes parameters `:id`. */
const honoPath = ({ path }: Route) => path.replace(/\{(\w+)\}/g, ':$1');

/** 405 under every other method; a path that is units' alone answers in their short form. */
function refuseOtherMethods(app: Hono<HttpEnv>, routes: readonly Route[]): void {
  const byPath = new Map<string, Route[]>();
  for (const route of routes) {
    byPath.set(honoPath(route), [...(byPath.get(honoPath(route)) ?? []), route]);
  }
  // Fixed paths first: /units/:id would else answer /units/reserve.
  const fixedFirst = [...byPath].sort(
    ([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')),
  );
  for (const [path, own] of fixedFirst) {
    const methods: Method[] = own.map(({ method }) => method);
    const isShort = own.every(isOfUnits);
    app.all(path, (c) => (isShort ? wrongMethodShort(methods) : wrongMethod(c, methods)));
  }
}

/** One answer for every path that is not there. */
function noSuchRoute(): AppError {
  return new AppError('not_found', 'There is nothing at this address.', {
    hint: 'Check the path.',
  });
}

/** The app, with a straight way for the usual reading beside it. */
export function createFetch(services: Services): Hono<HttpEnv>['fetch'] {
  const app = createApp(services);
  return async (request, env, ctx) => {
    const left = await quickReading(services.unit, services.logShare, request);
    return left instanceof Response ? left : app.fetch(left, env, ctx);
  };
}
