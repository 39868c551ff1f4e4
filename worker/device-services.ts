/** The device side's adapters that are not stores; a part of worker/services.ts. */
import type { Env } from './env.ts';
import { geolocatorOf } from './geo/geolocator.ts';
import type { Services } from './http/kernel/types.ts';
import { platformLimiter } from './platform/rate-limit.ts';

/** Absent secrets close what they guard; the limiters are the platform's. */
export function deviceSideOf(env: Env, { environment }: Services['settings']) {
  return {
    geolocator: geolocatorOf(env.GEOLOCATION_KEY, environment === 'development'),
    unitRequests: platformLimiter(env.UNIT_REQUESTS),
    authFailures: platformLimiter(env.AUTH_FAILURES),
    clientIpHeader: env.CLIENT_IP_HEADER || undefined,
    adminKey: env.ADMIN_KEY,
    hologramSecret: env.HOLOGRAM_SECRET,
    monitorKey: env.MONITOR_KEY,
  };
}
