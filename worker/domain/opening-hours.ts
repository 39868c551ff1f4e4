/** When a shop is open, as its owner says. Knows no HTTP and no SQL. */

import type {
  OpeningHours,
  OpeningHoursRequest,
  OpeningTime,
} from '../../shared/contracts/opening-hours.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { minutesOf } from '../../shared/metrics/opening-hours.ts';
import { civilDate, clockMs, isoWeekday, localMs } from '../../shared/metrics/time-zone.ts';
import { isoTimeMs } from '../../shared/time.ts';
import { changeOf } from './audit.ts';
import { type OnceChange, type OncePerson, onceOf, orConflict } from './kept-answer.ts';
import { type LocationStore, locationWithFigures } from './location.ts';

export interface OpeningHoursStore {
  /** By weekday and time. */
  find(locationId: string): Promise<OpeningTime[]>;
  /**
   * Instead of what was there.
   * @param seen what must be there until then; undefined: anything
   * @throws SeenOtherwise
   */
  replace(
    locationId: string,
    times: readonly OpeningTime[],
    seen: readonly OpeningTime[] | undefined,
    change: OnceChange,
  ): Promise<void>;
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

/**
 * When a shop opens for the first time on the day that it is there, ISO 8601 UTC; null when it has
 * opened already, is still open from the day before, or has said nothing of this day.
 */
export function opensAt(
  times: readonly OpeningTime[],
  timeZone: string,
  nowMs: number,
): string | null {
  const weekday = isoWeekday(civilDate(nowMs, timeZone));
  const of = (day: number) => times.filter((time) => time.weekday === day);
  const first = Math.min(...of(weekday).map(({ opens }) => minutesOf(opens)));
  const clock = clockMs(nowMs, timeZone);
  const minute = clock / MINUTE_MS;
  const isNight = of(weekday === 1 ? 7 : weekday - 1).some(({ opens, closes }) => {
    return minutesOf(closes) < minutesOf(opens) && minute < minutesOf(closes);
  });
  if (first === Number.POSITIVE_INFINITY || minute >= first || isNight) return null;
  const waitMs = first * MINUTE_MS - clock;
  const wall = localMs(nowMs, timeZone) + waitMs;
  const at = nowMs + waitMs;
  // Clocks may change in between.
  return isoTimeMs(at + wall - localMs(at, timeZone));
}

const MINUTE_MS = 60_000;

/** @throws AppError `not_found`; `conflict` when something else than `seen` is said by now */
export async function setOpeningHours(
  { locations, openingHours }: OpeningHoursPorts,
  { person, nowMs, once }: OncePerson,
  id: string,
  { opening_hours, seen }: OpeningHoursRequest,
): Promise<OpeningHours> {
  await locationWithFigures(locations, person, id);
  const times = inOrder(opening_hours);
  const facts = { after: { times: times.length } };
  const context = { actor: person.user_id, nowMs };
  const change = changeOf(context, 'location.opening_hours', `location:${id}`, facts);
  const answer = { opening_hours: times };
  await orConflict(
    openingHours.replace(id, times, seen && inOrder(seen), onceOf(change, once, answer)),
    () => openingHours.find(id),
  );
  return answer;
}

/** By weekday and time. */
const inOrder = (times: readonly OpeningTime[]) =>
  times.toSorted((a, b) => a.weekday - b.weekday || (a.opens < b.opens ? -1 : 1));
