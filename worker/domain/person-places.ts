/**
 * The places of somebody who is here: an owner's, or those that staff looks at. An administrator
 * says which they are from now on, and from which he started. Knows no HTTP and no SQL.
 */
import type { Person as Entry, PersonPlacesRequest } from '../../shared/contracts/people.ts';
import type { Role } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import type { LocationStore } from './location.ts';
import type { PeopleStore, SharedMemberships } from './person.ts';

/** Whose places are set. */
export interface PlacesOf {
  user_id: string;
  role: 'owner' | 'staff';
}

export interface PersonPlacesStore {
  /**
   * All at once. False, and nothing done, when the person has other places than `from` by now or
   * another role, or whoever changes it is no administrator any more.
   * @param from by id, like `to`
   */
  set(
    who: PlacesOf,
    from: readonly string[],
    to: readonly string[],
    change: Change,
  ): Promise<boolean>;
}

export interface PersonPlacesPorts {
  people: PeopleStore;
  personPlaces: PersonPlacesStore;
  locations: LocationStore;
  sharedMemberships: SharedMemberships;
}

/**
 * From the next request on the person sees these places and no others. What has been set already
 * is told to Supabase once more, so that a try which failed there can be repeated.
 * @throws AppError `not_found`; `invalid` for an unknown place; `conflict` for who has no places,
 *   and when somebody else has changed them meanwhile; `unavailable` when Supabase does not answer:
 *   then nobody sees more than before
 */
export async function setPlaces(
  ports: PersonPlacesPorts,
  { person, nowMs }: PersonContext,
  userId: string,
  wanted: PersonPlacesRequest,
): Promise<Entry> {
  const { locations, sharedMemberships: shared } = ports;
  const known = await ports.people.find(userId);
  if (!known) throw new AppError('not_found', 'There is no such person.');
  if (!hasPlaces(known.role)) {
    throw new AppError('conflict', 'Only owners and staff have locations.', {
      hint: 'Change the role in the list instead.',
    });
  }
  const to = inOrder(wanted.location_ids);
  await checkKnown(locations, to);
  const now = inOrder((await locations.ofMember(userId)).map(({ id }) => id));
  const from = inOrder(wanted.from);
  const isSet = String(now) === String(to);
  if (!isSet && String(now) !== String(from)) throw overtaken();
  // Supabase must never know of more than we do: what ends ends there first, what begins last
  for (const id of now) if (!to.includes(id)) await shared.remove(userId, id);
  if (!isSet) {
    const facts = { before: { places: now.join(' ') }, after: { places: to.join(' ') } };
    const by = { actor: person.user_id, nowMs };
    const change = changeOf(by, 'person.places', `person:${userId}`, facts);
    const who = { user_id: userId, role: known.role };
    if (!(await ports.personPlaces.set(who, now, to, change))) {
      await shared.add(
        userId,
        (await locations.ofMember(userId)).map(({ id }) => id),
      );
      throw overtaken();
    }
  }
  await shared.add(userId, to);
  const { not_before_s: _, ...entry } = known;
  return { ...entry, location_ids: to };
}

const hasPlaces = (role: Role): role is PlacesOf['role'] => role === 'owner' || role === 'staff';
const inOrder = (ids: readonly string[]) => [...new Set(ids)].sort();

async function checkKnown(locations: LocationStore, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    if (await locations.find(id)) continue;
    throw new AppError('invalid', `location_ids: there is no location ${id}`);
  }
}

function overtaken(): AppError {
  return new AppError('conflict', 'Someone else changed these locations just now.', {
    hint: 'Load it again and look.',
  });
}
