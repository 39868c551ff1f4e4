/** A session of somebody who is signed in, on a sign-in service that always agrees. */
import type { Me } from '../../../shared/contracts/portal.ts';
import { AppError } from '../../../shared/errors.ts';
import { type AuthSession, Session } from '../../app/session.ts';

const ADA: AuthSession = {
  userId: 'id-ada',
  email: 'ada@example.net',
  accessToken: 'token',
  expiresAt: 4_102_444_800,
};

export interface SignedIn {
  session: Session;
  /** Scopes of the sign-outs so far. */
  signOuts: string[];
}

/** @param role null: nobody is signed in */
export function signedIn(role: Me['role'] | null = 'admin'): SignedIn {
  const signOuts: string[] = [];
  let stored = role ? ADA : null;
  let kept = role;
  const session = new Session({
    auth: {
      stored: () => stored,
      signIn: async () => ADA,
      refresh: async () => {
        if (stored) return stored;
        throw new AppError('unauthenticated', 'The session has ended.');
      },
      signOut: async (scope = 'local') => {
        stored = null;
        signOuts.push(scope);
      },
      forget: () => {
        stored = null;
      },
      onChangedElsewhere: () => {},
    },
    wipe: async () => {},
    roles: {
      read: () => kept,
      write: (_userId, written) => {
        kept = written;
      },
      forget: () => {
        kept = null;
      },
    },
    now: Date.now,
  });
  return { session, signOuts };
}
