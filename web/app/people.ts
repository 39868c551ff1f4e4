/** What an administrator does about people, as the page asks for it. Knows no HTTP. */
import type { Invited } from '../../shared/contracts/people.ts';
import type { Me, Role } from '../../shared/contracts/portal.ts';

/** Every method rejects with AppError. */
export interface People {
  list(): Promise<Me[]>;
  invite(wanted: { email: string; role: Role; location_ids: string[] }): Promise<Invited>;
  setRole(userId: string, role: Role): Promise<unknown>;
  endSessions(userId: string): Promise<unknown>;
  forgetSecondFactor(userId: string): Promise<unknown>;
  dismiss(userId: string): Promise<unknown>;
}
