/** When a shop is open, as its owner says. Knows no HTTP and no SQL. */

import type { OpeningHours, OpeningTime } from '../../shared/contracts/opening-hours.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import { type LocationStore, locationWithFigures } from './location.ts';

export interface OpeningHoursStore {
  /** By weekday and time. */
  find(locationId: string): Promise<OpeningTime[]>;
  /** Instead of what was there. */
  replace(locationId: string, times: readonly OpeningTime[], change: Change): Promise<void>;
}

export interface OpeningHoursPorts {
  locations: LocationStore;
  openingHours: OpeningHoursStore;
}

/** @throws AppError `not_found`, for another owner's shop as for none */
export async function openingHoursOf(
  { locations, openingHours }: OpeningHoursPorts,
  person: Me,
  id: string,
): Promise<OpeningHours> {
  await locationWithFigures(locations, person, id);
  return { opening_hours: await openingHours.find(id) };
}

/** @throws AppError `not_found` */
export async function setOpeningHours(
  { locations, openingHours }: OpeningHoursPorts,
  { person, nowMs }: PersonContext,
  id: string,
  times: readonly OpeningTime[],
): Promise<OpeningHours> {
  await locationWithFigures(locations, person, id);
  const facts = { after: { times: times.length } };
  const context = { actor: person.user_id, nowMs };
  const change = changeOf(context, 'location.opening_hours', `location:${id}`, facts);
  await openingHours.replace(id, times, change);
  return { opening_hours: await openingHours.find(id) };
}
