/** People's part of the route table; the document about the whole table is beside it. */
import { alertRoutes } from './alert.ts';
import { devRoutes } from './dev.ts';
import { fleetRoutes } from './fleet.ts';
import { locationRoutes } from './location.ts';
import { meRoutes } from './me.ts';
import { provisioningRoutes } from './provisioning.ts';
import type { Route } from './route.ts';
import { shopRoutes } from './shop.ts';
import { statusRoutes } from './status.ts';
import { unitRoutes } from './unit.ts';
import { weekMailRoutes } from './week-mail.ts';
import { workOrderRoutes } from './work-order.ts';

export const portalRoutes: readonly Route[] = [
  ...meRoutes,
  ...locationRoutes,
  ...shopRoutes,
  ...weekMailRoutes,
  ...fleetRoutes,
  ...provisioningRoutes,
  ...unitRoutes,
  ...workOrderRoutes,
  ...alertRoutes,
  ...statusRoutes,
  ...devRoutes,
];
