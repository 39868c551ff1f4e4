/**
 * The route table: everything the Worker answers, in one list. The portal's part is mounted from
 * here; the document and the tests read it whole, and a test compares it with the app.
 */

import type { Route, RouteFacts } from './kernel/route.ts';
import { alertRoutes } from './portal/alert.ts';
import { devRoutes } from './portal/dev.ts';
import { docsRoutes } from './portal/docs.ts';
import { fleetRoutes } from './portal/fleet.ts';
import { locationRoutes } from './portal/location.ts';
import { healthFacts, meRoutes } from './portal/me.ts';
import { provisioningRoutes } from './portal/provisioning.ts';
import { monitorFacts, statusRoutes } from './portal/status.ts';
import { unitRoutes } from './portal/unit.ts';
import { workOrderRoutes } from './portal/work-order.ts';
import { deviceRouteFacts } from './unit/facts.ts';

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
