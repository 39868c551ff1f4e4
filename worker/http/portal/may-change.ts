/** Whether a person may change a unit, and where he may put it. */

import type { PersonContext } from '../../domain/audit.ts';
import { visibleUnit } from '../../domain/fleet.ts';
import { checkDestination } from '../../domain/location.ts';
import { requireDestination, requireRelation } from '../../domain/relation.ts';
import type { PortalServices } from './services.ts';

/**
 * It is in sight, and an installer has work at it.
 * @throws AppError `not_found` for another owner's unit as for none, `forbidden`
 */
export async function mayChange(
  { fleet, relations }: Pick<PortalServices, 'fleet' | 'relations'>,
  { person, nowMs }: PersonContext,
  id: string,
): Promise<void> {
  await visibleUnit(fleet, person, id);
  await requireRelation(relations, { person, nowMs }, id);
}

/**
 * The place is in sight, and an installer who would bring the unit to others has work there.
 * @param to undefined: it stays where it is; null: it stands nowhere
 * @throws AppError `not_found` for another owner's place as for none, `forbidden`
 */
export async function mayPut(
  { locations, relations }: Pick<PortalServices, 'locations' | 'relations'>,
  { person, nowMs }: PersonContext,
  id: string,
  to: string | null | undefined,
): Promise<void> {
  await checkDestination(locations, person, to);
  await requireDestination(relations, { person, nowMs }, id, to);
}
