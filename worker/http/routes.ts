/**
 * The route table: everything the Worker answers, in one list. The portal's part is mounted from
 * here; the document and the tests read it whole, and a test compares it with the app.
 */
import { alertRoutes } from './alert.ts';
import { devRoutes } from './dev.ts';
import { deviceRouteFacts } from './device-facts.ts';
import { docsRoutes } from './docs.ts';
import { fleetRoutes } from './fleet.ts';
import { locationRoutes } from './location.ts';
import { healthFacts, meRoutes } from './me.ts';
import { provisioningRoutes } from './provisioning.ts';
import type { Route, RouteFacts } from './route.ts';
import { monitorFacts, statusRoutes } from './status.ts';
import { unitRoutes } from './unit.ts';
import { workOrderRoutes } from './work-order.ts';

/** Mounted under /api/v1. */
export const portalRoutes: readonly Route[] = [
  ...meRoutes,
  ...locationRoutes,
  ...fleetRoutes,
  ...provisioningRoutes,
  ...unitRoutes,
  ...workOrderRoutes,
  ...alertRoutes,
  ...statusRoutes,
  ...docsRoutes(() => allRoutes),
  ...devRoutes,
];

/** Every route with its path from the root. */
export const allRoutes: readonly RouteFacts[] = [
  healthFacts,
  monitorFacts,
  ...portalRoutes.map((route) => ({ ...route, path: `/api/v1${route.path}` })),
  ...deviceRouteFacts,
];
