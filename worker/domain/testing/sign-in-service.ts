/**
 * Supabase as the domain sees it, which does not run in workerd: accounts by address, and who may
 * read which location's sums there. Strict: what the real one refuses, it refuses.
 * accounts.node.test.ts and grants.system.test.ts hold the adapters to the real one.
 */
import { AppError } from '../../../shared/errors.ts';
import type { Accounts } from '../invitation.ts';
import type { SharedMemberships } from '../person.ts';

/** It invites `used` accounts no more, and finds only `confirmed` ones by their address. */
export interface Account {
  id: string;
  used: boolean;
  confirmed: boolean;
}

export function signInService() {
  const state = {
    accounts: new Map<string, Account>(),
    /** Who had an invitation by mail, and the page it leads to. */
    mails: [] as string[],
    /** Ids of accounts that are gone. */
    removed: new Set<string>(),
    /** `<user id> <location>` */
    members: new Set<string>(),
    /** While false, every call fails with `unavailable` and does nothing. */
    isReachable: true,
  };
  const reach = () => {
    if (!state.isReachable) throw new AppError('unavailable', 'no answer');
  };
  const accounts: Accounts = {
    async invite(email, returnTo) {
      reach();
      const known = state.accounts.get(email);
      if (known?.used) return null;
      // an id never comes again
      const first = `id-of-${email.split('@')[0]}`;
      const id = known?.id ?? (state.removed.has(first) ? `${first}-${state.removed.size}` : first);
      state.accounts.set(email, { id, used: false, confirmed: false });
      state.mails.push(`${email} ${returnTo}`);
      return id;
    },
    async find(email) {
      reach();
      const found = state.accounts.get(email);
      return found?.confirmed ? found.id : null;
    },
    async remove(userId) {
      reach();
      state.removed.add(userId);
      for (const [email, { id }] of state.accounts) if (id === userId) state.accounts.delete(email);
    },
    async removeSecondFactors() {
      reach();
    },
  };
  const sharedMemberships: SharedMemberships = {
    async add(userId, places) {
      reach();
      for (const place of places) state.members.add(`${userId} ${place}`);
    },
    async remove(userId, place) {
      reach();
      state.members.delete(`${userId} ${place}`);
    },
    async removeAll(userId) {
      reach();
      for (const member of state.members)
        if (member.startsWith(`${userId} `)) state.members.delete(member);
    },
  };
  return { accounts, sharedMemberships, state };
}
