/** Whether a person may change a unit: it is in sight, and an installer has work at it. */
import type { Me } from '../../../shared/contracts/portal.ts';
import { visibleUnit } from '../../domain/fleet.ts';
import { requireRelation } from '../../domain/relation.ts';
import type { PortalServices } from './services.ts';

/** @throws AppError `not_found` for another owner's unit as for none, `forbidden` */
export async function mayChange(
  { fleet, relations }: Pick<PortalServices, 'fleet' | 'relations'>,
  person: Me,
  id: string,
  nowMs: number,
): Promise<void> {
  await visibleUnit(fleet, person, id);
  await requireRelation(relations, person, id, nowMs);
}
