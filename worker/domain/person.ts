/** People and what their role allows. Who signs in is Supabase's business; roles are ours. */
import type { Me, Role } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';

/** Who a verified token names. */
export interface Identity {
  user_id: string;
  email: string;
}

/** Checks a bearer token of Supabase Auth. Rejects with AppError `unauthenticated`. */
export interface TokenVerifier {
  verify(token: string): Promise<Identity>;
}

export interface PeopleStore {
  role(userId: string): Promise<Role | null>;
}

/** A signed-in person with a role. @throws AppError `forbidden` for one without */
export async function personOf(store: PeopleStore, identity: Identity): Promise<Me> {
  const role = await store.role(identity.user_id);
  if (role) return { ...identity, role };
  throw new AppError('forbidden', 'This account has no role here.', {
    hint: 'Ask an administrator to give it one.',
  });
}

/** @throws AppError `forbidden` unless the person has one of the roles */
export function requireRole(person: Me, ...roles: Role[]): void {
  if (roles.includes(person.role)) return;
  throw new AppError('forbidden', `Only ${roles.join(' or ')} may do this.`);
}
