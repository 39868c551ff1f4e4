/**
 * Staff: an owner lets people look at a place of his. They see what he sees of it except his till,
 * and change nothing: each route names who may, and no route that changes names them. Knows no
 * HTTP and no SQL.
 */
import type { Invited } from '../../shared/contracts/people.ts';
import type { Me } from '../../shared/contracts/portal.ts';
import { STAFF_MAX, type StaffList } from '../../shared/contracts/staff.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, changeOf, type PersonContext } from './audit.ts';
import { type BrakeStore, braked, takeTry } from './brake.ts';
import { accountFor, type InvitationPorts } from './invitation.ts';
import { locationWithFigures } from './location.ts';

export interface StaffStore {
  /** Who may look at a place without owning it, by address. */
  of(locationId: string, rows: number): Promise<StaffList['staff']>;
  /**
   * Lets a person look, who is made staff when he is nobody here. False, and nothing done, when he
   * has another role, or while Supabase has not removed the account: it is about to go.
   */
  add(person: Pick<Me, 'user_id' | 'email'>, locationId: string, change: Change): Promise<boolean>;
  /** False when he could not look. */
  remove(userId: string, locationId: string, change: Change): Promise<boolean>;
}

export interface StaffPorts extends InvitationPorts {
  staff: StaffStore;
  brakes: BrakeStore;
}

/** Each may be a mail to somebody who did not ask for it. */
const INVITATIONS_DAILY = 20;
const DAY_S = 86_400;

/** @throws AppError `not_found`, for another owner's place as for none */
export async function listStaff(
  { locations, staff }: Pick<StaffPorts, 'locations' | 'staff'>,
  person: Me,
  locationId: string,
): Promise<StaffList> {
  await locationWithFigures(locations, person, locationId);
  return { staff: await staff.of(locationId, STAFF_MAX) };
}

/**
 * Again does no harm: who may look already is told so to Supabase once more.
 * @throws AppError `not_found`; `conflict` for somebody with a role, or when there are very many;
 *   `rate_limited`; `unavailable` when Supabase does not answer
 */
export async function letLook(
  ports: StaffPorts,
  { person, nowMs }: PersonContext,
  locationId: string,
  email: string,
  returnTo: string,
): Promise<Invited> {
  const { staff } = await listStaff(ports, person, locationId);
  const isThere = staff.some((one) => one.email === email);
  if (staff.length >= STAFF_MAX && !isThere) {
    throw new AppError('conflict', `${STAFF_MAX} people look at this place already.`, {
      hint: 'Take somebody off the list first.',
    });
  }
  const brake = { key: `staff:${person.user_id}`, max: INVITATIONS_DAILY, window_s: DAY_S };
  const refusal = await takeTry(ports.brakes, [brake], nowMs);
  if (refusal) throw braked('That were many invitations in a day.', refusal.retry_after_s);
  const { user_id, mailed } = await accountFor(ports.accounts, email, returnTo);
  const facts = { after: { user_id } };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'location.staff', `location:${locationId}`, facts);
  if (!(await ports.staff.add({ user_id, email }, locationId, change))) {
    throw await whyNot(ports, user_id);
  }
  // after D1: Supabase must never know of more than we do
  await ports.sharedMemberships.add(user_id, [locationId]);
  const known = await ports.people.find(user_id);
  const second_factor = known?.second_factor ?? false;
  return { user_id, email, role: 'staff', second_factor, mailed };
}

async function whyNot({ people }: StaffPorts, userId: string): Promise<AppError> {
  if (await people.find(userId)) {
    return new AppError('conflict', 'This person has a role here already.', {
      hint: 'Somebody with another role needs another address to look only.',
    });
  }
  return new AppError('unavailable', 'This person is being dismissed at this moment.', {
    hint: 'Invite again in a minute.',
  });
}

/**
 * From the next request on; the account stays, and sees what is left.
 * @throws AppError `not_found`, `unavailable` when Supabase does not answer: nothing is done then
 */
export async function endLook(
  ports: Pick<StaffPorts, 'locations' | 'staff' | 'sharedMemberships'>,
  { person, nowMs }: PersonContext,
  locationId: string,
  userId: string,
): Promise<void> {
  const { staff } = await listStaff(ports, person, locationId);
  // an owner is no staff: nobody takes him off Supabase here
  if (!staff.some(({ user_id }) => user_id === userId)) throw nobody();
  await ports.sharedMemberships.remove(userId, locationId);
  const facts = { before: { user_id: userId } };
  const by = { actor: person.user_id, nowMs };
  const change = changeOf(by, 'location.staff_end', `location:${locationId}`, facts);
  if (!(await ports.staff.remove(userId, locationId, change))) throw nobody();
}

function nobody(): AppError {
  return new AppError('not_found', 'There is no such person.');
}
