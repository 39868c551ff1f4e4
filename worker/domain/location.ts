/** Locations and who may see them. Knows no HTTP and no SQL. */
import type { Location, Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { ownerFilter, requireRole } from './person.ts';

export interface LocationStore {
  find(id: string): Promise<Location | null>;
  all(): Promise<Location[]>;
  /** By id. */
  idsAfter(id: string, limit: number): Promise<string[]>;
  /** Those the person owns, or may look at. */
  ofMember(userId: string): Promise<Location[]>;
}

/** Owners and staff see their own; installers and administrators all, to put units there. */
export function visibleLocations(store: LocationStore, person: Me): Promise<Location[]> {
  return ownerFilter(person) ? store.ofMember(person.user_id) : store.all();
}

/** The location, for who may see it: another owner's is as none. */
async function visibleLocation(store: LocationStore, person: Me, id: string) {
  if (!ownerFilter(person)) return (await store.find(id)) ?? undefined;
  return (await store.ofMember(person.user_id)).find((location) => location.id === id);
}

/** Whether the person may see it, however many others there are. */
export async function seesLocation(store: LocationStore, person: Me, id: string) {
  return (await visibleLocation(store, person, id)) !== undefined;
}

/**
 * A location whose figures the person may read. Another owner's location gets the same answer as
 * one that does not exist.
 * @throws AppError `forbidden` for an installer, `not_found`
 */
export async function locationWithFigures(store: LocationStore, person: Me, id: string) {
  requireRole(person, 'owner', 'staff', 'admin');
  const location = await visibleLocation(store, person, id);
  if (!location) throw new AppError('not_found', 'There is no such location.');
  return location;
}

/**
 * Whether the person may put a unit there; undefined says that it stays where it is.
 * @throws AppError `not_found`, for another owner's location as for none; `forbidden` for an owner
 *   who would lose sight of the unit
 */
export async function checkDestination(
  store: LocationStore,
  person: Me,
  id: string | null | undefined,
): Promise<void> {
  if (id === undefined) return;
  if (id === null) return requireRole(person, 'installer', 'admin');
  if (!(await seesLocation(store, person, id)))
    throw new AppError('not_found', 'There is no such location.');
}
