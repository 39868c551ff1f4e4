/**
 * Invitations: an administrator names an address, a role and, for an owner, places. The account and
 * its mail are the sign-in service's; the role is ours. Knows no HTTP and no SQL.
 */
import type { Invited, InviteRequest } from '../../shared/contracts/people.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { changeOf, type PersonContext } from './audit.ts';
import type { LocationStore } from './location.ts';
import { finishDismissal, type PeopleStore, type SharedMemberships } from './person.ts';

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
 * here already keeps what he has, and gains nothing by an invitation. Who was dismissed gets a new
 * account: the job may be removing the old one at this moment.
 * @throws AppError `invalid` for an unknown place, `conflict` for somebody who is here already
 */
export async function invite(
  ports: InvitationPorts,
  by: PersonContext,
  request: InviteRequest,
  returnTo: string,
): Promise<Invited> {
  for (const id of request.location_ids) {
    if (await ports.locations.find(id)) continue;
    throw new AppError('invalid', `location_ids: there is no location ${id}`);
  }
  for (let tries = 0; tries < TRIES; tries += 1) {
    // before the account is looked up: the job may have removed it right after
    const going = await ports.people.dismissed(GOING_MAX);
    const account = await accountFor(ports.accounts, request.email, returnTo);
    const isGoing = going.includes(account.user_id);
    const invited = isGoing ? null : await takeIn(ports, by, request, account);
    if (invited) return invited;
    await finishDismissal(ports, account.user_id);
  }
  throw new AppError('unavailable', 'This person is being dismissed at this moment.', {
    hint: 'Invite again in a minute.',
  });
}

/** With the account of before, and with a new one. */
const TRIES = 2;
/** Many more than ever wait at once. */
const GOING_MAX = 1000;

interface Account {
  user_id: string;
  /** Whether a mail with a link has gone to it. */
  mailed: boolean;
}

/** @throws AppError `conflict` for an account that nobody confirmed */
export async function accountFor(
  accounts: Accounts,
  email: string,
  returnTo: string,
): Promise<Account> {
  const invited = await accounts.invite(email, returnTo);
  const user_id = invited ?? (await accounts.find(email));
  if (user_id) return { user_id, mailed: invited !== null };
  throw new AppError('conflict', 'This address has an account that was never confirmed.', {
    hint: 'Delete that account at the sign-in service, then invite again.',
  });
}

/** Role and places for an account; null for one that is to go with a dismissal. */
async function takeIn(
  ports: InvitationPorts,
  { person: actor, nowMs }: PersonContext,
  { email, role, location_ids }: InviteRequest,
  { user_id, mailed }: Account,
): Promise<Invited | null> {
  const { people, sharedMemberships } = ports;
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
  return (await people.find(user_id)) ? meet() : null;
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
