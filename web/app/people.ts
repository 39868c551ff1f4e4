/** What an administrator does about people, as the page asks for it. Knows no HTTP. */
import type { GivenRole, Invited } from '../../shared/contracts/people.ts';
import type { Me } from '../../shared/contracts/portal.ts';

export type { GivenRole };

/** Every method rejects with AppError. */
export interface People {
  list(): Promise<Me[]>;
  invite(wanted: { email: string; role: GivenRole; location_ids: string[] }): Promise<Invited>;
  setRole(userId: string, role: GivenRole): Promise<unknown>;
  endSessions(userId: string): Promise<unknown>;
  forgetSecondFactor(userId: string): Promise<unknown>;
  dismiss(userId: string): Promise<unknown>;
}
