/** What an administrator does about people, as the page asks for it. Knows no HTTP. */
import type {
  GivenRole,
  Invited,
  Person,
  PersonPlacesRequest,
} from '../../shared/contracts/people.ts';

export type { GivenRole, Person, PersonPlacesRequest };

/** Every method rejects with AppError. */
export interface People {
  list(): Promise<Person[]>;
  invite(wanted: { email: string; role: GivenRole; location_ids: string[] }): Promise<Invited>;
  /** Whose numbers an owner or staff sees from now on. */
  setPlaces(userId: string, wanted: PersonPlacesRequest): Promise<Person>;
  setRole(userId: string, role: GivenRole): Promise<unknown>;
  endSessions(userId: string): Promise<unknown>;
  forgetSecondFactor(userId: string): Promise<unknown>;
  dismiss(userId: string): Promise<unknown>;
}
