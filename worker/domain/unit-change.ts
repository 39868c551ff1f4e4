/**
 * What people change about a unit: its name, its place, whether it is in service. Who may is
 * decided before; here every change leaves its trace. Knows no HTTP and no SQL.
 */
import type { MoveRequest } from '../../shared/contracts/fleet.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, type PersonContext, unitChange } from './audit.ts';
import {
  type ChangeOnceContext,
  maybeOnce,
  type Once,
  type OnceChange,
  orConflict,
} from './kept-answer.ts';
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

/** Where a unit stood when it was moved; what is left out does not matter. */
export interface SeenPlace {
  location_id?: string | null | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
}

/**
 * `seen`: what must still be so, unless it is as wanted already; undefined: anything.
 * All throw SeenOtherwise where it is not, and AlreadyDone.
 */
export interface UnitChangeStore {
  look(id: string): Promise<Changeable | null>;
  rename(
    id: string,
    name: string | null,
    seen: string | null | undefined,
    change: Change | OnceChange,
  ): Promise<void>;
  /** False, and nothing done, for a withdrawn unit when `mayReturn` does not say otherwise. */
  setStatus(
    id: string,
    status: ServiceStatus,
    given: { mayReturn: boolean; seen: ServiceStatus | undefined },
    change: Change | OnceChange,
  ): Promise<boolean>;
  /** Place and coordinates only if given; nothing automatic overwrites those by hand. */
  move(
    id: string,
    to: {
      location_id: string | null | undefined;
      coordinates: Coordinates | undefined;
      placed_s: number;
    },
    seen: SeenPlace | undefined,
    change: Change | OnceChange,
  ): Promise<void>;
}

/** Where to, and where from. */
export interface Move extends MoveRequest {
  seen?: SeenPlace | undefined;
}

/** What is kept as answered; people's routes answer with the unit as it is then. */
const DONE = {};

/** @throws AppError `not_found`; `conflict` when it is called something else than `seen` by now */
export async function renameUnit(
  store: UnitChangeStore,
  by: ChangeOnceContext,
  id: string,
  { name, seen }: { name: string | null; seen?: string | null | undefined },
): Promise<void> {
  const before = await existing(store, id);
  const facts = { before: { name: before.name }, after: { name } };
  const change = maybeOnce(unitChange(by, 'unit.rename', id, facts), by, DONE);
  await orConflict(
    store.rename(id, name, seen, change),
    async () => (await existing(store, id)).name,
  );
}

/**
 * An inactive unit cannot authenticate; it comes back by an administrator's word only.
 * @throws AppError `not_found`, `conflict`
 */
export async function setUnitStatus(
  store: UnitChangeStore,
  { person, nowMs, once }: PersonContext & { once?: Once | undefined },
  id: string,
  { status, seen }: { status: ServiceStatus; seen?: ServiceStatus | undefined },
): Promise<void> {
  const before = await existing(store, id);
  const facts = { before: { status: before.status }, after: { status } };
  const by = { actor: person.user_id, nowMs, once };
  const change = maybeOnce(unitChange(by, 'unit.status', id, facts), by, DONE);
  const mayReturn = person.role === 'admin';
  const done = await orConflict(
    store.setStatus(id, status, { mayReturn, seen }, change),
    async () => {
      const now = (await existing(store, id)).status;
      if (now === 'inactive' && !mayReturn) throw withdrawn(id);
      return now;
    },
  );
  if (!done) throw withdrawn(id);
}

/**
 * Moves a unit to another location, to other coordinates, or both; from now on, for what it counted
 * stays where it was counted.
 * @throws AppError `not_found`; `conflict` when it stands elsewhere than `seen` by now
 */
export async function moveUnit(
  { unitChanges, timeZoneAt }: { unitChanges: UnitChangeStore; timeZoneAt: TimeZoneAt },
  by: ChangeOnceContext,
  id: string,
  { location_id, latitude, longitude, seen }: Move,
): Promise<void> {
  const before = await existing(unitChanges, id);
  const given = latitude !== undefined && longitude !== undefined;
  const coordinates = given
    ? { latitude, longitude, time_zone: timeZoneAt(latitude, longitude) }
    : undefined;
  const after = { ...before, ...coordinates };
  if (location_id !== undefined) after.location_id = location_id;
  const facts = { before: placeOf(before), after: placeOf(after) };
  const change = maybeOnce(unitChange(by, 'unit.move', id, facts), by, DONE);
  const placed_s = Math.floor(by.nowMs / 1000);
  await orConflict(
    unitChanges.move(id, { location_id, coordinates, placed_s }, seen, change),
    async () => placeOf(await existing(unitChanges, id)),
  );
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
