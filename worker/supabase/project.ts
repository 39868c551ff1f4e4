/** Everything that a Supabase project is to the Worker, behind the domain's ports. */
import { supabaseAccounts } from './accounts.ts';
import type { SupabaseAccess } from './client.ts';
import { supabaseFootTraffic, supabasePlaceKeeper } from './foot-traffic.ts';
import { supabaseMemberships } from './memberships.ts';
import { publishedKeyTokens, sharedSecretTokens } from './tokens.ts';

interface Project extends SupabaseAccess {
  /** Only the embedded project has one; without it the published keys check tokens. */
  jwtSecret: string | undefined;
}

export function supabaseProject({ jwtSecret, ...access }: Project) {
  return {
    tokens: jwtSecret ? sharedSecretTokens(jwtSecret) : publishedKeyTokens(access.url),
    cleanZone: supabaseFootTraffic(access),
    sharedSums: supabasePlaceKeeper(access),
    sharedMemberships: supabaseMemberships(access),
    accounts: supabaseAccounts(access),
  };
}
