/** The own account, put together when its page is first opened. */
import { SupabaseAccount } from '../api/account.ts';
import type { SupabaseAuth } from '../api/auth.ts';
import type { PeopleApi } from '../api/people.ts';
import { Account } from '../app/account.ts';
import type { Session } from '../app/session.ts';

/** What the page has anyway. */
interface Own {
  session: Session;
  signInService: ConstructorParameters<typeof SupabaseAccount>[0];
  auth: SupabaseAuth;
  portal: PeopleApi;
}

export function account({ session, signInService, auth, portal }: Own): Account {
  return new Account({ session, account: new SupabaseAccount(signInService, auth), portal });
}
