/**
 * What people change about a unit: its name, its place, whether it is in service. Who may is
 * decided before; here every change leaves its trace. Knows no HTTP and no SQL.
 */
import type { MoveRequest } from '../../shared/contracts/fleet.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, type ChangeContext, type PersonContext, unitChange } from './audit.ts';
import { withdrawn } from './unit.ts';

export type ServiceStatus = 'active' | 'inactive' | 'maintenance';

/** What a person can change, as it is. */
export interface Changeable {
  name: string | null;
  location_id: string | null;
  latitude: number | null;
  longitude: number | null;
  status: ServiceStatus;
}

/** IANA time zone of coordinates; oceans have one, too. */
export type TimeZoneAt = (latitude: number, longitude: number) => string;

/** A place by hand, with the time zone of the coordinates. */
export interface Coordinates {
  latitude: number;
  longitude: number;
  time_zone: string;
}

export interface UnitChangeStore {
  look(id: string): Promise<Changeable | null>;
  rename(id: string, name: string | null, change: Change): Promise<void>;
  /** False, and nothing done, for a withdrawn unit when `mayReturn` does not say otherwise. */
  setStatus(
    id: string,
    status: ServiceStatus,
    mayReturn: boolean,
    change: Change,
  ): Promise<boolean>;
  /** Place and coordinates only if given; nothing automatic overwrites those by hand. */
  move(
    id: string,
    to: {
      location_id: string | null | undefined;
      coordinates: Coordinates | undefined;
      placed_s: number;
    },
    change: Change,
  ): Promise<void>;
}

/** @throws AppError `not_found` */
export async function renameUnit(
  store: UnitChangeStore,
  { actor, nowMs }: ChangeContext,
  id: string,
  name: string | null,
): Promise<void> {
  const before = await existing(store, id);
  const facts = { before: { name: before.name }, after: { name } };
  await store.rename(id, name, unitChange({ actor, nowMs }, 'unit.rename', id, facts));
}

/**
 * An inactive unit cannot authenticate; it comes back by an administrator's word only.
 * @throws AppError `not_found`, `conflict`
 */
export async function setUnitStatus(
  store: UnitChangeStore,
  { person, nowMs }: PersonContext,
  id: string,
  status: ServiceStatus,
): Promise<void> {
  const before = await existing(store, id);
  const facts = { before: { status: before.status }, after: { status } };
  const change = unitChange({ actor: person.user_id, nowMs }, 'unit.status', id, facts);
  const done = await store.setStatus(id, status, person.role === 'admin', change);
  if (!done) throw withdrawn(id);
}

/**
 * Moves a unit to another location, to other coordinates, or both; from now on, for what it counted
 * stays where it was counted.
 * @throws AppError `not_found`
 */
export async function moveUnit(
  { unitChanges, timeZoneAt }: { unitChanges: UnitChangeStore; timeZoneAt: TimeZoneAt },
  { actor, nowMs }: ChangeContext,
  id: string,
  { location_id, latitude, longitude }: MoveRequest,
): Promise<void> {
  const before = await existing(unitChanges, id);
  const given = latitude !== undefined && longitude !== undefined;
  const coordinates = given
    ? { latitude, longitude, time_zone: timeZoneAt(latitude, longitude) }
    : undefined;
  const after = { ...before, ...coordinates };
  if (location_id !== undefined) after.location_id = location_id;
  const facts = { before: placeOf(before), after: placeOf(after) };
  const change = unitChange({ actor, nowMs }, 'unit.move', id, facts);
  const placed_s = Math.floor(nowMs / 1000);
  await unitChanges.move(id, { location_id, coordinates, placed_s }, change);
}

const placeOf = ({ location_id, latitude, longitude }: Changeable) => ({
  location_id,
  latitude,
  longitude,
});

async function existing(store: UnitChangeStore, id: string): Promise<Changeable> {
  const found = await store.look(id);
  if (!found) throw new AppError('not_found', 'There is no such unit.');
  return found;
}
