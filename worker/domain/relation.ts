/**
 * What a person has to do with a unit. A role says what somebody may do, a relation with which
 * units: an installer changes a unit with a work order for it or its place, or after preparing it
 * himself (docs/decisions/0033). Owners' relation is their location, which lists and details check;
 * an administrator needs none. Knows no HTTP and no SQL.
 */

import { AppError } from '../../shared/errors.ts';
import type { PersonContext } from './audit.ts';

/** Long enough to come back for a unit that fell silent, and to deliver what waited offline. */
const PREPARED_S = 7 * 86_400;

export interface RelationStore {
  /**
   * Those of the units for which, or for where they stand, the person holds an open work order, or
   * which he prepared since; neither outlives a move to other owners. A unit that is not there has
   * nobody to do with it.
   */
  works(
    userId: string,
    deviceIds: readonly string[],
    preparedSinceS: number,
  ): Promise<ReadonlySet<string>>;
  /**
   * Whether somebody who works at the unit may put it there: he prepared it for those who have it,
   * it stands nowhere yet or there already, the place is of the same owners, or he holds an open
   * work order for the place.
   */
  mayPlace(
    userId: string,
    deviceId: string,
    locationId: string,
    preparedSinceS: number,
  ): Promise<boolean>;
}

/** @throws AppError `forbidden`, for a unit that is not there as well */
export async function requireRelation(
  relations: RelationStore,
  { person, nowMs }: PersonContext,
  deviceId: string,
): Promise<void> {
  if (person.role !== 'installer') return;
  if (await isRelated(relations, { person, nowMs }, deviceId)) return;
  throw noWorkOrder(`${deviceId} or its place`);
}

/**
 * Whether an installer may put a unit that he works at where it would come to others: work at one
 * shop is no leave to take its unit to another.
 * @throws AppError `forbidden`
 */
export async function requireDestination(
  relations: RelationStore,
  { person, nowMs }: PersonContext,
  deviceId: string,
  locationId: string | null | undefined,
): Promise<void> {
  if (person.role !== 'installer' || !locationId) return;
  const since = preparedSince(nowMs);
  if (await relations.mayPlace(person.user_id, deviceId, locationId, since)) return;
  throw noWorkOrder(`the place ${locationId}`);
}

function noWorkOrder(what: string): AppError {
  return new AppError('forbidden', `You have no work order for ${what}.`, {
    hint: 'Take a work order for it first, or ask an administrator for one.',
  });
}

/** Unix seconds: who prepared a unit since then has to do with it. */
const preparedSince = (nowMs: number) => Math.floor(nowMs / 1000) - PREPARED_S;

/** Whether an installer has to do with a unit. */
export async function isRelated(
  relations: RelationStore,
  { person, nowMs }: PersonContext,
  deviceId: string,
): Promise<boolean> {
  const found = await relations.works(person.user_id, [deviceId], preparedSince(nowMs));
  return found.has(deviceId);
}

/** Of units in sight, those that the person may change: the rule of {@link requireRelation}. */
export async function relatedUnits(
  relations: RelationStore,
  { person, nowMs }: PersonContext,
  deviceIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (person.role !== 'installer') return new Set(deviceIds);
  return relations.works(person.user_id, deviceIds, preparedSince(nowMs));
}
