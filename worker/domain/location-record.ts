/**
 * Locations as administrators keep them: made once, and what is said of each. An id is for ever, so
 * that counts stay with their place whatever it is called. Knows no HTTP and no SQL.
 */
import type { LocationChange, LocationDetail } from '../../shared/contracts/location.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, changeOf, type Facts, type PersonContext } from './audit.ts';
import { type LocationStore, seesLocation } from './location.ts';

export interface LocationRecordStore {
  detail(id: string): Promise<LocationDetail | null>;
  /** False when the id is taken. */
  create(location: LocationDetail, change: Change): Promise<boolean>;
  /** False when there is none, or nothing of it has changed. */
  change(location: LocationDetail, change: Change): Promise<boolean>;
}

export interface LocationRecordPorts {
  locations: LocationStore;
  locationRecords: LocationRecordStore;
}

/**
 * Who goes there to work reads where it is; it says nothing of what is counted.
 * @throws AppError `not_found`, for another owner's as for none
 */
export async function locationDetail(
  { locations, locationRecords }: LocationRecordPorts,
  person: Me,
  id: string,
): Promise<LocationDetail> {
  if (!(await seesLocation(locations, person, id))) throw noSuch();
  return (await locationRecords.detail(id)) ?? noSuch();
}

/** @throws AppError `conflict` for an id that is taken */
export async function createLocation(
  { locationRecords }: Pick<LocationRecordPorts, 'locationRecords'>,
  { person, nowMs }: PersonContext,
  location: LocationDetail,
): Promise<LocationDetail> {
  const facts = { after: factsOf(location) };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'location.create', `location:${location.id}`, facts);
  if (await locationRecords.create(location, change)) return location;
  throw new AppError('conflict', `There is a location ${location.id} already.`, {
    hint: 'Choose another id.',
  });
}

/** Again does no harm. @throws AppError `not_found` */
export async function changeLocation(
  { locationRecords }: Pick<LocationRecordPorts, 'locationRecords'>,
  { person, nowMs }: PersonContext,
  id: string,
  said: LocationChange,
): Promise<LocationDetail> {
  const before = (await locationRecords.detail(id)) ?? noSuch();
  const location = { id, ...said };
  const facts = { before: factsOf(before), after: factsOf(location) };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'location.change', `location:${id}`, facts);
  await locationRecords.change(location, change);
  return location;
}

const factsOf = ({ id: _, ...facts }: LocationDetail): Facts => facts;

function noSuch(): never {
  throw new AppError('not_found', 'There is no such location.');
}
