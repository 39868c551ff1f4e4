/**
 * Accounts at Supabase Auth, through auth-js: passwords by mail, sign-up, second factors (TOTP).
 * Fetched when somebody opens a page about it. Knows no page.
 */
import { msg } from '@lit/localize';
import type { GoTrueClient } from '@supabase/auth-js';
import { AppError } from '../../shared/errors.ts';
import type { AccountPort, NewSecondFactor, OpenLink, PasswordLink } from '../app/account.ts';
import type { AuthSession } from '../app/session.ts';
import type { SupabaseAuth } from './auth.ts';
import { type AuthService, noService } from './auth-address.ts';
import { accountError, authClient, withEnd } from './auth-client.ts';

/** The name beside the code in the person's app. */
const ISSUER = 'JamBench';
/** Page of ours that links in mails lead to. */
const PASSWORD_PAGE = '/password';

/** {@link AccountPort} on auth-js. */
export class SupabaseAccount implements AccountPort {
  readonly #service: AuthService;
  readonly #auth: SupabaseAuth;

  /** @param auth keeps what sessions come of it */
  constructor(service: AuthService, auth: SupabaseAuth) {
    this.#service = service;
    this.#auth = auth;
  }

  async requestPassword(email: string): Promise<void> {
    const client = await authClient(this.#service);
    const redirectTo = new URL(PASSWORD_PAGE, this.#service.origin).href;
    const { error } = await client.resetPasswordForEmail(email.trim(), { redirectTo });
    if (error) throw accountError(error);
  }

  async openLink(link: PasswordLink): Promise<OpenLink> {
    const client = await authClient(this.#service);
    const { data, error } = await opened(client, link);
    if (error) throw accountError(error);
    if (!data.session) throw noService('no session');
    return {
      accessToken: data.session.access_token,
      choose: (password, code) => choose(client, password, code),
      keep: async () => {
        const { data, error } = await client.getSession();
        if (error) throw accountError(error);
        return this.#auth.keep(data.session);
      },
      endAll: async () => {
        const { error } = await client.signOut({ scope: 'global' });
        if (error) throw accountError(error);
      },
    };
  }

  async signUp(email: string, password: string): Promise<AuthSession | null> {
    const client = await authClient(this.#service);
    const { data, error } = await client.signUp({ email: email.trim(), password });
    if (error) throw accountError(error);
    return data.session && this.#auth.keep(data.session);
  }

  async hasSecondFactor(): Promise<boolean> {
    const factors = await factorsOf(await this.#mine());
    return factors.some(({ status }) => status === 'verified');
  }

  async startSecondFactor(): Promise<NewSecondFactor> {
    const client = await this.#mine();
    // what was begun and left stands in the way of another
    await removeAll(client, 'unverified');
    const enrolled = await client.mfa.enroll({ factorType: 'totp', issuer: ISSUER });
    if (enrolled.error?.status === 404) throw notOffered();
    if (enrolled.error) throw accountError(enrolled.error);
    const { id: factorId, totp } = enrolled.data;
    return {
      picture: totp.qr_code,
      secret: totp.secret,
      confirm: async (code) => {
        const { data, error } = await client.mfa.challengeAndVerify({ factorId, code });
        if (error) throw accountError(error);
        return this.#auth.keep(withEnd(data));
      },
    };
  }

  async removeSecondFactor(): Promise<void> {
    await removeAll(await this.#mine(), 'verified');
  }

  /** A client with the session that is kept. It renews nothing: the session is fresh. */
  async #mine(): Promise<GoTrueClient> {
    const tokens = this.#auth.tokens();
    if (!tokens) throw new AppError('unauthenticated', msg('Nobody is signed in.'));
    const client = await authClient(this.#service);
    const { error } = await client.setSession(tokens);
    if (error) throw accountError(error);
    return client;
  }
}

/** Supabase Lite, which `npm start` runs, has no such address at all. */
function notOffered(): AppError {
  return new AppError('forbidden', msg('The sign-in service here has no second factors.'), {
    hint: msg('Supabase’s own has. Until then choose a long password that you use nowhere else.'),
  });
}

function opened(client: GoTrueClient, link: PasswordLink) {
  switch (link.kind) {
    case 'hash':
      return client.verifyOtp({ token_hash: link.token_hash, type: link.type });
    case 'session':
      return client.setSession(link);
    case 'refused':
      throw accountError({ code: 'otp_expired', message: '' });
  }
}

/** Supabase Auth wants a second factor, where there is one, before it changes a password. */
async function choose(
  client: GoTrueClient,
  password: string,
  code: string | null,
): Promise<'changed' | 'code_needed'> {
  if (code !== null) {
    const factor = (await factorsOf(client)).find(({ status }) => status === 'verified');
    if (!factor) throw accountError({ code: 'mfa_verification_failed', message: '' });
    const { error } = await client.mfa.challengeAndVerify({ factorId: factor.id, code });
    if (error) throw accountError(error);
  }
  const { error } = await client.updateUser({ password });
  if (error?.code === 'insufficient_aal') return 'code_needed';
  if (error) throw accountError(error);
  return 'changed';
}

async function factorsOf(client: GoTrueClient) {
  const { data, error } = await client.mfa.listFactors();
  if (error) throw accountError(error);
  return data.all.filter(({ factor_type }) => factor_type === 'totp');
}

async function removeAll(client: GoTrueClient, wanted: 'verified' | 'unverified'): Promise<void> {
  for (const { id, status } of await factorsOf(client)) {
    if (status !== wanted) continue;
    const { error } = await client.mfa.unenroll({ factorId: id });
    if (error) throw accountError(error);
  }
}
