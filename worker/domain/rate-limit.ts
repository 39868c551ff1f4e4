/**
 * How often a unit may ask (device API, "Limits per unit"): D1 counts hours exactly, the
 * platform minutes (docs/decisions/0008-rate-limits.md). Knows no HTTP and no SQL.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { type Credential, proveUnit, type UnitFacts } from './credential.ts';

/** Requests in an hour that begins with the first of them. */
export const HOURLY = {
  heartbeat: 10,
  config: 10,
  geolocation: 10,
  ota_check: 10,
  ota_chunk: 500,
  ota_complete: 10,
} as const;
export type LimitedKind = keyof typeof HOURLY;
export const HOUR_S = 3600;

/** A running hour of one kind of request. */
export interface RequestWindow {
  started_s: number;
  /** One more than the limit means refused, however many there were. */
  requests: number;
}

/** What one round trip found; counted only if the credential is right. */
export interface Admission {
  device: UnitFacts | null;
  window: RequestWindow | null;
  /** Whether the unit sends more than it may in a minute; left out where nobody counted that. */
  isOver?: boolean;
}

/** A unit that has proven itself, and whether it sends more than it may in a minute. */
export interface Admitted {
  device: UnitFacts;
  isOver: boolean | undefined;
}

export interface AdmissionStore {
  admit(who: Credential, kind: LimitedKind, nowS: number): Promise<Admission>;
}

/** Counts by the minute; `false` means over the limit. May forget, never blocks for long. */
export interface MinuteLimiter {
  take(key: string): Promise<boolean>;
}

/**
 * Changes in a minute by one person (docs/decisions/0032): 60 of an owner, 600 of those who deliver
 * a day's work from an outbox or set up a fleet; the numbers stand with the bindings.
 */
export interface ChangeLimits {
  owner: MinuteLimiter;
  staff: MinuteLimiter;
}

/**
 * Changes of many units at once, in a minute by one person, whatever his role: 30 of a hundred
 * units each, for they cost by the unit. Ten thousand take three and a half minutes.
 * @throws AppError `rate_limited`
 */
export async function limitFleetActions(limiter: MinuteLimiter, person: Me): Promise<void> {
  if (await limiter.take(person.user_id)) return;
  throw new AppError('rate_limited', 'That were many sensors within a minute.', {
    hint: 'Nothing of this one was done. Go on in a minute.',
    retryAfterS: 60,
  });
}

/** Those who work for many places; an owner’s staff is not among them. */
const isTeam = ({ role }: Me) => role === 'installer' || role === 'admin';

/** @throws AppError `rate_limited` */
export async function limitChanges(limits: ChangeLimits, person: Me): Promise<void> {
  const limiter = isTeam(person) ? limits.staff : limits.owner;
  if (await limiter.take(person.user_id)) return;
  throw new AppError('rate_limited', 'That were many changes within a minute.', {
    hint: 'Nothing of this one was done. Go on in a minute.',
    retryAfterS: 60,
  });
}

/**
 * Proves a unit and counts its request.
 * @throws AppError `unauthenticated`, `rate_limited`
 */
export async function admit(
  store: AdmissionStore,
  who: Credential,
  kind: LimitedKind,
  nowMs: number,
): Promise<Admitted> {
  const nowS = Math.floor(nowMs / 1000);
  const found = await store.admit(who, kind, nowS);
  const device = proveUnit(found.device, who);
  refuseBeyond(found.window, kind, nowS);
  return { device, isOver: found.isOver };
}

/** @throws AppError `rate_limited` when the window is over its limit */
export function refuseBeyond(window: RequestWindow | null, kind: LimitedKind, nowS: number): void {
  if (!window || window.requests <= HOURLY[kind]) return;
  const message = `more than ${HOURLY[kind]} in an hour`;
  const retryAfterS = window.started_s + HOUR_S - nowS;
  throw new AppError('rate_limited', message, { retryAfterS });
}
