/** What HTTP handlers are given: adapters behind the domain's ports, and this request's facts. */
import type { MiddlewareHandler } from 'hono';
import type { Settings } from '../../../shared/contracts/portal.ts';
import type { DeviceFinder } from '../../domain/device.ts';
import type { HeartbeatStore } from '../../domain/heartbeat.ts';
import type { InsightsStore } from '../../domain/insights.ts';
import type { LocationStore } from '../../domain/location.ts';
import type { PeopleStore, SignedIn, TokenVerifier } from '../../domain/person.ts';
import type { ChangeLimits } from '../../domain/rate-limit.ts';
import type { ReadingStore } from '../../domain/reading.ts';
import type { Assets } from '../page.ts';
import type { PortalServices } from '../portal/services.ts';
import type { DeviceSide } from '../unit/services.ts';

/** Built once by the composition root (worker/services.ts). */
export interface Services extends PortalServices, DeviceSide {
  assets: Assets | undefined;
  settings: Settings;
  tokens: TokenVerifier;
  people: PeopleStore;
  locations: LocationStore;
  devices: DeviceFinder;
  readings: ReadingStore;
  heartbeats: HeartbeatStore;
  insights: InsightsStore;
  /** Changes of a person in a minute. */
  changeLimits: ChangeLimits;
  /** The backend's clock, milliseconds since 1970 UTC. */
  now(): number;
}

/** Hono's per-request variables. */
export interface Variables {
  requestId: string;
  /** Set by the `person` middleware. */
  person: SignedIn;
}

export interface HttpEnv {
  Variables: Variables;
}

/** Middleware that lets only signed-in people with a role pass. */
export type Guard = MiddlewareHandler<HttpEnv>;
