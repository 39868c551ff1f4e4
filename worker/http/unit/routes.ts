/** Units' part of the route table (docs/formats/device-api.md), and the webhook. */
import { configRoutes } from './config.ts';
import { geolocationRoutes } from './geolocation.ts';
import { hologramRoutes } from './hologram.ts';
import { otaRoutes } from './ota.ts';
import { readingRoutes } from './reading.ts';
import type { Route } from './route.ts';

export const unitRoutes: readonly Route[] = [
  ...readingRoutes,
  ...configRoutes,
  ...geolocationRoutes,
  ...otaRoutes,
  ...hologramRoutes,
];
