/** The own account, put together when its page is first opened. */
import { SupabaseAccount } from '../api/account.ts';
import type { SupabaseAuth } from '../api/auth.ts';
import type { PeopleApi } from '../api/people.ts';
import { Account } from '../app/account.ts';
import type { AnswerCache } from '../app/answers.ts';
import type { Session } from '../app/session.ts';

/** What the page has anyway. */
interface Own {
  session: Session;
  signInService: ConstructorParameters<typeof SupabaseAccount>[0];
  auth: SupabaseAuth;
  portal: PeopleApi;
  answers: AnswerCache;
}

export function account({ session, signInService, auth, portal, answers }: Own): Account {
  const account = new SupabaseAccount(signInService, auth);
  return new Account({ session, account, portal, answers });
}
