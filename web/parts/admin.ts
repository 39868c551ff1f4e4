/** What administrators' pages work with, and an owner's staff, put together when first needed. */
import type { Http } from '../api/http.ts';
import { JudgementApi } from '../api/judgement.ts';
import { KeptAdministration } from '../api/kept-administration.ts';
import { KeptWork } from '../api/kept-work.ts';
import { PeopleApi } from '../api/people.ts';
import { knowAlert } from '../app/know-alert.ts';
import { SeenBefore } from '../app/seen-before.ts';
import type { ServerClock } from '../app/server-clock.ts';
import type { AdminParts } from '../ui/pages/admin-parts.ts';
import type { Later } from './outbox.ts';

interface Own {
  http: Http;
  locations: AdminParts['locations'];
  /** What waits, and what was answered last, for when there is no network. */
  later: Pick<Later, 'answers' | 'changes'>;
  userId: () => string | null;
  clock: Pick<ServerClock, 'now'>;
}

export function adminParts({ http, locations, later, userId, clock }: Own): AdminParts {
  const { answers, changes } = later;
  const seen = new SeenBefore(answers);
  return {
    people: new PeopleApi(http),
    judgement: new JudgementApi(http),
    administration: new KeptAdministration(http, seen, (alert) =>
      knowAlert(changes, alert, { me: userId() ?? '', nowMs: clock.now() }),
    ),
    work: new KeptWork(http, seen),
    locations,
    answers,
    asOf: seen.asOf,
  };
}
