/**
 * People and what their role allows. Who signs in is Supabase's business; roles are ours, and so is
 * since when a person's sessions count (docs/decisions/0051).
 */
import type { Me, PeoplePage, Role } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, changeOf } from './audit.ts';

/** Who a verified token names. */
export interface Identity {
  user_id: string;
  email: string;
  /** When the token was made by Supabase's clock; Unix seconds. */
  issued_s: number;
}

/** Checks a bearer token of Supabase Auth. Rejects with AppError `unauthenticated`. */
export interface TokenVerifier {
  verify(token: string): Promise<Identity>;
}

export interface Person extends Me {
  /** Tokens made earlier no longer count; Unix seconds. */
  not_before_s: number;
}

export interface PeopleStore {
  find(userId: string): Promise<Person | null>;
  /** By id, behind the given one. */
  list(afterId: string | undefined, rows: number): Promise<Person[]>;
  /** Tokens made before `beforeS` no longer count; false when there is no such person. */
  endSessions(userId: string, beforeS: number, change: Change): Promise<boolean>;
  /** The role, and an end to the sessions of before; false when nothing changed. */
  setRole(userId: string, role: Role, beforeS: number, change: Change): Promise<boolean>;
  /** Takes role, memberships, reservations and work; false when there is no such person. */
  remove(userId: string, beforeS: number, change: Change): Promise<boolean>;
  /** Removed people of whom Supabase has not heard. */
  dismissed(rows: number): Promise<string[]>;
  dismissalTold(userId: string): Promise<void>;
}

/** One run of the job; more than a team loses on a day. */
const DISMISSALS_MAX = 50;

/** What Supabase holds of a person beside the account: who may read which location's sums. */
export interface SharedMemberships {
  /** @throws AppError `unavailable` when Supabase did not take it */
  removeAll(userId: string): Promise<void>;
}

/**
 * A signed-in person with a role.
 * @throws AppError `unauthenticated` for a session that was ended, `forbidden` without a role
 */
export async function personOf(store: PeopleStore, identity: Identity): Promise<Me> {
  const person = await store.find(identity.user_id);
  if (!person) {
    throw new AppError('forbidden', 'This account has no role here.', {
      hint: 'Ask an administrator to give it one.',
    });
  }
  if (identity.issued_s < person.not_before_s) {
    throw new AppError('unauthenticated', 'This session was ended.', { hint: 'Sign in again.' });
  }
  return { user_id: identity.user_id, email: identity.email, role: person.role };
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
  actor: Me,
  userId: string,
  nowMs: number,
): Promise<void> {
  const change = changeOf(actor.user_id, 'person.sign_out', `person:${userId}`, {}, nowMs);
  if (!(await store.endSessions(userId, nextSecond(nowMs), change))) throw nobody();
}

/** Another role, from the next request on. @throws AppError `not_found`, `conflict` for oneself */
export async function changeRole(
  store: PeopleStore,
  actor: Me,
  userId: string,
  role: Role,
  nowMs: number,
): Promise<void> {
  notOneself(actor, userId);
  const before = await store.find(userId);
  if (!before) throw nobody();
  const facts = { before: { role: before.role }, after: { role } };
  const change = changeOf(actor.user_id, 'person.role', `person:${userId}`, facts, nowMs);
  await store.setRole(userId, role, nextSecond(nowMs), change);
}

/**
 * Dismisses a person: no role, no place, no session, from this moment on. Supabase is told at once,
 * and if it does not answer by the job, again and again.
 * @throws AppError `not_found`, `conflict` for oneself
 */
export async function dismiss(
  ports: DismissalPorts,
  actor: Me,
  userId: string,
  nowMs: number,
): Promise<void> {
  notOneself(actor, userId);
  const before = await ports.people.find(userId);
  if (!before) throw nobody();
  const facts = { before: { role: before.role }, after: null };
  const change = changeOf(actor.user_id, 'person.dismiss', `person:${userId}`, facts, nowMs);
  if (!(await ports.people.remove(userId, nextSecond(nowMs), change))) throw nobody();
  // the row waits for the job; a failure now is one more reason to have it
  await tellDismissals(ports).catch(() => {});
}

export interface DismissalPorts {
  people: PeopleStore;
  sharedMemberships: SharedMemberships;
}

/** Tells Supabase of those it has not heard of. @throws AppError `unavailable` */
export async function tellDismissals({ people, sharedMemberships }: DismissalPorts) {
  const waiting = await people.dismissed(DISMISSALS_MAX);
  for (const userId of waiting) {
    await sharedMemberships.removeAll(userId);
    await people.dismissalTold(userId);
  }
  return { told: waiting.length };
}

/** A page of people, by id. */
export async function listPeople(
  store: PeopleStore,
  query: { cursor?: string | undefined; limit: number },
): Promise<PeoplePage> {
  const rows = await store.list(query.cursor, query.limit + 1);
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  const people = shown.map(({ not_before_s: _, ...person }) => person);
  return { people, next_cursor: last?.user_id ?? null };
}

/** Somebody is always left who can undo it. */
function notOneself(actor: Me, userId: string): void {
  if (actor.user_id !== userId) return;
  throw new AppError('conflict', 'You cannot do this to yourself.', {
    hint: 'Ask another administrator.',
  });
}

function nobody(): AppError {
  return new AppError('not_found', 'There is no such person.');
}
