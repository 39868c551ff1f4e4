/**
 * People and what their role allows. Who signs in is Supabase's business; roles are ours, and so is
 * since when a person's sessions count (docs/decisions/0034).
 */
import type { PeoplePage } from '../../shared/contracts/people.ts';
import type { Me, Role } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import type { Accounts } from './invitation.ts';
import { type PageQuery, paged } from './page.ts';

/** Who a verified token names. */
export interface Identity {
  user_id: string;
  email: string;
  /** When the person signed in, or else the token’s issue, by Supabase's clock; Unix s. */
  begun_s: number;
  /** Whether the sign-in had a second factor (`aal2`). */
  second_factor: boolean;
}

/** Checks a bearer token of Supabase Auth. Rejects with AppError `unauthenticated`. */
export interface TokenVerifier {
  verify(token: string): Promise<Identity>;
}

export interface Person extends Me {
  /** Sessions begun earlier no longer count; Unix seconds. */
  not_before_s: number;
  second_factor: boolean;
}

export interface ListedPerson extends Person {
  /** By id: an owner's, or those that staff looks at. */
  location_ids: string[];
}

/** Who asks: the person, and by which sign-in. */
export interface SignedIn extends Me {
  by_second_factor?: boolean;
}

/** Whose places' units alone a person sees; undefined for those who see everybody's. */
export const ownerFilter = ({ role, user_id }: Me) =>
  role === 'owner' || role === 'staff' ? user_id : undefined;

export interface PeopleStore {
  find(userId: string): Promise<Person | null>;
  /** By id, behind the given one, with the places that each sees. */
  list(afterId: string | undefined, rows: number): Promise<ListedPerson[]>;
  /**
   * A new person with places; false, and no trace, when he has a role already, or while Supabase
   * has not removed the account: it is about to go.
   */
  add(person: Me, locationIds: readonly string[], change: Change): Promise<boolean>;
  /** From now on the person's sessions count only with a second factor, or without as well. */
  requireSecondFactor(userId: string, isRequired: boolean, change: Change): Promise<void>;
  /** Sessions begun before `beforeS` no longer count; false when there is no such person. */
  endSessions(userId: string, beforeS: number, change: Change): Promise<boolean>;
  /**
   * The role, an end to the sessions of before, and of open work where the role does none. False,
   * and nothing done, when he has it already, or whoever changes it is no administrator any more.
   */
  setRole(userId: string, role: Role, beforeS: number, change: Change): Promise<boolean>;
  /**
   * Takes role, memberships, reservations and work. False, and nothing done, when there is no such
   * person, or whoever dismisses him is no administrator any more.
   */
  remove(userId: string, beforeS: number, change: Change): Promise<boolean>;
  /** Removed people whom Supabase still has. */
  dismissed(rows: number): Promise<string[]>;
  dismissalPropagated(userId: string): Promise<void>;
}

/** One run of the job; more than a team loses on a day. */
const DISMISSALS_MAX = 50;
/** So many times ten seconds go to a Supabase that takes nothing. */
const DISMISSAL_FAILURES_MAX = 3;

/** What Supabase holds of a person beside the account: who may read which location's sums. */
export interface SharedMemberships {
  /** @throws AppError `unavailable` when Supabase did not take it */
  add(userId: string, locationIds: readonly string[]): Promise<void>;
  /** @throws AppError `unavailable` when Supabase did not take it */
  removeAll(userId: string): Promise<void>;
  /** @throws AppError `unavailable` when Supabase did not take it */
  remove(userId: string, locationId: string): Promise<void>;
}

/**
 * A signed-in person with a role.
 * @throws AppError `unauthenticated` for an ended session, or one that lacks the second factor
 *   which this person has; `forbidden` without a role
 */
export async function personOf(store: PeopleStore, identity: Identity): Promise<SignedIn> {
  const person = await store.find(identity.user_id);
  if (!person) {
    throw new AppError('forbidden', 'This account has no role here.', {
      hint: 'Ask an administrator to give it one.',
    });
  }
  if (identity.begun_s < person.not_before_s) {
    throw new AppError('unauthenticated', 'This session was ended.', { hint: 'Sign in again.' });
  }
  const { role, second_factor } = person;
  if (second_factor && !identity.second_factor) {
    throw new AppError('unauthenticated', 'This session lacks the second factor.', {
      hint: 'Sign in again, with the code of your authenticator app.',
    });
  }
  const { user_id, email, second_factor: by_second_factor } = identity;
  return { user_id, email, role, second_factor, by_second_factor };
}

/**
 * Turns the second factor on or off for oneself: the page has set it up, or is about to remove it.
 * @throws AppError `forbidden` in a session without it: a stolen one neither sets nor removes it
 */
export async function setSecondFactor(
  store: PeopleStore,
  { person, nowMs }: PersonContext & { person: SignedIn },
  isRequired: boolean,
): Promise<void> {
  if (!person.by_second_factor) {
    throw new AppError('forbidden', 'Only a session with the second factor may do this.', {
      hint: 'Sign in again, with the code of your authenticator app.',
    });
  }
  const change = secondFactorChange({ person, nowMs }, person.user_id, isRequired);
  await store.requireSecondFactor(person.user_id, isRequired, change);
}

/**
 * For somebody who has lost it: no second factor any more, neither at the sign-in service nor here.
 * @throws AppError `not_found`, `conflict` for oneself, `unavailable`
 */
export async function forgetSecondFactor(
  { people, accounts }: { people: PeopleStore; accounts: Accounts },
  { person, nowMs }: PersonContext,
  userId: string,
): Promise<void> {
  notOneself(person, userId);
  if (!(await people.find(userId))) throw nobody();
  await accounts.removeSecondFactors(userId);
  const change = secondFactorChange({ person, nowMs }, userId, false);
  await people.requireSecondFactor(userId, false, change);
}

function secondFactorChange(
  { person, nowMs }: PersonContext,
  userId: string,
  required: boolean,
): Change {
  const facts = { after: { required } };
  return changeOf(
    { actor: person.user_id, nowMs },
    'person.second_factor',
    `person:${userId}`,
    facts,
  );
}

/** @throws AppError `forbidden` unless the person has one of the roles */
export function requireRole(person: Me, ...roles: Role[]): void {
  if (roles.includes(person.role)) return;
  throw new AppError('forbidden', `Only ${roles.join(' or ')} may do this.`);
}

/** Tokens carry whole seconds: one made in this very second may be older than this moment. */
const nextSecond = (nowMs: number) => Math.floor(nowMs / 1000) + 1;

/** Ends every session of a person: all tokens that there are now. @throws AppError `not_found` */
export async function signOutEverywhere(
  store: PeopleStore,
  { person, nowMs }: PersonContext,
  userId: string,
): Promise<void> {
  const change = changeOf(
    { actor: person.user_id, nowMs },
    'person.sign_out',
    `person:${userId}`,
    {},
  );
  if (!(await store.endSessions(userId, nextSecond(nowMs), change))) throw nobody();
}

/**
 * Another role, from the next request on.
 * @throws AppError `not_found`, `conflict` for oneself, `forbidden`
 */
export async function changeRole(
  store: PeopleStore,
  { person, nowMs }: PersonContext,
  userId: string,
  role: Role,
): Promise<void> {
  notOneself(person, userId);
  const before = await store.find(userId);
  if (!before) throw nobody();
  // what an owner let him see would become his own
  if (before.role === 'staff') {
    throw new AppError('conflict', 'This person is an owner’s staff.', {
      hint: 'Dismiss the person in the list, then invite again.',
    });
  }
  const facts = { before: { role: before.role }, after: { role } };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'person.role', `person:${userId}`, facts);
  if (await store.setRole(userId, role, nextSecond(nowMs), change)) return;
  const now = await store.find(userId);
  if (!now) throw nobody();
  if (now.role !== role) throw overruled();
}

/**
 * Dismisses a person: no role, no place, no session, from this moment on. Supabase learns of it at
 * once, and if it does not answer by the job, again and again.
 * @throws AppError `not_found`, `conflict` for oneself, `forbidden`
 */
export async function dismiss(
  ports: DismissalPorts,
  { person, nowMs }: PersonContext,
  userId: string,
): Promise<void> {
  notOneself(person, userId);
  const before = await ports.people.find(userId);
  if (!before) throw nobody();
  const facts = { before: { role: before.role }, after: null };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'person.dismiss', `person:${userId}`, facts);
  if (!(await ports.people.remove(userId, nextSecond(nowMs), change))) {
    throw (await ports.people.find(userId)) ? overruled() : nobody();
  }
  // the row waits for the job; a failure now is one more reason to have it
  await propagateDismissals(ports).catch(() => {});
}

export interface DismissalPorts {
  people: PeopleStore;
  sharedMemberships: SharedMemberships;
  accounts: Accounts;
}

/**
 * Removes those from Supabase whom it still has: their memberships and their accounts go. One whom
 * it refuses to remove holds up nobody else; who is here stays.
 * @throws AppError `unavailable`
 */
export async function propagateDismissals(ports: DismissalPorts) {
  const { people } = ports;
  const waiting = await people.dismissed(DISMISSALS_MAX);
  const failures: unknown[] = [];
  let told = 0;
  for (const userId of waiting) {
    if (failures.length === DISMISSAL_FAILURES_MAX) break;
    try {
      if (await people.find(userId)) continue;
      await finishDismissal(ports, userId);
      told += 1;
    } catch (failure) {
      failures.push(failure);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { told };
}

/** What Supabase has of somebody who is not here; again does no harm. @throws `unavailable` */
export async function finishDismissal(
  { people, sharedMemberships, accounts }: DismissalPorts,
  userId: string,
): Promise<void> {
  await sharedMemberships.removeAll(userId);
  await accounts.remove(userId);
  await people.dismissalPropagated(userId);
}

/** A page of people, by id. */
export async function listPeople(store: PeopleStore, query: PageQuery): Promise<PeoplePage> {
  const ask = (n: number) => store.list(query.cursor, n);
  const { rows, next_cursor } = await paged(ask, query.limit, ({ user_id }) => user_id);
  return { people: rows.map(({ not_before_s: _, ...person }) => person), next_cursor };
}

/** Somebody always remains who can undo it: who does it, and is an administrator then. */
function notOneself(actor: Me, userId: string): void {
  if (actor.user_id !== userId) return;
  throw new AppError('conflict', 'You cannot do this to yourself.', {
    hint: 'Ask another administrator.',
  });
}

/** Two who dismiss or demote each other at one moment: the second is none any more. */
function overruled(): AppError {
  return new AppError('forbidden', 'You are no administrator any more.', {
    hint: 'Ask another administrator.',
  });
}

function nobody(): AppError {
  return new AppError('not_found', 'There is no such person.');
}
