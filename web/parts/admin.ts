/** What administrators' pages work with, and an owner's staff, put together when first needed. */
import { AdministrationApi } from '../api/administration.ts';
import type { Http } from '../api/http.ts';
import { JudgementApi } from '../api/judgement.ts';
import { PeopleApi } from '../api/people.ts';
import { WorkApi } from '../api/work.ts';
import type { AnswerCache } from '../app/answers.ts';
import type { AdminParts } from '../ui/pages/admin-page.ts';

/** @param answers what was answered last, for when there is no network */
export function adminParts(
  http: Http,
  locations: AdminParts['locations'],
  answers: AnswerCache,
): AdminParts {
  return {
    people: new PeopleApi(http),
    judgement: new JudgementApi(http),
    administration: new AdministrationApi(http),
    work: new WorkApi(http),
    locations,
    answers,
  };
}
