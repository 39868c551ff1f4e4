/**
 * Invitations: an administrator names an address, a role and, for an owner, places. The account and
 * its mail are the sign-in service's; the role is ours. Knows no HTTP and no SQL.
 */
import type { Invited, InviteRequest } from '../../shared/contracts/people.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { changeOf, type PersonContext } from './audit.ts';
import type { LocationStore } from './location.ts';
import type { PeopleStore, SharedMemberships } from './person.ts';

/** Accounts at the sign-in service. Every method may reject with AppError `unavailable`. */
export interface Accounts {
  /**
   * Makes an account and mails its address a link to choose a password; for one whose link was
   * never used, another mail. null: the address has an account that is in use.
   * @param returnTo page of ours that the link leads to
   */
  invite(email: string, returnTo: string): Promise<string | null>;
  /** The user id of the account of exactly this address, whose owner has confirmed it. */
  find(email: string): Promise<string | null>;
  /** The account and every session of it; no error when there is none. */
  remove(userId: string): Promise<void>;
  /** Takes every second factor off the account, for somebody who has lost it. */
  removeSecondFactors(userId: string): Promise<void>;
}

export interface InvitationPorts {
  accounts: Accounts;
  people: PeopleStore;
  locations: LocationStore;
  sharedMemberships: SharedMemberships;
}

/**
 * An account that exists already is given the role without a mail. When this fails half-way it can
 * be repeated: the account is found or mailed anew, and everything else is set, not added. Who is
 * here already keeps what he has, and gains nothing by an invitation.
 * @throws AppError `invalid` for an unknown place, `conflict` for somebody who is here already
 */
export async function invite(
  ports: InvitationPorts,
  { person: actor, nowMs }: PersonContext,
  { email, role, location_ids }: InviteRequest,
  returnTo: string,
): Promise<Invited> {
  const { accounts, people, locations, sharedMemberships } = ports;
  for (const id of location_ids) {
    if (await locations.find(id)) continue;
    throw new AppError('invalid', `location_ids: there is no location ${id}`);
  }
  const invited = await accounts.invite(email, returnTo);
  const user_id = invited ?? (await accounts.find(email));
  if (!user_id) {
    throw new AppError('conflict', 'This address has an account that was never confirmed.', {
      hint: 'Delete that account at the sign-in service, then invite again.',
    });
  }
  const mailed = invited !== null;
  const person = { user_id, email, role, second_factor: false };
  // before Supabase learns of places: it must never know of more than we do
  const meet = async () => ({ ...(await again(ports, person, location_ids, mailed)), mailed });
  if (await people.find(user_id)) return meet();
  await sharedMemberships.add(user_id, location_ids);
  const facts = { after: { email, role, places: location_ids.join(' ') } };
  const change = changeOf(
    { actor: actor.user_id, nowMs },
    'person.invite',
    `person:${user_id}`,
    facts,
  );
  if (await people.add(person, location_ids, change)) return { ...person, mailed };
  // somebody else was quicker, perhaps with other places
  await sharedMemberships.removeAll(user_id);
  return meet();
}

/**
 * The invitation of somebody who is here: the same once more for who never used the first. Supabase
 * gets the places he has, in case it missed them.
 * @throws AppError `conflict` for anything else, `unavailable`
 */
async function again(
  { people, locations, sharedMemberships }: InvitationPorts,
  { user_id, role }: Me,
  locationIds: readonly string[],
  isUnused: boolean,
): Promise<Me> {
  const [known, places] = await Promise.all([people.find(user_id), locations.ofMember(user_id)]);
  const has = new Set(places.map(({ id }) => id));
  await sharedMemberships.add(user_id, [...has]);
  if (!isUnused || !known) {
    throw new AppError('conflict', 'This person has a role here already.', {
      hint: 'Change the role in the list instead.',
    });
  }
  const wanted = new Set(locationIds);
  if (known.role !== role || wanted.size !== has.size || !locationIds.every((id) => has.has(id))) {
    throw new AppError('conflict', 'This person was invited with another role or other places.', {
      hint: 'Dismiss the person in the list, then invite again.',
    });
  }
  const { not_before_s: _, ...person } = known;
  return person;
}
