/**
 * Units as people deal with them: registering one, and asking how far it has come. The token never
 * appears here, only its SHA-256. Knows no HTTP and no SQL.
 */
import type { InferOutput } from 'valibot';
import type { Me, RegisterRequest, UnitStatus } from '../../shared/contracts/portal.ts';
import { receiversOf } from '../../shared/contracts/receiver.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Actor, type Change, type PersonContext, unitChange } from './audit.ts';
import { type QueuedCommand, queuedCommand } from './command.ts';
import type { LocationStore } from './location.ts';
import { ownerFilter, requireRole } from './person.ts';
import { isRelated, type RelationStore, requireDestination, requireRelation } from './relation.ts';

/** A registration with its defaults. */
export type Registration = InferOutput<typeof RegisterRequest>;

/** A unit's row; times in Unix seconds by the backend's clock. */
export interface Unit {
  id: string;
  token_sha256: string;
  mac: string | null;
  status: 'active' | 'inactive' | 'maintenance';
  location_id: string | null;
  firmware: string | null;
  registered_s: number;
  /** Of its token or its status, whichever is newer: since when; Unix milliseconds. */
  settled_ms: number;
  first_heartbeat_s: number | null;
  /** Bits of the receivers that do not listen. */
  radio: number;
  first_reading_s: number | null;
  last_seen_s: number | null;
  /** Since when its chip has left it; null = it has not. */
  released_s: number | null;
  /** When it came to its place, unless with its first registration. */
  located_s: number | null;
}

export interface NewUnit
  extends Pick<
    Unit,
    'id' | 'token_sha256' | 'mac' | 'location_id' | 'firmware' | 'registered_s' | 'settled_ms'
  > {
  prepared_by: Actor;
}

export interface UnitStore {
  /** For an owner without what it did at places of others. */
  find(id: string, ownerId?: string): Promise<Unit | null>;
  /** Units with this MAC that nobody released, the latest registration first; at most 20. */
  ofChip(mac: string): Promise<Unit[]>;
  /**
   * Makes the id free for another chip. Unless it is out of service, or was settled later than
   * `beforeMs`: then false and nothing done.
   */
  release(id: string, beforeMs: number, change: Change): Promise<boolean>;
  /**
   * Adds a unit and its first command, and ends the reservation. Unless the id is taken, or
   * reserved by someone other than `by`: then false and nothing done.
   */
  add(unit: NewUnit, first: QueuedCommand, by: Actor, change: Change): Promise<boolean>;
  /**
   * Gives the id a new token and chip, forgets first contacts, replaces what waited. Unless the
   * unit has been settled later than that token was made: then false and nothing done.
   */
  replace(unit: NewUnit, first: QueuedCommand, change: Change): Promise<boolean>;
  /**
   * The same registration again may name a newer firmware or another place. Does nothing when the
   * unit has moved since it was `seen`.
   */
  amend(
    seen: Pick<Unit, 'id' | 'located_s'>,
    firmware: string,
    locationId: string | undefined,
    change: Change,
  ): Promise<void>;
}

export interface RegistrationPorts {
  units: UnitStore;
  locations: LocationStore;
  relations: RelationStore;
}

/**
 * Registers a prepared unit. The same id with the same hash again changes nothing that matters, so
 * an outbox may deliver twice. Queues `send_now` so that the first heartbeat's answer makes the
 * unit send its first reading.
 * @returns the unit, and whether it was new or replaced
 * @throws AppError `forbidden`, `conflict`, `invalid` for an unknown location
 */
export async function registerUnit(
  { units, locations, relations }: RegistrationPorts,
  { person, nowMs }: PersonContext,
  wanted: Registration,
): Promise<{ status: UnitStatus; created: boolean }> {
  requireRole(person, 'installer', 'admin');
  await checkLocation(locations, wanted.location_id);
  const { created, settledMs } = await settle({ units, relations }, wanted, { person, nowMs });
  // again, too: that makes good what failed in between the first time
  await leaveOtherIds({ units, relations }, wanted, { person, nowMs }, settledMs);
  return { status: statusOf(wanted.device_id, await units.find(wanted.device_id)), created };
}

async function settle(
  { units, relations }: Omit<RegistrationPorts, 'locations'>,
  wanted: Registration,
  { person, nowMs }: PersonContext,
) {
  const by = person.user_id;
  const unit: NewUnit = {
    id: wanted.device_id,
    token_sha256: wanted.token_sha256,
    mac: wanted.mac,
    location_id: wanted.location_id ?? null,
    firmware: wanted.firmware,
    registered_s: Math.floor(nowMs / 1000),
    settled_ms: nowMs - (wanted.token_age_s ?? 0) * 1000,
    prepared_by: by,
  };
  const traced = (action: 'unit.register' | 'unit.replace', old: Unit | null, next: Facts) =>
    unitChange({ actor: by, nowMs }, action, unit.id, {
      before: old && factsOf(old),
      after: factsOf(next),
    });
  const first = queuedCommand(unit.id, 'send_now', nowMs, by);
  if (await units.add(unit, first, by, traced('unit.register', null, unit))) {
    return { created: true, settledMs: unit.settled_ms };
  }
  const existing = await units.find(unit.id);
  if (!existing) throw reserved(unit.id);
  const placed = { ...unit, location_id: unit.location_id ?? existing.location_id };
  if (existing.token_sha256 === unit.token_sha256) {
    await amend({ units, relations }, existing, wanted, { person, nowMs });
    return { created: false, settledMs: Math.min(unit.settled_ms, existing.settled_ms) };
  }
  if (existing.released_s === null) {
    if (!wanted.replace) throw alreadyRegistered(unit.id);
    await requireRelation(relations, { person, nowMs }, unit.id);
    if (existing.status === 'inactive') throw withdrawn(unit.id);
    await requireDestination(relations, { person, nowMs }, unit.id, wanted.location_id);
  }
  const change = traced('unit.replace', existing, placed);
  if (!(await units.replace(placed, first, change))) throw tooLate(unit.id);
  return { created: true, settledMs: unit.settled_ms };
}

/**
 * The same registration again. Whoever has moved the unit since it was registered knows better than
 * an outbox where it stands.
 * @throws AppError `forbidden` for a place of others
 */
async function amend(
  { units, relations }: Pick<RegistrationPorts, 'units' | 'relations'>,
  existing: Unit,
  { firmware, location_id }: Registration,
  { person, nowMs }: PersonContext,
): Promise<void> {
  const isMoved = (existing.located_s ?? 0) > existing.registered_s;
  const place = isMoved ? undefined : location_id;
  await requireDestination(relations, { person, nowMs }, existing.id, place);
  const after = { mac: existing.mac, location_id: place ?? existing.location_id, firmware };
  const facts = { before: factsOf(existing), after };
  const by = { actor: person.user_id, nowMs };
  const change = unitChange(by, 'unit.register', existing.id, facts);
  await units.amend(existing, firmware, place, change);
}

/**
 * A chip has one id, the one it was given last: those settled since its token was made stay, and so
 * do those of others' until somebody who may change them says so.
 */
async function leaveOtherIds(
  { units, relations }: Pick<RegistrationPorts, 'units' | 'relations'>,
  { device_id, mac }: Registration,
  { person, nowMs }: PersonContext,
  settledMs: number,
): Promise<void> {
  for (const { id } of await units.ofChip(mac)) {
    if (id === device_id) continue;
    if (person.role !== 'admin' && !(await isRelated(relations, { person, nowMs }, id))) continue;
    await units.release(id, settledMs, released({ person, nowMs }, id, mac, device_id));
  }
}

/**
 * Frees an id that its chip has left.
 * @throws AppError `not_found`, `forbidden`, `conflict` for one that is out of service
 */
export async function releaseUnit(
  { units, relations }: Pick<RegistrationPorts, 'units' | 'relations'>,
  { person, nowMs }: PersonContext,
  id: string,
): Promise<UnitStatus> {
  await requireRelation(relations, { person, nowMs }, id);
  const unit = await units.find(id);
  if (!unit) throw new AppError('not_found', 'There is no such unit.');
  if (unit.released_s === null) {
    if (unit.status === 'inactive') throw withdrawn(id);
    const change = released({ person, nowMs }, id, unit.mac, null);
    if (!(await units.release(id, nowMs, change))) await requireReleased(units, id);
  }
  return statusOf(id, await units.find(id));
}

/** It released nothing: well if somebody else was quicker. @throws AppError `conflict` */
async function requireReleased(units: UnitStore, id: string): Promise<void> {
  const unit = await units.find(id);
  if (!unit || unit.released_s !== null) return;
  if (unit.status === 'inactive') throw withdrawn(id);
  throw new AppError('conflict', `${id} was changed by someone else just now.`, {
    hint: 'Load it again and look.',
  });
}

function released(
  { person, nowMs }: PersonContext,
  id: string,
  mac: string | null,
  successor: string | null,
): Change {
  const facts = { before: { mac }, after: { mac: null, now_called: successor } };
  return unitChange({ actor: person.user_id, nowMs }, 'unit.release_id', id, facts);
}

/** The ids that a chip has. */
export async function chipUnits(units: UnitStore, mac: string): Promise<{ units: UnitStatus[] }> {
  return { units: (await units.ofChip(mac)).map((unit) => statusOf(unit.id, unit)) };
}

/** The token's hash is no fact for the trail. */
type Facts = Pick<Unit, 'mac' | 'location_id' | 'firmware'>;
const factsOf = ({ mac, location_id, firmware }: Facts) => ({ mac, location_id, firmware });

async function checkLocation(locations: LocationStore, id: string | undefined): Promise<void> {
  if (id === undefined || (await locations.find(id))) return;
  throw new AppError('invalid', 'location_id: there is no such location');
}

function reserved(id: string): AppError {
  return new AppError('conflict', `${id} is reserved by someone else.`, {
    hint: 'Choose another id; reservations end after two weeks at the latest.',
  });
}

function alreadyRegistered(id: string): AppError {
  return new AppError('conflict', `${id} is already registered with another token.`, {
    hint: 'Choose another id, or replace the unit deliberately.',
  });
}

/** A withdrawal ends by the explicit change that an administrator makes, by nothing else. */
export function withdrawn(id: string): AppError {
  return new AppError('conflict', `${id} is out of service.`, {
    hint: 'An administrator can put it back into service.',
  });
}

/** An outbox that was offline for long must not undo what others did since. */
function tooLate(id: string): AppError {
  const since = 'has got a newer token, or another status, since this token was made';
  return new AppError('conflict', `${id} ${since}.`, {
    hint: 'Prepare the unit again if it is the one to be used.',
  });
}

/**
 * How far a unit has come. Installers may ask about an id that is not registered yet; an owner
 * learns only of units at own locations.
 * @throws AppError `not_found` for an owner
 */
export async function unitStatus(
  units: UnitStore,
  locations: LocationStore,
  person: Me,
  id: string,
): Promise<UnitStatus> {
  const ownerId = ownerFilter(person);
  const unit = await units.find(id, ownerId);
  if (ownerId !== undefined) {
    const own = await locations.ofMember(ownerId);
    const visible = unit && own.some((l) => l.id === unit.location_id);
    if (!visible) throw new AppError('not_found', 'There is no such unit.');
  }
  return statusOf(id, unit);
}

function statusOf(id: string, found: Unit | null): UnitStatus {
  // An id that its chip has left is as good as never used.
  const unit = found?.released_s == null ? found : null;
  return {
    device_id: id,
    registered: unit !== null,
    mac: unit?.mac ?? null,
    status: unit?.status ?? null,
    location_id: unit?.location_id ?? null,
    registered_at: isoTime(unit?.registered_s),
    first_heartbeat_at: isoTime(unit?.first_heartbeat_s),
    first_reading_at: isoTime(unit?.first_reading_s),
    last_seen_at: isoTime(unit?.last_seen_s),
    firmware: unit?.firmware ?? null,
    ...(unit && unit.radio !== 0 ? { broken_receivers: receiversOf(unit.radio) } : {}),
  };
}
