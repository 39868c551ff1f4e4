/** What is wrong with what was typed for a location, in the page's words. Knows no element. */
import { msg, str } from '@lit/localize';
import type { LocationChange } from '../../shared/contracts/location.ts';

/** As the contract has them (shared/contracts/location.ts). */
const NAME_MAX = 80;
const ADDRESS_MAX = 200;
const LATITUDE_MAX = 90;
const LONGITUDE_MAX = 180;

/**
 * @param said numbers that are none are NaN
 * @returns which field, and what to do; null when all is well
 */
export function placeProblem(
  said: LocationChange,
): { field: keyof LocationChange; words: string } | null {
  const { name, address, latitude, longitude } = said;
  const wrong = (field: keyof LocationChange, words: string) => ({ field, words });
  if (name === '') return wrong('name', msg('Give the location a name.'));
  if (name.length > NAME_MAX)
    return wrong('name', msg(str`The name is too long: ${NAME_MAX} characters at most.`));
  if (!isTimeZone(said.time_zone))
    return wrong(
      'time_zone',
      msg('There is no such time zone. Choose one of the list, like Europe/Berlin.'),
    );
  if ((address ?? '').length > ADDRESS_MAX)
    return wrong('address', msg(str`The address is too long: ${ADDRESS_MAX} characters at most.`));
  if (!isWithin(latitude, LATITUDE_MAX))
    return wrong('latitude', msg('A latitude is a number from −90 to 90, like 52.52.'));
  if (!isWithin(longitude, LONGITUDE_MAX))
    return wrong('longitude', msg('A longitude is a number from −180 to 180, like 13.405.'));
  if ((latitude === null) !== (longitude === null))
    return wrong(
      latitude === null ? 'latitude' : 'longitude',
      msg('Latitude and longitude belong together: give both, or neither.'),
    );
  return null;
}

const isWithin = (degrees: number | null, max: number) =>
  degrees === null || (degrees >= -max && degrees <= max);

/** A name of a zone and no offset, which knows no summer. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+/-]*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== null;
  } catch {
    return false;
  }
}
