/** What an administrator's pages work with. Types alone. */
import type { Location } from '../../../shared/contracts/portal.ts';
import type { Administration, OwnWork, Staff, WorkOrders } from '../../app/administration.ts';
import type { AnswerCache } from '../../app/answers.ts';
import type { Judgement } from '../../app/judgement.ts';
import type { Observable } from '../../app/observable.ts';
import type { People } from '../../app/people.ts';

export interface AdminParts {
  people: People;
  judgement: Judgement;
  /** An owner’s staff among it. */
  administration: Administration & Staff;
  /** Everybody's, and an installer's own. */
  work: WorkOrders & OwnWork;
  locations: () => Promise<Location[]>;
  /** What was answered last, for when there is no network. */
  answers: AnswerCache;
  /** When the oldest of what is shown from before was told, Unix milliseconds; null: none is. */
  asOf: Observable<number | null>;
}
